"""The columns of a table without ruling lines, by where the pieces of its lines stand."""

from collections.abc import Sequence
from itertools import pairwise

from extraction.readers.pdf_lines import Line
from extraction.readers.pdf_page import Box

_CRACK = 0.1
"""The least gap between cells that stand where others of their columns do, in character widths."""
_GAP = 0.3
"""The least gap between cells whose columns it parts."""
_ALIGNED = 0.2
_SEVERAL = 3

Span = tuple[float, float]
"""Where something begins and ends across the page, in points."""


def parted(line: Line, columns: Sequence[Span]) -> Line:
    """The line with the cells apart that stand so close that they look like one: 「行政规范性文件12」."""
    starts = {
        right.x0
        for piece in line.pieces
        if len(over := shared((piece.x0, piece.x1), columns)) > 1
        for left, right in pairwise(each for each in line.characters if piece.x0 <= each.x0 and each.x1 <= piece.x1)
        if _is_between(left, right, [columns[each] for each in over], line.em)
    }
    return line.parted(starts) if starts else line


def _is_between(left: Box, right: Box, columns: Sequence[Span], em: float) -> bool:
    """Whether the gap between two characters is that between two columns, or an edge of one in line with others."""
    gap = (right.x0 - left.x1) / em
    if gap < _CRACK:
        return False
    for (_, end), (start, _) in pairwise(columns):
        if abs(right.x0 - start) < _ALIGNED * em or abs(left.x1 - end) < _ALIGNED * em:
            return True
        if gap > _GAP and left.x1 >= end - _ALIGNED * em and right.x0 <= start + _ALIGNED * em:
            return True
    return False


def columns_of(rows: Sequence[Line]) -> list[Span]:
    """The columns that the pieces of rows stand in; a piece over several columns makes none."""
    pieces = sorted((piece for row in rows for piece in row.pieces), key=lambda piece: piece.x1 - piece.x0)
    columns: list[Span] = []
    for piece in pieces:
        over = shared((piece.x0, piece.x1), columns)
        if not over:
            columns.append((piece.x0, piece.x1))
        elif len(over) == 1:
            start, end = columns[over[0]]
            columns[over[0]] = min(start, piece.x0), max(end, piece.x1)
    return _merged(sorted(columns), rows)


def _merged(columns: list[Span], rows: Sequence[Line]) -> list[Span]:
    """The columns without those that part what more rows write in one piece, as the ends of wrapped labels do."""
    merged = columns[:1]
    spans = [[(piece.x0, piece.x1) for piece in row.pieces] for row in rows]
    for column in columns[1:]:
        joined = sum(_overlap(span, merged[-1]) and _overlap(span, column) for row in spans for span in row)
        apart = sum(_has_both(row, merged[-1], column) for row in spans) if joined else 0
        if joined > apart and not (_are_aligned(merged[-1], rows) and _are_aligned(column, rows)):
            merged[-1] = merged[-1][0], max(merged[-1][1], column[1])
        else:
            merged.append(column)
    return merged


def _are_aligned(column: Span, rows: Sequence[Line]) -> bool:
    """Whether several pieces in a column begin or end at one place, as the ends of wrapped labels do not."""
    pieces = [(piece, row.em) for row in rows for piece in row.pieces]
    within = [(p, em) for p, em in pieces if p.x0 >= column[0] - 1 and p.x1 <= column[1] + 1]
    begin = sum(abs(piece.x0 - column[0]) < _ALIGNED * em for piece, em in within)
    end = sum(abs(piece.x1 - column[1]) < _ALIGNED * em for piece, em in within)
    return max(begin, end) >= _SEVERAL


def _has_both(row: Sequence[Span], first: Span, second: Span) -> bool:
    """Whether pieces of a row stand in either of two columns, each in one alone."""
    over = {(_overlap(span, first), _overlap(span, second)) for span in row}
    return {(True, False), (False, True)} <= over


def shared(span: Span, columns: Sequence[Span]) -> list[int]:
    """The columns that a span shares some width with."""
    first, last = span
    return [i for i, (start, end) in enumerate(columns) if first < end and start < last]


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
