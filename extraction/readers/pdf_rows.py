"""Lines of a page that are rows of a table without ruling lines: their columns, found by where their pieces stand."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from extraction.readers.pdf_columns import Span, columns_of, parted, shared
from extraction.readers.pdf_labels import labels_of_rows, opens_item
from extraction.readers.pdf_lines import Line, around
from extraction.readers.pdf_page import Box
from extraction.resources.sections import section_words

_ROW_DISTANCE = 3.0
"""How far neighbouring rows may stand apart, in character widths."""
MAX_ROWS = 500
"""Lines of a page that is looked at for rows; a page of small print has 100."""
_MOST_LABELS = 40
"""Lines that hold a label alone, between two rows of one table."""

_MOST_RUNS = 100
"""Groups of rows that are looked at for going on with each other; the statutory tables have 20 with labels between."""
_SIZE = 1.25
"""Lines of one table are no more than so many times larger than each other."""
_WRAP = 0.5
"""The gap between two lines of one label is less than this many character widths."""

Cells = dict[int, Box]
"""The pieces of a line by their columns."""


def page_lines(lines: Sequence[Line]) -> list[Box]:
    """The lines of a page with their texts, from top to bottom.

    Tabs part the cells of a row; neighbouring rows have a tab for each empty cell too, and a label that is wrapped
    stands whole in its row.
    """
    if len(lines) > MAX_ROWS:
        return [line.joined() for line in lines]
    lines = _unglued(lines)
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
    values = _values_begin([lines[index] for index in rows])
    first, end = rows[0], rows[-1] + 1
    if first > done and _is_label(lines[first - 1], values) and _gap(lines[first - 1], lines[first]) < _WRAP:
        first -= 1
    if end < len(lines) and _is_label(lines[end], values):
        below = _gap(lines[end], lines[end + 1]) if end + 1 < len(lines) else _WRAP
        end += _gap(lines[end - 1], lines[end]) < min(below, _WRAP)
    return first, end


def _table(lines: Sequence[Line]) -> list[Box]:
    """The boxes of a table's lines, with one column structure."""
    columns = columns_of(lines)
    lines = [parted(line, columns) for line in lines]
    columns = columns_of(lines)
    cells: list[Cells | None] = [_cells(line, columns) for line in lines]
    values = _first_of_values(columns, cells)
    strays = _without_strays(lines, cells, columns, values)
    before = _join_wrapped(lines, cells, values)
    for index, pieces in strays.items():
        before[index] = pieces + before.get(index, [])
    boxes = []
    for index, (line, row) in enumerate(zip(lines, cells, strict=True)):
        boxes += before.get(index, [])
        if row is None:
            boxes.append(line.joined())
        elif len(row) == 1 and len(line.pieces) == 1 and min(row) < values:
            boxes.append(line.box(next(iter(row.values())).text))
        elif row:
            boxes.append(line.box("\t".join(row[i].text if i in row else "" for i in range(len(columns)))))
    return boxes


def _without_strays(
    lines: Sequence[Line], cells: list[Cells | None], columns: Sequence[Span], values: int
) -> dict[int, list[Box]]:
    """Keep of several labels in one line the last where their columns are one; the others come back.

    「三、本年」, part of a label over many rows, may stand beside 「8.属于行政查询事项」.
    """
    strays: dict[int, list[Box]] = {}
    for index, line in enumerate(lines):
        if cells[index] is not None:
            continue
        labels = [piece for piece in line.pieces if shared((piece.x0, piece.x1), columns[:values])]
        rest = replace(line, pieces=line.pieces[len(labels) - 1 :]) if labels else line
        cells[index] = _cells(rest, columns)
        if cells[index] is not None:
            strays[index] = labels[:-1]
    return strays


def _join_wrapped(lines: Sequence[Line], cells: Sequence[Cells | None], values: int) -> dict[int, list[Box]]:
    """Put the lines of each wrapped label or number into one row.

    Labels that stand beside several rows come back, by the number of the line to stand before.
    """
    before: dict[int, list[Box]] = {}
    _place_labels(lines, cells, values)
    for column in range(max((max(row) for row in cells if row), default=-1) + 1):
        if column == values - 1:
            continue
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
            if has_host and column >= values:
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
            is_close = piece.top - last.bottom < _WRAP * lines[index].em and not opens_item(piece.text)
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
    if column < values:
        own = [row for row in rows if max(row) >= values and not any(column < each < values for each in row)]
        return len(own) < 2
    return all(min(row) >= values for row in rows)


def _place_labels(lines: Sequence[Line], cells: Sequence[Cells | None], values: int) -> None:
    """Put the labels that stand right before the values into the rows that they are of."""
    column = values - 1
    labels = {i: row[column] for i, row in enumerate(cells) if row and column in row}
    rows = {i: lines[i] for i, row in enumerate(cells) if row and max(row) >= values}
    labelled = {i for i in rows if i not in labels and min(cells[i] or (values,)) < column}
    for row, block in labels_of_rows(labels, rows, labelled).items():
        pieces = [labels[index] for index in block]
        for index in block:
            (cells[index] or {}).pop(column)
        (cells[row] or {})[column] = around(pieces, "".join(piece.text for piece in pieces))


