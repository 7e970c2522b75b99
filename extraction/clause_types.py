"""Which clauses name a shortcoming, and of which type: a linear classifier over words, characters, model and cues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from extraction.clauses import Clause, cut
from extraction.document import Sentence
from extraction.errors import BadModel
from extraction.resources.problems import PROBLEM_TYPES
from extraction.schema import FoundBy, Problem
from extraction.segmentation import project_tokenizer
from extraction.terms import Terms

NONE = "none"
Chances = npt.NDArray[np.float32]
_BEFORE = 24
_LONG = 40
_TEXTS = ("characters", "words", "before")
_NUMBERS = 8
"""What is known of a clause beside a number of the model and one of the cues for each type."""
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
    def texts(self) -> tuple[str, str, str]:
        """The clause, its words, and what stands before it."""
        return self.text, " ".join(project_tokenizer().cut(self.text)), self.before


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


@dataclass(frozen=True)
class ClauseTypes:
    """A linear classifier of clauses; its classes are the types of problems and ``none``.

    ``terms`` are those of the clause's characters, of its words, and of the characters before it; ``weights`` has a row
    for each term of each, then one for each number that is known, and a column for each class.
    """

    classes: tuple[str, ...]
    terms: tuple[Terms, Terms, Terms]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a classifier that `save` wrote.

        :raises BadModel: the file is damaged, or holds something else.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                terms = tuple(
                    Terms(
                        {term: place for place, term in enumerate(stored[f"{name}_terms"].tolist())},
                        stored[f"{name}_rarity"].tolist(), int(stored[f"{name}_longest"]),
                    )
                    for name in _TEXTS
                )  # fmt: skip
                classes, weights, bias = tuple(stored["classes"].tolist()), stored["weights"], stored["bias"]
        except Exception as error:
            raise BadModel(str(path), f"cannot be loaded ({str(error)[:80]!r})", "copy the model again") from error
        characters, words, before = terms
        numbers = 2 * len(PROBLEM_TYPES) + _NUMBERS
        if weights.shape != (sum(len(each.places) for each in terms) + numbers, len(classes)) or NONE not in classes:
            raise BadModel(str(path), "weighs other things than this version knows", "train the model again")
        return cls(classes, (characters, words, before), weights, bias)

    def save(self, path: Path) -> None:
        """Write terms and weights as arrays of numpy."""
        content: dict[str, Any] = {"classes": self.classes, "weights": self.weights, "bias": self.bias}
        for name, terms in zip(_TEXTS, self.terms, strict=True):
            content[f"{name}_terms"] = sorted(terms.places, key=terms.places.__getitem__)
            content[f"{name}_rarity"] = np.array(terms.rarity, dtype=np.float32)
            content[f"{name}_longest"] = terms.longest
        np.savez_compressed(path, **content)

    def chances(self, found: Sequence[Facts]) -> Chances:
        """The probability of each class for each clause: (clauses, classes)."""
        scores = np.array([self._score(each) for each in found])
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float32)

    def _score(self, each: Facts) -> npt.NDArray[np.float32]:
        first, places, values = 0, list[int](), list[float]()
        for terms, text in zip(self.terms, each.texts, strict=True):
            for place, value in terms.weigh(text):
                places.append(first + place)
                values.append(value)
            first += len(terms.places)
        known = np.array(each.known, dtype=np.float32) @ self.weights[first:]
        return np.array(values, dtype=np.float32) @ self.weights[places] + known + self.bias

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
        none = self.classes.index(NONE)
        problems: list[Problem] = []
        last: Facts | None = None
        for each, likely in zip(found, self.chances(found), strict=True):
            shortcoming = 1 - float(likely[none])
            if shortcoming <= likely[none]:
                last = None
                continue
            order = np.argsort(-likely)
            kind = self.classes[next(k for k in order if k != none)]
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
