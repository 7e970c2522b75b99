"""The repairs of findings as a list that an office can act on, in the words of the form."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from extraction.resources.forms import Form, Row, Table, load_forms
from extraction.resources.page import load_page
from extraction.schema import Finding, Repair, Report

_ASIDE = re.compile(r"（[^）]{4,}）")
_ITEM = re.compile(r"([一二三四五六七八九十]+)、(.*)")
_NO_SPACE_BEFORE = "（"
_STOPS = re.compile(r"[，。；;！？\n]")
_LONGEST = 40


@dataclass(frozen=True)
class Correction:
    """One change of a cell, or of a number of the narrative; ``text`` says it in the form's words.

    ``figure`` is the number's place among the record's figures, None where it is none of them.
    """

    text: str
    cell: str | None = None
    figure: int | None = None


def corrections(report: Report, findings: Sequence[Finding]) -> list[str]:
    """What to change, a line a cell or number, as 「表三 第三项（二）部分公开 自然人：15 → 0」."""
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
                yield Correction(change(form, repair) + remark, cell=repair.cell)
    changed = {cell for cell, _ in seen}
    for finding in findings:
        text = _of_narrative(report, finding, changed)
        if text:
            yield Correction(text, figure=finding.figures[-1] if finding.figures else None)


def _of_narrative(report: Report, finding: Finding, changed: AbstractSet[str]) -> str | None:
    """A number of the narrative that tables or its own two numbers contradict, with what these say.

    Cells that are to be changed themselves are no witness.
    """
    words = load_page()
    if finding.check not in ("narrative.table", "narrative.rate") or finding.expected is None or finding.found is None:
        return None
    if changed & set(finding.cells):
        return None
    start = int((finding.id or "").rpartition(":")[2])
    clause = _clause(report.text, start)
    by = words.by_rate if finding.check == "narrative.rate" else words.by_table
    new = f"{finding.expected.normalize():f}"
    place = f"{words.narrative_place}{words.between}{words.quoted.format(text=clause)}"
    return words.change.format(place=place, old=f"{finding.found:f}", new=new) + by


def _clause(text: str, start: int) -> str:
    """The words of the clause that a number stands in, up to the number's own end."""
    before = _STOPS.split(text[max(0, start - _LONGEST) : start])[-1]
    return before.lstrip() + _STOPS.split(text[start : start + _LONGEST])[0].rstrip()


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
    rows = table.all_rows
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
        heading = heading if row.under is None else row.under
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
