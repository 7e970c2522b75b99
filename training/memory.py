"""What keeps a trained model from forgetting when it learns on: passages that it answers as it did before."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy
from transformers import BertForTokenClassification, Trainer

from extraction.tagger import Labels
from training.encode import IGNORED, OLD
from training.gold import Passage, read_passages, write_passages

REHEARSED = "rehearsed.jsonl"
_MOST = 600


@dataclass(frozen=True)
class Memory:
    """A trained model, what it knows of ``labels`` (their places in its scores and in the new ones), and passages."""

    passages: Sequence[Passage]
    teacher: BertForTokenClassification
    old_places: Sequence[int]
    new_places: Sequence[int]

    @classmethod
    def of(
        cls, folder: Path, teacher: BertForTokenClassification, known: Labels, labels: Labels, *, count: int, seed: int
    ) -> "Memory":
        """The memory of a model's folder: ``count`` of the passages that it keeps to be rehearsed, or all it has."""
        path = folder / REHEARSED
        kept = list(read_passages(path)) if path.is_file() else []
        shared = [name for name in labels.names if name in known.ids]
        return cls(
            random.Random(seed).sample(kept, min(count, len(kept))),
            teacher.eval(),
            [known.ids[name] for name in shared],
            [labels.ids[name] for name in shared],
        )


def keep(learnt: Sequence[Passage], before: Path, folder: Path, *, seed: int) -> None:
    """Write the passages that a model is to rehearse: a part of what it learnt, and of what its start rehearses."""
    path = before / REHEARSED
    known = list(read_passages(path)) if path.is_file() else []
    new = {passage.id for passage in learnt}
    all_of_them = [*learnt, *(passage for passage in known if passage.id not in new)]
    write_passages(random.Random(seed).sample(all_of_them, min(_MOST, len(all_of_them))), folder / REHEARSED)


class RememberingTrainer(Trainer):
    """A trainer whose loss on rehearsed examples is how far the model moves from what its start says of them."""

    def __init__(self, *, memory: Memory | None, **settings: Any) -> None:
        super().__init__(**settings)
        self._memory = memory

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Cross entropy to the marks, or to the start's probabilities where an example is rehearsed."""
        old = inputs.pop(OLD).bool()
        if self._memory is None or not old.any():
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        labels = inputs["labels"]
        outputs = model(**{name: value for name, value in inputs.items() if name != "labels"})
        scores = outputs.logits.float()
        loss = cross_entropy(scores.transpose(1, 2), labels, ignore_index=IGNORED, reduction="none")
        rehearsed = {name: value[old] for name, value in inputs.items() if name != "labels"}
        with torch.no_grad():
            before = self._memory.teacher.to(scores.device)(**rehearsed).logits.float()[..., self._memory.old_places]
        now = scores[old].log_softmax(dim=-1)[..., self._memory.new_places]
        kept = labels != IGNORED
        moved = -(before.softmax(dim=-1) * now).sum(dim=-1) * kept[old]
        total = (loss[~old].sum() + moved.sum()) / kept.sum()
        return (total, outputs) if return_outputs else total
