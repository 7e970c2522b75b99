"""Cells in the words of the form."""

import re
from collections.abc import Sequence
from functools import lru_cache

from extraction.resources.forms import Table
from extraction.schema import Cell

_FEW = 3
_ASIDE = re.compile(r"（[^）]{4,}）|^[一二三四五六七八九十\d]+[、.]|^（[一二三四五六七八九十]）")


def labels(table: Table, cells: Sequence[Cell]) -> str:
    """The words of the cells' rows and columns, those of the form; the group's where they are all of one."""
    rows = [next(each for each in table.all_rows if each.id == cell.row) for cell in cells]
    if len(cells) >= _FEW and len({row.group for row in rows}) == 1 and rows[0].group:
        return "·".join(part for part in (plain(rows[0].group), column_label(table, cells[0])) if part)
    return " + ".join(
        "·".join(part for part in (plain(row.label), column_label(table, cell)) if part)
        for row, cell in zip(rows, cells, strict=True)
    )


@lru_cache(maxsize=4096)
def plain(label: str) -> str:
    """A label without its number and its remark."""
    return _ASIDE.sub("", label)


def row_label(table: Table, row: str) -> str:
    """The words of a row."""
    return next(each.label for each in table.all_rows if each.id == row)


def column_label(table: Table, cell: Cell) -> str:
    """The words of a cell's column; empty where the table has one without a name."""
    return next(each.label for each in table.columns_of(cell.row) if each.id == cell.column) if cell.column else ""
