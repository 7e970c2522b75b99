"""Pretrains the encoder by masked characters: ``python -m training.pretrain CORPUS... -o models/encoder``."""

import json
import lzma
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from torch.nn.functional import cross_entropy
from transformers import BertForMaskedLM, Trainer, TrainingArguments, set_seed
from transformers.modeling_outputs import MaskedLMOutput

from extraction.encoding import BREAK, FORMS, MASK, SINGLE, SPECIAL, Vocabulary, token
from extraction.segmentation import places
from training.encoder import from_packed, known_characters
from training.gold import read_passages
from training.recipe import DEFAULT, Recipe

_IGNORED = -100
_HELD_BACK = 200


class MaskedCharacters(BertForMaskedLM):
    """The masked language model, which tells only the hidden characters: the others cost as much and teach nothing."""

    def forward(self, labels: torch.Tensor, **inputs: Any) -> MaskedLMOutput:
        """The loss and the scores (hidden characters, vocabulary) at the places that ``labels`` names."""
        hidden = labels != _IGNORED
        scores = self.cls(self.bert(**inputs).last_hidden_state[hidden])
        return MaskedLMOutput(loss=cross_entropy(scores.float(), labels[hidden]), logits=scores)


class Chunks(torch.utils.data.Dataset[dict[str, torch.Tensor]]):
    """Runs of ``length`` tokens of a text that is one long line, the words in them known by their places."""

    def __init__(self, ids: np.ndarray, words: np.ndarray, length: int, vocabulary: Vocabulary, masked: float) -> None:
        self._ids, self._words, self._length, self._masked = ids, words, length - 1, masked
        self._mask, self._first, self._size = vocabulary.ids[MASK], vocabulary.ids[FORMS[None]], len(vocabulary.tokens)

    def __len__(self) -> int:
        return len(self._ids) // self._length

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        run = slice(index * self._length, (index + 1) * self._length)
        ids = np.concatenate([[self._first], self._ids[run]]).astype(np.int64)
        words = np.concatenate([[SINGLE], self._words[run]]).astype(np.int64)
        hidden = self._hidden(words) & (ids >= len(SPECIAL))
        labels = np.where(hidden, ids, _IGNORED)
        luck = np.random.random(len(ids))
        ids = np.where(hidden & (luck < 0.8), self._mask, ids)
        ids = np.where(hidden & (luck > 0.9), np.random.randint(len(SPECIAL), self._size, len(ids)), ids)
        arrays = {"input_ids": ids, "token_type_ids": words, "labels": labels}
        return {name: torch.from_numpy(array) for name, array in arrays.items()}

    def _hidden(self, words: np.ndarray) -> np.ndarray:
        """Whole words, until their share is reached."""
        word = np.cumsum((words == 0) | (words == SINGLE))
        chosen = np.random.random(word[-1] + 1) < self._masked
        return np.asarray(chosen[word])


def texts(paths: Sequence[Path]) -> Iterator[str]:
    """The lines of texts (plain or xz) and of annotated passages without their marks."""
    for path in paths:
        if path.suffix == ".jsonl":
            yield from (passage.text for passage in read_passages(path))
        elif path.suffix == ".xz":
            yield from lzma.decompress(path.read_bytes()).decode("utf-8").split("\n")
        else:
            yield from path.read_text(encoding="utf-8").split("\n")


def encode(lines: Iterable[str], vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """All lines as one run of tokens, parted by breaks, and the places of the characters in their words."""
    ids, unknown = vocabulary.ids, 1
    tokens: list[int] = []
    words: list[int] = []
    for line in filter(None, map(str.strip, lines)):
        tokens += [ids.get(token(char), unknown) for char in line]
        words += places(line)
        tokens.append(ids[BREAK])
        words.append(SINGLE)
    return np.array(tokens, dtype=np.int16), np.array(words, dtype=np.int8)


def characters(lines: Iterable[str]) -> set[str]:
    """Those of the texts and those of GB 2312 that the packed model knows."""
    common = {char for char in known_characters() if char.encode("gb2312", "ignore")}
    return common.union(*lines)


def main(
    data: Annotated[list[Path], typer.Argument(help="Texts (.txt, .txt.xz) or passages (.jsonl).", exists=True)],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the encoder.")],
    recipe: Annotated[Path, typer.Option(help="YAML file of the run.", exists=True)] = DEFAULT,
    start: Annotated[Path | None, typer.Option("--from", help="An encoder to go on from.", exists=True)] = None,
    steps: Annotated[int | None, typer.Option(help="Train for so many steps instead of the recipe's.")] = None,
) -> None:
    """Write an encoder with its vocabulary and the losses of the run."""
    settings = Recipe.load(recipe).pretraining
    set_seed(settings.seed)
    lines = list(texts(data))
    model: MaskedCharacters
    if start:
        vocabulary = Vocabulary.load(start / "vocabulary.txt")
        model = MaskedCharacters.from_pretrained(start)
    else:
        vocabulary = Vocabulary.of(characters(lines))
        model = from_packed(vocabulary, layers=settings.layers, kind=MaskedCharacters)
    random.Random(settings.seed).shuffle(blocks := [lines[i : i + 50] for i in range(0, len(lines), 50)])
    ids, words = encode((line for block in blocks for line in block), vocabulary)
    cut = _HELD_BACK * settings.longest if len(ids) > 10 * _HELD_BACK * settings.longest else len(ids) // 10
    held = Chunks(ids[:cut], words[:cut], settings.longest, vocabulary, settings.masked)
    chunks = Chunks(ids[cut:], words[cut:], settings.longest, vocabulary, settings.masked)
    total = steps or settings.steps
    arguments = TrainingArguments(
        output_dir=str(output / "checkpoints"), max_steps=total, per_device_train_batch_size=settings.batch,
        per_device_eval_batch_size=32, learning_rate=settings.rate,
        warmup_steps=int(settings.warmup * total), weight_decay=0.01, bf16=True,
        use_cpu=not torch.cuda.is_available(), dataloader_num_workers=4 if torch.cuda.is_available() else 0,
        logging_steps=100, eval_strategy="steps", eval_steps=500,
        save_steps=500, save_total_limit=1, dataloader_drop_last=True, prediction_loss_only=True,
        remove_unused_columns=False, label_names=["labels"], report_to=[], seed=settings.seed,
    )  # fmt: skip
    trainer = Trainer(model=model, args=arguments, train_dataset=chunks, eval_dataset=held)
    before = trainer.evaluate()["eval_loss"]
    trainer.train(resume_from_checkpoint=any((output / "checkpoints").glob("checkpoint-*")))
    model.save_pretrained(output)
    vocabulary.save(output / "vocabulary.txt")
    losses = [entry for entry in trainer.state.log_history if "loss" in entry or "eval_loss" in entry]
    record = {"characters": len(ids), "loss_before": before, "losses": losses, "recipe": settings.model_dump()}
    (output / "pretraining.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
