"""Candidates to figures: one a span, in the order of the text."""

from bisect import bisect_left
from collections.abc import Iterable

from extraction.candidates import Candidate
from extraction.combination import Combination, Stated
from extraction.guesses import Guess
from extraction.schema import Figure, FoundBy

_LIKELY = 0.5


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
    """The numbers that model and rules together take for a figure, with a probability of more than a half.

    One that only the tables speak against is kept with the lower probability that it has beside them.

    :param stated: what the tables state for each metric.
    """
    rules = {(c.start, c.end): c for c in candidates}
    found: list[Figure] = []
    contradicted: list[Figure] = []
    for guess in guesses:
        rule = rules.get((guess.start, guess.end))
        claims = combination.claims(guess, rule, stated)
        metric, chance = claims[0]
        if chance > _LIKELY:
            found.append(_figure(guess, rule, metric, chance, year, text))
            continue
        metric, alone = combination.claims(guess, rule, {})[0]
        if alone > _LIKELY:
            contradicted.append(_figure(guess, rule, metric, dict(claims)[metric], year, text))
    # What model and rules are sure of and the tables contradict is what checks look for; but where another figure says
    # what the tables do, it is of something else: 「全市新收1286件，市本级收到214件」.
    agreed = {figure.metric for figure in found if figure.value in stated.get(figure.metric, ())}
    kept = [figure for figure in contradicted if figure.metric not in agreed]
    return sorted([*found, *kept], key=lambda figure: figure.start)


def _figure(guess: Guess, rule: Candidate | None, metric: str, chance: float, year: int | None, text: str) -> Figure:
    model = guess.metrics[0][0] if guess.metrics[0][1] > guess.outside else None
    own = rule if rule and rule.metric == metric else None
    source: FoundBy = "both" if own and model == metric else "rule" if own else "model"
    said = model if source == "rule" else rule.metric if rule and source == "model" else None
    return Figure(
        metric=metric, value=own.value if own else guess.value, unit=guess.unit,
        text=text[guess.start : guess.end], start=guess.start, end=guess.end, section=guess.section,
        qualifier=guess.qualifier, year=own.year if own else year, scope=own.scope if own else None,
        source=source, confidence=round(chance, 3), rule=own.rule if own else None, rival=said,
    )  # fmt: skip
