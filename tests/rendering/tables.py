"""A truth in a style -> the tables of a report, with their merged cells and the faults of print."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import Any

from tests.rendering.labels import Labels
from tests.rendering.style import SAID, Printer, Style
from tests.rendering.truth import Truth
from tests.rendering.words import WORDS

FORM: dict[str, Any] = WORDS["applications"]
FOREIGN: dict[str, Any] = WORDS["foreign"]


@dataclass(frozen=True)
class Cell:
    """A cell as printed, ``\\n`` where its text is broken; ``id`` where it holds a value of the form."""

    text: str
    row_span: int = 1
    column_span: int = 1
    id: str = ""
    lost: bool = False


@dataclass(frozen=True)
class Slot:
    """A place of the grid: the cell that covers it, and whether its text stands here."""

    cell: Cell
    top: bool
    left: bool


@dataclass
class Table:
    """Rows of cells as HTML has them: a cell that spans stands once, at its top left."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    header: int = 0

    def grid(self) -> list[list[Slot]]:
        """Every place of the grid."""
        slots: dict[tuple[int, int], Slot] = {}
        for number, row in enumerate(self.rows):
            column = 0
            for cell in row:
                while (number, column) in slots:
                    column += 1
                for down in range(cell.row_span):
                    for right in range(cell.column_span):
                        slots[number + down, column + right] = Slot(cell, down == 0, right == 0)
        width = 1 + max(column for _, column in slots)
        nothing = Slot(Cell(""), top=True, left=True)
        return [[slots.get((row, column), nothing) for column in range(width)] for row in range(len(self.rows))]


def build_tables(truth: Truth, style: Style, printer: Printer) -> dict[str, list[Table | None]]:
    """Name of the section's table -> its pieces in order, ``None`` where a page ends."""
    labels = Labels(style, Random(f"labels {style.seed}"))
    if truth.form == "2014":
        return {"statistics": _cut(_statistics(truth, style, printer, labels), style)}
    disclosure = _disclosure(truth, printer, labels)
    return {
        "disclosure": list(_split_two(disclosure) if style.two == "split" else [disclosure]),
        "applications": _cut(_applications(truth, style, printer, labels), style),
        "disputes": list(_disputes(truth, style, printer, labels)),
    }


def _disclosure(truth: Truth, printer: Printer, labels: Labels) -> Table:
    table = Table("disclosure")
    for item in WORDS["tables"][truth.form]:
        columns = item["columns"]
        width = max(len(one["columns"]) for one in WORDS["tables"][truth.form])
        table.rows.append([Cell(labels.plain(WORDS["tables"]["item"].format(number=item["number"])), 1, width + 1)])
        table.rows.append([Cell(WORDS["tables"]["content"]), *map(Cell, map(labels.header, columns.values()))])
        for row, label in item["rows"].items():
            ids = [f"disclosure.{row}.{column}" for column in columns]
            wan = ["amount"] if truth.form == "2021" else []
            texts = [printer.print(id_, truth.cells[id_], unit="wan" * (id_.split(".")[2] in wan)) for id_ in ids]
            values = [Cell(text, id=id_) for id_, text in zip(ids, texts, strict=True)]
            table.rows.append([Cell(labels.label(label)), *values])
        for row_cells in table.rows[-len(item["rows"]) - 1 :]:
            row_cells[-1] = replace(row_cells[-1], column_span=width + 2 - len(row_cells))
    return table


def _split_two(table: Table) -> Iterator[Table]:
    starts = [number for number, row in enumerate(table.rows) if len(row) == 1] + [len(table.rows)]
    for start, end in pairwise(starts):
        yield Table(table.name, table.rows[start:end])


@dataclass(frozen=True)
class _Line:
    """A row of table three before its labels are laid out: outer label, group, own label."""

    id: str
    outer: str = ""
    group: str = ""
    label: str = ""


def _lines(truth: Truth, style: Style, labels: Labels) -> Iterator[_Line]:
    yield _Line("received", outer=labels.label(FORM["received"]))
    yield _Line("carried_in", outer=labels.label(FORM["carried_in"]))
    results = labels.vertical(FORM["results"])
    for number, group in enumerate(FORM["groups"], 1):
        title = labels.group(number, group["label"])
        undivided = group.get("id") == "other" and (truth.form == "2019" or style.other == "undivided")
        if "rows" not in group or undivided:
            yield _Line(group["id"], results, "", title)
            continue
        for place, (row, label) in enumerate(group["rows"].items(), 1):
            yield _Line(row, results, title, labels.row(place, label, group["label"]))
    yield _Line("carried_out", outer=labels.label(FORM["carried_out"]))


