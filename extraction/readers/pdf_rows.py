"""Lines of a page that are rows of a table without ruling lines: their columns, found by where their pieces stand."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from extraction.readers.pdf_lines import Line, around
from extraction.readers.pdf_page import Box

_ROW_DISTANCE = 3.0
"""How far neighbouring rows may stand apart, in character widths."""
_MOST_LINES = 500
"""Lines of a page that is looked at for rows; a page of small print has 100."""
_MOST_LABELS = 6
"""Lines that hold a label alone, between two rows of one table."""

_WRAP = 0.5
"""The gap between two lines of one label is less than this many character widths."""

Span = tuple[float, float]
"""Where something begins and ends across the page, in points."""
Cells = dict[int, Box]
"""The pieces of a line by their columns."""


def page_lines(lines: Sequence[Line]) -> list[Box]:
    """The lines of a page with their texts, from top to bottom.

    Tabs part the cells of a row; neighbouring rows have a tab for each empty cell too, and a label that is wrapped
    stands whole in its row.
    """
    if len(lines) > _MOST_LINES:
        return [line.joined() for line in lines]
    found: list[Box] = []
    done = 0
    for rows in _tables(lines):
        first, end = _with_labels(lines, rows, done)
        found += [line.joined() for line in lines[done:first]]
        found += _table(lines[first:end]) if len(rows) > 1 else [line.joined() for line in lines[first:end]]
        done = end
    return found + [line.joined() for line in lines[done:]]


def _with_labels(lines: Sequence[Line], rows: Sequence[int], done: int) -> tuple[int, int]:
    """The first line of a table and the one after its last, with the ends of wrapped labels around the rows."""
    columns = _columns([lines[index] for index in rows])
    first, end = rows[0], rows[-1] + 1
    if first > done and _is_label(lines[first - 1], columns) and _gap(lines[first - 1], lines[first]) < _WRAP:
        first -= 1
    if end < len(lines) and _is_label(lines[end], columns):
        below = _gap(lines[end], lines[end + 1]) if end + 1 < len(lines) else _WRAP
        end += _gap(lines[end - 1], lines[end]) < min(below, _WRAP)
    return first, end


def _table(lines: Sequence[Line]) -> list[Box]:
    """The boxes of a table's lines, with one column structure."""
    columns = _columns(lines)
    cells = [_cells(line, columns) for line in lines]
    values = next((i for i in range(len(columns)) if _is_of_values(i, cells)), 1)
    before = _join_wrapped(lines, cells, values)
    boxes = []
    for index, (line, row) in enumerate(zip(lines, cells, strict=True)):
        boxes += before.get(index, [])
        if row is None:
            boxes.append(line.joined())
        elif len(row) == 1 and len(line.pieces) == 1:
            boxes.append(line.box(next(iter(row.values())).text))
        elif row:
            boxes.append(line.box("\t".join(row[i].text if i in row else "" for i in range(len(columns)))))
    return boxes


def _join_wrapped(lines: Sequence[Line], cells: Sequence[Cells | None], values: int) -> dict[int, list[Box]]:
    """Put the lines of each wrapped label or number into one row.

    Labels that stand beside several rows come back, by the number of the line to stand before.
    """
    before: dict[int, list[Box]] = {}
    for column in range(max((max(row) for row in cells if row), default=-1) + 1):
        for cluster in _clusters(lines, cells, column, values):
            pieces = [row[column] for index in cluster if (row := cells[index])]
            whole = around(pieces, "".join(piece.text for piece in pieces))
            members = [row for index in cluster if (row := cells[index]) and max(row) >= values > column]
            others = [
                row for i, row in enumerate(cells) if i not in cluster and _is_beside(lines[i], row, whole, values)
            ]
            hosts = members or [row for row in others if row]
            has_host = len(hosts) == 1 and (bool(members) or column not in hosts[0])
            if column >= values and not (has_host and whole.text.isdecimal()):
                continue
            for index in cluster:
                (cells[index] or {}).pop(column, None)
            if has_host and column >= values - 1:
                hosts[0][column] = whole
            else:
                before.setdefault(cluster[0], []).append(whole)
    return before


def _clusters(lines: Sequence[Line], cells: Sequence[Cells | None], column: int, values: int) -> list[list[int]]:
    """The numbers of the lines that one wrapped label or number stands on, for each of more than one line."""
    clusters: list[list[int]] = []
    for index, row in enumerate(cells):
        if not row or column not in row:
            continue
        piece = row[column]
        for cluster in clusters[:-4:-1]:
            last = (cells[cluster[-1]] or {})[column]
            is_close = piece.top - last.bottom < _WRAP * lines[index].em
            # `（三）不予公开` stands beside two labels and between their lines.
            is_below = is_close and piece.x0 < last.x1 and last.x0 < piece.x1
            if is_below and _are_one([*(cells[each] or {} for each in cluster), row], column, values):
                cluster.append(index)
                break
        else:
            clusters.append([index])
    return [cluster for cluster in clusters if len(cluster) > 1]