def _is_beside(line: Line, row: Cells | None, label: Box, values: int) -> bool:
    return bool(row) and max(row or ()) >= values and label.top <= line.pieces[-1].middle <= label.bottom


def _cells(line: Line, columns: Sequence[Span]) -> Cells | None:
    """The pieces of a line by column, ``None`` where two stand in one."""
    cells: Cells = {}
    for piece in line.pieces:
        over = shared((piece.x0, piece.x1), columns)
        if not over or over[0] in cells:
            return None
        cells[over[0]] = piece
    return cells


def _is_of_values(column: int, cells: Iterable[Cells | None]) -> bool:
    """Whether a column holds numbers below its header, which may be as long as the numbers; labels are none."""
    texts = [row[column].text for row in cells if row and column in row]
    numbers = sum(map(_is_numeral, texts))
    return numbers > 0 and 3 * numbers >= len(texts)


def _is_numeral(text: str) -> bool:
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text))


def _first_of_values(columns: Sequence[Span], cells: Sequence[Cells | None]) -> int:
    return next((i for i in range(len(columns)) if _is_of_values(i, cells)), 1)


def _values_begin(rows: Sequence[Line]) -> float:
    """Where the first column of numbers begins across the page."""
    columns = columns_of(rows)
    first = _first_of_values(columns, [_cells(row, columns) for row in rows])
    return columns[min(first, len(columns) - 1)][0]


def _tables(lines: Sequence[Line]) -> list[list[int]]:
    """The numbers of the lines that are rows, a list for each table."""
    tables: list[list[int]] = []
    runs = _runs(lines)
    for run in runs:
        if tables and len(runs) <= _MOST_RUNS and _continues(lines, tables[-1], run):
            tables[-1] += run
        else:
            tables.append(run)
    return tables


def _runs(lines: Sequence[Line]) -> list[list[int]]:
    runs: list[list[int]] = []
    for index, line in enumerate(lines):
        is_next = bool(runs) and runs[-1][-1] == index - 1 and _are_near(lines[index - 1], line)
        if is_next and len(line.pieces) > 1:
            runs[-1].append(index)
        elif line.is_row:
            runs.append([index])
    return runs


def _unglued(lines: Sequence[Line]) -> list[Line]:
    """The lines with each in two that ends in a digit under the values of the row above: 「行政事业性收费132.5」."""
    found: list[Line] = []
    for line in lines:
        text = line.pieces[0].text
        if found and len(line.pieces) == 1 and text[-1].isdigit() and not text.isascii() and found[-1].is_row:
            line = parted(line, columns_of(found[-1:]))
        found.append(line)
    return found


def _are_near(above: Line, below: Line) -> bool:
    return _gap(above, below) < _ROW_DISTANCE


def _gap(above: Line, below: Line) -> float:
    """The distance between two lines in character widths, negative where they overlap."""
    return (below.pieces[0].top - above.pieces[0].bottom) / below.em


def _is_label(line: Line, values: float) -> bool:
    """Whether a line is one piece left of the values."""
    return len(line.pieces) == 1 and line.pieces[0].x1 < values and not section_words().opens_surely(_bare(line))


def _bare(line: Line) -> str:
    """The text of a line without the numeral of a heading."""
    return line.pieces[0].text.partition("、")[2]


def _continues(lines: Sequence[Line], table: Sequence[int], run: Sequence[int]) -> bool:
    """Whether rows go on with a table, when only labels stand between them and their cells stand under its columns."""
    between = lines[table[-1] + 1 : run[0]]
    if not between or len(between) > _MOST_LABELS:
        return False
    stretch = lines[table[-1] : run[0] + 1]
    if not all(_are_near(above, below) and _are_alike(above, below) for above, below in pairwise(stretch)):
        return False
    above, below = (
        [lines[i] for i in (*table[:_MOST_LABELS], *table[_MOST_LABELS:][-_MOST_LABELS:])],
        [lines[i] for i in run],
    )
    values = min(_values_begin(above), _values_begin(below))
    fewer, more = sorted((columns_of(above), columns_of(below)), key=len)
    return all(_is_label(line, values) or _is_value(line, more) for line in between) and all(
        len(shared(column, more)) < 2 for column in fewer if column[0] >= values
    )


def _is_value(line: Line, columns: Sequence[Span]) -> bool:
    """Whether a line is a number alone under a column: the only value of a row whose label is wrapped."""
    (piece, *others) = line.pieces
    return not others and _is_numeral(piece.text) and len(shared((piece.x0, piece.x1), columns)) == 1


def _are_alike(above: Line, below: Line) -> bool:
    """Whether two lines are in one size of print; a line of digits alone tells its size badly."""
    return max(above.em, below.em) < _SIZE * min(above.em, below.em)
