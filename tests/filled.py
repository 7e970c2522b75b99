"""Records of filled-in forms, for tests of what is checked in them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from extraction.resources.forms import load_forms
from extraction.schema import Cell, Figure, Head, Report, Section, Source
from extraction.sums import sums_of


def filled(
    values: Mapping[str, int | None],
    *,
    form: str = "2021",
    year: int = 2022,
    agency: str = "安澜县水利局",
    text: str = "",
    figures: Iterable[Figure] = (),
    layout: str = "grid",
) -> Report:
    """A report whose cells are 0 but for ``values``; None is a cell that the layout lost."""
    [own] = [each for each in load_forms() if each.id == form]
    left_out = {stood for table in own.tables for row in table.all_rows if row.instead_of for stood in [row.id]}
    cells = []
    for table in own.tables:
        for row in table.all_rows:
            for column in table.columns_of(row.id) if row.id not in left_out else ():
                name = table.cell_id(row.id, column.id)
                value = values.get(name, 0)
                given = value is not None
                cells.append(
                    Cell(
                        id=name, table=table.id, row=row.id, column=column.id, raw=str(value) if given else None,
                        value=Decimal(value) if given else None, unit="件", state="given" if given else "missing",
                        start=None, end=None, source="rule", confidence=1.0 if given else 0.0, layout=layout,
                    )
                )  # fmt: skip
    return Report(
        source=Source(path=None, sha256="0" * 64, media_type="text/plain"),
        report=Head(title=f"{agency}{year}年政府信息公开工作年度报告", agency=agency, year=year, form=form),
        text=text, cells=tuple(cells), figures=tuple(figures),
        sections=tuple(Section(number=n, title="", start=0, end=len(text)) for n in range(1, 7)),
    )  # fmt: skip


def balanced(outcomes: Mapping[str, Mapping[str, int]], *, carried_in: int = 0, carried_out: int = 0) -> dict[str, int]:
    """Cells of table three with their totals, from the outcomes by row and column; what is carried is of persons."""
    cells: dict[str, int] = {}
    for row, columns in outcomes.items():
        for column, value in columns.items():
            cells[f"applications.{row}.{column}"] = value
            cells[f"applications.total.{column}"] = cells.get(f"applications.total.{column}", 0) + value
    person = "natural_person"
    cells[f"applications.carried_in.{person}"], cells[f"applications.carried_out.{person}"] = carried_in, carried_out
    for column in {name.rpartition(".")[2] for name in cells}:
        own = cells.get(f"applications.total.{column}", 0)
        more = carried_out - carried_in if column == person else 0
        cells[f"applications.received.{column}"] = own + more
    for row in {name.split(".")[1] for name in cells}:
        cells[f"applications.{row}.total"] = sum(v for n, v in cells.items() if n.startswith(f"applications.{row}."))
    [table] = [t for form in load_forms() if form.id == "2021" for t in form.tables if t.id == "applications"]
    values = {name: Decimal(value) for name, value in cells.items()}
    zeros = {cell: Decimal(0) for each in sums_of(table) for cell in each.ids}
    assert all(each.holds({**zeros, **values}) for each in sums_of(table))
    return cells
