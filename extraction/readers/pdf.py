"""PDF to a Document: lines by position, ruled tables as grids, running heads and page numbers left out."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pypdfium2 as pdfium

from extraction.document import Document, DocumentBuilder, clean
from extraction.errors import UnreadableFile, UnsupportedFile
from extraction.readers.grids import add_table
from extraction.readers.pdf_lines import character_width, indented, page_lines
from extraction.readers.pdf_page import Box, Page, load_page
from extraction.readers.pdf_tables import Table, find_tables, join

MAX_PAGES = 500
"""Most pages that are read; a report has under 50."""
MAX_SECONDS = 60
"""Longest that the pages of a file are read for; a page takes 0.02 seconds."""
_EDGE = 0.12
"""Part of a page's height, above and below, where running heads and page numbers stand."""
_PAGE_NUMBER = re.compile(r"\d{1,4}(\s*/\s*\d{1,4})?")
_DASHES = " -\u2010\u2011\u2012\u2013\u2014\u2015\u2500\uff0d\u00b7"
_DIGITS = re.compile(r"\d{1,9}")
_END = b"%%EOF"
_ENCRYPTED = b"/Encrypt"
_DAMAGED = "a PDF that is damaged, cut short or without pages"
_AGAIN = "fetch or save it again, or open it and print it to a new PDF"


@dataclass(frozen=True)
class _Item:
    """A line or a table of a page, with the page's height."""

    page: int
    height: float
    content: Box | Table

    @property
    def box(self) -> Box:
        return self.content if isinstance(self.content, Box) else self.content.outline


def read(data: bytes, *, name: str) -> Document:
    """Read a PDF with text in it.

    :raises UnreadableFile: the file is damaged, protected by a password, without pages or over the limits.
    :raises UnsupportedFile: no page has text, as in a scan.
    """
    document = _open(data, name)
    try:
        count = len(document)
        _check_pages(count, name)
        pages: list[list[_Item]] = []
        started = time.monotonic()
        for number in range(1, count + 1):
            if time.monotonic() - started > MAX_SECONDS:
                found = f"{number - 1} of {count} pages took over {MAX_SECONDS} seconds"
                raise UnreadableFile(name, found, "pass the pages of the report alone")
            try:
                pages.append(_items(load_page(document, number)))
            except pdfium.PdfiumError as error:
                raise UnreadableFile(f"{name}, page {number}", "the page is damaged", _AGAIN) from error
        title = clean(document.get_metadata_dict().get("Title", "")).strip() or None
    finally:
        document.close()
    built = _build(_without_running_heads(pages), count, title)
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


def _check_pages(count: int, name: str) -> None:
    if count == 0:
        raise UnreadableFile(name, _DAMAGED, _AGAIN)
    if count > MAX_PAGES:
        raise UnreadableFile(
            name, f"{count} pages, over the limit of {MAX_PAGES}", "pass the pages of the report alone"
        )


def _items(page: Page) -> list[_Item]:
    """The lines and tables of a page in reading order."""
    tables, outside = find_tables(page)
    found: list[Box | Table] = [*page_lines(outside), *tables]
    items = [_Item(page.number, page.height, content) for content in found]
    return sorted(items, key=lambda item: item.box.top)


def _without_running_heads(pages: Sequence[Sequence[_Item]]) -> list[list[_Item]]:
    """The pages without the lines that stand at one place on most of them, and without page numbers."""
    alike: dict[tuple[str, int], list[_Item]] = {}
    for item in chain.from_iterable(pages):
        if _at_edge(item):
            text = _DIGITS.sub("#", "".join(item.box.text.split()))
            alike.setdefault((text, round(item.box.middle / 6)), []).append(item)
    running = {
        id(item)
        for (text, _), items in alike.items()
        for item in items
        if _PAGE_NUMBER.fullmatch(item.box.text.strip(_DASHES))
        or (len(items) > max(1, len(pages) / 2) and any(map(str.isalpha, text)) and _count_alike(items))
    }
    return [[item for item in items if id(item) not in running] for items in pages]


def _at_edge(item: _Item) -> bool:
    box = item.box
    return isinstance(item.content, Box) and not _EDGE * item.height < box.middle < (1 - _EDGE) * item.height


def _count_alike(items: Sequence[_Item]) -> bool:
    """Whether each number in lines of one wording is the same on every page or goes up with the pages."""
    numbers = [[int(number) for number in _DIGITS.findall(item.box.text)] for item in items]
    return all(
        len(set(each)) == 1 or len({number - item.page for number, item in zip(each, items, strict=True)}) == 1
        for each in zip(*numbers, strict=True)
    )


def _build(pages: Sequence[Sequence[_Item]], count: int, title: str | None) -> Document:
    builder = DocumentBuilder()
    pending: tuple[int, Table] | None = None  # a table that the next page may continue

    def flush() -> None:
        nonlocal pending
        if pending:
            add_table(builder, pending[1].cells, page=pending[0])
        pending = None

    for items in pages:
        text = [item.box for item in items if isinstance(item.content, Box)]
        em = character_width([Box(b.x0, b.top, b.x0 + (b.bottom - b.top), b.bottom) for b in text]) if text else 1.0
        margin = min((item.box.x0 for item in items), default=0.0)
        for index, item in enumerate(items):
            if isinstance(item.content, Table):
                joined = join(pending[1], item.content) if pending and index == 0 else None
                if pending and joined:
                    pending = pending[0], joined
                else:
                    flush()
                    pending = item.page, item.content
            else:
                flush()
                builder.paragraph(indented(item.content, margin, em), page=item.page)
    flush()
    return builder.build(media_type="application/pdf", pages=count, title=title)
