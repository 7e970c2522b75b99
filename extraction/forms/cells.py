"""Lines of a table to the cells of the form: what is printed, what follows from the sums, what is not there."""

from collections.abc import Collection, Sequence

from extraction.forms.values import Line, Placed, place
from extraction.numbers import MONEY, parse_cell
from extraction.resources.forms import Column, Row, Table
from extraction.schema import Cell, State
from extraction.sums import impute, sums_of


def unit_of(table: Table, row: Row, column: Column) -> str | None:
    """The unit of a cell's value."""
    return row.unit or column.unit or table.unit


def fill_in(table: Table, lines: Sequence[Line], unmatched: Collection[str]) -> list[Cell]:
    """All cells of a table in the order of the form; those of a variant that the page does not print are left out.

    Nothing is imputed for the rows ``unmatched``, where the page prints values that no row could be found for.
    """
    printed_rows = {cell.split(".")[1] for line in lines for cell in line.cells}
    absent_rows = _absent_rows(table, printed_rows)
    ids = {
        table.cell_id(row.id, column.id): (row, column)
        for row in table.all_rows
        for column in table.columns_of(row.id)
        if row.id not in absent_rows
    }
    sums = sums_of(table, {table.cell_id(r, c.id) for r in absent_rows for c in table.columns_of(r)})
    placed = place(lines, sums)
    line_of = {cell: line for line in lines for cell in line.cells}
    cells = {
        name: _cell(table, name, row, column, placed.get(name), line_of.get(name))
        for name, (row, column) in ids.items()
    }
    values = {name: cell.value for name, cell in cells.items() if cell.value is not None}
    open_cells = {n for n, cell in cells.items() if cell.state in ("blank", "missing") and cell.row not in unmatched}
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
    unit = unit_of(table, row, column)
    printed = line.units[line.cells.index(name)] if line else None
    entry = placed.entry if placed else None
    state: State
    state, value, note = "missing", None, placed.note if placed else "the layout does not show it"
    if placed and placed.implied is not None:
        state, value = "imputed", placed.implied
    elif entry is not None:
        read = parse_cell(entry.text, unit=printed)
        state, value, note = read.state, read.value, read.note or (placed.note if placed else None)
        if value is not None and printed != unit and printed in MONEY and unit in MONEY:
            value = value * MONEY[printed] / MONEY[unit]
        if value is not None and value < 0 and not column.signed:
            state, value, note = "unreadable", None, "a count cannot be negative"
    has_text = entry is not None and entry.kind != "blank"
    return Cell(
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
