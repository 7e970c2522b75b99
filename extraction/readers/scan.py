"""Scans to a Document: the texts and ruling lines that are found on a picture make a page like one of a PDF."""

import time
from collections.abc import Iterator
from dataclasses import replace

from extraction.document import Document, Recognised
from extraction.errors import UnreadableFile, UnsupportedFile
from extraction.readers.images import Picture, open_image, pictures
from extraction.readers.pages import assemble, sheet
from extraction.readers.pdf_page import Box, Page, Reading
from extraction.readers.pdf_tables import ruled_cells
from extraction.readers.recogniser import Text, find_texts, is_wide
from extraction.readers.scan_cells import read_cells
from extraction.readers.scan_greys import in_greys, ink_of, upright
from extraction.readers.scan_lines import rulings

MAX_PAGES = 200
"""Most pages of one image file that are read."""
MAX_SECONDS = 900
"""Longest that the scanned pages of a file are read for; a page of tables takes about 5 seconds."""
_WIDTH = 595.0
"""Points that the shorter side of a page is taken for: pictures seldom say their size, and pages are A4."""
_PRINTED = 0.7
"""Height of the characters in the box of a text, which is found with a margin."""
_GAP = 1.0
"""A gap between characters that is kept, in character widths; smaller ones are the recogniser's inaccuracy."""
_NARROWEST = 60
"""Pixels of the shorter side below which a picture has no line of text."""
_BLANK = 0.0002
"""Part of a page that is ink at the least where anything stands on it."""


def read(data: bytes, *, name: str) -> Document:
    """Read an image of one page or several.

    :raises UnreadableFile: the image is damaged or over the limits.
    :raises UnsupportedFile: no text is found.
    """
    image, media_type, count = open_image(data, name)
    if count > MAX_PAGES:
        found = f"{count} pages, over the limit of {MAX_PAGES}"
        raise UnreadableFile(name, found, "pass the pages of the report alone")
    sheets = []
    started = time.monotonic()
    for number, picture in enumerate(pictures(image, count, name), 1):
        check_time(started, number - 1, count, name)
        sheets.append(sheet(page_of(picture, number)))
    document = assemble(sheets, media_type=media_type)
    if not document.blocks:
        raise UnsupportedFile(name, f"no text found by OCR on {count} of {count} pages", "scan it again, more sharply")
    return document


def check_time(started: float, done: int, count: int, name: str) -> None:
    """Give up where the pages took too long since ``started``.

    :raises UnreadableFile: they did.
    """
    if time.monotonic() - started > MAX_SECONDS:
        found = f"OCR of {done} of {count} pages took over {MAX_SECONDS} seconds"
        raise UnreadableFile(name, found, "pass the pages of the report alone")


def page_of(picture: Picture, number: int) -> Page:
    """What is found on a picture, in points; nothing on one without ink."""
    height, width = picture.shape[:2]
    scale = _WIDTH / min(height, width)
    page = Page(number, width * scale, height * scale, (), ())
    if min(height, width) < _NARROWEST or ink_of(in_greys(picture)).mean() < 255 * _BLANK:
        return page
    greys = upright(picture)
    lines = [_scaled(line, scale) for line in rulings(greys)]
    cells = [_scaled(cell, 1 / scale) for table in ruled_cells(lines) for cell in table]
    texts = read_cells(greys, find_texts(greys), cells)
    return replace(
        page,
        characters=tuple(_scaled(character, scale) for text in texts for character in _characters(text)),
        rulings=tuple(lines),
        readings=tuple(
            Reading(_scaled(text.box, scale), Recognised(round(text.score, 3), text.others)) for text in texts
        ),
    )


def _characters(text: Text) -> Iterator[Box]:
    """The characters of a text with no gaps between them but wide ones."""
    half = _PRINTED * text.box.height / 2
    widths = [2 * half * (1.0 if is_wide(character) else 0.5) for character in text.box.text]
    edges = [(centre - width / 2, centre + width / 2) for centre, width in zip(text.centres, widths, strict=True)]
    for (place, (left, right)), character in zip(enumerate(edges), text.box.text, strict=True):
        if place and left - edges[place - 1][1] < 2 * half * _GAP:
            left = (left + edges[place - 1][1]) / 2
        if place + 1 < len(edges) and edges[place + 1][0] - right < 2 * half * _GAP:
            right = (edges[place + 1][0] + right) / 2
        yield Box(left, text.box.middle - half, max(right, left + 1), text.box.middle + half, character)


def _scaled(box: Box, scale: float) -> Box:
    return Box(box.x0 * scale, box.top * scale, box.x1 * scale, box.bottom * scale, box.text)
