"""Tables whose rows stand beside each other in one line: 行政复议 and 行政诉讼 with their results."""

from collections.abc import Sequence

from extraction.document import Entry
from extraction.forms.columns import by_header
from extraction.forms.labels import Lexicon, normalise
from extraction.forms.rows import Unit
from extraction.forms.values import Line
from extraction.resources.forms import Table

_SURE = 0.75
_FEWEST_MARKS = 2


def lines_beside(table: Table, candidates: Sequence[Unit], rows: Lexicon) -> tuple[list[Line], list[Unit]]:
    """The lines of the table, in one printed row, in one a group or in a table a group, and where they came from."""
    lines: list[Line] = []
    used: list[Unit] = []
    filled: set[str] = set()
    for unit in candidates:
        own = [entry for entry in (*unit.header, *unit.row.labels) if entry.text]
        inherits = bool(used) and unit.row.candidate == used[-1].row.candidate and unit.index - used[-1].index == 1
        if not unit.row.values or not (_has_marks(own, table) or (inherits and unit.row.labels)):
            continue
        groups = [row for row in _groups(unit, own, table, rows) if row not in filled]
        # A row of blanks is one of the form where it has as many as the form, else it spans a header.
        if not groups or (not unit.prints and len(unit.row.values) != len(groups) * len(table.columns)):
            continue
        cells = tuple(table.cell_id(row, column.id) for row in groups for column in table.columns)
        places = None
        if unit.row.layout != "run":
            header = Lexicon([column.words for _ in groups for column in table.columns])
            places = by_header(unit.header_rows, header, len(cells))
        entries = unit.row.entries if places else unit.row.values
        label = unit.row.labels[-1].text if unit.row.labels else None
        lines.append(Line(cells, entries, places, 1.0, (table.unit,) * len(cells), label, unit.row.layout))
        used.append(unit)
        filled |= set(groups)
    return lines, used


def _has_marks(labels: Sequence[Entry], table: Table) -> bool:
    """Whether the words of the results stand in the header, also when it is broken over lines."""
    text = "".join(normalise(entry.text) for entry in labels)
    return sum(mark in text for mark in table.marks) >= _FEWEST_MARKS


def _groups(unit: Unit, labels: Sequence[Entry], table: Table, rows: Lexicon) -> list[str]:
    """The rows of the form that a line prints: by its own label, else by its header, else by how much it prints."""
    order = [row.id for row in table.all_rows]
    width = len(table.columns)
    for entry in unit.row.labels[-1:]:
        alike = rows.alike(entry.text)
        if alike.max() >= _SURE and len(unit.row.values) <= width + 1:
            return [order[int(alike.argmax())]]
    if len(unit.row.values) == len(order) * width:
        return order
    words = [word for entry in labels for word in (entry.text, *entry.text.split())]
    named = {order[int(alike.argmax())] for word in words if (alike := rows.alike(word)).max() >= _SURE}
    return [row for row in order if row in named]
