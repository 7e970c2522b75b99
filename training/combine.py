"""Fits what weighs model, rules and tables against each other, on passages that the model did not learn from."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from extraction.candidates import Candidate
from extraction.combination import FEATURES, Combination, Stated, features
from extraction.guesses import Guess, guesses
from extraction.numbers import find_numbers
from extraction.resources.forms import load_forms
from extraction.rules import Rules
from extraction.tagger import Tagger
from training.gold import Passage, sentences_of

_PRIOR = 4.0
_BINS = 10
_WITH_TABLES = 0.4
_DIFFERS = 0.08
_SMALL = 12


@dataclass(frozen=True)
class Evidence:
    """What model and rules say of a number, and the metric that it is marked with, if any."""

    guess: Guess
    rule: Candidate | None
    label: str | None
    stated: Stated


def folds(passages: Sequence[Passage], count: int) -> Iterator[tuple[list[Passage], list[Passage]]]:
    """Parts to learn from and to be read; the passages of one writer (the id up to its last dash) stay together."""
    groups = [passage.id.rpartition("-")[0] or passage.id for passage in passages]
    for learnt, read in GroupKFold(min(count, len(set(groups)))).split(passages, groups=groups):
        yield [passages[i] for i in learnt], [passages[i] for i in read]


def evidence(passages: Iterable[Passage], tagger: Tagger, rules: Rules, *, seed: int) -> Iterator[Evidence]:
    """The evidence on every number of the passages, as if some of them stood in a report with tables.

    A passage has no tables of its own, so for a part of them tables are made up that state what the marks do, with a
    share of slips, and small numbers for the metrics that the passage does not speak of.
    """
    luck = random.Random(seed)
    for passage in passages:
        sentences = sentences_of(passage)
        mentions = [find_numbers(sentence.text) for sentence in sentences]
        chances = tagger.read(sentences, [bool(found) for found in mentions], form=passage.form, year=passage.year)
        found = {(c.start, c.end): c for c in rules.find(sentences, year=passage.year, form=passage.form)}
        labels = {(m.start, m.end): m.label for m in passage.marks if not m.is_problem}
        guessed = guesses(sentences, mentions, chances, tagger.labels.spans)
        stated = _tables(passage, guessed, labels, luck)
        for guess in guessed:
            place = guess.start, guess.end
            yield Evidence(guess, found.get(place), labels.get(place), stated)


def _tables(
    passage: Passage, guessed: Sequence[Guess], labels: dict[tuple[int, int], str], luck: random.Random
) -> dict[str, list[Decimal]]:
    form = {"pre2019": "2014", "2019": "2019", "2021": "2021"}.get(passage.form or "")
    states = next((f.states for f in load_forms() if f.id == form), {})
    if not states or luck.random() > _WITH_TABLES:
        return {}
    tables = {metric: [Decimal(luck.randrange(_SMALL))] for metric in states}
    for guess in guessed:
        metric = labels.get((guess.start, guess.end))
        if metric in tables:
            tables[metric] = [guess.value + luck.randrange(1, 9) if luck.random() < _DIFFERS else guess.value]
    return tables


def fit(found: Sequence[Evidence]) -> Combination:
    """The weights under which the claims of model and rules are as probable as they prove right."""
    right, seen = Counter[str](), Counter[str]()
    for each in found:
        if each.rule:
            seen[each.rule.rule] += 1
            right[each.rule.rule] += each.rule.metric == each.label
    overall = (sum(right.values()) + 1) / (sum(seen.values()) + 2)
    precision = {rule: (right[rule] + _PRIOR * overall) / (seen[rule] + _PRIOR) for rule in sorted(seen)}
    rows, answers = [], []
    for each in found:
        for metric in _claimed(each):
            own = each.rule is not None and each.rule.metric == metric
            # A rule is weighed by what it did elsewhere, or a rule seen once would look as good as it was that once.
            elsewhere = _elsewhere(each, right, seen, overall) if own else 0.5
            rows.append(features(metric, each.guess, each.rule, elsewhere, each.stated))
            answers.append(metric == each.label)
    if len(set(answers)) < 2:
        # Nothing to tell apart: what the model says stands as it is.
        weights = {name: 1.0 if name == "model" else 0.0 for name in FEATURES}
        return Combination(0.0, weights, precision, overall)
    model = LogisticRegression(C=10.0, max_iter=2000).fit(np.array(rows), np.array(answers))
    weights = {name: round(float(weight), 4) for name, weight in zip(FEATURES, model.coef_[0], strict=True)}
    rounded = {rule: round(value, 3) for rule, value in precision.items()}
    return Combination(round(float(model.intercept_[0]), 4), weights, rounded, round(overall, 3))


def _claimed(each: Evidence) -> list[str]:
    return list(dict.fromkeys([each.guess.metrics[0][0]] + ([each.rule.metric] if each.rule else [])))


def _elsewhere(each: Evidence, right: Counter[str], seen: Counter[str], overall: float) -> float:
    assert each.rule is not None
    rule, good = each.rule.rule, each.rule.metric == each.label
    return (right[rule] - good + _PRIOR * overall) / (seen[rule] - 1 + _PRIOR)


def reliability(found: Sequence[Evidence], combination: Combination) -> tuple[list[dict[str, float]], float]:
    """Figures by confidence in ten bins (count, mean confidence, share right), and the expected calibration error."""
    claims = [(combination.claims(each.guess, each.rule, each.stated)[0], each.label) for each in found]
    given = np.array([(chance, metric == label) for (metric, chance), label in claims if chance > 0.5], dtype=float)
    rows: list[dict[str, float]] = []
    error = 0.0
    if not len(given):
        return rows, error
    edges = np.linspace(0.5, 1.0, _BINS + 1)
    for low, high in pairwise(edges):
        own = given[(given[:, 0] > low) & (given[:, 0] <= high)]
        if len(own):
            confidence, share = own.mean(axis=0)
            rows.append({"from": low, "count": len(own), "confidence": confidence, "right": share})
            error += len(own) / len(given) * abs(confidence - share)
    return [{key: round(float(value), 3) for key, value in row.items()} for row in rows], round(float(error), 4)
