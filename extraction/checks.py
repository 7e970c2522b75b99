"""Cells and figures to findings: what the report says against what it says elsewhere.

A check has three answers: it holds, it is broken, or it cannot be told because cells are missing or unreadable. Only
the last two give findings; nothing counts as passed that was not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from extraction.numbers import MONEY
from extraction.resources.forms import Form, Table
from extraction.resources.messages import Messages, load_messages
from extraction.resources.metrics import load_metrics
from extraction.schema import Cell, Figure, Finding, Head, Section
from extraction.sums import Sum, sums_of

_DOUBTFUL = 0.8
_FEW, _MANY = 3, 4
_ASIDE = re.compile(r"（[^）]{4,}）|^[一二三四五六七八九十\d]+[、.]|^（[一二三四五六七八九十]）")


def run(
    head: Head,
    sections: Sequence[Section],
    form: Form | None,
    cells: Sequence[Cell],
    figures: Sequence[Figure],
    second: str | None = None,
) -> list[Finding]:
    """All findings, those on the whole report first, then table by table, then the narrative.

    :param second: the title of another report in the same file, which was not read.
    """
    words = load_messages()
    by_id = {cell.id: cell for cell in cells}
    findings = list(_complete(head, sections, form, cells, words))
    if second:
        message = words.second_report.format(title=second)
        findings.append(Finding(check="form.complete", severity="warning", message=message))
    if form is not None:
        for table in form.tables:
            own = [cell for cell in cells if cell.table == table.id]
            if any(cell.state != "missing" for cell in own):
                findings += _sums(table, own, words)
                findings += _unread(table, own, words)
        findings += _narrative(form, by_id, figures, head.year, words)
    return findings


def _complete(
    head: Head, sections: Sequence[Section], form: Form | None, cells: Sequence[Cell], words: Messages
) -> Iterator[Finding]:
    numbers = {section.number for section in sections}
    if head.period and head.year and head.year not in (head.period[0].year, head.period[1].year):
        message = words.period_differs.format(year=head.year, start=head.period[0], end=head.period[1])
        yield Finding(check="form.complete", severity="warning", message=message)
    if form is None:
        if head.form is None:
            yield Finding(check="form.complete", severity="error", message=words.no_report)
        elif head.form != "2008":
            yield Finding(check="form.complete", severity="warning", message=words.no_tables)
        return
    for table in form.tables:
        if not any(cell.state != "missing" for cell in cells if cell.table == table.id):
            yield Finding(
                check="form.complete", severity="warning", message=words.table_missing.format(table=table.title)
            )
    if form.id != "2014":
        for number, title in enumerate(words.sections, 1):
            if number not in numbers:
                message = words.section_missing.format(number=words.numerals[number - 1], section=title)
                yield Finding(check="form.complete", severity="warning", message=message)


def _labels(table: Table, cells: Sequence[Cell]) -> str:
    """The words of the cells' rows and columns, those of the form; the group's where they are all of one."""
    rows = [next(each for each in table.all_rows if each.id == cell.row) for cell in cells]
    if len(cells) >= _FEW and len({row.group for row in rows}) == 1 and rows[0].group:
        return "·".join(part for part in (_plain(rows[0].group), _column_label(table, cells[0])) if part)
    return " + ".join(
        "·".join(part for part in (_plain(row.label), _column_label(table, cell)) if part)
        for row, cell in zip(rows, cells, strict=True)
    )


def _plain(label: str) -> str:
    """A label without its number and its remark."""
    return _ASIDE.sub("", label)


def _row_label(table: Table, row: str) -> str:
    return next(each.label for each in table.all_rows if each.id == row)


def _column_label(table: Table, cell: Cell) -> str:
    return next(each.label for each in table.columns_of(cell.row) if each.id == cell.column) if cell.column else ""


def _sums(table: Table, cells: Sequence[Cell], words: Messages) -> Iterator[Finding]:
    """Broken sums one by one; those that cannot be told together, a check."""
    by_id = {cell.id: cell for cell in cells}
    absent = {table.cell_id(row.id, c.id) for row in table.all_rows for c in table.columns_of(row.id)} - by_id.keys()
    values = {cell.id: cell.value for cell in cells if cell.value is not None}
    answers = [(each, each.holds(values)) for each in sums_of(table, absent)]
    for each, holds in answers:
        if holds is False:
            yield _broken(table, each, by_id, values, words)
    for check in dict.fromkeys(each.check for each, _ in answers):
        of_check = [(each, holds) for each, holds in answers if each.check == check]
        unknown = [each for each, holds in of_check if holds is None]
        if unknown:
            message = words.sums_open.format(
                table=table.title, name=words.checks[check], count=len(of_check), open=len(unknown)
            )
            without = tuple(
                dict.fromkeys(c for each in unknown for c in (*each.parts, *each.wholes) if c not in values)
            )
            yield Finding(check=check, severity="info", message=message, cells=without)


def _broken(
    table: Table, each: Sum, by_id: Mapping[str, Cell], values: Mapping[str, Decimal], words: Messages
) -> Finding:
    across_rows = len({by_id[cell].row for cell in each.ids}) > 1

    def side(cells: Sequence[str], *, zeros: bool) -> str:
        """「予以公开 15 + 部分公开 15」: the numbers that are not zero, or all."""
        terms = []
        for cell in cells:
            if values.get(cell) or (zeros and cell in values):
                name = _row_label(table, by_id[cell].row) if across_rows else _column_label(table, by_id[cell])
                terms.append(f"{_plain(name)} {values[cell]:f}")
        return " + ".join(terms) or words.sum_of_nothing

    first = by_id[each.wholes[0]]
    parts = sum((values[cell] for cell in each.parts if cell in values), Decimal(0))
    doubtful = any(by_id[cell].confidence < _DOUBTFUL for cell in each.ids if cell in values)
    return Finding(
        check=each.check,
        severity="warning" if doubtful else "error",
        message=words.sum_broken.format(
            table=table.title,
            of=(_column_label(table, first) if across_rows else _row_label(table, first.row)) or table.title,
            name=words.checks[each.check],
            left=side(each.parts, zeros=len(each.parts) < _MANY),
            sum=f"{parts:f}",
            right=side(each.wholes, zeros=True) + (f" = {each.total(values):f}" if len(each.wholes) > 1 else ""),
            difference=f"{abs(each.difference(values)):f}",
        ),
        expected=parts,
        found=each.total(values),
        cells=tuple(cell for cell in (*each.parts, *each.wholes) if cell in by_id),
    )


def _unread(table: Table, cells: Sequence[Cell], words: Messages) -> Iterator[Finding]:
    """Totals left blank, cells that the layout lost, cells that are no number."""
    totals = {cell for each in sums_of(table) for cell in each.wholes if len(each.wholes) == 1}
    for row in dict.fromkeys(cell.row for cell in cells):
        blank = [
            c for c in cells if c.row == row and c.id in totals and c.raw == "" and c.state in ("blank", "imputed")
        ]
        counted = [cell for cell in blank if cell.value]
        if counted:
            listed = "，".join(
                f"{_column_label(table, cell) or _row_label(table, row)} {cell.value:f}" for cell in counted
            )
            message = words.total_blank.format(table=table.title, row=_row_label(table, row), values=listed)
            yield Finding(
                check="form.complete", severity="warning", message=message, cells=tuple(c.id for c in counted)
            )
        elif any(cell.value is None for cell in blank) and any(c.value for c in cells if c.row == row):
            message = words.total_open.format(table=table.title, row=_row_label(table, row))
            yield Finding(check="form.complete", severity="warning", message=message, cells=tuple(c.id for c in blank))
    for row in dict.fromkeys(cell.row for cell in cells):
        own = [cell for cell in cells if cell.row == row]
        if not table.beside and all(cell.label is None and cell.raw is None for cell in own):
            message = words.row_missing.format(table=table.title, row=_row_label(table, row))
            ids = tuple(cell.id for cell in own)
            yield Finding(check="form.complete", severity="warning", message=message, cells=ids)
    missing = [cell for cell in cells if cell.state == "missing"]
    if missing:
        yield Finding(
            check="form.complete",
            severity="info",
            message=words.cells_missing.format(table=table.title, count=len(missing)),
            cells=tuple(cell.id for cell in missing),
        )
    for cell in cells:
        if cell.state == "unreadable":
            message = words.cells_unreadable.format(
                table=table.title,
                row=_row_label(table, cell.row),
                column=_column_label(table, cell),
                raw=cell.raw,
            )
            yield Finding(check="form.complete", severity="warning", message=message, cells=(cell.id,))


def _narrative(
    form: Form, cells: Mapping[str, Cell], figures: Sequence[Figure], year: int | None, words: Messages
) -> Iterator[Finding]:
    """Figures that no cell, or sum of cells, of those that state the same agrees with."""
    metrics = load_metrics()
    by_metric: dict[str, list[int]] = {}
    for index, figure in enumerate(figures):
        if figure.metric in form.states and figure.scope is None and figure.year in (None, year):
            by_metric.setdefault(figure.metric, []).append(index)
    for metric, indices in by_metric.items():
        # A row that this variant of the form does not have states nothing.
        alternatives = [ids for ids in form.states[metric] if any(cell in cells for cell in ids)]
        stated = [total for ids in alternatives if (total := _stated(ids, cells)) is not None]
        if not alternatives or len(stated) < len(alternatives):
            continue
        together = sum((figures[i].value for i in indices), Decimal(0))
        if together in stated:
            continue
        for index in indices:
            figure = figures[index]
            if any(agrees(figure, total) for total in stated):
                continue
            ids = alternatives[0]
            table = form.table(ids[0].split(".")[0])
            message = words.narrative_differs.format(
                text=figure.text,
                metric=metrics[metric].label,
                table=table.title,
                cells=_labels(table, [cells[cell] for cell in ids if cell in cells]),
                expected=f"{stated[0]:f}",
            )
            yield Finding(
                check="narrative.table",
                severity="warning",
                message=message,
                expected=stated[0],
                found=figure.value,
                cells=tuple(ids),
                figures=(index,),
            )


def _stated(ids: Sequence[str], cells: Mapping[str, Cell]) -> Decimal | None:
    """What cells state together, money in 元; ``None`` where one is not printed: the form's sums are no witness."""
    found = [cells[cell] for cell in ids if cell in cells]
    if any(cell.state != "given" for cell in found):
        return None
    return sum(
        (cell.value * MONEY.get(cell.unit or "", Decimal(1)) for cell in found if cell.value is not None), Decimal(0)
    )


def agrees(figure: Figure, value: Decimal) -> bool:
    """Whether a figure says the value, its qualifier honoured: 29000余 holds for 29000 to 29999, 超过 for no less."""
    if figure.qualifier == "at_least":
        return value >= figure.value
    if figure.qualifier == "at_most":
        return value <= figure.value
    if figure.qualifier == "about":
        return abs(value - figure.value) < _step(figure.value)
    return value == figure.value


def _step(value: Decimal) -> Decimal:
    """One of the last digit that is not zero: 1000 for 29000."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
