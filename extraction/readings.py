"""Other ways to read a row that no grid holds: its printed numbers under other columns, or one number as two."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, islice

from extraction.schema import Cell, Repair
from extraction.sums import Sum

_MOST = 500
"""How many ways to read a row are tried."""


def other_reading(sums: Sequence[Sum], cells: Mapping[str, Cell]) -> tuple[Repair, ...]:
    """The changes of one row that make all its sums hold by the same printed numbers in the same order.

    :param sums: those of the table; ``cells`` its cells by id.
    """
    values = {cell.id: cell.value for cell in cells.values() if cell.value is not None}
    told = [each for each in sums if all(cell in values for cell in each.ids)]
    broken = {cell for each in told if not each.holds(values) for cell in each.ids}
    for row in dict.fromkeys(cells[cell].row for cell in broken):
        own = [cell for cell in cells.values() if cell.row == row and cell.id in values]
        if any(cell.layout in (None, "grid") for cell in own):
            continue
        ids = {cell.id for cell in own}
        concerned = [each for each in told if each.ids & ids]
        new = dict(values)
        for placed in islice(_placings([values[cell.id] for cell in own]), _MOST):
            new.update((cell.id, value) for cell, value in zip(own, placed, strict=True))
            if all(each.holds(new) for each in concerned):
                return tuple(
                    Repair(cell=cell.id, old=values[cell.id], new=value, slip="moved")
                    for cell, value in zip(own, placed, strict=True)
                    if value != values[cell.id]
                )
    return ()


def says_the_same(changes: Sequence[Repair], cells: Mapping[str, Cell]) -> bool:
    """Whether a row that changes touch keeps its printed numbers and their order, and no grid parts them."""
    new = {each.cell: each.new for each in changes}
    for row in {cells[each.cell].row for each in changes}:
        own = [cell for cell in cells.values() if cell.row == row]
        printed = [cell.value for cell in own if cell.raw is not None and cell.value]
        meant = [value for cell in own if (value := new.get(cell.id, cell.value))]
        is_loose = all(cell.layout not in (None, "grid") for cell in own)
        if is_loose and "".join(f"{value:f}" for value in printed) == "".join(f"{value:f}" for value in meant):
            return True
    return False


def _placings(printed: Sequence[Decimal]) -> Iterator[list[Decimal]]:
    """The numbers that are not 0, in their order, under each choice of columns; then with one number parted in two."""
    numbers = [value for value in printed if value]
    parted = [
        [*numbers[:at], Decimal(digits[:cut]), Decimal(digits[cut:]), *numbers[at + 1 :]]
        for at, number in enumerate(numbers)
        if not number % 1
        for digits in [f"{number:f}"]
        for cut in range(1, len(digits))
        if digits[cut] != "0" or cut == len(digits) - 1
    ]
    for chosen in (numbers, *parted):
        for columns in combinations(range(len(printed)), len(chosen)):
            row = [Decimal(0)] * len(printed)
            for column, number in zip(columns, chosen, strict=True):
                row[column] = number
            if row != list(printed):
                yield row
