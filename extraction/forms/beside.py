"""Tables whose rows stand beside each other in one line: 行政复议 and 行政诉讼 with their results."""

from collections.abc import Sequence

from extraction.document import Entry
from extraction.forms.columns import by_header, by_run, labels_by_column
from extraction.forms.labels import SURE, Lexicon, normalise
from extraction.forms.rows import Unit
from extraction.forms.values import Line
from extraction.resources.forms import Table

_FEWEST_MARKS = 2


def lines_beside(
    table: Table, candidates: Sequence[Unit], rows: Lexicon, columns: Lexicon
) -> tuple[list[Line], list[Unit]]:
    """The lines of the table, in one printed row, in one a group or in a table a group, and where they came from."""
    lines: list[Line] = []
    used: list[Unit] = []
    filled: set[str] = set()
    for unit in candidates:
        header = [entry for entry in (*unit.header, *unit.row.labels) if entry.text]
        inherits = bool(used) and unit.row.candidate == used[-1].row.candidate and unit.index - used[-1].index == 1
        if not unit.row.values or not (_has_marks(header, table) or (inherits and unit.row.labels)):
            continue
        line = _labelled(unit, table, rows, columns) or _by_columns(unit, table, rows, columns)
        line = line or _by_order(unit, header, table, rows, columns)
        groups = {cell.split(".")[1] for cell in line.cells} if line else set()
        # A row of blanks is one of the form where it has as many as the form, else it spans a header.
        if line is None or groups & filled or (not unit.prints and len(unit.row.values) != len(line.cells)):
            continue
        lines.append(line)
        used.append(unit)
        filled |= groups
    return lines, used


def _has_marks(labels: Sequence[Entry], table: Table) -> bool:
    """Whether the words of the results stand in the header, also when it is broken over lines."""
    text = "".join(normalise(entry.text) for entry in labels)
    return sum(mark in text for mark in table.marks) >= _FEWEST_MARKS


def _row_of(word: str, table: Table, rows: Lexicon) -> str | None:
    """The row of the form that a word names; a word over several rows names none."""
    alike = rows.alike(word)
    return table.all_rows[int(alike.argmax())].id if alike.max() >= SURE else None


def _line(unit: Unit, table: Table, cells: Sequence[tuple[str, int]], places: tuple[int, ...] | None) -> Line:
    names = tuple(table.cell_id(row, table.columns[column].id) for row, column in cells)
    entries = unit.row.values
    if places is not None:
        entries = tuple(entry for entry in unit.row.entries if entry.column in places)
    label = unit.row.labels[-1].text if unit.row.labels else None
    return Line(names, entries, places, 1.0, (table.unit,) * len(names), label, unit.row.layout)


def _labelled(unit: Unit, table: Table, rows: Lexicon, columns: Lexicon) -> Line | None:
    """A line whose own label names its row: 「行政复议 | 5 | 0 | 0 | 0 | 5」."""
    row = _row_of(unit.row.labels[-1].text, table, rows) if unit.row.labels else None
    if row is None or len(unit.row.values) > len(table.columns) + 1:
        return None
    printed = [entry.column for entry in unit.row.values if entry.kind == "value" and entry.column is not None]
    found = by_header(unit.header_rows, table.columns, columns, printed, None) if printed else None
    if found and set(printed) <= set(found.places):
        return _line(unit, table, [(row, label) for label in found.labels], found.places)
    order = by_run(unit.header, table.columns, columns)
    return _line(unit, table, [(row, label) for label in order], None)


def _by_columns(unit: Unit, table: Table, rows: Lexicon, columns: Lexicon) -> Line | None:
    """A line whose header names row and result over each of its columns."""
    if unit.row.layout == "run":
        return None
    groups = {normalise(row.group) for row in table.all_rows if row.group}
    over: list[tuple[Entry, str | None]] = []
    for entry in (entry for row in unit.header_rows for entry in row.entries if entry.kind == "label"):
        row_id = _row_of(entry.text, table, rows)
        if entry.column is not None and (row_id or normalise(entry.text) in groups):
            over.append((entry, row_id))
    results: dict[int, int] = {}
    for place, words in labels_by_column(unit.header_rows).items():
        alike = max((columns.alike(word) for word in words), key=lambda each: float(each.max()))
        if alike.max() >= SURE:
            results[place] = int(alike.argmax())
    cells: dict[int, tuple[str, int]] = {}
    for place, result in results.items():
        heads = [(entry.column or 0, i) for i, (entry, _) in enumerate(over) if _covers(entry, place)]
        row = over[max(heads)[1]][1] if heads else None
        if row is not None:
            cells[place] = row, result
    printed = {entry.column for entry in unit.row.entries if entry.kind == "value"}
    names = {row: sorted(result for other, result in cells.values() if other == row) for row, _ in cells.values()}
    alike_all = len({tuple(each) for each in names.values()}) == 1
    if not cells or not printed <= cells.keys() or not alike_all or len(set(cells.values())) != len(cells):
        return None
    places = tuple(sorted(cells))
    return _line(unit, table, [cells[place] for place in places], places)


def _covers(head: Entry, place: int) -> bool:
    start = head.column or 0
    return start <= place and (head.column_span == 1 or place < start + head.column_span)


def _words(entry: Entry, table: Table, rows: Lexicon) -> Sequence[str]:
    """A header, or the headers that a line of text holds, parted by spaces."""
    words = entry.text.split()
    return words if any(_row_of(word, table, rows) for word in words) else [entry.text]


def _by_order(unit: Unit, header: Sequence[Entry], table: Table, rows: Lexicon, columns: Lexicon) -> Line | None:
    """A line whose header names its rows and results one after the other."""
    everything = [row.id for row in table.all_rows]
    words = [word for entry in header for word in _words(entry, table, rows)]
    named = list(dict.fromkeys(row for word in words if (row := _row_of(word, table, rows))))
    width = len(table.columns)
    if len(unit.row.values) == len(everything) * width and len(named) < len(everything):
        named = everything
    if not named or unit.prints > len(named) * width:
        return None
    order = by_run(header, table.columns, columns)
    return _line(unit, table, [(row, label) for row in named for label in order], None)
