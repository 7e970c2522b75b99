"""The tables as their form prints them, filled in with what the report says."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from extraction.corrections import above, table_name
from extraction.page.markup import NOTHING, Html, joined, tag
from extraction.page.shown import Shown
from extraction.resources.forms import Block, Column, Row, Table
from extraction.resources.page import Sign
from extraction.schema import Cell

_SIGNS: tuple[Sign, ...] = ("broken", "noted", "changed", "imputed", "missing", "unreadable")
_DEEPEST = 3


def tables(shown: Shown) -> Html:
    """All tables of the form, each with the findings on it below."""
    words = shown.words
    parts = [tag("h2", words.tables)]
    if shown.form:
        parts += [_legend(shown), *(_table(shown, table) for table in shown.form.tables)]
    else:
        parts.append(tag("p", words.no_tables, class_="hint"))
    return tag("section", joined(parts), id="tables")


def _legend(shown: Shown) -> Html:
    words, used = shown.words, {sign for cell in shown.cells.values() for sign in _signs(shown, cell)}
    items = [
        tag("div", tag("span", words.legend_samples[sign], class_=sign), words.legend[sign])
        for sign in _SIGNS
        if sign in used
    ]
    return tag("div", joined(items), class_="legend") if items else NOTHING


def _signs(shown: Shown, cell: Cell) -> list[Sign]:
    """How a cell is marked, by its part in findings and by its state."""
    numbers = shown.at_cell.get(cell.id, [])
    signs: list[Sign] = []
    if cell.id in shown.changes:
        signs.append("changed")
    elif numbers:
        signs.append("broken" if shown.is_broken(numbers) else "noted")
    if cell.state == "missing" or cell.state == "unreadable":
        signs.append(cell.state)
    elif cell.state != "given" and cell.value is not None:
        signs.append("imputed")
    return signs


def _table(shown: Shown, table: Table) -> Html:
    words = shown.words
    unit = words.unit.format(unit=table.unit) if table.unit else ""
    title = tag("h3", f"{table_name(table)}　{table.title}", tag("small", unit))
    # A variant of the form that lacks a row has no cells of it.
    rows = {cell.row for cell in shown.cells.values() if cell.table == table.id}
    blocks = [
        Block(columns=block.columns, rows=own)
        for block in table.all_blocks
        if (own := tuple(row for row in block.rows if row.id in rows))
    ]
    if not blocks:
        return tag("div", title, tag("p", words.no_rows, class_="hint"), class_="table", id=f"t-{table.id}")
    draw = _beside if table.beside else _listed if table.unit_column else _stacked if table.blocks else _crossed
    kind = draw.__name__.strip("_")
    drawn = tag("table", draw(shown, table, blocks), class_=kind)
    scroll = tag("div", drawn, class_="scroll", tabindex="0", role="region", aria_label=table.title)
    return tag("div", title, scroll, _notes(shown, table), class_="table", id=f"t-{table.id}")


def _stacked(shown: Shown, table: Table, blocks: Sequence[Block]) -> Html:
    """Blocks below each other, each under its heading and its own headers; the last column of a narrow one is wide."""
    wide = max(len(block.columns) for block in blocks)
    lines = []
    for block in blocks:
        headings = block.rows[0].under or ()
        lines += [_line(tag("th", text, colspan=wide + 1, class_="band")) for text in headings]
        spans = [None] * (len(block.columns) - 1) + [wide - len(block.columns) + 1]
        headers = [tag("th", column.label, colspan=span) for column, span in zip(block.columns, spans, strict=True)]
        lines.append(tag("tr", tag("th", table.corner), joined(headers), class_="headers"))
        for row in block.rows:
            cells = [_cell(shown, table, row, c, span) for c, span in zip(block.columns, spans, strict=True)]
            lines.append(_line(tag("th", row.label, scope="row", class_="label"), *cells))
    return tag("tbody", joined(lines))


def _listed(shown: Shown, table: Table, blocks: Sequence[Block]) -> Html:
    """One row below the other with its unit; headings between, and parts set in below what they are parts of."""
    words, under = shown.words, above(table)
    (column,) = blocks[0].columns
    headers = [tag("th", text) for text in (table.corner, words.unit_header, column.label)]
    lines, before = [], tuple[str, ...]()
    for row in (row for block in blocks for row in block.rows):
        headings = before if row.under is None else row.under
        for depth, text in enumerate(headings):
            if headings[: depth + 1] != before[: depth + 1]:
                lines.append(_line(tag("th", text, colspan=3, class_=f"label under{depth}")))
        before = headings
        label = tag("th", row.label, scope="row", class_=f"label under{min(len(under[row.id]), _DEEPEST)}")
        unit = tag("td", row.stated_unit or row.unit or "", class_="unit")
        lines.append(_line(label, unit, _cell(shown, table, row, column)))
    return joined([tag("thead", _line(*headers)), tag("tbody", joined(lines))])


def _crossed(shown: Shown, table: Table, blocks: Sequence[Block]) -> Html:
    """Rows by columns, both in groups that span what they hold."""
    (block,) = blocks
    under = above(table)
    deep = max(len(groups) for groups in under.values()) + 1
    over = table.over_columns
    grouped = any(column.group for column in block.columns)
    high = (1 if over else 0) + (2 if grouped else 1)
    corner = tag("th", table.corner, colspan=deep, rowspan=high, class_="corner label")
    upper, lower = _headers(block.columns, grouped)
    first = [tag("th", over, colspan=len(block.columns))] if over else upper
    header = [_line(corner, *first), *([_line(*upper)] if over else []), *([_line(*lower)] if lower else [])]
    paths = [under[row.id] for row in block.rows]
    lines = []
    for i, row in enumerate(block.rows):
        cells = []
        for depth, group in enumerate(paths[i]):
            path = paths[i][: depth + 1]
            if i == 0 or paths[i - 1][: depth + 1] != path:
                high = next((j for j in range(i, len(paths)) if paths[j][: depth + 1] != path), len(paths)) - i
                cells.append(tag("th", group, rowspan=high, scope="rowgroup", class_="group"))
        cells.append(tag("th", row.label, colspan=deep - len(paths[i]), scope="row", class_="label"))
        lines.append(_line(*cells, *(_cell(shown, table, row, column) for column in block.columns)))
    return joined([tag("thead", joined(header)), tag("tbody", joined(lines))])


def _headers(columns: Sequence[Column], grouped: bool) -> tuple[list[Html], list[Html]]:
    """Headers of columns in one line, or in two where some stand under a group."""
    upper, lower = [], []
    for group, own in groupby(columns, key=lambda column: column.group):
        members = list(own)
        if group:
            upper.append(tag("th", group, colspan=len(members), scope="colgroup"))
            lower += [tag("th", column.label, scope="col") for column in members]
        else:
            upper += [tag("th", c.label, rowspan=2 if grouped else None, scope="col") for c in members]
    return upper, lower


def _beside(shown: Shown, table: Table, blocks: Sequence[Block]) -> Html:
    """All rows in one line beside each other, each with all columns under its name, and under its group if any."""
    (block,) = blocks
    wide = len(block.columns)
    columns = [tag("th", column.label, scope="col") for column in block.columns]
    high = [tag("th", column.label, rowspan=2, scope="col") for column in block.columns]
    top, middle, bottom = [], [], []
    grouped = any(row.group for row in block.rows)
    for group, own in groupby(block.rows, key=lambda row: row.group):
        members = list(own)
        if group:
            top.append(tag("th", group, colspan=wide * len(members), scope="colgroup"))
            middle += [tag("th", row.label, colspan=wide, scope="colgroup") for row in members]
            bottom += columns * len(members)
        else:
            top += [tag("th", row.label, colspan=wide, scope="colgroup") for row in members]
            middle += (high if grouped else columns) * len(members)
    header = [_line(*line) for line in (top, middle, bottom) if line]
    cells = [_cell(shown, table, row, column) for row in block.rows for column in block.columns]
    return joined([tag("thead", joined(header)), tag("tbody", _line(*cells))])


def _line(*cells: Html) -> Html:
    return tag("tr", joined(cells))


def _cell(shown: Shown, table: Table, row: Row, column: Column, span: int | None = None) -> Html:
    words, cell = shown.words, shown.cells.get(table.cell_id(row.id, column.id))
    if cell is None:
        return tag("td", colspan=span)
    signs, numbers = _signs(shown, cell), shown.at_cell.get(cell.id, [])
    printed = (cell.raw or "").strip()
    if cell.state == "missing":
        inside = tag("span", words.missing)
    elif "imputed" in signs:
        inside = tag("span", words.imputed.format(value=f"{cell.value:f}"), class_="imputed")
    else:
        inside = tag("span", printed)
    if "changed" in signs:
        new = words.list_mark.join(f"{repair.new:f}" for repair in shown.changes[cell.id])
        inside = joined([tag("del", inside), " ", tag("ins", words.changed.format(new=new))])
    title = words.list_mark.join([shown.name(cell.id), words.states[cell.state]]) if signs else None
    zero = ["zero"] if cell.value == 0 and "changed" not in signs else []
    return tag(
        "td", inside, shown.refs(numbers), id=f"c-{cell.id}", title=title, colspan=span,
        class_=" ".join([*(sign for sign in signs if sign != "imputed"), *zero]) or None,
    )  # fmt: skip


def _notes(shown: Shown, table: Table) -> Html:
    """The findings on a table as notes below it, with formula and difference."""
    numbers = sorted({n for cell, found in shown.at_cell.items() if cell.startswith(f"{table.id}.") for n in found})
    items = [_note(shown, n) for n in numbers]
    return tag("ol", joined(items), class_="notes") if items else NOTHING


def _note(shown: Shown, number: int) -> Html:
    finding = shown.numbered[number]
    link = tag("a", str(number), href=f"#f{number}", title=shown.words.back.format(number=number))
    if not finding.formula:
        return tag("li", link, tag("span", finding.message))
    off: Iterator[Html] = iter(())
    if finding.difference:
        off = iter([tag("b", shown.words.difference.format(difference=f"{abs(finding.difference):f}")), Html("　")])
    return tag("li", link, tag("span", joined(off), finding.formula))
