"""Pages as HTML, in the ways that sites, word processors and viewers write tables."""

from collections.abc import Callable
from html import escape
from random import Random

from tests.rendering.page import Page
from tests.rendering.style import Style
from tests.rendering.tables import FOREIGN, Cell, Table
from tests.rendering.text_layouts import cell_fragments, text_fragments


def html_spans(page: Page, style: Style) -> str:
    """Tables with rowspan and colspan, cells as an editor saves them: paragraphs in spans in cells."""
    return _document(page, style, _body(page, lambda table: _table(table, style)))


def html_flat(page: Page, style: Style) -> str:
    """Tables without spans: a merged cell stands once, and blank or not at all where it goes on."""

    def table_text(table: Table) -> str:
        rows = [[slot.cell for slot in row if slot.top and slot.left] for row in table.grid()]
        if style.continued != "none":
            rows = [[slot.cell if slot.top and slot.left else Cell("") for slot in row] for row in table.grid()]
        return _rows([[f"<td>{_content(cell, style)}</td>" for cell in row] for row in rows])

    return _document(page, style, _body(page, table_text))


def html_layout_table(page: Page, style: Style) -> str:
    """The whole page inside a table that lays it out, navigation left and the report right."""
    links = "".join(f"<tr><td><a href='#'>{word}</a></td></tr>" for word in FOREIGN["nav"] + FOREIGN["links"])
    body = _body(page, lambda table: _table(table, style))
    inner = f"<table width='960'><tr><td valign='top'><table>{links}</table></td><td>{body}</td></tr></table>"
    footer = "".join(f"<td>{line}</td>" for line in FOREIGN["footer"])
    return _document(page, style, f"{inner}<table><tr>{footer}</tr></table>")


def html_divs(page: Page, style: Style) -> str:
    """Tables made of divisions, a class for a row and one for a cell."""

    def table_text(table: Table) -> str:
        rows = [[slot for slot in row if slot.left] for row in table.grid()]
        texts = [[_content(slot.cell, style) if slot.top else "" for slot in row] for row in rows]
        lines = ["".join(f'<div class="cell">{text}</div>' for text in row) for row in texts]
        return '<div class="table">' + "".join(f'\n<div class="row">{line}</div>' for line in lines) + "</div>"

    return _document(page, style, _body(page, table_text))


def html_viewer(page: Page, style: Style) -> str:
    """A page of an e-book viewer: fragments at places of their own, the viewer's buttons around them."""
    random, pieces, top = Random(f"viewer {style.seed}"), [], 0
    for block in page.blocks:
        if isinstance(block, str):
            for line in text_fragments(block):
                top += 21
                pieces.append(_placed(line, 60, top))
        elif isinstance(block, Table):
            for row in block.grid():
                for column, slot in enumerate(row):
                    if slot.top and slot.left:
                        lines = cell_fragments(slot.cell, random)
                        pieces += [_placed(line, 60 + 64 * column, top + 21 + 9 * n) for n, line in enumerate(lines)]
                top += 42
    buttons = "".join(f'<a class="button">{word}</a>' for word in FOREIGN["viewer"])
    shown = FOREIGN["viewer_page"].format(page=3, pages=8)
    body = f'<div class="bar">{buttons}<span>{shown}</span></div>\n' + "\n".join(pieces)
    return _document(page, style, body)


def _placed(text: str, left: int, top: int) -> str:
    return f'<div style="position:absolute;left:{left}px;top:{top}px">{escape(text)}</div>'


def _document(page: Page, style: Style, body: str) -> str:
    links = "".join(f'<li><a href="#">{word}</a></li>' for word in page.navigation)
    footer = "".join(f'<p><a href="#">{line}</a></p>' for line in page.footer)
    navigation = f'<div class="nav"><ul>{links}</ul></div>' if links else ""
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{page.title}</title>\n'
        "<style>.row{display:flex}</style><script>var hits = 12;</script></head>\n"
        f'<body>{navigation}\n<h1>{page.title}</h1>\n{body}\n<div class="footer">{footer}</div></body></html>\n'
    )


def _body(page: Page, table_text: Callable[[Table], str]) -> str:
    parts = []
    for block in page.blocks:
        if isinstance(block, Table):
            parts.append(table_text(block))
        elif isinstance(block, str):
            parts.append(f'<p style="text-indent:2em">{escape(block)}</p>')
    return "\n".join(parts)


def _table(table: Table, style: Style) -> str:
    rows = []
    for row in table.rows:
        cells = []
        for cell in row:
            spans = f' rowspan="{cell.row_span}"' * (cell.row_span > 1)
            spans += f' colspan="{cell.column_span}"' * (cell.column_span > 1)
            content = _content(cell, style)
            if style.seed % 2:
                content = f'<p class="MsoNormal" align="center"><span lang="EN-US">{content or "&nbsp;"}</span></p>'
            cells.append(f"<td{spans}>{content}</td>")
        rows.append(cells)
    return _rows(rows)


def _rows(rows: list[list[str]]) -> str:
    lines = "".join(f"\n<tr>{''.join(cells)}</tr>" for cells in rows)
    return f'<table border="1" cellspacing="0"><tbody>{lines}\n</tbody></table>'


def _content(cell: Cell, style: Style) -> str:
    text = escape(cell.text).replace("\n", "<br>")
    if cell.id and style.digits == "split" and text.isdigit():
        middle = (len(text) + 1) // 2
        return f'<span style="font-size:14px">{text[:middle]}</span><span>{text[middle:]}</span>'
    return text
