"""Figures of the narrative against the cells that state the same."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from rapidfuzz.fuzz import partial_ratio

from extraction.checks.apart import (
    REACH,
    SINCE,
    STOP,
    is_among,
    is_of_several,
    is_said_elsewhere,
    is_unlike,
    speaks_of_other,
)
from extraction.checks.named import Said, named
from extraction.checks.rounding import agrees
from extraction.checks.stretches import Stretch
from extraction.checks.words import labels, plain
from extraction.numbers import MONEY
from extraction.resources.forms import Form
from extraction.resources.messages import Messages
from extraction.resources.metrics import load_metrics
from extraction.schema import Cell, Check, Figure, Finding, Report

_SURE = 0.9
_TELLING, _ALIKE = 4, 75
_REMARK = re.compile(r"\s*[（(][^（()）]*[）)]")


def narrative(report: Report, form: Form, words: Messages, prose: Sequence[Stretch]) -> Iterator[Check | Finding]:
    """A check for every figure that the form's tables state too, those that disagree with a finding.

    :param prose: the narrative with its numbers.
    """
    cells = {cell.id: cell for cell in report.cells}
    by_words = list(named(report, form, prose))
    otherwise, starts = {said.figure for said in by_words}, [said.start for said in by_words]
    by_metric: dict[str, list[int]] = {}
    for index, figure in enumerate(report.figures):
        is_own = figure.scope is None and figure.year in (None, report.report.year)
        is_own = is_own and index not in otherwise
        if figure.metric in form.states and is_own and not is_unlike(report.text, figure, form):
            by_metric.setdefault(figure.metric, []).append(index)
    for metric, indices in by_metric.items():
        # A row that this variant of the form does not have states nothing.
        alternatives = [tuple(c for c in ids if c in cells) for ids in form.states[metric]]
        figures = [report.figures[i] for i in indices]
        totals = {ids: _stated(ids, cells) for ids in alternatives if ids}
        together = len(figures) > 1 and sum((f.value for f in figures), Decimal(0)) in totals.values()
        for index, figure in zip(indices, figures, strict=True):
            chosen = _by_words(report.text, figure, form)
            named_cells = alternatives[chosen] if chosen is not None else _row(report.text, figure, form, totals, cells)
            compared = {named_cells: _stated(named_cells, cells)} if named_cells else totals
            agreed = [other for other in figures if other is not figure and other.value > figure.value]
            agreed = [f for f in agreed if any(v is not None and _agrees(report.text, f, v) for v in compared.values())]
            part = together or bool(agreed) or (not named_cells and is_among(report.text, figure, figures))
            if compared:
                part = part or speaks_of_other(report, figure.start)
                part = part or (not chosen and is_of_several(report.text, figure))
                part = part or is_said_elsewhere(report, figure, compared.values(), named=starts)
                said = Said(figure.text, figure.value, figure.qualifier, figure.start, metric,
                            load_metrics()[metric].label, tuple(compared), index)  # fmt: skip
                yield from _compared(report, form, said, compared, cells, words, by_words=bool(named_cells), part=part)
    yield from _by_words_alone(report, form, by_words, cells, words)


def _by_words_alone(
    report: Report, form: Form, found: Sequence[Said], cells: Mapping[str, Cell], words: Messages
) -> Iterator[Check | Finding]:
    """Numbers that words alone tie to cells; where the narrative states these elsewhere, nothing is said of another."""
    for said in found:
        compared = {ids: _stated(ids, cells) for ids in said.cells}
        others = [other for other in found if other is not said and other.cells == said.cells]
        same: list[Figure | Said] = [figure for figure in report.figures if figure.metric == said.name]
        stated = [value for value in compared.values() if value is not None]
        part = any(_agrees(report.text, other, value) for other in [*others, *same] for value in stated)
        part = part or speaks_of_other(report, said.start)
        yield from _compared(report, form, said, compared, cells, words, by_words=True, part=part)


def _by_words(text: str, figure: Figure, form: Form) -> int | None:
    """The alternative that the clause of a figure names: 新收 is without what was carried in, 含上年结转 with it."""
    before = text[: figure.start]
    start = max((stop.end() for stop in STOP.finditer(before)), default=0)
    stop = STOP.search(text, figure.end)
    remark = _REMARK.match(text, figure.end)
    end = max(stop.start() if stop else len(text), remark.end() if remark else 0)
    clause = text[start:end]
    for number, terms in form.chosen_by.get(figure.metric, {}).items():
        if any(term in clause for term in terms):
            return number
    return None


def _row(
    text: str,
    figure: Figure,
    form: Form,
    totals: Mapping[tuple[str, ...], Decimal | None],
    cells: Mapping[str, Cell],
) -> tuple[str, ...]:
    """The one row of a sum that the words between the number before and a figure name: 「本机关不掌握的11件」."""
    since = SINCE.split(text[max(0, figure.start - REACH) : figure.start])[-1]
    # What the last clause names comes before what the clauses ahead of it do.
    return _row_of(STOP.split(since)[-1], figure, form, totals, cells) or _row_of(since, figure, form, totals, cells)


def _row_of(
    stretch: str,
    figure: Figure,
    form: Form,
    totals: Mapping[tuple[str, ...], Decimal | None],
    cells: Mapping[str, Cell],
) -> tuple[str, ...]:
    found: dict[str, tuple[str, ...]] = {}
    alike: dict[str, tuple[str, ...]] = {}
    grouped = False
    for ids in totals:
        table = form.table(ids[0].split(".")[0])
        rows = {row.id: row for row in table.all_rows}
        for cell in ids if len(ids) > 1 else ():
            row = rows[cell.split(".")[1]]
            if not (row.group or table.beside):
                continue
            grouped = grouped or bool(row.group and plain(row.group) in stretch)
            words = [word for word in map(plain, row.words) if len(word) >= _TELLING]
            if any(word in stretch for word in words):
                found[row.id] = (cell,)
            elif any(_TELLING < len(word) <= len(stretch) and partial_ratio(word, stretch) >= _ALIKE for word in words):
                alike[row.id] = (cell,)
    found = found or alike
    row_alone = next(iter(found.values())) if len(found) == 1 else ()
    # 「合并统计为无法提供，共15件」 is of the whole group; 「对重复申请不予处理2件」 may be of the row.
    return () if grouped and totals.get(row_alone, _stated(row_alone, cells)) != figure.value else row_alone


def _compared(
    report: Report,
    form: Form,
    said: Said,
    compared: Mapping[tuple[str, ...], Decimal | None],
    cells: Mapping[str, Cell],
    words: Messages,
    *,
    by_words: bool,
    part: bool,
) -> Iterator[Check | Finding]:
    known = [(ids, value) for ids, value in compared.items() if value is not None]
    ids = next((ids for ids, value in known if _agrees(report.text, said, value)), None)
    holds = ids is not None
    ids = ids or next(iter(compared))
    value = compared[ids]
    # What is part of a number that agrees, or adds up with others to one, contradicts nothing.
    is_open = not holds and (part or any(each is None for each in compared.values()))
    table = form.table(ids[0].split(".")[0])
    printed = labels(table, [cells[cell] for cell in ids])
    name, formula = f"narrative.table:{said.name}:{said.start}", f"{said.label} = {printed}"
    difference = None if value is None else value - said.value
    figures = () if said.figure is None else (said.figure,)
    yield Check(
        id=name, check="narrative.table", answer="holds" if holds else "open" if is_open else "broken",
        formula=formula, left=said.value, right=value, difference=difference,
        cells=ids, figures=figures, basis="words" if by_words else "balance" if len(compared) > 1 else "form",
    )  # fmt: skip
    if holds or is_open or value is None:
        return
    figure = report.figures[said.figure] if said.figure is not None else None
    sure = figure is not None and figure.source == "both" and figure.confidence >= _SURE
    yield Finding(
        id=name, check="narrative.table", severity="error" if sure else "warning",
        message=words.narrative_differs.format(
            text=said.text, metric=said.label, table=table.title, cells=printed, expected=f"{value:f}"
        ),
        expected=value, found=said.value, cells=ids, figures=figures, formula=formula, difference=difference,
        cause="source" if sure else None,
    )  # fmt: skip


def _stated(ids: Sequence[str], cells: Mapping[str, Cell]) -> Decimal | None:
    """What cells state together, money in 元; ``None`` where one is not printed: the form's sums are no witness."""
    found = [cells[cell] for cell in ids]
    if any(cell.state != "given" for cell in found):
        return None
    return sum(
        (cell.value * MONEY.get(cell.unit or "", Decimal(1)) for cell in found if cell.value is not None), Decimal(0)
    )


def _agrees(text: str, said: Figure | Said, value: Decimal) -> bool:
    return agrees(text[max(0, said.start - _TELLING) : said.start], said, value)
