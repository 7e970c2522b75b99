"""Slips that people make when they fill in a table, as the numbers that a cell may have been meant to hold."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from extraction.resources.forms import Table
from extraction.schema import Slip

WORTH: Mapping[Slip, int] = {
    "empty_total": 90, "swapped": 80, "zero": 80, "joined": 70, "copied": 60, "moved": 50, "digit": 40, "dropped": 40,
}  # fmt: skip
"""How readily each slip is believed, beside one that none of them explains (0)."""


def slips(table: Table, values: Mapping[str, int]) -> dict[str, dict[int, Slip]]:
    """For each cell, what it may have been meant to hold, with the likeliest slip of its own that explains it."""
    before = {second: first for first, second in neighbours(table)}
    found: dict[str, dict[int, Slip]] = {}
    for cell, value in values.items():
        meant: dict[int, Slip] = {}
        for new, slip in _meant(value, values.get(before.get(cell, ""), 0)):
            if new != value and (new not in meant or WORTH[slip] > WORTH[meant[new]]):
                meant[new] = slip
        found[cell] = meant
    return found


def slip_between(old: int, new: int) -> Slip | None:
    """The likeliest slip that makes one number of another; None where none does."""
    found = [slip for meant, slip in _meant(old, -1) if meant == new]
    return max(found, key=lambda slip: WORTH[slip], default=None)


def _meant(value: int, before: int) -> Iterator[tuple[int, Slip]]:
    digits = str(value)
    if value == 0:
        return
    yield from _of_digits(digits)
    if before == value:
        yield 0, "copied"
    for cut in range(1, len(digits)):
        if digits[cut] != "0" or cut == len(digits) - 1:
            yield int(digits[:cut]), "joined"
            yield int(digits[cut:]), "joined"


def _of_digits(digits: str) -> Iterator[tuple[int, Slip]]:
    for place in range(len(digits)):
        yield from ((int(digits[:place] + other + digits[place + 1 :]), "digit") for other in "0123456789")
        if len(digits) > 1:
            yield int(digits[:place] + digits[place + 1 :]), "dropped"
        yield from ((int(digits[:place] + other + digits[place:]), "dropped") for other in "0123456789")
    yield from ((int(digits + other), "dropped") for other in "123456789")
    yield int(digits) * 10, "zero"
    if digits.endswith("0"):
        yield int(digits) // 10, "zero"
    for place, (first, second) in enumerate(pairwise(digits)):
        yield int(digits[:place] + second + first + digits[place + 2 :]), "swapped"


def neighbours(table: Table) -> Iterator[tuple[str, str]]:
    """Each two cells that stand beside or below each other, the first one first."""
    for block in table.all_blocks:
        grid = [[table.cell_id(row.id, column.id) for column in block.columns] for row in block.rows]
        for line in (*grid, *map(list, zip(*grid, strict=True))):
            yield from pairwise(line)
