"""Other ways to read a row that no grid holds: its printed numbers under other columns, or one number as two."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from extraction.schema import Cell, Repair
from extraction.sums import Sum


def other_reading(sums: Sequence[Sum], cells: Mapping[str, Cell]) -> tuple[Repair, ...]:
    """The changes of one row by which all its sums hold, where it prints the same numbers in the same order.

    :param sums: those of the table; ``cells`` its cells by id.
    """
    values = {cell.id: cell.value for cell in cells.values() if cell.value is not None}
    told = [each for each in sums if all(cell in values for cell in each.ids)]
    broken = [each for each in told if not each.holds(values)]
    for row in dict.fromkeys(cells[cell].row for each in broken for cell in each.ids):
        own = [cell for cell in cells.values() if cell.row == row and cell.id in values]
        new = _wanted(broken, values, {cell.id for cell in own})
        changes = tuple(
            Repair(cell=cell.id, old=values[cell.id], new=new[cell.id], slip="moved")
            for cell in own
            if new.get(cell.id, values[cell.id]) != values[cell.id]
        )
        concerned = [each for each in told if each.ids & {cell.id for cell in own}]
        if len(changes) > 1 and says_the_same(changes, cells) and all(each.holds(values | new) for each in concerned):
            return changes
    return ()


def _wanted(broken: Sequence[Sum], values: Mapping[str, Decimal], own: set[str]) -> dict[str, Decimal]:
    """The values that the sums down the columns ask of a row's cells, all others as they are."""
    wanted: dict[str, Decimal] = {}
    for each in broken:
        inside = each.ids & own
        if len(inside) == 1:
            [cell] = inside
            off = each.difference(values)
            new = values[cell] + (off if cell in each.parts else -off)
            if new < 0 or wanted.get(cell, new) != new:
                return {}
            wanted[cell] = new
    return wanted


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
