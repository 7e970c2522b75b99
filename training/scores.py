"""Precision, recall and F1 of what rules, model and both together find in marked passages."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import numpy as np

from extraction.guesses import guesses
from extraction.numbers import find_numbers
from extraction.pipeline import Extractor
from extraction.resources.metrics import load_metrics
from extraction.schema import Figure, Problem
from extraction.tagger import Tagger, spans
from training.gold import Mark, Passage, sentences_of

System = Literal["rules", "model", "both"]
Kind = Literal["figures", "problems"]
_RESAMPLES = 1000
_SURE = 0.9
"""What a model alone must give a metric: the F1 of cross-fitted training passages rises up to there."""
_INTERVAL = (2.5, 97.5)
_BEFORE, _AFTER = 40, 20


class Find(NamedTuple):
    """A label with the value that it states (empty for a problem), and the words that say so."""

    label: str
    value: str
    text: str


Finder = Callable[[Passage], list[Find]]


@dataclass
class Score:
    """True and false finds by label, a counter a passage."""

    right: list[Counter[str]] = field(default_factory=list)
    spurious: list[Counter[str]] = field(default_factory=list)
    missed: list[Counter[str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def of(self, labels: Iterable[str]) -> dict[str, float]:
        """Precision, recall and F1 over some labels, 0 where there is nothing to divide by; F1 with its interval."""
        names = set(labels)
        counts = np.array(
            [[sum(c[n] for n in names) for c in each] for each in (self.right, self.spurious, self.missed)]
        ).reshape(3, -1)
        right, spurious, missed = (int(total) for total in counts.sum(axis=1))
        low, high = _interval(counts)
        return {
            "gold": right + missed,
            "precision": right / (right + spurious) if right + spurious else 0.0,
            "recall": right / (right + missed) if right + missed else 0.0,
            "f1": _f1(right, spurious, missed),
            "low": low,
            "high": high,
        }

    @property
    def labels(self) -> list[str]:
        """Every label seen, sorted."""
        return sorted({name for each in (*self.right, *self.spurious, *self.missed) for name in each})

    def table(self) -> dict[str, dict[str, float]]:
        """Scores of every label and, under ``all``, of all together."""
        return {**{label: self.of([label]) for label in self.labels}, "all": self.of(self.labels)}


def _f1(right: float, spurious: float, missed: float) -> float:
    return 2 * right / (2 * right + spurious + missed) if right else 0.0


def _interval(counts: np.ndarray) -> tuple[float, float]:
    """The interval of 95 % of F1 when passages are drawn anew."""
    size = counts.shape[1]
    if not size or not counts.any():
        return 0.0, 0.0
    drawn = np.random.default_rng(0).integers(size, size=(_RESAMPLES, size))
    right, spurious, missed = counts[:, drawn].sum(axis=2)
    low, high = np.percentile(2 * right / np.maximum(2 * right + spurious + missed, 1), _INTERVAL)
    return float(low), float(high)


def better(new: Score, old: Score, labels: Iterable[str] | None = None) -> float:
    """The share of paired resamples in which the new score's F1 is at least the old one's."""
    names = set(labels) if labels is not None else {*new.labels, *old.labels}
    both = [
        np.array([[sum(c[n] for n in names) for c in each] for each in (s.right, s.spurious, s.missed)])
        for s in (new, old)
    ]
    size = both[0].shape[1]
    drawn = np.random.default_rng(0).integers(size, size=(_RESAMPLES, size))
    values = [2 * c[0][drawn].sum(1) / np.maximum((2 * c[0] + c[1] + c[2])[drawn].sum(1), 1) for c in both]
    return float((values[0] >= values[1]).mean())


def score(passages: Iterable[Passage], find: Finder, *, kind: Kind = "figures") -> Score:
    """Compare what ``find`` gives with the marks: figures by metric and value, problems by type."""
    result = Score()
    for passage in passages:
        gold = [
            Find(mark.label, "" if mark.is_problem else _value(passage, mark), passage.text[mark.start : mark.end])
            for mark in passage.marks
            if mark.is_problem == (kind == "problems")
        ]
        _compare(passage, gold, find(passage), result)
    return result


def _compare(passage: Passage, gold: list[Find], found: list[Find], score: Score) -> None:
    wanted, given = Counter(g[:2] for g in gold), Counter(f[:2] for f in found)
    for counters, keys in (
        (score.right, wanted & given),
        (score.missed, wanted - given),
        (score.spurious, given - wanted),
    ):
        counter = Counter[str]()
        for (label, _), count in keys.items():
            counter[label] += count
        counters.append(counter)
    for word, keys, items in (("missed", wanted - given, gold), ("spurious", given - wanted, found)):
        for key in keys:
            text = next(item.text for item in items if item[:2] == key)
            place = passage.text.find(text)
            around = passage.text[max(0, place - _BEFORE) : place + len(text) + _AFTER].replace("\n", "⏎")
            score.errors.append(f"{passage.id} {word} {key[0]} {text}: {around}")


def _value(passage: Passage, mark: Mark) -> str:
    """The value of the number at a mark, read where it stands: 近千人次 is a number, 千人次 is none."""
    at = (m for m in find_numbers(passage.text) if m.start < mark.end and mark.start < m.end)
    mention = next(at, None) or next(iter(find_numbers(passage.text[mark.start : mark.end])), None)
    return str(mention.value.normalize()) if mention else passage.text[mark.start : mark.end]


def finder(extractor: Extractor, system: System, kind: Kind) -> Finder:
    """What one system finds of one kind; ``model`` and ``both`` need an extractor with a model."""
    if system == "model":
        assert extractor.model is not None
        return by_model(extractor.model.tagger, kind)
    chosen = extractor if system == "both" else replace(extractor, model=None)

    def find(passage: Passage) -> list[Find]:
        figures, problems = chosen.read_narrative(
            sentences_of(passage), year=passage.year, form=passage.form, stated={}, text=passage.text
        )
        return [_find(each) for each in (figures if kind == "figures" else problems)]

    return find


def _find(each: Figure | Problem) -> Find:
    if isinstance(each, Figure):
        return Find(each.metric, str(each.value.normalize()), each.text)
    return Find(each.type, "", each.text)


def by_model(tagger: Tagger, kind: Kind, *, sure: float = _SURE) -> Finder:
    """What a model finds without rules and without what weighs it against them.

    :param sure: how likely a number must be of a metric; never less than it is of none.
    """
    return lambda passage: [*_by_model(tagger, passage, kind, sure)]


def _by_model(tagger: Tagger, passage: Passage, kind: Kind, sure: float) -> Iterator[Find]:
    sentences = sentences_of(passage)
    chances = tagger.read(sentences, [True] * len(sentences), form=passage.form, year=passage.year)
    if kind == "problems":
        types = [span for span in tagger.labels.spans if span not in load_metrics()]
        for index, sentence in enumerate(sentences):
            for start, end, name, _ in spans(chances[index], tagger.labels.spans, types):
                yield Find(name, "", sentence.text[start:end])
        return
    mentions = [find_numbers(sentence.text) for sentence in sentences]
    for guess in guesses(sentences, mentions, chances, tagger.labels.spans):
        metric, chance = guess.metrics[0]
        if chance > max(sure, guess.outside):
            yield Find(metric, str(guess.value.normalize()), passage.text[guess.start : guess.end])


def systems(extractor: Extractor) -> Sequence[System]:
    """The systems that an extractor can be scored as."""
    return ("rules", "model", "both") if extractor.model else ("rules",)
