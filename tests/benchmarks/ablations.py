"""What each part of the model's training is worth: the same training without it, judged the same way.

``python -m tests.benchmarks.ablations --encoder DIR`` trains every variant on the train split and prints its F1 on the
development and the test split, of the model alone. A variant takes as long as a training.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import torch
import typer
from transformers import BertForTokenClassification
from transformers.modeling_outputs import TokenClassifierOutput

from extraction.encoding import SINGLE, Numbers, Vocabulary
from extraction.tagger import Labels, OnnxReader, Probabilities, Tagger
from training.encoder import configuration, from_packed
from training.evaluate import KINDS
from training.finetune import finetune
from training.pretrain import MaskedCharacters
from training.recipe import DEFAULT, Finetuning, Recipe
from training.scores import by_model, score
from training.split import Split
from training.train import Start, all_labels

ANNOTATIONS = Path(__file__).parents[2] / "annotations"
Made = tuple[torch.nn.Module, Vocabulary]


class WithoutWords(Vocabulary):
    """A vocabulary for a model that is not told of words: every character stands alone."""

    def encode(self, text: str, *, form: str | None = None, year: int | None = None) -> tuple[Numbers, Numbers]:
        ids, places = super().encode(text, form=form, year=year)
        return ids, np.full_like(places, SINGLE)


class BiLSTM(torch.nn.Module):
    """Two layers of 256 each way over characters and places in words."""

    def __init__(self, characters: int, labels: int) -> None:
        super().__init__()
        self.labels = labels
        self.characters = torch.nn.Embedding(characters, 192, padding_idx=0)
        self.words = torch.nn.Embedding(4, 32)
        self.layers = torch.nn.LSTM(224, 256, num_layers=2, batch_first=True, bidirectional=True, dropout=0.2)
        self.classifier = torch.nn.Linear(512, labels)

    def forward(
        self,
        input_ids: torch.Tensor,
        token_type_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
    ) -> TokenClassifierOutput:
        """Scores (batch, length, labels), and the loss where labels are given."""
        embedded = torch.cat([self.characters(input_ids), self.words(token_type_ids)], dim=-1)
        logits = self.classifier(self.layers(embedded)[0])
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten()) if labels is not None else None
        return TokenClassifierOutput(loss=loss, logits=logits)


def by_random(vocabulary: Vocabulary, labels: Labels, *, layers: int, hidden: int, heads: int) -> Made:
    settings = configuration(vocabulary, layers=layers, hidden=hidden, heads=heads)
    settings.num_labels = len(labels.names)
    return BertForTokenClassification(settings), vocabulary


def by_packed(vocabulary: Vocabulary, labels: Labels, *, layers: int) -> Made:
    with TemporaryDirectory() as folder:
        from_packed(vocabulary, layers=layers, kind=MaskedCharacters).save_pretrained(folder)
        vocabulary.save(Path(folder) / "vocabulary.txt")
        return Start(Path(folder)).load(labels)


@dataclass(frozen=True)
class Variant:
    """A name, what makes the model from an encoder and labels, and what changes in the recipe."""

    name: str
    make: Callable[[Start, Labels], Made]
    settings: Callable[[Finetuning], Finetuning] = lambda settings: settings


def vocabulary_of(start: Start) -> Vocabulary:
    return Vocabulary.load(start.folder / "vocabulary.txt")


def without_words(start: Start, labels: Labels) -> Made:
    model, vocabulary = start.load(labels)
    return model, WithoutWords(vocabulary.tokens)


VARIANTS = (
    Variant("as shipped", lambda start, labels: start.load(labels)),
    Variant(
        "no synthesis", lambda s, labels: s.load(labels), lambda r: r.model_copy(update={"copies": 0, "joined": 0.0})
    ),
    Variant("no jieba", without_words),
    Variant("no further pretraining", lambda s, labels: by_packed(vocabulary_of(s), labels, layers=3)),
    Variant("random 3 x 384", lambda s, labels: by_random(vocabulary_of(s), labels, layers=3, hidden=384, heads=12)),
    Variant("random 4 x 256", lambda s, labels: by_random(vocabulary_of(s), labels, layers=4, hidden=256, heads=8)),
    Variant(
        "BiLSTM",
        lambda s, labels: (BiLSTM(len(vocabulary_of(s).tokens), len(labels.names)), vocabulary_of(s)),
        lambda r: r.model_copy(update={"rate": 1e-3}),
    ),
)


def tagger(model: torch.nn.Module, vocabulary: Vocabulary, labels: Labels) -> Tagger:
    """A tagger that runs a model in torch."""

    def run(tokens: Numbers, words: Numbers) -> Probabilities:
        named = {"input_ids": tokens[None], "token_type_ids": words[None]}
        with torch.no_grad():
            logits = model.eval()(**{name: torch.from_numpy(array) for name, array in named.items()}).logits
        return np.asarray(logits[0].numpy(), dtype=np.float32)

    return Tagger(OnnxReader(vocabulary, labels, run))


def main(
    encoder: Annotated[Path, typer.Option(help="Folder of the pretrained encoder.", exists=True)],
    only: Annotated[list[str] | None, typer.Option(help="Names of variants; all if not given.")] = None,
    recipe: Annotated[Path, typer.Option(help="YAML file of the training.", exists=True)] = DEFAULT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Append a JSON line a variant.")] = None,
) -> None:
    """Train the variants one after the other and print their scores."""
    split, labels, settings = Split.load(ANNOTATIONS), all_labels(), Recipe.load(recipe).finetuning
    for variant in [v for v in VARIANTS if not only or v.name in only]:
        model, vocabulary = variant.make(Start(encoder), labels)
        with TemporaryDirectory() as folder:
            finetune(
                model, vocabulary, labels, train=split.train, development=split.development,
                settings=variant.settings(settings), output=Path(folder),
            )  # fmt: skip
        made = tagger(model, vocabulary, labels)
        for name, passages in (("development", split.development), ("test", split.test)):
            scores = {kind: score(passages, by_model(made, kind, sure=0), kind=kind) for kind in KINDS}
            row = {"variant": variant.name, "split": name, **{k: s.of(s.labels)["f1"] for k, s in scores.items()}}
            typer.echo(json.dumps(row))
            if output:
                with output.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    typer.run(main)
