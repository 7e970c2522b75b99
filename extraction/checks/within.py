"""The narrative against itself: parts and the whole that they add up to, rates and what they are of."""

from collections.abc import Iterator

from extraction.resources.messages import Messages
from extraction.schema import Check, Finding, Report


def within(report: Report, words: Messages) -> Iterator[Check | Finding]:
    """Checks of figures that one sentence ties together."""
    yield from ()
