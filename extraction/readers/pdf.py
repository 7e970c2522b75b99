"""PDF to a Document: lines by position, ruled tables as grids, running heads and page numbers left out."""

import time
from typing import Any

import pypdfium2 as pdfium

from extraction.document import Document, clean
from extraction.errors import UnreadableFile, UnsupportedFile
from extraction.readers import ocr
from extraction.readers.pages import Sheet, assemble, sheet
from extraction.readers.pdf_page import load_page, shows_picture

MAX_PAGES = 500
"""Most pages that are read; a report has under 50."""
MAX_SECONDS = 60
"""Longest that the pages of a file are read for; a page takes 0.02 seconds."""
_FEWEST = 12
"""Characters of a page with text: a scan may have its page number as text."""
_END = b"%%EOF"
_ENCRYPTED = b"/Encrypt"
_DAMAGED = "a PDF that is damaged, cut short or without pages"
_AGAIN = "fetch or save it again, or open it and print it to a new PDF"


def read(data: bytes, *, name: str) -> Document:
    """Read a PDF; its pages without text are read by OCR where that is installed.

    :raises UnreadableFile: the file is damaged, protected by a password, without pages or over the limits.
    :raises UnsupportedFile: no page has text, as in a scan without OCR.
    """
    document = _open(data, name)
    try:
        count = len(document)
        _check_pages(count, name)
        sheets: list[Sheet] = []
        without: list[int] = []
        started = time.monotonic()
        for number in range(1, count + 1):
            if time.monotonic() - started > MAX_SECONDS:
                found = f"{number - 1} of {count} pages took over {MAX_SECONDS} seconds"
                raise UnreadableFile(name, found, "pass the pages of the report alone")
            try:
                page = load_page(document, number)
                sheets.append(sheet(page))
                if not page.characters or (len(page.characters) < _FEWEST and shows_picture(document, number)):
                    without.append(number)
            except (pdfium.PdfiumError, ValueError, OverflowError) as error:
                raise UnreadableFile(f"{name}, page {number}", "the page is damaged", _AGAIN) from error
        title = _title(document)
        if without and ocr.is_installed():
            _read_scans(document, sheets, without, name)
    finally:
        document.close()
    built = assemble(sheets, media_type="application/pdf", title=title)
    if not built.blocks:
        found = f"no text on {count} of {count} pages"
        remedy = "scan it again, more sharply; OCR found none either" if ocr.is_installed() else ocr.REMEDY
        raise UnsupportedFile(name, found, remedy)
    return built


def _read_scans(document: Any, sheets: list[Sheet], numbers: list[int], name: str) -> None:
    """Put what OCR finds on the pages of these numbers in place of their few characters."""
    from extraction.readers import images, scan

    started = time.monotonic()
    for done, number in enumerate(numbers):
        scan.check_time(started, done, len(numbers), name)
        try:
            page = document[number - 1]
            picture = images.picture_of(page)
            page.close()
        except (pdfium.PdfiumError, ValueError, MemoryError) as error:
            raise UnreadableFile(f"{name}, page {number}", "the page is damaged", _AGAIN) from error
        found = scan.page_of(picture, number)
        if len(found.characters) >= _FEWEST or not sheets[number - 1].lines:
            sheets[number - 1] = sheet(found)


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
