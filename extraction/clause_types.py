"""Which clauses name a shortcoming, and of which type: a linear classifier over words, characters, model and cues."""

import importlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from zipfile import ZIP_DEFLATED

import numpy as np
import numpy.typing as npt

from extraction.clauses import Clause, cut
from extraction.document import Sentence
from extraction.errors import BadModel
from extraction.resources.problems import PROBLEM_TYPES
from extraction.schema import FoundBy, Problem
from extraction.segmentation import project_tokenizer

NONE = "none"
Chances = npt.NDArray[np.float32]
_BEFORE = 24
_LONG = 40
_OUTER = " 　-*#、，,；;。：:"


@dataclass(frozen=True)
class Facts:
    """What is known of a clause; ``start`` and ``end`` point into its sentence."""

    sentence: int
    start: int
    end: int
    first: bool
    text: str
    before: str
    known: tuple[float, ...]

    @property
    def row(self) -> list[Any]:
        """Characters, words and what stands before, each a text, then the numbers: a row of the classifier's input."""
        return [self.text, " ".join(project_tokenizer().cut(self.text)), self.before, *self.known]


def facts(
    sentences: Sequence[Sentence],
    chances: Mapping[int, Chances],
    spans: Sequence[str],
    cues: Sequence[Problem],
) -> list[Facts]:
    """The facts of every clause of the sentences that the model has read.

    :param chances: by sentence, probabilities (characters, 1 + 2 spans) as `Tagger.read` gives them.
    :param cues: the shortcomings that the cues find in the same sentences.
    """
    places = [spans.index(kind) for kind in PROBLEM_TYPES]
    found: list[Facts] = []
    for index, sentence in enumerate(sentences):
        if index not in chances:
            continue
        inside = chances[index][:, 1::2][:, places] + chances[index][:, 2::2][:, places]
        clauses = list(cut(sentence.text))
        masses = [inside[clause.start : clause.end].mean(axis=0) for clause in clauses]
        sums = [float(mass.sum()) for mass in masses]
        for number, (clause, mass) in enumerate(zip(clauses, masses, strict=True)):
            near = (sums[number - 1] if number else 0.0, sums[number + 1] if number + 1 < len(sums) else 0.0)
            known = (*map(float, mass), sums[number], *near, *_of_cues(sentence, clause, cues), *_of_place(clause))
            text = sentence.text[clause.start : clause.end]
            before = sentence.text[max(0, clause.start - _BEFORE) : clause.start]
            found.append(Facts(index, clause.start, clause.end, clause.first, text, before, known))
    return found


def _of_cues(sentence: Sentence, clause: Clause, cues: Sequence[Problem]) -> tuple[float, ...]:
    start, end = sentence.span(clause.start, clause.end)
    own = next(
        (c for c in cues if 2 * (min(end, c.end) - max(start, c.start)) > min(end - start, c.end - c.start)), None
    )
    return *(float(own is not None and own.type == kind) for kind in PROBLEM_TYPES), own.confidence if own else 0.0


def _of_place(clause: Clause) -> tuple[float, ...]:
    length = min(clause.end - clause.start, _LONG) / _LONG
    return float(clause.mark is not None), float(clause.first), float(clause.listed), length


class _NoTorch:
    """A finder that finds no torch."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "torch":
            raise ModuleNotFoundError(name)


def _skops_io() -> Any:
    """``skops.io``, which asks for all estimators: to list them scikit-learn would load torch where it is installed."""
    finder: Any = _NoTorch()
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module("skops.io")
    finally:
        sys.meta_path.remove(finder)


class ClauseTypes:
    """A fitted classifier of clauses; its classes are the types of problems and ``none``."""

    def __init__(self, classifier: Any) -> None:
        self._classifier = classifier
        self._classes = list(classifier.classes_)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a classifier that was saved with skops.

        :raises BadModel: the file is damaged, or holds anything but the parts of such a classifier.
        """
        skops_io = _skops_io()
        try:
            return cls(skops_io.load(path, trusted=[]))
        except Exception as error:
            raise BadModel(str(path), f"cannot be loaded ({str(error)[:80]!r})", "copy the model again") from error

    def save(self, path: Path) -> None:
        """Write the classifier with skops."""
        _skops_io().dump(self._classifier, path, compression=ZIP_DEFLATED)

    def chances(self, found: Sequence[Facts]) -> Chances:
        """The probability of each class for each clause: (clauses, classes)."""
        rows = np.array([each.row for each in found], dtype=object)
        return np.asarray(self._classifier.predict_proba(rows), dtype=np.float32)

    def find(
        self,
        sentences: Sequence[Sentence],
        chances: Mapping[int, Chances],
        spans: Sequence[str],
        cues: Sequence[Problem],
    ) -> list[Problem]:
        """The shortcomings of the sentences, by their places; neighbouring clauses of one type in an item are one."""
        found = facts(sentences, chances, spans, cues)
        if not found:
            return []
        none = self._classes.index(NONE)
        problems: list[Problem] = []
        last: Facts | None = None
        for each, likely in zip(found, self.chances(found), strict=True):
            shortcoming = 1 - float(likely[none])
            if shortcoming <= likely[none]:
                last = None
                continue
            order = np.argsort(-likely)
            kind = self._classes[next(k for k in order if k != none)]
            same = last and problems and problems[-1].type == kind and last.sentence == each.sentence and not each.first
            start, end = _trimmed(sentences[each.sentence], each)
            last = each
            if same:
                problems[-1] = problems[-1].model_copy(
                    update={"end": end, "confidence": max(problems[-1].confidence, round(shortcoming, 3))}
                )
                continue
            cue = next((c for c in cues if c.start < end and start < c.end), None)
            source: FoundBy = "both" if cue and cue.type == kind else "model"
            problems.append(
                Problem(
                    type=kind, text="", start=start, end=end, source=source, confidence=round(shortcoming, 3),
                    rule=cue.rule if cue else None,
                )
            )  # fmt: skip
        return problems


def _trimmed(sentence: Sentence, each: Facts) -> tuple[int, int]:
    text = sentence.text[each.start : each.end]
    first = len(text) - len(text.lstrip(_OUTER))
    last = len(text.rstrip(_OUTER))
    return sentence.span(each.start + first, each.start + max(last, first + 1))
