"""Tables of any format on their way into a document: cells to places, layout tables and prose to paragraphs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from extraction.document import DocumentBuilder, PlacedCell

PROSE = 120
"""A cell over the whole width with more characters than this is a paragraph; form labels have under 60."""
LAYOUT = 400
"""A table with a longer cell than this lays out a page."""
_STACKED = re.compile(r"(?<=[0-9%])[ \t]*\n\s*(?=[0-9])")
_WIDEST = 200
"""Columns kept of a table; the widest statutory table has 15."""


def place(rows: Iterable[Sequence[tuple[str, int, int]]]) -> list[PlacedCell]:
    """Rows of (text, row span, column span) to placed cells, as browsers do; a row span of 0 is to the end."""
    placed: list[PlacedCell] = []
    taken: dict[int, int] = {}  # column -> rows still covered from above
    count = 0
    for row in rows:
        column = 0
        below: dict[int, int] = {}
        for text, row_span, column_span in row:
            while taken.get(column):
                column += 1
            if column >= _WIDEST:
                break
            width = max(1, min(column_span, _WIDEST - column))
            height = row_span if row_span > 0 else 1_000_000
            placed.append(PlacedCell(count, column, text, height, width))
            for each in range(column, column + width):
                below[each] = max(below.get(each, 0), height)
            column += width
        for each, height in below.items():
            taken[each] = max(taken.get(each, 0), height)
        taken = {each: height - 1 for each, height in taken.items() if height > 1}
        count += 1
    return [_clip(cell, count) for cell in placed]


def add_table(builder: DocumentBuilder, cells: Sequence[PlacedCell], *, page: int | None = None) -> None:
    """Add a table as one grid, or as several with the prose rows between them as paragraphs.

    A table of one column, or with a cell of several paragraphs' length, becomes paragraphs alone.
    """
    rows = [list(row) for _, row in groupby(sorted(cells, key=lambda c: (c.row, c.column)), key=lambda c: c.row)]
    for prose, run in groupby(rows, key=_is_prose):
        chunk = [cell for row in run for cell in row]
        if prose or len({cell.column for cell in chunk}) < 2 or any(len(cell.text) > LAYOUT for cell in chunk):
            for cell in chunk:
                _paragraphs(builder, cell, page)
        else:
            first, last = chunk[0].row, chunk[-1].row
            builder.grid((_parted(_clip(cell, last + 1, first)) for cell in chunk), page=page)


def _parted(cell: PlacedCell) -> PlacedCell:
    """The cell with numbers that stand one above the other kept apart, so that 1, 0 and 0 are not read as 100."""
    return replace(cell, text=_STACKED.sub("；", cell.text)) if "\n" in cell.text else cell


def _clip(cell: PlacedCell, end: int, first: int = 0) -> PlacedCell:
    """The cell with its row counted from ``first`` and its span cut where the rows ``end``."""
    if not first and cell.row + cell.row_span <= end:
        return cell
    return replace(cell, row=cell.row - first, row_span=min(cell.row_span, end - cell.row))


def _is_prose(row: Sequence[PlacedCell]) -> bool:
    filled = [cell for cell in row if cell.text.strip()]
    return len(filled) == 1 and len(filled[0].text) > PROSE and filled[0].column == 0


def _paragraphs(builder: DocumentBuilder, cell: PlacedCell, page: int | None) -> None:
    for line in cell.text.split("\n"):
        if line.strip():
            builder.paragraph(line, page=page, recognised=cell.recognised)
