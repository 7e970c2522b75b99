"""`python -m tests.benchmarks.tagging`: the model on marked passages, beside BERT-base of transformers on the same.

BERT-base has random weights and a token a character: what it says is not looked at, only what it costs.
"""

import argparse
from functools import partial
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertForTokenClassification

from extraction.model import load_tagger
from extraction.pipeline import DEFAULT_MODEL
from extraction.tagger import Tagger
from tests.benchmarks.timing import ROOT, in_turn, middle, p95
from training.finetune import padded
from training.gold import read_passages, sentences_of

PASSAGES = ROOT / "annotations" / "held_out" / "figures.jsonl"
BATCH = 16


def main(arguments: list[str] | None = None) -> None:
    """Print a line a model: milliseconds, characters a second, ratio."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.tagging", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, required=DEFAULT_MODEL is None)
    options = parser.parse_args(arguments)
    texts = [passage.text for passage in list(read_passages(PASSAGES))[: options.passages]]
    sentences = [sentence for p in list(read_passages(PASSAGES))[: options.passages] for sentence in sentences_of(p)]
    tagger = load_tagger(options.model)
    base = BertForTokenClassification(BertConfig(vocab_size=21128, num_labels=len(tagger.labels.names))).eval()
    jobs = (
        partial(by_base, base, texts),
        partial(by_ours, tagger, texts),
        partial(tagger.read, sentences, [True] * len(sentences), form=None),
    )
    names = ("BERT-base, torch fp32", "default model, same texts", "default model, windows of sentences")
    characters = sum(map(len, texts))
    timed = in_turn(options.repetitions, *jobs)
    print(f"{'milliseconds':40} {'median':>8} {'p95':>8} {'characters/s':>13} {'ratio':>7}")
    for name, times in zip(names, timed, strict=True):
        rate = 1000 * characters / middle(times)
        print(f"{name:40} {middle(times):8.0f} {p95(times):8.0f} {rate:13,.0f} {middle(timed[0]) / middle(times):7.1f}")


def by_base(model: BertForTokenClassification, texts: list[str]) -> None:
    """Run BERT-base over the texts, the longest first, in batches of like length."""
    order = sorted(texts, key=len)
    for start in range(0, len(order), BATCH):
        tokens = torch.from_numpy(padded([np.full(len(text), 100) for text in order[start : start + BATCH]], 0))
        with torch.no_grad():
            model(input_ids=tokens, attention_mask=(tokens != 0).long())


def by_ours(tagger: Tagger, texts: list[str]) -> None:
    """Run the model over the same texts, encoding included."""
    tagger.headers([text[:240] for text in texts])


if __name__ == "__main__":
    main()
