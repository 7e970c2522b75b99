"""Candidates to figures: one a span, in the order of the text."""

from bisect import bisect_left
from collections.abc import Iterable

from extraction.candidates import Candidate
from extraction.schema import Figure


def resolve(candidates: Iterable[Candidate], text: str) -> list[Figure]:
    """The most trusted candidate of each span as a figure; ``text`` is the document's, for the evidence."""
    chosen: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-c.confidence, c.start)):
        at = bisect_left(chosen, candidate.start, key=lambda c: c.start)
        ends_before = not at or chosen[at - 1].end <= candidate.start
        if ends_before and (at == len(chosen) or candidate.end <= chosen[at].start):
            chosen.insert(at, candidate)
    return [_figure(candidate, text) for candidate in chosen]


def _figure(candidate: Candidate, text: str) -> Figure:
    return Figure(
        metric=candidate.metric,
        value=candidate.value,
        unit=candidate.unit,
        text=text[candidate.start : candidate.end],
        start=candidate.start,
        end=candidate.end,
        section=candidate.section,
        qualifier=candidate.qualifier,
        year=candidate.year,
        scope=candidate.scope,
        source="rule",
        confidence=candidate.confidence,
        rule=candidate.rule,
    )
