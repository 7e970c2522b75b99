"""Candidates to figures: one a span, in the order of the text."""

from bisect import bisect_left
from collections.abc import Iterable

from extraction.candidates import Candidate
from extraction.combination import Combination, Stated
from extraction.guesses import Guess
from extraction.schema import Figure, FoundBy

_LIKELY = 0.5
_SURE_ALONE = 0.5


def resolve(candidates: Iterable[Candidate], text: str) -> list[Figure]:
    """The most trusted candidate of each span as a figure; ``text`` is the document's, for the evidence."""
    chosen: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-c.confidence, c.start)):
        at = bisect_left(chosen, candidate.start, key=lambda c: c.start)
        ends_before = not at or chosen[at - 1].end <= candidate.start
        if ends_before and (at == len(chosen) or candidate.end <= chosen[at].start):
            chosen.insert(at, candidate)
    return [
        Figure(
            metric=c.metric, value=c.value, unit=c.unit, text=text[c.start : c.end], start=c.start, end=c.end,
            section=c.section, qualifier=c.qualifier, year=c.year, scope=c.scope, source="rule",
            confidence=c.confidence, rule=c.rule,
        )
        for c in chosen
    ]  # fmt: skip


def combine(
    guesses: Iterable[Guess],
    candidates: Iterable[Candidate],
    combination: Combination,
    *,
    stated: Stated,
    year: int | None,
    text: str,
) -> list[Figure]:
    """The numbers that model and rules together take for a figure, and whose probability is more than a half.

    :param stated: what the tables state for each metric.
    """
    rules = {(c.start, c.end): c for c in candidates}
    found: list[Figure] = []
    for guess in guesses:
        rule = rules.get((guess.start, guess.end))
        metric, chance = combination.claims(guess, rule, stated)[0]
        # A figure that the tables contradict is one all the same: it is what checks look for.
        metric_alone, chance_alone = combination.claims(guess, rule, {})[0]
        if chance <= _LIKELY and chance_alone <= _SURE_ALONE:
            continue
        if chance <= _LIKELY:
            metric = metric_alone
            chance = dict(combination.claims(guess, rule, stated))[metric]
        model = guess.metrics[0][0] if guess.metrics[0][1] > guess.outside else None
        own = rule if rule and rule.metric == metric else None
        source: FoundBy = "both" if own and model == metric else "rule" if own else "model"
        said = model if source == "rule" else rule.metric if rule and source == "model" else None
        found.append(
            Figure(
                metric=metric, value=own.value if own else guess.value, unit=guess.unit,
                text=text[guess.start : guess.end], start=guess.start, end=guess.end, section=guess.section,
                qualifier=guess.qualifier, year=own.year if own else year, scope=own.scope if own else None,
                source=source, confidence=round(chance, 3), rule=own.rule if own else None, rival=said,
            )
        )  # fmt: skip
    return found
