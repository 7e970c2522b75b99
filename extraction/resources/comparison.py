"""Words by which a number of the narrative speaks of something else than the table does."""

import re
from functools import cache, cached_property

from extraction.resources.files import Resource, load


class ComparisonWords(Resource):
    """Words of parts of a body, plans and years, and patterns of places, spans of years and a year."""

    parts: tuple[str, ...]
    place: str
    plans: tuple[str, ...]
    this_year: tuple[str, ...]
    last_year: tuple[str, ...]
    span: str
    year: str
    more: tuple[str, ...]
    nearly: tuple[str, ...]
    units: tuple[str, ...]
    leading: str
    filling: str
    other_cases: tuple[str, ...]

    @cached_property
    def places(self) -> re.Pattern[str]:
        """A place at the start of a clause that a number follows."""
        return re.compile(self.place)

    @cached_property
    def times(self) -> re.Pattern[str]:
        """Words that say which year a number is of; the group ``year`` where they name one."""
        words = "|".join((*self.this_year, *self.last_year))
        return re.compile(f"(?P<span>{self.span})|(?:{self.year})|{words}")


@cache
def load_comparison_words() -> ComparisonWords:
    """The words of ``data/comparison.yaml``."""
    return load("comparison.yaml", ComparisonWords)
