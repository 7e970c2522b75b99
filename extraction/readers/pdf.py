"""PDF to a Document: lines by position, ruled tables as grids, running heads and page numbers left out."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import pypdfium2 as pdfium

from extraction.document import Document, DocumentBuilder, clean
from extraction.errors import UnreadableFile, UnsupportedFile
from extraction.readers.grids import add_table
from extraction.readers.pdf_lines import Line, indented, text_lines
from extraction.readers.pdf_page import Box, Page, load_page
from extraction.readers.pdf_rows import MAX_ROWS, page_lines
from extraction.readers.pdf_tables import Table, find_tables, join

MAX_PAGES = 500
"""Most pages that are read; a report has under 50."""
MAX_SECONDS = 60
"""Longest that the pages of a file are read for; a page takes 0.02 seconds."""
_EDGE = 0.12
"""Part of a page's height, above and below, where running heads and page numbers stand."""
_NEAR_EDGE = 3
"""Lines at the foot and head of pages of which one has several cells, where a table goes over the break."""
_PAGE_NUMBER = re.compile(r"\d{1,4}(\s*/\s*\d{1,4})?")
_DASHES = " -\u2010\u2011\u2012\u2013\u2014\u2015\u2500\uff0d\u00b7"
_DIGITS = re.compile(r"\d{1,9}")
_END = b"%%EOF"
_ENCRYPTED = b"/Encrypt"
_DAMAGED = "a PDF that is damaged, cut short or without pages"
_AGAIN = "fetch or save it again, or open it and print it to a new PDF"


@dataclass(frozen=True)
class _Sheet:
    """A page as its lines and tables."""

    number: int
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]

    def is_at_edge(self, line: Line) -> bool:
        """Whether a line stands where running heads and page numbers do."""
        return not _EDGE * self.height < line.pieces[0].middle < (1 - _EDGE) * self.height


def read(data: bytes, *, name: str) -> Document:
    """Read a PDF with text in it.

    :raises UnreadableFile: the file is damaged, protected by a password, without pages or over the limits.
    :raises UnsupportedFile: no page has text, as in a scan.
    """
    document = _open(data, name)
    try:
        count = len(document)
        _check_pages(count, name)
        sheets: list[_Sheet] = []
        started = time.monotonic()
        for number in range(1, count + 1):
            if time.monotonic() - started > MAX_SECONDS:
                found = f"{number - 1} of {count} pages took over {MAX_SECONDS} seconds"
                raise UnreadableFile(name, found, "pass the pages of the report alone")
            try:
                sheets.append(_sheet(load_page(document, number)))
            except (pdfium.PdfiumError, ValueError, OverflowError) as error:
                raise UnreadableFile(f"{name}, page {number}", "the page is damaged", _AGAIN) from error
        title = _title(document)
    finally:
        document.close()
    built = _build(_without_running_heads(sheets), count, title)
    if not built.blocks:
        remedy = "run OCR on it and pass the searchable PDF or the text"
        raise UnsupportedFile(name, f"no text on {count} of {count} pages", remedy)
    return built


def _open(data: bytes, name: str) -> Any:
    # PDFium mends what it can; a file without its end mark has lost pages or their text.
    if _END not in data:
        raise UnreadableFile(name, _DAMAGED, _AGAIN)
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # After a file without pages PDFium names the failure of the file before it.
        if _ENCRYPTED in data and "password" in str(error).lower():
            remedy = "open it with the password and save it without one"
            raise UnreadableFile(name, "a PDF protected by a password", remedy) from error
        raise UnreadableFile(name, _DAMAGED, _AGAIN) from error


def _title(document: Any) -> str | None:
    try:
        return clean(document.get_metadata_value("Title")).strip() or None
    except (pdfium.PdfiumError, UnicodeDecodeError):
        return None


def _check_pages(count: int, name: str) -> None:
    if count == 0:
        raise UnreadableFile(name, _DAMAGED, _AGAIN)
    if count > MAX_PAGES:
        raise UnreadableFile(
            name, f"{count} pages, over the limit of {MAX_PAGES}", "pass the pages of the report alone"
        )


def _sheet(page: Page) -> _Sheet:
    tables, outside = find_tables(page)
    return _Sheet(page.number, page.height, tuple(text_lines(outside)), tuple(tables))


