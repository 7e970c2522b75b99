"""The repairs of findings as a list that an office can act on, in the words of the form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from extraction.resources.forms import Form, Row, Table, load_forms
from extraction.resources.page import load_page
from extraction.schema import Finding, Repair, Report

_ASIDE = re.compile(r"（[^）]{4,}）")
_ITEM = re.compile(r"([一二三四五六七八九十]+)、(.*)")
_NO_SPACE_BEFORE = "（"


@dataclass(frozen=True)
class Correction:
    """One change of a cell; ``text`` says it in the form's words."""

    cell: str
    text: str


def corrections(report: Report, findings: Sequence[Finding]) -> list[str]:
    """What to change in the tables, a line a cell, as 「表三 第三项（二）部分公开 自然人：15 → 0」."""
    return [correction.text for correction in corrected(report, findings)]


def corrected(report: Report, findings: Sequence[Finding]) -> Iterator[Correction]:
    """The same with the cells; changes that several findings suggest come once."""
    form, words = form_named(report.report.form), load_page()
    seen: set[tuple[str, Decimal]] = set()
    for finding in findings if form else ():
        remark = words.doubtful if finding.cause == "reading" else ""
        if finding.alternatives:
            remark += words.alternatives.format(count=len(finding.alternatives))
        for repair in finding.repair:
            if form and (repair.cell, repair.new) not in seen:
                seen.add((repair.cell, repair.new))
                yield Correction(repair.cell, change(form, repair) + remark)


def change(form: Form, repair: Repair) -> str:
    """A repair as 「place：old → new」."""
    words = load_page()
    old = words.nothing if repair.old is None else f"{repair.old:f}"
    return words.change.format(place=place(form, repair.cell), old=old, new=f"{repair.new:f}")


def place(form: Form, cell: str) -> str:
    """Where a cell stands: table, what its row stands under, row and column; the id of one that the form lacks."""
    return _places(form.id).get(cell, cell)


def form_named(name: str | None) -> Form | None:
    """The form of that id; None where there is none with tables."""
    return next((form for form in load_forms() if form.id == name), None)


def table_name(table: Table) -> str:
    """A table by the section that it stands in, as 「表三」."""
    words = load_page()
    return words.table.format(number=words.table_numerals[table.section - 1]) if table.section else words.appendix


def above(table: Table) -> dict[str, tuple[str, ...]]:
    """What each row stands under, the outermost first: headings, groups, and totals that precede their parts."""
    rows, headings = table.all_rows, load_page().headings
    number = {row.id: i for i, row in enumerate(rows)}
    spans: dict[str, tuple[int, int]] = {}
    for i, row in enumerate(rows):
        if row.group:
            spans[row.group] = spans.get(row.group, (i, i))[0], i
    totals = {
        part: whole
        for identity in table.identities
        if identity.across == "rows" and len(identity.equals) == 1
        for part, whole in ((part, identity.equals[0]) for part in identity.sum)
        if number[whole] < number[part]
    }
    found: dict[str, tuple[str, ...]] = {}
    heading: tuple[str, ...] = ()
    for i, row in enumerate(rows):
        heading = headings.get(f"{table.id}.{row.id}", heading)
        # 三、本年度办理结果 reaches from （一） to （七） and so holds （三）不予公开, whose rows name only that.
        groups = sorted((first - last, group) for group, (first, last) in spans.items() if first <= i <= last)
        under = (*found[totals[row.id]], _label(rows[number[totals[row.id]]])) if row.id in totals else heading
        found[row.id] = (*under, *(group for _, group in groups if group != row.label))
    return found


@cache
def _places(name: str) -> dict[str, str]:
    form = next(form for form in load_forms() if form.id == name)
    return {
        table.cell_id(row.id, column.id): _joined(
            [
                table_name(table),
                *_numbered([*under[row.id], _label(row)]),
                *([_plain(column.label)] if column.id else []),
            ]
        )
        for table in form.tables
        for under in [above(table)]
        for row in table.all_rows
        for column in table.columns_of(row.id)
    }


def _label(row: Row) -> str:
    return _plain(row.label)


def _plain(label: str) -> str:
    """A label without its remark, as （区分处理的，只计这一情形，不计其他情形）."""
    return _ASIDE.sub("", label)


def _numbered(parts: Sequence[str]) -> Iterator[str]:
    """「三、本年度办理结果」 is 第三项; its words stand only where nothing else says what is meant."""
    for part in parts:
        item = _ITEM.fullmatch(part)
        if item:
            yield load_page().item.format(number=item[1])
        if not item or len(parts) == 1:
            yield item[2] if item else part


def _joined(parts: Sequence[str]) -> str:
    between = load_page().between
    return "".join(
        part if i == 0 or (part.startswith(_NO_SPACE_BEFORE) and i > 1) else between + part
        for i, part in enumerate(parts)
    )
