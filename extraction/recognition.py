"""What a recogniser read from an image: the sums of the form choose between its readings, and cells say where from.

A recogniser gives a text and, where it is in doubt, others that the ink may say. The one choice among them under which
all sums of the cells in doubt hold is taken; where there is none, or more than one, a cell stays as it was read.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extraction.document import Document, Grid, Recognised, TableRow
from extraction.numbers import parse_cell
from extraction.resources.confusables import confusables
from extraction.resources.forms import Form
from extraction.resources.messages import load_messages
from extraction.schema import Cell, Figure
from extraction.sums import Sum, sums_of

_CAP = 0.95
"""Most that a recognised value is trusted."""
_PROVED = 0.9
"""What a value is trusted that the sums chose."""
_DOUBTED = 0.6
"""The same where other readings are left."""
_DOUBTFUL = 0.9
"""Below this score any digit may be one that looks like it."""
_MOST_STEPS = 20_000
_MOST_OPEN = 60


@dataclass(frozen=True)
class Readings:
    """The recognised stretches of a document by their offsets."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    found: tuple[Recognised, ...]

    @classmethod
    def of(cls, document: Document) -> "Readings":
        """Those of its paragraphs and of the cells of its grids."""
        stretches = (
            each for block in document.blocks for each in (block.cells if isinstance(block, Grid) else (block,))
        )
        spans = [(each.start, each.end, each.recognised) for each in stretches if each.recognised is not None]
        starts, ends, found = zip(*sorted(spans, key=lambda span: span[:2]), strict=True) if spans else ((), (), ())
        return cls(starts, ends, found)

    def at(self, start: int) -> Recognised | None:
        """How the text that begins at an offset was read; None where it is no recognised one."""
        place = bisect_right(self.starts, start) - 1
        return self.found[place] if place >= 0 and start < self.ends[place] else None


def choose(cells: Sequence[Cell], form: Form, readings: Readings) -> dict[int, str]:
    """The readings to take instead of the recogniser's first, by the offset at which the cell's text starts."""
    chosen: dict[int, str] = {}
    for table in form.tables:
        own = {cell.id: cell for cell in cells if cell.table == table.id}
        printed = {name: cell for name, cell in own.items() if cell.state in ("given", "unreadable")}
        absent = {table.cell_id(r.id, c.id) for r in table.all_rows for c in table.columns_of(r.id)} - own.keys()
        sums = sums_of(table, absent)
        values = {name: cell.value for name, cell in own.items() if cell.value is not None and cell.state != "imputed"}
        options = {
            name: found
            for name, cell in printed.items()
            if cell.start is not None and cell.raw and (told := readings.at(cell.start)) is not None
            if (found := _options(cell, told))
        }
        for name, text in _one_choice(values, options, sums).items():
            start = printed[name].start
            if start is not None:
                chosen[start] = text
    return chosen


def _options(cell: Cell, told: Recognised) -> dict[Decimal, str]:
    """The other values that a cell may have, each with the reading that says it."""
    raw = cell.raw or ""
    known = confusables()
    texts = [text for other in told.others for text in (other, *known.readings(other, doubtful=False))]
    texts += known.readings(raw, doubtful=told.score < _DOUBTFUL)
    found: dict[Decimal, str] = {}
    for text in texts:
        value = parse_cell(text, unit=cell.unit).value
        if value is not None and value >= 0 and value != cell.value:
            found.setdefault(value, text)
    return found


def _one_choice(
    values: Mapping[str, Decimal], options: Mapping[str, Mapping[Decimal, str]], sums: Sequence[Sum]
) -> dict[str, str]:
    """The only change by ``options`` after which the sums hold that they touch; nothing where they do as it is.

    Cells in doubt that no sum has in common are told apart from each other.
    """
    told = [each for each in sums if each.ids <= values.keys() | options.keys() and each.ids & options.keys()]
    if all(each.holds(values) is not False for each in told):
        options = {name: found for name, found in options.items() if name not in values}
    groups: list[set[str]] = []
    for doubtful in (set(each.ids & options.keys()) for each in told):
        joined = [group for group in groups if group & doubtful]
        groups = [group for group in groups if not group & doubtful] + [doubtful.union(*joined)]
    chosen: dict[str, str] = {}
    for group in groups:
        if not 0 < len(group) <= _MOST_OPEN:
            continue
        own = [each for each in told if each.ids & group]
        as_read = {name: [values[name]] if name in values else [] for name in sorted(group)}
        found = _Search(own, {name: [*first, *options[name]] for name, first in as_read.items()}).solutions(values)
        if len(found) == 1:
            chosen |= {name: options[name][value] for name, value in found[0].items() if value != values.get(name)}
    return chosen


