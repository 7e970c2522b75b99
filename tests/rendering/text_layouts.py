"""Pages as plain text, in the ways that word processors, browsers and PDF tools leave tables."""

import re
from collections.abc import Callable, Iterator
from itertools import zip_longest
from random import Random

from tests.rendering.page import Break, Page
from tests.rendering.style import Style
from tests.rendering.tables import FOREIGN, Cell, Slot, Table

_WORD = re.compile(r"[\d.,]+%?|.")
TableText = Callable[[Table, Style], Iterator[str]]


def as_text(page: Page, style: Style, table_text: TableText, *, gap: int = 0) -> str:
    """The page, a block a line with ``gap`` blank lines between, its tables written by ``table_text``."""
    lines = [*page.navigation, page.title]
    for block in page.blocks:
        if isinstance(block, Table):
            lines += table_text(block, style)
        elif isinstance(block, Break):
            lines += ["", f"- {block.page} -", ""]
        else:
            lines.append(block)
    lines += page.footer
    return ("\n" * (gap + 1)).join(lines) + "\n"


def tab_lines(table: Table, style: Style) -> Iterator[str]:
    """A cell a line behind a tab, a blank line after each row; merged cells go on as lines with a tab alone."""
    for row in table.grid():
        for slot in _seen(row, style):
            yield "\t" + _one_line(slot)
        yield ""
    yield ""


def paragraphs(table: Table, style: Style) -> Iterator[str]:
    """A cell a line, blank lines between (by the caller); a blank cell leaves nothing, a broken label two lines."""
    for row in table.rows:
        for cell in row:
            if not cell.lost:
                yield from filter(None, cell.text.split("\n"))


def pipe_lines(table: Table, style: Style) -> Iterator[str]:
    """A cell a line, a bar alone on the line between two cells and behind the last one of a row."""
    for row in table.grid():
        for slot in _seen(row, style):
            yield _one_line(slot)
            yield "|"
        yield ""


def pipe_rows(table: Table, style: Style) -> Iterator[str]:
    """``a | b | c |`` a row."""
    for row in table.grid():
        yield "".join(f"{_one_line(slot)} | " for slot in _seen(row, style)).strip()


def markdown(table: Table, style: Style) -> Iterator[str]:
    """A Markdown table whose first row is its header; merged cells are blank where they go on, or repeated."""
    yield ""
    for number, row in enumerate(table.grid()):
        shown = [slot.cell.text if (slot.top and slot.left) or style.continued == "repeated" else "" for slot in row]
        yield "| " + " | ".join(text.replace("\n", "<br>").replace("|", "\\|") for text in shown) + " |"
        if number == 0:
            yield "|" + " --- |" * len(row)
    yield ""


def tab_rows(table: Table, style: Style) -> Iterator[str]:
    """A row a line and a tab a column, as a PDF's text gives them; broken labels go on in a line of their own."""
    for row in table.grid():
        texts = [slot.cell.text if slot.top and slot.left else "" for slot in row]
        is_value_row = any(slot.cell.id for slot in row)
        if not is_value_row or not style.vertical:
            yield "\t".join(text.replace("\n", " ") for text in texts)
            continue
        # `3.补正后申请内容仍 0 0 0 …` and below it `不明确`: a label that is broken over two lines of the page.
        parts = [text.split("\n") if len(text.split("\n")) == 2 else [text.replace("\n", " ")] for text in texts]
        for line in zip_longest(*parts, fillvalue=""):
            yield "\t".join(line)


def spaced_rows(table: Table, style: Style) -> Iterator[str]:
    """Words and values parted by spaces, header cells and broken labels a line each, as a PDF prints them."""
    for row in table.rows:
        if not any(cell.id for cell in row):
            names = [cell.text for cell in row if cell.text]
            if table.name == "disclosure" or style.continued == "none":
                yield " ".join(name.replace("\n", " ") for name in names)
            else:
                yield from "\n".join(names).split("\n")
            continue
        labels = [cell.text for cell in row if not cell.id and cell.text]
        values = " ".join(cell.text for cell in row if cell.id and not cell.lost and cell.text)
        for label in labels[:-1]:
            yield from label.split("\n")
        own = labels[-1].split("\n") if labels else [""]
        yield from own[:-1]
        # A long label that is broken over two lines has its values beside or below it.
        if len(own) > 1 and style.vertical:
            yield from (own[-1], values)
        else:
            yield f"{own[-1]} {values}".strip()


def viewer_lines(page: Page, style: Style) -> str:
    """An e-book viewer's page: every fragment a line of its own, the viewer's words between the pages."""
    random = Random(f"viewer {style.seed}")
    lines, pages = [page.title], 8
    for number, fragment in enumerate(fragments(page, random)):
        if number % 90 == 89:
            shown = FOREIGN["viewer_page"].format(page=min(pages, number // 90 + 1), pages=pages)
            lines += [FOREIGN["viewer"][0], shown, FOREIGN["viewer"][1]]
        lines.append(fragment)
    return "\n".join([*FOREIGN["viewer"][2:], *lines]) + "\n"


def fragments(page: Page, random: Random) -> Iterator[str]:
    """The words of a page in pieces of a line at most, long ones in several."""
    for block in page.blocks:
        if isinstance(block, Break):
            continue
        if isinstance(block, str):
            yield from text_fragments(block)
            continue
        for row in block.rows:
            for cell in row:
                yield from cell_fragments(cell, random)


def text_fragments(text: str, width: int = 26) -> Iterator[str]:
    """A paragraph in lines of a page's width, no number broken."""
    line = ""
    for word in _WORD.findall(text):
        if line and len(line) + len(word) > width:
            yield line
            line = ""
        line += word
    yield line


def cell_fragments(cell: Cell, random: Random) -> Iterator[str]:
    """A cell's pieces: a long label in lines of at most eight to twelve characters, a value whole."""
    if cell.lost:
        return
    width = random.choice((8, 10, 12))
    for part in filter(None, cell.text.split("\n")):
        yield from [part] if cell.id else (part[start : start + width] for start in range(0, len(part), width))


def _seen(row: list[Slot], style: Style) -> list[Slot]:
    """The cells that a text keeps of a row: one for each merged cell, none for what goes on if the style says so."""
    return [slot for slot in row if slot.left and (slot.top or style.continued != "none")]


def _one_line(slot: Slot) -> str:
    return slot.cell.text.replace("\n", "") if slot.top else ""