def _applications(truth: Truth, style: Style, printer: Printer, labels: Labels) -> Table:
    lines = list(_lines(truth, style, labels))
    lose = set(printer.random.sample(range(len(lines)), style.lost_rows))
    kept = [line for number, line in enumerate(lines) if number not in lose]
    columns, deep = FORM["columns"], 2 if style.grouped else 3
    names = [Cell(labels.header(name)) for name in columns.values()]
    table = Table("applications", header=3)
    table.rows = [
        [Cell(labels.plain(FORM["note"]), 3, deep), Cell(FORM["applicants"], 1, 7)],
        [replace(names[0], row_span=2), Cell(FORM["organisations"], 1, 5), replace(names[-1], row_span=2)],
        names[1:-1],
    ]
    for number, line in enumerate(kept):
        before = kept[number - 1] if number else _Line("")
        cells: list[Cell] = []
        if not line.label:
            cells.append(Cell(line.outer, 1, deep))
        else:
            if line.outer != before.outer:
                cells.append(Cell(line.outer, sum(one.outer == line.outer for one in kept)))
            if line.group and not style.grouped:
                if line.group != before.group:
                    cells.append(Cell(line.group, sum(one.group == line.group for one in kept)))
                cells.append(Cell(line.label))
            else:
                cells.append(Cell(line.label, 1, deep - 1))
        ids = [f"applications.{line.id}.{column}" for column in columns]
        table.rows.append(cells + [Cell(printer.print(id_, truth.value(id_)), id=id_) for id_ in ids])
    for number in lose:
        for column in columns:
            printer.lose(f"applications.{lines[number].id}.{column}")
    return _with_column(table, style)


def _with_column(table: Table, style: Style) -> Table:
    """Add the extra column of the style, before or behind."""
    if not style.extra_column:
        return table
    head = Cell(FOREIGN[style.extra_column], table.header)
    for number, row in enumerate(table.rows):
        if style.extra_column == "serial":
            row[:0] = [head] if number == 0 else [Cell(str(number - table.header + 1))] * (number >= table.header)
        else:
            row += [head] if number == 0 else [Cell("")] * (number >= table.header)
    return table


def _disputes(truth: Truth, style: Style, printer: Printer, labels: Labels) -> Iterator[Table]:
    form = WORDS["disputes"]
    titles = {group: labels.plain(title) for group, title in form["groups"].items()}
    head = labels.vertical if style.vertical else labels.header
    names = [Cell(head(name)) for name in form["columns"].values()]
    values = {}
    for group in titles:
        ids = [f"disputes.{group}.{column}" for column in form["columns"]]
        values[group] = [Cell(printer.print(id_, truth.cells[id_]), id=id_) for id_ in ids]
    review, direct, after = titles
    suits = [Cell(titles[direct], 1, 5), Cell(titles[after], 1, 5)]
    if style.four == 1:
        first = [Cell(titles[review], 1, 5), Cell(form["litigation"], 1, 10)]
        second = [replace(name, row_span=2) for name in names] + suits
        yield Table("disputes", [first, second, names * 2, values[review] + values[direct] + values[after]], 3)
        return
    yield Table("disputes", [[Cell(titles[review], 1, 5)], names, values[review]], 2)
    if style.four == 2:
        yield Table(
            "disputes", [[Cell(form["litigation"], 1, 10)], suits, names * 2, values[direct] + values[after]], 3
        )
        return
    for group in (direct, after):
        title = labels.plain(f"{form['litigation']}（{titles[group]}）")
        yield Table("disputes", [[Cell(title, 1, 5)], names, values[group]], 2)


def _statistics(truth: Truth, style: Style, printer: Printer, labels: Labels) -> Table:
    table = Table("statistics", [list(map(Cell, WORDS["statistics"]["head"]))], header=1)
    rows = WORDS["statistics"]["rows"]
    lose = {row[2] for row in printer.random.sample([row for row in rows if len(row) == 3], style.lost_rows)}
    for label, *rest in rows:
        if not rest:
            table.rows.append([Cell(labels.label(label)), Cell(""), Cell("")])
        elif rest[1] in lose:
            printer.lose(f"statistics.{rest[1]}")
        else:
            id_ = f"statistics.{rest[1]}"
            text = printer.print(id_, truth.cells[id_], unit="wan" if rest[0] == SAID["wan_yuan"] else "")
            table.rows.append([Cell(labels.label(label)), Cell(rest[0]), Cell(text, id=id_)])
    return _with_column(table, style)


def _cut(table: Table, style: Style) -> list[Table | None]:
    """Cut a table where a page ends; cells that go on behind it are blank there, or printed again."""
    if not style.page_break:
        return [table]
    place = Random(f"cut {style.seed}").randrange(table.header + 2, len(table.rows) - 1)
    grid = table.grid()
    crossing = [slot.cell for slot in grid[place] if slot.left and not slot.top]
    first = [list(row) for row in table.rows[:place]]
    over: dict[int, Cell] = {}
    for number, row in enumerate(first):
        for column, cell in enumerate(row):
            if number + cell.row_span > place:
                row[column] = replace(cell, row_span=place - number)
                over[id(cell)] = replace(cell, row_span=number + cell.row_span - place)
    again = style.continued == "repeated"
    opening = [over[id(cell)] if again else replace(over[id(cell)], text="") for cell in crossing]
    serial = table.rows[place][:1] if style.extra_column == "serial" else []
    rest = [serial + opening + table.rows[place][len(serial) :], *table.rows[place + 1 :]]
    head = table.rows[: table.header] if style.page_break == "repeated" else []
    return [
        Table(table.name, first, table.header),
        None,
        Table(table.name, [*head, *rest], table.header if head else 0),
    ]
