"""Words by which a number of the narrative speaks of something else than the table does."""

import re
from collections.abc import Mapping
from functools import cache, cached_property

from extraction.resources.files import Resource, load


class ComparisonWords(Resource):
    """Words of parts of a body, plans and years, and patterns of places, spans of years and a year."""

    parts: tuple[str, ...]
    place: str
    plans: tuple[str, ...]
    this_year: tuple[str, ...]
    last_year: tuple[str, ...]
    since: str
    span: str
    before: str
    unlike: Mapping[str, tuple[str, ...]]
    narrower: tuple[str, ...]
    topic: str
    joint: str
    year: str
    more: tuple[str, ...]
    nearly: tuple[str, ...]
    units: tuple[str, ...]
    leading: str
    filling: str
    body: str
    cases: str
    disputed: str
    carried_from: str
    received: str
    other_cases: Mapping[str, tuple[str, ...]]
    own_cases: Mapping[str, tuple[str, ...]]
    undone: str
    among: str

    @cached_property
    def places(self) -> re.Pattern[str]:
        """A place at the start of a clause that a number follows."""
        return re.compile(self.place)

    def timeless(self, clause: str) -> str:
        """A clause without the words at its start that say of which time it is."""
        return re.sub(f"^(?:{self.since})+", "", clause)

    @cached_property
    def times(self) -> re.Pattern[str]:
        """Words that say which year a number is of; the group ``year`` where they name one."""
        words = "|".join((*self.this_year, *self.last_year))
        return re.compile(f"(?P<span>{self.span}|{self.before})|(?:{self.year})|{words}")


@cache
def load_comparison_words() -> ComparisonWords:
    """The words of ``data/comparison.yaml``."""
    return load("comparison.yaml", ComparisonWords)
