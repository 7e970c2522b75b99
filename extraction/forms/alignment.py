"""The form that a document's tables fill in, and its cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby, pairwise
from typing import Self

from extraction.document import Entry, TableRow
from extraction.forms.beside import lines_beside
from extraction.forms.columns import by_header, by_values, fits
from extraction.forms.labels import Lexicon, normalise
from extraction.forms.rows import Likeness, Match, Unit, align, lexicon_of, likeness, units
from extraction.forms.values import Line, Placed, place
from extraction.numbers import parse_cell
from extraction.resources.forms import Column, Form, Row, Table, load_forms
from extraction.schema import Cell
from extraction.sums import impute, sums_of

_FEWEST_ROWS = {"disclosure": 2, "applications": 4, "statistics": 8}
_HEADER = 0.2
_YEAR = 0.3
_MONEY = {"元": Decimal(1), "万元": Decimal(10_000)}


@dataclass(frozen=True)
class Alignment:
    """The form, its cells in order, the spans of text that its tables take, and the tables that were found."""

    form: Form | None
    cells: tuple[Cell, ...]
    taken: tuple[tuple[int, int], ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """A table of a form as found on the page."""

    table: Table
    score: float
    lines: tuple[Line, ...]
    rows: tuple[TableRow, ...]
    passed: frozenset[str] = frozenset()
    """Rows of the form where the page prints values that could not be matched with any."""


@cache
def _lexicon(table: Table) -> Lexicon:
    return lexicon_of(table)


@cache
def _header_lexicon(columns: tuple[Column, ...]) -> Lexicon:
    return Lexicon([column.words for column in columns])


class Aligner:
    """Aligns table rows with the forms it was given."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = tuple(forms)

    @classmethod
    def load(cls) -> Self:
        """With the forms of ``data/forms``."""
        return cls(load_forms())

    def align(self, rows: Sequence[TableRow], *, year: int | None = None) -> Alignment:
        """Fill in the form whose words the tables use; the year decides between forms that fit alike."""
        candidates = units(rows)
        best: tuple[float, Form, list[_Found]] | None = None
        for form in self._forms:
            down = [table for table in form.tables if not table.beside]
            alike = dict(
                zip((t.id for t in down), likeness(candidates, down, [_lexicon(t) for t in down]), strict=True)
            )
            found = [each for table in form.tables if (each := _find(table, candidates, rows, alike)) is not None]
            hint = _YEAR * (year is not None and form.years[0] <= year <= form.years[1])
            score = sum(each.score for each in found)
            if found and (best is None or score + hint > best[0]):
                best = score + hint, form, found
        if best is None:
            return Alignment(None, (), (), ())
        _, form, found = best
        by_table = {each.table.id: each for each in found}
        cells = tuple(cell for table in form.tables for cell in _cells(table, by_table.get(table.id)))
        spans = {(row.start, row.end) for each in found for row in each.rows}
        return Alignment(form, cells, tuple(sorted(spans)), tuple(by_table))


def _find(
    table: Table, candidates: Sequence[Unit], rows: Sequence[TableRow], alike: Mapping[str, Likeness]
) -> _Found | None:
    """The table on the page, or ``None`` where too few of its rows are there."""
    if table.beside:
        return _find_beside(table, candidates)
    score, matches = align(candidates, table, alike[table.id])
    matches = _without_group_rows(matches, table)
    if sum(match.unit.prints > 0 for match in matches) < _FEWEST_ROWS[table.id]:
        return None
    lines: list[Line] = []
    headers_seen: set[str] = set()
    for block in table.all_blocks:
        names = {row.id for row in block.rows}
        of_block = [match for match in matches if match.row in names]
        for _, group in groupby(of_block, key=lambda match: (match.unit.row.candidate, match.unit.row.layout)):
            together = list(group)
            header = _header_rows(together[0].unit, rows)
            lexicon = _header_lexicon(block.columns)
            headers_seen |= {
                column.label
                for column in block.columns
                if any(normalise(entry.text) == normalise(column.label) for row in header for entry in row.entries)
            }
            columns = _columns(together, header, lexicon, len(block.columns))
            lines += [_line(table, match, block.columns, columns) for match in together]
    units_used = [match.unit for match in matches]
    passed = _passed(table, matches, candidates)
    return _Found(table, score + _HEADER * len(headers_seen), tuple(lines), _covered(units_used, rows), passed)


def _passed(table: Table, matches: Sequence[Match], candidates: Sequence[Unit]) -> frozenset[str]:
    order = [row.id for row in table.all_rows]
    passed: set[str] = set()
    for before, after in pairwise(matches):
        if any(unit.prints for unit in candidates[before.unit.index + 1 : after.unit.index]):
            passed |= set(order[order.index(before.row) + 1 : order.index(after.row)])
    return frozenset(passed)


def _find_beside(table: Table, candidates: Sequence[Unit]) -> _Found | None:
    lines, used = lines_beside(table, candidates, _lexicon(table), _header_lexicon(table.columns))
    if not lines:
        return None
    rows = {row.start: row for unit in used for row in (*unit.header_rows, unit.row)}
    return _Found(table, 1.0, tuple(lines), tuple(rows.values()))


def _without_group_rows(matches: Sequence[Match], table: Table) -> list[Match]:
    """Drop a row that stands instead of others where those are there: 「（六）其他处理」 over its three rows."""
    prints = {match.row for match in matches if match.unit.prints}
    by_id = {row.id: row for row in table.all_rows}
    return [match for match in matches if match.unit.prints or not prints.intersection(by_id[match.row].instead_of)]


def _header_rows(first: Unit, rows: Sequence[TableRow]) -> list[TableRow]:
    """The rows above the first of a group, back to where the candidate begins."""
    return [row for row in rows[: first.index] if row.candidate == first.row.candidate]


