"""Candidates to figures: one a span, in the order of the text."""

from collections.abc import Iterable

from extraction.candidates import Candidate
from extraction.schema import Figure


def resolve(candidates: Iterable[Candidate], text: str) -> list[Figure]:
    """The most trusted candidate of each span as a figure; ``text`` is the document's, for the evidence."""
    figures: list[Figure] = []
    for candidate in sorted(candidates, key=lambda c: (-c.confidence, c.start)):
        if all(candidate.end <= figure.start or figure.end <= candidate.start for figure in figures):
            figures.append(_figure(candidate, text))
    return sorted(figures, key=lambda figure: figure.start)


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
