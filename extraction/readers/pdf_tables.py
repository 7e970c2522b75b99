"""Ruling lines of a page to tables, and tables over a page break to one."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pdfplumber import table as plumber

from extraction.document import PlacedCell
from extraction.readers.pdf_lines import cell_lines
from extraction.readers.pdf_page import Box, Page, Reading, least

_SNAP = 2.5
"""Lines no further apart than this many points are one."""
_FIT = 6.0
"""How far the columns of one table may stand apart on two pages, in points."""
_MOST_EDGES = 300
_MOST_CROSSINGS = 3_000


@dataclass(frozen=True)
class Table:
    """A ruled table of one page, or of several joined: its outline, its column bounds in points, and its cells."""

    outline: Box
    bounds: tuple[float, ...]
    cells: tuple[PlacedCell, ...]

    @property
    def rows(self) -> int:
        """The number of rows."""
        return max(cell.row + cell.row_span for cell in self.cells)


def find_tables(page: Page) -> tuple[list[Table], list[Box]]:
    """The tables with at least two columns, from top to bottom, and the characters that stand in none."""
    tables, rest = [], list(page.characters)
    for boxes in ruled_cells(page.rulings):
        columns = _bounds(edge for box in boxes for edge in (box.x0, box.x1))
        rows = _bounds(edge for box in boxes for edge in (box.top, box.bottom))
        if len(columns) < 3 or not any(_nearest(columns, box.x1) < len(columns) - 1 for box in boxes):
            continue
        outline = Box(columns[0], rows[0], columns[-1], rows[-1])
        inside = [character for character in rest if _holds(outline, character)]
        if not inside:
            continue
        rest = [character for character in rest if not _holds(outline, character)]
        tables.append(Table(outline, tuple(columns), tuple(_fill(boxes, columns, rows, inside, page.readings))))
    return sorted(tables, key=lambda table: table.outline.top), rest


def ruled_cells(rulings: Sequence[Box]) -> list[list[Box]]:
    """The cells that lines enclose, a list for each table."""
    edges = [_edge(box) for box in rulings]
    edges = plumber.merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
    edges = [edge for edge in edges if max(edge["x1"] - edge["x0"], edge["bottom"] - edge["top"]) > 2 * _SNAP]
    if not edges or len(edges) > _MOST_EDGES:
        return []
    edges = plumber.merge_edges(edges + _closing(edges), _SNAP, _SNAP, _SNAP, _SNAP)
    crossings = plumber.edges_to_intersections(edges, _SNAP, _SNAP)
    if len(crossings) > _MOST_CROSSINGS:
        return []
    tables = plumber.cells_to_tables(plumber.intersections_to_cells(crossings))
    return [[Box(*cell) for cell in cells] for cells in tables]


def _edge(box: Box) -> dict[str, Any]:
    width, height = box.x1 - box.x0, box.bottom - box.top
    edge = {"x0": box.x0, "x1": box.x1, "top": box.top, "bottom": box.bottom, "width": width, "height": height}
    return {**edge, "orientation": "h" if height < width else "v"}


def _closing(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines between neighbouring lines that end level, where another line crosses both.

    A page break leaves cells open below and above, and some tables have no lines at their left and right.
    """
    upright = sorted((e["x0"], e["top"], e["bottom"]) for e in edges if e["orientation"] == "v")
    level = sorted((e["top"], e["x0"], e["x1"]) for e in edges if e["orientation"] == "h")
    closing = [Box(left, end, right, end) for end, left, right in _gaps(upright, level)]
    closing += [Box(end, above, end, below) for end, above, below in _gaps(level, upright)]
    return [_edge(box) for box in closing]


def _gaps(
    lines: Sequence[tuple[float, float, float]], crossing: Sequence[tuple[float, float, float]]
) -> Iterator[tuple[float, float, float]]:
    """Where parallel lines (position, start, end) end level: that end, and the positions of the two neighbours."""
    for side in (1, 2):
        for end in {round(line[side]) for line in lines}:
            reaching = [line for line in lines if line[1] - _SNAP <= end <= line[2] + _SNAP]
            for first, second in pairwise(reaching):
                if abs(first[side] - end) > _SNAP or abs(second[side] - end) > _SNAP:
                    continue
                if any(
                    start - _SNAP <= first[0] and second[0] <= stop + _SNAP and first[1] <= position <= first[2]
                    for position, start, stop in crossing
                ):
                    yield first[side], first[0], second[0]


def _bounds(values: Iterable[float]) -> list[float]:
    bounds: list[float] = []
    for value in sorted(values):
        if not bounds or value - bounds[-1] > 2 * _SNAP:
            bounds.append(value)
    return bounds