def _columns(
    matches: Sequence[Match], header: Sequence[TableRow], lexicon: Lexicon, width: int
) -> tuple[int, ...] | None:
    if matches[0].unit.row.layout == "run":
        return None
    for above in (matches[0].unit.header_rows, header):
        columns = by_header(above, lexicon, width)
        if columns is not None and fits(columns, matches):
            return columns
    return by_values(matches, width) if len(matches) > 2 else None


def _line(table: Table, match: Match, columns: Sequence[Column], places: tuple[int, ...] | None) -> Line:
    row = next(row for row in table.all_rows if row.id == match.row)
    own = match.unit.row
    labelled = own.entries.index(own.labels[0]) if own.labels else 0
    entries = own.entries[labelled:] if places else own.values
    texts = [entry.text for entry in (*own.labels, *match.unit.header)]
    return Line(
        tuple(table.cell_id(match.row, column.id) for column in columns),
        entries,
        places,
        match.likeness,
        tuple(_printed_unit(_unit(table, row, column), row, texts) for column in columns),
        "".join(entry.text for entry in own.labels) or (match.unit.header[-1].text if match.unit.header else None),
        own.layout,
    )


def _unit(table: Table, row: Row, column: Column) -> str | None:
    return row.unit or column.unit or table.unit


def _printed_unit(unit: str | None, row: Row, texts: Iterable[str]) -> str | None:
    """The money that the page states for a plain number, else that of the form: 「本年收费金额（单位：元）」."""
    if unit not in _MONEY:
        return unit
    for text in texts:
        word = normalise(text)
        for money in sorted(_MONEY, key=len, reverse=True):
            if word.endswith(money):
                return money
    return row.stated_unit or unit


def _covered(used: Sequence[Unit], rows: Sequence[TableRow]) -> tuple[TableRow, ...]:
    """The rows of a table with its headers and the rows between."""
    if not used:
        return ()
    covered: dict[int, TableRow] = {}
    for unit in used:
        covered |= {row.start: row for row in (*unit.header_rows, unit.row)}
    by_candidate: dict[int, list[int]] = {}
    for unit in used:
        by_candidate.setdefault(unit.row.candidate, []).append(unit.index)
    for indices in by_candidate.values():
        covered |= {row.start: row for row in rows[min(indices) : max(indices) + 1]}
    return tuple(covered.values())


def _cells(table: Table, found: _Found | None) -> list[Cell]:
    """All cells of a table in the order of the form; those of a variant that the page does not print are left out."""
    lines = found.lines if found else ()
    printed_rows = {cell.split(".")[1] for line in lines for cell in line.cells}
    absent_rows = _absent_rows(table, printed_rows)
    ids = {
        table.cell_id(row.id, column.id): (row, column)
        for row in table.all_rows
        for column in table.columns_of(row.id)
        if row.id not in absent_rows
    }
    sums = sums_of(table, {table.cell_id(r, c.id) for r in absent_rows for c in table.columns_of(r)})
    totals = frozenset(cell for each in sums if len(each.wholes) == 1 for cell in each.wholes)
    placed = place(lines, sums, totals)
    line_of = {cell: line for line in lines for cell in line.cells}
    cells = {
        name: _cell(table, name, row, column, placed.get(name), line_of.get(name))
        for name, (row, column) in ids.items()
    }
    values = {name: cell.value for name, cell in cells.items() if cell.value is not None}
    passed = found.passed if found else frozenset()
    open_cells = {n for n, cell in cells.items() if cell.state in ("blank", "missing") and cell.row not in passed}
    for name, (value, proof) in impute(values, open_cells, sums).items():
        note = f"follows from {proof.check} of {proof.of or table.id}"
        cells[name] = cells[name].model_copy(
            update={"value": value, "state": "imputed", "confidence": 0.9, "note": note}
        )
    return list(cells.values())


def _absent_rows(table: Table, printed: set[str]) -> set[str]:
    """Rows that the page does not have because others stand in their place."""
    absent: set[str] = set()
    for row in table.all_rows:
        if row.instead_of:
            absent |= (
                set(row.instead_of) if row.id in printed and not printed.intersection(row.instead_of) else {row.id}
            )
    return absent


def _cell(table: Table, name: str, row: Row, column: Column, placed: Placed | None, line: Line | None) -> Cell:
    unit = _unit(table, row, column)
    printed = line.units[line.cells.index(name)] if line else None
    entry = placed.entry if placed else None
    state, value, note = "missing", None, placed.note if placed else "the layout does not show it"
    if placed and placed.implied is not None:
        state, value = "imputed", placed.implied
    elif entry is not None:
        read = parse_cell(entry.text, unit=printed)
        state, value, note = read.state, read.value, read.note or (placed.note if placed else None)
        if value is not None and printed != unit and printed in _MONEY and unit in _MONEY:
            value = value * _MONEY[printed] / _MONEY[unit]
    has_text = entry is not None and entry.kind != "blank"
    return Cell.model_construct(
        id=name,
        table=table.id,
        row=row.id,
        column=column.id,
        raw=entry.text if entry is not None else None,
        value=value,
        unit=unit,
        state=state,
        start=entry.start if entry is not None and has_text else None,
        end=entry.end if entry is not None and has_text else None,
        source="rule",
        confidence=_confidence(state, placed),
        label=line.label if line else None,
        layout=line.layout if line else None,
        note=note,
    )


def _confidence(state: str, placed: Placed | None) -> float:
    if state in ("missing", "unreadable") or placed is None:
        return 0.0
    return round(0.99 * placed.certain, 3) if state != "imputed" else 0.9


__all__ = ["Aligner", "Alignment", "Entry"]