def _are_one(rows: Sequence[Cells], column: int, values: int) -> bool:
    """Whether the cells of a column in neighbouring lines may be one.

    Two lines with values have two labels, and two lines with labels have two values, however close.
    """
    if column < values - 1:
        return True
    if column < values:
        return sum(max(row) >= values for row in rows) < 2
    return all(min(row) >= values for row in rows)


def _is_beside(line: Line, row: Cells | None, label: Box, values: int) -> bool:
    return bool(row) and max(row or ()) >= values and label.top <= line.pieces[-1].middle <= label.bottom


def _cells(line: Line, columns: Sequence[Span]) -> Cells | None:
    """The pieces of a line by column, ``None`` where two stand in one."""
    cells: Cells = {}
    for piece in line.pieces:
        over = _shared((piece.x0, piece.x1), columns)
        if not over or over[0] in cells:
            return None
        cells[over[0]] = piece
    return cells


def _is_of_values(column: int, cells: Iterable[Cells | None]) -> bool:
    """Whether a column holds numbers below its header, which may be as long as the numbers; labels are none."""
    texts = [row[column].text for row in cells if row and column in row]
    numbers = sum(any(map(str.isdigit, text)) and not any(map(str.isalpha, text)) for text in texts)
    return numbers > 0 and 3 * numbers >= len(texts)


def _tables(lines: Sequence[Line]) -> list[list[int]]:
    """The numbers of the lines that are rows, a list for each table."""
    tables: list[list[int]] = []
    for run in _runs(lines):
        if tables and _continues(lines, tables[-1], run):
            tables[-1] += run
        else:
            tables.append(run)
    return tables


def _runs(lines: Sequence[Line]) -> list[list[int]]:
    runs: list[list[int]] = []
    for index, line in enumerate(lines):
        is_next = bool(runs) and runs[-1][-1] == index - 1 and _are_near(lines[index - 1], line)
        if is_next and (line.is_row or len(line.pieces) > 2):
            runs[-1].append(index)
        elif line.is_row:
            runs.append([index])
    return runs


def _are_near(above: Line, below: Line) -> bool:
    return _gap(above, below) < _ROW_DISTANCE


def _gap(above: Line, below: Line) -> float:
    """The distance between two lines in character widths, negative where they overlap."""
    return (below.pieces[0].top - above.pieces[0].bottom) / below.em


def _is_label(line: Line, columns: Sequence[Span]) -> bool:
    """Whether a line is one piece in the first column or left of all."""
    end = line.pieces[0].x1
    return len(line.pieces) == 1 and (end < columns[0][0] or (len(columns) > 1 and end < columns[1][0]))


def _continues(lines: Sequence[Line], table: Sequence[int], run: Sequence[int]) -> bool:
    """Whether rows go on with a table, when only labels stand between them and their cells stand under its columns."""
    between = lines[table[-1] + 1 : run[0]]
    if not between or len(between) > _MOST_LABELS:
        return False
    upper, lower = _columns([lines[i] for i in table]), _columns([lines[i] for i in run])
    fewer, more = sorted((upper, lower), key=len)
    stretch = lines[table[-1] : run[0] + 1]
    return (
        all(_are_near(above, below) for above, below in pairwise(stretch))
        and all(_is_label(line, more) for line in between)
        and all(len(_shared(column, more)) == 1 for column in fewer[1:])
    )


def _columns(rows: Sequence[Line]) -> list[Span]:
    """The columns that the pieces of rows stand in; a piece over several columns makes none."""
    pieces = sorted((piece for row in rows for piece in row.pieces), key=lambda piece: piece.x1 - piece.x0)
    columns: list[Span] = []
    for piece in pieces:
        over = _shared((piece.x0, piece.x1), columns)
        if not over:
            columns.append((piece.x0, piece.x1))
        elif len(over) == 1:
            start, end = columns[over[0]]
            columns[over[0]] = min(start, piece.x0), max(end, piece.x1)
    return _merged(sorted(columns), rows)


def _merged(columns: list[Span], rows: Sequence[Line]) -> list[Span]:
    """The columns without those that part what more rows write in one piece, as the ends of wrapped labels do."""
    merged = columns[:1]
    for column in columns[1:]:
        over = [_shared((piece.x0, piece.x1), [merged[-1], column]) for row in rows for piece in row.pieces]
        apart = sum(_has_both(row, merged[-1], column) for row in rows)
        if over.count([0, 1]) > apart:
            merged[-1] = merged[-1][0], max(merged[-1][1], column[1])
        else:
            merged.append(column)
    return merged


def _has_both(row: Line, first: Span, second: Span) -> bool:
    over = [_shared((piece.x0, piece.x1), [first, second]) for piece in row.pieces]
    return [0] in over and [1] in over


def _shared(span: Span, columns: Sequence[Span]) -> list[int]:
    """The columns that a span shares some width with."""
    return [i for i, (start, end) in enumerate(columns) if span[0] < end and start < span[1]]
