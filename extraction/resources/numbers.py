"""The words around numbers: units, qualifiers, idioms that hold a numeral, and what a table cell prints for zero."""

from functools import cache

from extraction.resources.files import Resource, load
from extraction.schema import Qualifier


class Units(Resource):
    """What is counted, with the characters that must not follow a unit; what follows a number that counts nothing."""

    units: dict[str, str]
    spelled: dict[str, str]
    not_counted: list[str]


class NumberWords(Resource):
    """Words before, behind and around a number of the narrative."""

    before: dict[Qualifier, list[str]]
    after: dict[Qualifier, list[str]]
    joined: dict[str, str]
    bare_magnitude_after: list[str]
    vague_before: str
    tenth_not_before: str
    service_numbers: frozenset[str]
    service_after: list[str]
    service_before: list[str]
    idioms: list[str]


class CellWords(Resource):
    """What a table cell prints for a number and beside one; a plain string is a set of characters."""

    zero: frozenset[str]
    dashes: str
    not_a_number: frozenset[str]
    elsewhere: list[str]
    elsewhere_ends: list[str]
    signs: str
    mistaken: str
    between: str
    raised: list[str]
    lowered: list[str]
    lead: list[str]
    currency: list[str]
    behind_unit: str
    footnote: str
    opening: str
    closed: str
    closing: str


@cache
def units() -> Units:
    """``lexicon/units.yaml``."""
    return load("lexicon/units.yaml", Units)


@cache
def number_words() -> NumberWords:
    """``lexicon/numbers.yaml``."""
    return load("lexicon/numbers.yaml", NumberWords)


@cache
def cell_words() -> CellWords:
    """``lexicon/cells.yaml``."""
    return load("lexicon/cells.yaml", CellWords)
