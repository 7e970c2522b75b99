"""Numbers of the narrative whose own words name cells of a table though no label does: 「结转下年16件」."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from extraction.checks.stretches import Number, Stretch
from extraction.checks.words import labels, plain
from extraction.resources.comparison import load_comparison_words
from extraction.resources.forms import Form, Table
from extraction.resources.metrics import load_metrics
from extraction.schema import Cell, Qualifier, Report

_SHORTEST = 4
_SHORT = 3
_SENTENCE = re.compile(r"[。！？]")


_Found = tuple[str, str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True)
class Said:
    """A number of the narrative at ``start`` of the report, with what it is of and the cells that may state the same.

    ``figure`` is its place among the record's figures; None for a number that the words alone name.
    """

    text: str
    value: Decimal
    qualifier: Qualifier | None
    start: int
    name: str
    label: str
    cells: tuple[tuple[str, ...], ...]
    figure: int | None = None


def named(report: Report, form: Form, prose: Iterable[Stretch]) -> Iterator[Said]:
    """The numbers right behind the words of a row, of a group or of a column, which are no figure that says so.

    What the model alone takes for something else is of what its words name.
    """
    cells, known = {cell.id: cell for cell in report.cells}, load_comparison_words()
    own_name = f"{report.report.agency or ''}{report.report.title or ''}" if report.report.agency else None
    for stretch in prose:
        for number in stretch.numbers:
            figure = None if number.figure is None else report.figures[number.figure]
            # 「2022年结转的6件」 are carried into the year after.
            carried = re.search(known.carried_from, number.before)
            before = report.report.year - 1 if report.report.year else None
            if number.unit not in known.units or (number.aside and not (carried and int(carried[1]) == before)):
                continue
            # 「规范性文件总数215件」 is none that were issued, whoever takes it for that.
            unless = form.unless.get(figure.metric, ()) if figure else ()
            is_open = figure is None or figure.source == "model" or any(word in number.before for word in unless)
            sentence = _SENTENCE.split(stretch.text[: number.start])[-1]
            own = form.states.get(figure.metric, ()) if figure else ()
            found = _found(_words(number, own_name), number.after, sentence, form, cells)
            # What rules take for something else is of a row whose own label stands before it.
            if found and not is_open and found[0] != found[2][0][0]:
                continue
            if found and of_other_cases(sentence, found[2][0][0].split(".")[0]):
                continue
            if found and not any(set(ids) <= set(cells_of) for ids in found[2] for cells_of in own):
                name, label, alternatives = found
                yield Said(
                    number.text, number.value, number.qualifier, stretch.place(number.start), name, label,
                    alternatives, number.figure,
                )  # fmt: skip


def of_other_cases(before: str, table: str) -> bool:
    """Whether the sentence that a number ends is of proposals, letters or documents, not of what a table counts."""
    known, sentence = load_comparison_words(), _SENTENCE.split(before)[-1]
    if any(word in sentence for word in known.own_cases.get(table, ())):
        return False
    return any(word in sentence for word in known.other_cases.get(table, ()))


def _words(number: Number, own_name: str | None) -> str:
    """The words before a number, without the name of the body; that of another body stays and so names nothing."""
    words = number.before.strip()
    body = re.match(load_comparison_words().body, words)
    return words[body.end() :] if body and (own_name is None or body.group() in own_name) else words


def _found(words: str, after: str, sentence: str, form: Form, cells: Mapping[str, Cell]) -> _Found | None:
    for metric, terms in form.named_by.items():
        stated = form.states.get(metric, ((metric,),))
        alternatives = tuple(ids for ids in stated if all(cell in cells for cell in ids))
        if alternatives and any(_stands(term, words) for term in terms):
            label = load_metrics()[metric].label if metric in form.states else _label(form, cells[metric])
            return metric, label, alternatives
    for table in form.tables:
        named = _columns(words, after, sentence, table) if table.beside else _rows(words, table)
        ids = tuple(cell for cell in named if cell in cells)
        if ids:
            return ids[0], labels(table, [cells[cell] for cell in ids]), (ids,)
    return None


def _label(form: Form, cell: Cell) -> str:
    return labels(form.table(cell.table), [cell])


def _rows(words: str, table: Table) -> Iterator[str]:
    """The row of a group whose label the words end with, in the column of the total; or a column of the first row."""
    for row in table.all_rows:
        if row.group and any(len(word) >= _SHORTEST and _stands(word, words) for word in map(plain, row.words)):
            yield table.cell_id(row.id, table.columns_of(row.id)[-1].id)
            return
    first = table.all_rows[0]
    for column in table.columns_of(first.id):
        # 「收到科研机构申请3件」
        names = [word for word in (column.label, *column.variants) if len(word) >= _SHORTEST]
        if column.group and any(_stands(word, words, behind=load_comparison_words().received) for word in names):
            yield table.cell_id(first.id, column.id)
            return


def _columns(words: str, after: str, sentence: str, table: Table) -> Iterator[str]:
    """The column whose label stands before or behind a number, in the row named last, or in all of its group."""
    known = load_comparison_words()
    behind = known.disputed
    own = {c: [word for word in c.words if len(word) >= _SHORT] for c in table.columns}
    column = next((c for c in own if any(_stands(word, words, behind=behind) for word in own[c])), None)
    column = column or next((c for c in own if any(re.match(f"(?:{known.cases})?{w}", after) for w in own[c])), None)
    if column is None:
        return
    places = [(sentence.rfind(word), len(word), row.id) for row in table.rows for word in (row.label, *row.variants)]
    for group in {row.group for row in table.rows if row.group}:
        short = plain(group)
        places += [(sentence.rfind(word), len(word), group) for word in (short, short[-2:])]
    at, _, name = max(places)
    rows = {row.id: row.group for row in table.rows}
    # 「直接起诉5件、复议后起诉2件；尚未审结1件」 is of both.
    if rows.get(name) and len({row for where, _, row in places if where >= 0 and rows.get(row) == rows[name]}) > 1:
        name = str(rows[name])
    if at >= 0:
        yield from (table.cell_id(row.id, column.id) for row in table.rows if name in (row.id, row.group))


def _stands(term: str, words: str, *, behind: str = "") -> bool:
    """Whether words end with a term, nothing but words of no weight, or some that it may stand behind, around it."""
    if term not in words:
        return False
    known = load_comparison_words()
    leading = f"(?:{known.leading}{'|' + behind if behind else ''})*"
    return bool(re.fullmatch(f"{leading}{re.escape(term)}(?:{known.filling})*", words))
