"""Whether every section and table of the form is there, and what of it could not be read."""

from collections.abc import Iterator, Sequence

from extraction.checks.words import column_label, row_label
from extraction.resources.forms import Form, Table
from extraction.resources.messages import Messages
from extraction.schema import Cell, Finding, Head, Section, Severity
from extraction.sums import sums_of


def complete(
    head: Head, sections: Sequence[Section], form: Form | None, cells: Sequence[Cell], words: Messages
) -> Iterator[Finding]:
    """What is missing of the report as a whole."""
    numbers = {section.number for section in sections}
    if head.period and head.year and head.year not in (head.period[0].year, head.period[1].year):
        message = words.period_differs.format(year=head.year, start=head.period[0], end=head.period[1])
        yield Finding(id="form.complete:period", check="form.complete", severity="warning", message=message)
    if form is None:
        if head.form is None:
            yield Finding(id="form.complete:report", check="form.complete", severity="error", message=words.no_report)
        elif head.form != "2008":
            yield Finding(id="form.complete:tables", check="form.complete", severity="warning", message=words.no_tables)
        return
    for table in form.tables:
        if not any(cell.state != "missing" for cell in cells if cell.table == table.id):
            message = words.table_missing.format(table=table.title)
            name = f"form.complete:{table.id}"
            yield Finding(id=name, check="form.complete", severity="warning", message=message)
    if form.id != "2014":
        for number, title in enumerate(words.sections, 1):
            if number not in numbers:
                message = words.section_missing.format(number=words.numerals[number - 1], section=title)
                name = f"form.complete:section {number}"
                yield Finding(id=name, check="form.complete", severity="warning", message=message)


def unread(table: Table, cells: Sequence[Cell], words: Messages) -> Iterator[Finding]:
    """Totals left blank, cells that the layout lost, cells that are no number."""
    totals = {cell for each in sums_of(table) for cell in each.wholes if len(each.wholes) == 1}
    for row in dict.fromkeys(cell.row for cell in cells):
        blank = [
            c for c in cells if c.row == row and c.id in totals and c.raw == "" and c.state in ("blank", "imputed")
        ]
        counted = [cell for cell in blank if cell.value]
        if counted:
            listed = "，".join(
                f"{column_label(table, cell) or row_label(table, row)} {cell.value:f}" for cell in counted
            )
            message = words.total_blank.format(table=table.title, row=row_label(table, row), values=listed)
            yield _finding(f"{table.id}.{row}:blank", message, counted)
        elif any(cell.value is None for cell in blank) and any(c.value for c in cells if c.row == row):
            message = words.total_open.format(table=table.title, row=row_label(table, row))
            yield _finding(f"{table.id}.{row}:blank", message, blank)
    for row in dict.fromkeys(cell.row for cell in cells):
        own = [cell for cell in cells if cell.row == row]
        if not table.beside and all(cell.label is None and cell.raw is None for cell in own):
            message = words.row_missing.format(table=table.title, row=row_label(table, row))
            yield _finding(f"{table.id}.{row}", message, own)
    missing = [cell for cell in cells if cell.state == "missing"]
    if missing:
        message = words.cells_missing.format(table=table.title, count=len(missing))
        yield _finding(f"{table.id}:missing", message, missing, severity="info")
    for cell in cells:
        if cell.state == "unreadable":
            message = words.cells_unreadable.format(
                table=table.title,
                row=row_label(table, cell.row),
                column=column_label(table, cell),
                raw=cell.raw,
            )
            yield _finding(cell.id, message, [cell])


def _finding(place: str, message: str, cells: Sequence[Cell], *, severity: Severity = "warning") -> Finding:
    ids = tuple(cell.id for cell in cells)
    return Finding(id=f"form.complete:{place}", check="form.complete", severity=severity, message=message, cells=ids)