class _Search:
    """All choices under which sums hold, two at the most: a second one is enough to know that none is told."""

    def __init__(self, sums: Sequence[Sum], domains: Mapping[str, Sequence[Decimal]]) -> None:
        self._sums, self._domains, self._steps = sums, domains, 0

    def solutions(self, values: Mapping[str, Decimal]) -> list[dict[str, Decimal]]:
        """The choices, each by cell; none where the search is too long."""
        known = {name: value for name, value in values.items() if name not in self._domains}
        found: list[dict[str, Decimal]] = []
        self._walk(known, frozenset(self._domains), found)
        return found if self._steps <= _MOST_STEPS else []

    def _walk(self, known: dict[str, Decimal], left: frozenset[str], found: list[dict[str, Decimal]]) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS or len(found) > 1:
            return
        if not left:
            found.append({name: known[name] for name in self._domains})
            return
        # A cell of the sum that is nearest to being told is tried next.
        open_sums = [each for each in self._sums if each.ids & left]
        name = min(min(open_sums, key=lambda each: len(each.ids & left)).ids & left)
        own = [each for each in open_sums if name in each.ids]
        for value in self._domains[name]:
            trial = known | {name: value}
            if all(not each.ids <= trial.keys() or each.holds(trial) for each in own):
                self._walk(trial, left - {name}, found)


def with_texts(rows: Sequence[TableRow], chosen: Mapping[int, str]) -> list[TableRow]:
    """The rows with other texts for the entries that start at these offsets."""

    def told(row: TableRow) -> TableRow:
        if not any(entry.start in chosen for entry in row.entries):
            return row
        entries = (
            replace(e, text=chosen[e.start], kind="value") if e.start in chosen and e.kind != "blank" else e
            for e in row.entries
        )
        return replace(row, entries=tuple(entries))

    return [told(row) for row in rows]


def mark_cells(cells: Iterable[Cell], text: str, chosen: Mapping[int, str], readings: Readings) -> tuple[Cell, ...]:
    """The cells with where they come from, how sure that is, and a note where the sums chose a reading."""
    cells = tuple(cells)
    scanned = {cell.table for cell in cells if cell.start is not None and readings.at(cell.start)}
    return tuple(_marked(cell, text, chosen, readings) if cell.table in scanned else cell for cell in cells)


def _marked(cell: Cell, text: str, chosen: Mapping[int, str], readings: Readings) -> Cell:
    told = readings.at(cell.start) if cell.start is not None else None
    if cell.start is not None and told is None:
        return cell
    confidence = min(cell.confidence, _CAP)
    if told is None or cell.start is None:
        return cell.model_copy(update={"source": "ocr", "confidence": confidence})
    raw, note = text[cell.start : cell.end], cell.note
    if cell.start in chosen:
        confidence = round(cell.confidence * _PROVED, 3)
        note = load_messages().recognised_otherwise.format(raw=raw, read=chosen[cell.start])
    elif cell.value is not None:
        confidence = round(cell.confidence * min(told.score, _CAP, _DOUBTED if told.others else 1.0), 3)
    return cell.model_copy(update={"source": "ocr", "confidence": confidence, "note": note, "raw": raw})


def mark_figures(figures: Iterable[Figure], readings: Readings) -> tuple[Figure, ...]:
    """The figures with where they come from, and how sure that is."""
    return tuple(
        figure.model_copy(update={"source": "ocr", "confidence": round(figure.confidence * min(told.score, _CAP), 3)})
        if (told := readings.at(figure.start))
        else figure
        for figure in figures
    )
