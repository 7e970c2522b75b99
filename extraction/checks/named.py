"""Numbers of the narrative that no label claims, whose own words name cells of a table: 「结转下年16件」."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from extraction.checks.stretches import Number, Stretch, stretches
from extraction.checks.words import labels, plain
from extraction.resources.comparison import load_comparison_words
from extraction.resources.forms import Form, Table
from extraction.resources.metrics import load_metrics
from extraction.schema import Cell, Qualifier, Report

_SHORTEST = 4
_SHORT = 3
_SENTENCE = re.compile(r"[。！？]")


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


def named(report: Report, form: Form) -> Iterator[Said]:
    """The numbers that are no figure and stand right behind the words of a row, of a group or of a column."""
    cells = {cell.id: cell for cell in report.cells}
    for stretch in stretches(report):
        for number in stretch.numbers:
            if number.figure is None and not number.aside and number.unit in load_comparison_words().units:
                found = _of_metric(stretch, number, form, cells) or _of_cell(stretch, number, form, cells)
                if found:
                    name, label, alternatives = found
                    yield Said(
                        number.text, number.value, number.qualifier, stretch.place(number.start), name, label,
                        alternatives,
                    )  # fmt: skip


_Found = tuple[str, str, tuple[tuple[str, ...], ...]]


def _of_metric(stretch: Stretch, number: Number, form: Form, cells: dict[str, Cell]) -> _Found | None:
    for metric, terms in form.named_by.items():
        word = next((word for word in terms if _stands(word, number)), None)
        alternatives = tuple(ids for ids in form.states[metric] if all(cell in cells for cell in ids))
        if word and alternatives and not _is_of_other(stretch, number):
            return metric, load_metrics()[metric].label, alternatives
    return None


def _of_cell(stretch: Stretch, number: Number, form: Form, cells: dict[str, Cell]) -> _Found | None:
    for table in form.tables:
        found = [*_columns(stretch, number, table)] if table.beside else [*_rows(number, table)]
        ids = tuple(cell for cell in found if cell in cells)
        if ids and not _is_of_other(stretch, number):
            return ids[0], labels(table, [cells[cell] for cell in ids]), (ids,)
    return None


def _rows(number: Number, table: Table) -> Iterator[str]:
    """The row of a group whose label stands right before a number, in the column of the total."""
    for row in table.all_rows:
        words = [plain(word) for word in row.words]
        if row.group and any(len(word) >= _SHORTEST and _stands(word, number) for word in words):
            yield table.cell_id(row.id, table.columns_of(row.id)[-1].id)
            return


def _columns(stretch: Stretch, number: Number, table: Table) -> Iterator[str]:
    """The column whose label stands right before a number, in the row that was named last, or in all of its group."""
    column = next((c for c in table.columns if any(len(w) >= _SHORT and _stands(w, number) for w in c.words)), None)
    if column is None:
        return
    before = _sentence(stretch, number)
    places = [(before.rfind(word), len(word), row.id) for row in table.rows for word in (row.label, *row.variants)]
    groups = {row.group for row in table.rows if row.group}
    places += [(before.rfind(plain(group)), len(group), group) for group in groups]
    at, _, name = max(places)
    if at >= 0:
        yield from (table.cell_id(row.id, column.id) for row in table.rows if name in (row.id, row.group))


def _stands(word: str, number: Number) -> bool:
    """Whether a word stands right before a number, nothing but words of no weight around it."""
    known = load_comparison_words()
    return bool(re.fullmatch(f"(?:{known.leading})*{re.escape(word)}(?:{known.filling})*", number.before.strip()))


def _is_of_other(stretch: Stretch, number: Number) -> bool:
    """Whether the sentence is of proposals, letters or one kind of applicants, not of all applications."""
    return any(word in _sentence(stretch, number) for word in load_comparison_words().other_cases)


def _sentence(stretch: Stretch, number: Number) -> str:
    return _SENTENCE.split(stretch.text[: number.start])[-1]
