"""The sums of a form over the cells of a report: whether they hold, and what they say of cells without a value."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from extraction.resources.forms import Table

Values = dict[str, Decimal]


@dataclass(frozen=True)
class Sum:
    """``parts`` add up to ``wholes``, all ids of cells; ``of`` is the row or column that the form states it for."""

    check: str
    of: str
    parts: tuple[str, ...]
    wholes: tuple[str, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        """All cells of the sum."""
        return frozenset(self.parts + self.wholes)

    def total(self, values: Mapping[str, Decimal]) -> Decimal:
        """What the known wholes come to."""
        return sum((values[cell] for cell in self.wholes if cell in values), Decimal(0))

    def difference(self, values: Mapping[str, Decimal]) -> Decimal:
        """Known wholes less known parts."""
        return self.total(values) - sum((values[cell] for cell in self.parts if cell in values), Decimal(0))

    def holds(self, values: Mapping[str, Decimal]) -> bool | None:
        """Whether the sum holds; ``None`` where cells without a value leave it open. Counts are never negative."""
        difference = self.difference(values)
        open_parts = any(cell not in values for cell in self.parts)
        open_wholes = any(cell not in values for cell in self.wholes)
        if not open_parts and not open_wholes:
            return difference == 0
        if (not open_wholes and difference < 0) or (not open_parts and difference > 0):
            return False
        return None


def sums_of(table: Table, absent: Collection[str] = ()) -> list[Sum]:
    """The sums of a table; cells of rows that the report's variant of the form does not have are left out."""
    return [
        Sum(identity.check, of, tuple(cell for cell in parts if cell not in absent), wholes)
        for identity, of, parts, wholes in table.sums()
        if not any(cell in absent for cell in wholes)
    ]


def implied(values: Mapping[str, Decimal], sums: Sequence[Sum], cells: Iterable[str]) -> Values:
    """What each sum alone says of the cells that have no value: the one that is open, or all of them zero.

    A cell of which two sums say different things, or a negative number, is left out.
    """
    wanted = set(cells)
    said: dict[str, set[Decimal]] = {}
    for each in sums:
        open_parts = [cell for cell in each.parts if cell not in values]
        open_wholes = [cell for cell in each.wholes if cell not in values]
        difference = each.difference(values)
        if len(open_parts) + len(open_wholes) == 1:
            said.setdefault((open_parts + open_wholes)[0], set()).add(difference if open_parts else -difference)
        elif difference == 0 and not (open_parts and open_wholes):
            for cell in open_parts + open_wholes:
                said.setdefault(cell, set()).add(Decimal(0))
    return {c: v for c, (v, *more) in ((c, tuple(s)) for c, s in said.items()) if c in wanted and not more and v >= 0}


def impute(
    values: Mapping[str, Decimal], open_cells: Collection[str], sums: Sequence[Sum]
) -> dict[str, tuple[Decimal, Sum]]:
    """Values that follow from the sums for cells without one, each with a sum that proves it.

    A value that would break another sum is not taken: the report contradicts itself there, and the cell stays open.
    """
    known = dict(values)
    result: dict[str, tuple[Decimal, Sum]] = {}
    refused: set[str] = set()
    while found := {c: v for c, v in implied(known, sums, open_cells).items() if c not in refused and c not in known}:
        for cell, value in found.items():
            trial = known | {cell: value}
            concerned = [each for each in sums if cell in each.ids]
            if any(each.holds(trial) is False for each in concerned):
                refused.add(cell)
                continue
            known[cell] = value
            result[cell] = value, next(each for each in concerned if cell in implied_by(each, trial, cell))
    return result


def implied_by(each: Sum, values: Mapping[str, Decimal], cell: str) -> Collection[str]:
    """The cell, where the sum is one that says its value."""
    rest = {key: value for key, value in values.items() if key != cell}
    return implied(rest, [each], [cell])
