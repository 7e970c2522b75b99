"""The sums that a form states over its own cells."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from extraction.checks.words import column_label, plain, row_label
from extraction.resources.forms import Table, load_forms
from extraction.resources.messages import Messages
from extraction.schema import Cell, Check, Finding
from extraction.sums import Sum, sums_of

_DOUBTFUL = 0.8
_MANY = 4


def sums(form: str, table: Table, cells: Sequence[Cell], words: Messages) -> Iterator[Check | Finding]:
    """A check for every sum of a table; the broken ones with a finding, those that cannot be told with one in all."""
    by_id = {cell.id: cell for cell in cells}
    values = {cell.id: cell.value for cell in cells if cell.value is not None}
    unknown: dict[str, list[Sum]] = {}
    counts: dict[str, int] = {}
    for each, formula in _of(form, table.id, frozenset(by_id)):
        counts[each.check] = counts.get(each.check, 0) + 1
        holds = each.holds(values)
        name = f"{each.check}:{each.of or each.wholes[0].rpartition('.')[2]}"
        told = holds is not None
        parts = sum((values[cell] for cell in each.parts if cell in values), Decimal(0)) if told else None
        yield Check(
            id=name, check=each.check, answer="open" if holds is None else "holds" if holds else "broken",
            formula=formula, left=parts, right=each.total(values) if told else None,
            difference=each.difference(values) if told else None, cells=(*each.parts, *each.wholes),
        )  # fmt: skip
        if holds is None:
            unknown.setdefault(each.check, []).append(each)
        elif not holds:
            yield _broken(name, formula, table, each, by_id, values, words)
    for check, found in unknown.items():
        message = words.sums_open.format(
            table=table.title, name=words.checks[check], count=counts[check], open=len(found)
        )
        without = tuple(dict.fromkeys(c for each in found for c in (*each.parts, *each.wholes) if c not in values))
        yield Finding(id=f"{check}:open", check=check, severity="info", message=message, cells=without)


@lru_cache(maxsize=256)
def _of(form: str, name: str, present: frozenset[str]) -> list[tuple[Sum, str]]:
    """The sums over the cells that a report's variant of the form has, each as a formula in the form's words."""
    table = next(each for each in load_forms() if each.id == form).table(name)
    all_cells = {
        table.cell_id(row.id, column.id): (row, column) for row in table.all_rows for column in table.columns_of(row.id)
    }
    found = []
    for each in sums_of(table, all_cells.keys() - present):
        across_rows = len({all_cells[cell][0].id for cell in each.ids}) > 1

        def side(cells: Sequence[str], by_row: bool = across_rows) -> str:
            return " + ".join(plain(all_cells[cell][0 if by_row else 1].label) for cell in cells)

        of = all_cells[each.wholes[0]][1 if across_rows else 0].label
        found.append((each, f"{side(each.parts)} = {side(each.wholes)}" + (f"（{plain(of)}）" if of else "")))
    return found


def _broken(
    name: str,
    formula: str,
    table: Table,
    each: Sum,
    by_id: Mapping[str, Cell],
    values: Mapping[str, Decimal],
    words: Messages,
) -> Finding:
    across_rows = len({by_id[cell].row for cell in each.ids}) > 1

    def side(cells: Sequence[str], *, zeros: bool) -> str:
        """「予以公开 15 + 部分公开 15」: the numbers that are not zero, or all."""
        terms = []
        for cell in cells:
            if values.get(cell) or (zeros and cell in values):
                label = row_label(table, by_id[cell].row) if across_rows else column_label(table, by_id[cell])
                terms.append(f"{plain(label)} {values[cell]:f}")
        return " + ".join(terms) or words.sum_of_nothing

    first = by_id[each.wholes[0]]
    parts = sum((values[cell] for cell in each.parts if cell in values), Decimal(0))
    doubtful = any(by_id[cell].confidence < _DOUBTFUL for cell in each.ids if cell in values)
    return Finding(
        id=name,
        check=each.check,
        severity="warning" if doubtful else "error",
        message=words.sum_broken.format(
            table=table.title,
            of=(column_label(table, first) if across_rows else row_label(table, first.row)) or table.title,
            name=words.checks[each.check],
            left=side(each.parts, zeros=len(each.parts) < _MANY),
            sum=f"{parts:f}",
            right=side(each.wholes, zeros=True) + (f" = {each.total(values):f}" if len(each.wholes) > 1 else ""),
            difference=f"{abs(each.difference(values)):f}",
        ),
        expected=parts,
        found=each.total(values),
        cells=(*each.parts, *each.wholes),
        formula=formula,
        difference=each.difference(values),
        cause="reading" if doubtful else "source",
    )
