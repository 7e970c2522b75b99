"""Pages as DOCX and PDF."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as PdfTable

from tests.rendering.page import Break, Page
from tests.rendering.style import Style
from tests.rendering.tables import Table

FONT = "STSong-Light"  # One of the fonts every PDF reader brings, so that none is embedded.
_NARROW = ParagraphStyle("narrow", fontName=FONT, fontSize=7, leading=9, alignment=TA_CENTER, wordWrap="CJK")
_TEXT = ParagraphStyle("text", fontName=FONT, fontSize=11, leading=17, firstLineIndent=22, wordWrap="CJK")
_WIDE = ParagraphStyle("wide", parent=_NARROW, fontSize=8, leading=11)
_OFFICIAL = ParagraphStyle("official", parent=_TEXT, fontSize=16, leading=29, firstLineIndent=32)
"""Official letters print 22 lines of 28 characters a page."""
_TITLE = ParagraphStyle("title", fontName=FONT, fontSize=16, leading=24, alignment=TA_CENTER, wordWrap="CJK")


def docx(page: Page, style: Style) -> bytes:
    """A word processor's file with merged cells."""
    document = Document()
    document.core_properties.title = page.title
    document.add_heading(page.title, 0)
    for block in page.blocks:
        if isinstance(block, Break):
            document.add_page_break()
        elif isinstance(block, str):
            document.add_paragraph(block)
        else:
            _docx_table(document, block)
    file = BytesIO()
    document.save(file)
    return _without_times(file)


def _without_times(file: BytesIO) -> bytes:
    """The same archive with the times of its parts set back, so that equal pages are equal files."""
    packed = BytesIO()
    with ZipFile(file) as given, ZipFile(packed, "w", ZIP_DEFLATED) as kept:
        for part in given.infolist():
            kept.writestr(ZipInfo(part.filename), given.read(part), ZIP_DEFLATED)
    return packed.getvalue()


def _docx_table(document: Any, table: Table) -> None:
    grid = table.grid()
    shape = document.add_table(len(grid), len(grid[0]))
    shape.style = "Table Grid"
    # Asking a table for a cell walks all its rows, so the places are taken once.
    width, places = len(grid[0]), shape._cells
    for number, row in enumerate(grid):
        for column, slot in enumerate(row):
            if slot.top and slot.left:
                place, cell = places[number * width + column], slot.cell
                if cell.row_span > 1 or cell.column_span > 1:
                    last = (number + cell.row_span - 1) * width + column + cell.column_span - 1
                    place = place.merge(places[last])
                place.text = cell.text


def pdf_ruled(page: Page, style: Style, *, digits: str = FONT) -> bytes:
    """A PDF whose tables have lines around their cells; ``digits`` is the font of the numbers in them."""
    return _pdf(page, style, [("GRID", (0, 0), (-1, -1), 0.5, colors.black)], digits)


def pdf_plain(page: Page, style: Style) -> bytes:
    """A PDF whose tables have no lines, columns standing in a row only."""
    return _pdf(page, style, [])


def _pdf(page: Page, style: Style, ruling: list[tuple[Any, ...]], digits: str = FONT) -> bytes:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    story: list[Any] = [Paragraph(page.title, _TITLE), Spacer(1, 12)]
    for block in page.blocks:
        if isinstance(block, Break):
            story.append(PageBreak())
        elif isinstance(block, str):
            story.append(Paragraph(block, _OFFICIAL if style.official else _TEXT))
        else:
            story += [_pdf_table(block, ruling, digits, _WIDE if style.official else _NARROW), Spacer(1, 8)]
    file = BytesIO()
    outer = {"topMargin": 100, "bottomMargin": 100} if style.official else {}
    frame = SimpleDocTemplate(file, pagesize=A4, title=page.title, invariant=1, leftMargin=50, rightMargin=50, **outer)
    frame.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return file.getvalue()


def _page_number(canvas: Any, frame: Any) -> None:
    canvas.setFont(FONT, 9)
    canvas.drawCentredString(A4[0] / 2, 30, f"- {frame.page} -")


def _pdf_table(table: Table, ruling: list[tuple[Any, ...]], digits: str, letters: ParagraphStyle) -> PdfTable:
    grid = table.grid()
    texts = [
        [_pdf_cell(slot.cell.text, digits, letters) if slot.top and slot.left else "" for slot in row] for row in grid
    ]
    spans = []
    for number, row in enumerate(grid):
        for column, slot in enumerate(row):
            if slot.top and slot.left and (slot.cell.row_span > 1 or slot.cell.column_span > 1):
                end = (column + slot.cell.column_span - 1, number + slot.cell.row_span - 1)
                spans.append(("SPAN", (column, number), end))
    widths = _widths(table, len(grid[0]))
    every = ((0, 0), (-1, -1))
    paddings = [(f"{side}PADDING", *every, points) for side, points in (("TOP", 2), ("LEFT", 1), ("RIGHT", 1))]
    style = [*spans, *ruling, *paddings, ("VALIGN", *every, "MIDDLE")]
    return PdfTable(texts, colWidths=widths, style=style)


def _pdf_cell(text: str, digits: str, letters: ParagraphStyle) -> Paragraph:
    marked = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br/>")
    if digits != FONT:
        marked = re.sub(r"[0-9.]+", lambda number: f'<font name="{digits}">{number[0]}</font>', marked)
    return Paragraph(marked, letters)


def _widths(table: Table, columns: int) -> list[float]:
    """Label columns wide, value columns narrow; 490 points in all."""
    if table.name in ("disputes", "own", "disclosure"):
        return [490 / columns] * columns
    if table.name == "statistics":
        return [490 * 0.7 if column == columns - 3 else 490 * 0.3 / (columns - 1) for column in range(columns)]
    labels = columns - 7
    return [30.0, *[(490 - 30 - 7 * 34) / (labels - 1)] * (labels - 1), *[34.0] * 7]