def _without_running_heads(sheets: Sequence[_Sheet]) -> list[_Sheet]:
    """The pages without the lines that stand at one place on most of them, and without page numbers."""
    alike: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for sheet in sheets:
        for line in filter(sheet.is_at_edge, sheet.lines):
            alike.setdefault(_place(line), []).append((sheet.number, line.joined().text))
    running = {
        place
        for place, found in alike.items()
        if len(found) > max(1, len(sheets) / 2) and any(map(str.isalpha, place[0])) and _count_alike(found)
    }

    def is_kept(sheet: _Sheet, line: Line) -> bool:
        is_number = _PAGE_NUMBER.fullmatch(line.joined().text.strip(_DASHES)) is not None
        return not (sheet.is_at_edge(line) and (is_number or _place(line) in running))

    return [replace(s, lines=tuple(line for line in s.lines if is_kept(s, line))) for s in sheets]


def _place(line: Line) -> tuple[str, int]:
    box = line.joined()
    return _DIGITS.sub("#", "".join(box.text.split())), round(box.middle / 6)


def _count_alike(lines: Sequence[tuple[int, str]]) -> bool:
    """Whether each number in lines of one wording, by page, is the same everywhere or goes up with the pages."""
    numbers = [[int(number) - page for number in _DIGITS.findall(text)] for page, text in lines]
    return all(
        len(set(each)) == 1 or len({number + page for number, (page, _) in zip(each, lines, strict=True)}) == 1
        for each in zip(*numbers, strict=True)
    )


def _rows(sheets: Sequence[_Sheet]) -> list[list[Box]]:
    """The lines of each page with their texts; the rows of a table over a page break have the same columns."""
    found: list[list[Box]] = []
    for chunk in _chunks(sheets):
        laid: list[Line] = []
        moved: list[tuple[float, float]] = []  # where each page begins, and how far it has been moved down
        for sheet in chunk:
            top = sheet.lines[0].pieces[0].top if sheet.lines else 0.0
            down = laid[-1].pieces[0].bottom + laid[-1].em - top if laid else 0.0
            moved.append((top + down, down))
            laid += [line.moved(down) for line in sheet.lines] if down else sheet.lines
        pages: list[list[Box]] = [[] for _ in chunk]
        for box in page_lines(laid):
            page = max(sum(begin <= box.middle for begin, _ in moved) - 1, 0)
            down = moved[page][1]
            pages[page].append(replace(box, top=box.top - down, bottom=box.bottom - down))
        found += pages
    return found


def _chunks(sheets: Sequence[_Sheet]) -> list[list[_Sheet]]:
    """The pages, those together that a table without ruling lines goes over."""
    chunks: list[list[_Sheet]] = []
    for sheet in sheets:
        lines = sum(len(each.lines) for each in chunks[-1]) if chunks else 0
        if chunks and lines + len(sheet.lines) < MAX_ROWS and _goes_on(chunks[-1][-1], sheet):
            chunks[-1].append(sheet)
        else:
            chunks.append([sheet])
    return chunks


def _goes_on(above: _Sheet, below: _Sheet) -> bool:
    last, first = above.lines[-_NEAR_EDGE:], below.lines[:_NEAR_EDGE]
    if any(table.outline.top > above.lines[-1].middle for table in above.tables if above.lines):
        return False
    if any(table.outline.top < below.lines[0].middle for table in below.tables if below.lines):
        return False
    return all(any(len(line.pieces) > 1 for line in lines) for lines in (last, first))


def _build(sheets: Sequence[_Sheet], count: int, title: str | None) -> Document:
    builder = DocumentBuilder()
    pending: tuple[int, Table] | None = None  # a table that the next page may continue

    def flush() -> None:
        nonlocal pending
        if pending:
            add_table(builder, pending[1].cells, page=pending[0])
        pending = None

    for sheet, lines in zip(sheets, _rows(sheets), strict=True):
        em = median(line.em for line in sheet.lines) if sheet.lines else 1.0
        found: list[Box | Table] = [*lines, *sheet.tables]
        items = sorted(found, key=lambda item: _box(item).top)
        margin = min((_box(item).x0 for item in items), default=0.0)
        for index, item in enumerate(items):
            if isinstance(item, Box):
                flush()
                builder.paragraph(indented(item, margin, em), page=sheet.number)
                continue
            joined = join(pending[1], item) if pending and index == 0 else None
            if pending and joined:
                pending = pending[0], joined
            else:
                flush()
                pending = sheet.number, item
    flush()
    return builder.build(media_type="application/pdf", pages=count, title=title)


def _box(item: Box | Table) -> Box:
    return item if isinstance(item, Box) else item.outline