def _nearest(bounds: Sequence[float], value: float) -> int:
    return min(range(len(bounds)), key=lambda index: abs(bounds[index] - value))


def _holds(box: Box, character: Box) -> bool:
    across = (character.x0 + character.x1) / 2
    return box.x0 <= across <= box.x1 and box.top <= character.middle <= box.bottom


def _fill(
    boxes: Sequence[Box],
    columns: Sequence[float],
    rows: Sequence[float],
    characters: Sequence[Box],
    readings: Sequence[Reading],
) -> Iterable[PlacedCell]:
    """The cells with their places and texts; what no box covers becomes a cell of one row and column."""
    owner: dict[tuple[int, int], int] = {}
    places = []
    for box in boxes:
        row, column = _nearest(rows, box.top), _nearest(columns, box.x0)
        spans = max(_nearest(rows, box.bottom) - row, 1), max(_nearest(columns, box.x1) - column, 1)
        places.append((row, column, *spans))
        owner |= {(row + i, column + j): len(places) - 1 for i in range(spans[0]) for j in range(spans[1])}
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            if (row, column) not in owner:
                places.append((row, column, 1, 1))
                owner[row, column] = len(places) - 1
    held: dict[int, list[Box]] = {}
    for each in characters:
        row = min(max(bisect_left(rows, each.middle) - 1, 0), len(rows) - 2)
        column = min(max(bisect_left(columns, (each.x0 + each.x1) / 2) - 1, 0), len(columns) - 2)
        held.setdefault(owner[row, column], []).append(each)
    for number, (row, column, row_span, column_span) in enumerate(places):
        right, below = min(column + column_span, len(columns) - 1), min(row + row_span, len(rows) - 1)
        outline = Box(columns[column], rows[row], columns[right], rows[below])
        text = _text(held.get(number, []), outline.x1 - outline.x0)
        recognised = least(reading for reading in readings if reading.within(outline))
        yield PlacedCell(row, column, text, row_span, column_span, recognised)


def _text(characters: Sequence[Box], width: float) -> str:
    parts = cell_lines(characters)
    # `16197` over `.02`, or `1` over `136`, is one number in a narrow column, `10` over `5` in a wide one is two.
    widths = [part.x1 - part.x0 for part in parts]
    wrapped = len(parts) > 1 and (widths[0] > 0.6 * width or sum(widths) > 0.8 * width)
    is_number = all(character.text in "0123456789.,%" for character in characters)
    return ("" if wrapped and is_number else "\n").join(part.text for part in parts)


def join(first: Table, second: Table) -> Table | None:
    """The table that continues on the next page, or ``None`` where the columns do not fit."""
    shift = second.bounds[0] - first.bounds[0]
    moved = [bound - shift for bound in second.bounds]
    if abs(shift) > 4 * _FIT or abs(moved[-1] - first.bounds[-1]) > _FIT:
        return None
    wide, narrow = (first.bounds, moved) if len(first.bounds) >= len(moved) else (moved, first.bounds)
    if any(min(abs(bound - other) for other in wide) > _FIT for bound in narrow):
        return None
    above = _columns(first.cells, first.bounds, wide)
    rows = first.rows
    below = [replace(cell, row=cell.row + rows) for cell in _columns(second.cells, moved, wide)]
    return Table(first.outline, tuple(wide), tuple(_continue(above, below, rows)))


def _columns(cells: Iterable[PlacedCell], old: Sequence[float], new: Sequence[float]) -> list[PlacedCell]:
    """The cells placed by other column bounds, which hold the old ones."""
    places = [_nearest(new, bound) for bound in old]
    return [
        replace(
            cell,
            column=places[cell.column],
            column_span=places[cell.column + cell.column_span] - places[cell.column],
        )
        for cell in cells
    ]


def _continue(above: list[PlacedCell], below: list[PlacedCell], row: int) -> list[PlacedCell]:
    """The cells of both; a blank label at the top of the new page belongs to the label it continues."""
    ending = {cell.column: index for index, cell in enumerate(above) if cell.row + cell.row_span == row}
    kept = []
    labels = True
    for cell in sorted(below, key=lambda each: (each.row, each.column)):
        labels = labels and cell.row == row and not cell.text.strip()
        index = ending.get(cell.column)
        if labels and index is not None and above[index].column_span == cell.column_span:
            above[index] = replace(above[index], row_span=above[index].row_span + cell.row_span)
        else:
            kept.append(cell)
    return above + kept
