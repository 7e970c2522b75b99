"""A report against that of the year before."""

import re
from collections.abc import Iterator
from decimal import Decimal

from extraction.checks.rounding import grew_by
from extraction.checks.words import column_label, row_label
from extraction.resources.forms import Form, Table
from extraction.resources.messages import Messages
from extraction.schema import Cell, Check, Finding, Report, Severity

_STOP = re.compile(r"[。；;！？\n]")


def years(report: Report, prior: Report, form: Form, words: Messages) -> Iterator[Check | Finding]:
    """What was carried over, what is in force, what was pending, and the growth that the narrative states."""
    cells = {cell.id: cell for cell in report.cells}
    before = {cell.id: cell for cell in prior.cells}
    for table in form.tables:
        for row in table.all_rows:
            for column in table.columns_of(row.id):
                cell = cells.get(table.cell_id(row.id, column.id))
                if cell and table.section and (found := _of_cell(table, cell, cells, before)):
                    yield from _answer(*found, table, cell, words)
        for row in table.all_rows if table.beside else ():
            yield from _pending(table, row.id, cells, before, words)
    yield from _growth(report, prior, form, words)


def _pending(
    table: Table, row: str, cells: dict[str, Cell], before: dict[str, Cell], words: Messages
) -> Iterator[Check | Finding]:
    """What was pending at the end of a year is among the cases of the next."""
    last, now = before.get(table.cell_id(row, "pending")), cells.get(table.cell_id(row, "total"))
    if not last or not now:
        return
    known = last.value is not None and now.value is not None
    holds = last.value is not None and now.value is not None and now.value >= last.value
    name, formula = f"years.pending:{row}", words.years["pending"].format(of=row_label(table, row))
    yield Check(
        id=name, check="years.pending", answer="open" if not known else "holds" if holds else "broken",
        formula=formula, left=last.value, right=now.value, cells=(now.id,),
    )  # fmt: skip
    if known and not holds:
        message = words.years_differ.format(table=table.title, formula=formula, expected=last.value, found=now.value)
        yield Finding(
            id=name, check="years.pending", severity="warning", message=message, expected=last.value, found=now.value,
            cells=(now.id,), formula=formula,
        )  # fmt: skip


_Sides = tuple[str, str, Decimal | None, Decimal | None, tuple[str, ...]]


def _of_cell(table: Table, cell: Cell, cells: dict[str, Cell], before: dict[str, Cell]) -> _Sides | None:
    """Check, its formula, what the year before leads to, what is printed, and the cells; None where nothing is said."""

    def value(of: dict[str, Cell], row: str, column: str | None) -> Decimal | None:
        found = of.get(table.cell_id(row, column))
        return found.value if found and found.state in ("given", "imputed") else None

    if cell.row == "carried_in":
        last = value(before, "carried_out", cell.column)
        return "years.carried", "carried", last, value(cells, cell.row, cell.column), (cell.id,)
    if cell.column == "in_force":
        last = value(before, cell.row, "in_force")
        issued, repealed = (value(cells, cell.row, name) for name in ("issued", "repealed"))
        expected = None if last is None or issued is None or repealed is None else last + issued - repealed
        ids = tuple(table.cell_id(cell.row, name) for name in ("in_force", "issued", "repealed"))
        return "years.in_force", "in_force", expected, value(cells, cell.row, cell.column), ids
    return None


def _answer(
    check: str,
    formula: str,
    expected: Decimal | None,
    found: Decimal | None,
    ids: tuple[str, ...],
    table: Table,
    cell: Cell,
    words: Messages,
) -> Iterator[Check | Finding]:
    name = f"{check}:{cell.column if formula == 'carried' else cell.row}"
    of = column_label(table, cell) if formula == "carried" else row_label(table, cell.row)
    said = words.years[formula].format(of=of)
    difference = None if expected is None or found is None else found - expected
    yield Check(
        id=name, check=check, answer="open" if difference is None else "broken" if difference else "holds",
        formula=said, left=expected, right=found, difference=difference, cells=ids,
    )  # fmt: skip
    if difference:
        message = words.years_differ.format(
            table=table.title, formula=said, expected=f"{expected:f}", found=f"{found:f}"
        )
        # Bodies are merged and parted, and lists of documents are cleared: it need not be a slip.
        severity: Severity = "error" if formula == "carried" else "warning"
        yield Finding(
            id=name, check=check, severity=severity, message=message, expected=expected, found=found, cells=ids,
            formula=said, difference=difference,
        )  # fmt: skip


def _growth(report: Report, prior: Report, form: Form, words: Messages) -> Iterator[Check | Finding]:
    """Each growth that the narrative states of a figure right before it, against both reports."""
    for index, change in enumerate(report.figures):
        if change.metric not in ("change_rate", "change_amount"):
            continue
        of = _grown(report, index)
        if of is None:
            continue
        figure = report.figures[of]
        last = _value(prior, figure.metric, form)
        between = report.text[figure.end : change.start]
        sign = -1 if any(word in between for word in words.falls) else 1
        name = f"narrative.change:{change.start}"
        known = "?" if last is None else f"{last:f}"
        formula = words.years["growth"].format(of=figure.text, last=known, now=change.text)
        if last is None or (change.metric == "change_rate" and not last):
            yield Check(
                id=name, check="narrative.change", answer="open", formula=formula, left=change.value,
                figures=(of, index),
            )  # fmt: skip
            continue
        grown = figure.value - last
        real = grown if change.metric == "change_amount" else grown / last * 100
        holds = grew_by(change, sign * real)
        yield Check(
            id=name, check="narrative.change", answer="holds" if holds else "broken", formula=formula,
            left=change.value, right=sign * real, difference=sign * real - change.value, figures=(of, index),
        )  # fmt: skip
        if not holds:
            shown = f"{real:.2f}".rstrip("0").rstrip(".") + ("%" if change.metric == "change_rate" else "")
            message = words.change_differs.format(
                text=report.text[figure.start : change.end].replace("\n", ""), last=f"{last:f}",
                now=f"{figure.value:f}", real=shown,
            )  # fmt: skip
            yield Finding(
                id=name, check="narrative.change", severity="warning", message=message, expected=real,
                found=sign * change.value, figures=(of, index), formula=formula,
            )  # fmt: skip


def _grown(report: Report, index: int) -> int | None:
    """The figure that a growth is of: the last one before it in its sentence that is no growth itself."""
    change = report.figures[index]
    for other in range(index - 1, -1, -1):
        figure = report.figures[other]
        if _STOP.search(report.text[figure.end : change.start]):
            return None
        if figure.metric in ("change_rate", "change_amount"):
            continue
        plain = figure.scope is None and figure.qualifier is None and figure.year in (None, report.report.year)
        return other if plain and figure.unit != "%" else None
    return None


def _value(prior: Report, metric: str, form: Form) -> Decimal | None:
    """What a report's tables, or else its narrative, give for a metric; None where that is nothing or not one thing."""
    cells = {cell.id: cell for cell in prior.cells}
    for ids in form.states.get(metric, ())[:1]:
        found = [cells.get(cell) for cell in ids]
        if all(cell and cell.state == "given" and cell.value is not None for cell in found):
            return sum((cell.value for cell in found if cell and cell.value is not None), Decimal(0))
    values = {
        figure.value
        for figure in prior.figures
        if figure.metric == metric and figure.scope is None and figure.qualifier is None
        if figure.year in (None, prior.report.year)
    }
    return values.pop() if len(values) == 1 else None
