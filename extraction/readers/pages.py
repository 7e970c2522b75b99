"""Pages of characters and ruling lines to a Document: lines by position, ruled tables as grids.

Running heads and page numbers are left out, and a table that goes over a page break is one grid.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from extraction.document import Document, DocumentBuilder
from extraction.readers.grids import add_table
from extraction.readers.pdf_lines import Line, indented, text_lines
from extraction.readers.pdf_page import Box, Page, Reading, least
from extraction.readers.pdf_rows import MAX_ROWS, page_lines
from extraction.readers.pdf_tables import Table, find_tables, join

_EDGE = 0.12
"""Part of a page's height, above and below, where running heads and page numbers stand."""
_NEAR_EDGE = 3
"""Lines at the foot and head of pages of which one has several cells, where a table goes over the break."""
_PAGE_NUMBER = re.compile(r"\d{1,4}(\s*/\s*\d{1,4})?")
_DASHES = " -\u2010\u2011\u2012\u2013\u2014\u2015\u2500\uff0d\u00b7"
_DIGITS = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Sheet:
    """A page as its lines and tables."""

    number: int
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    readings: tuple[Reading, ...] = ()

    def is_at_edge(self, line: Line) -> bool:
        """Whether a line stands where running heads and page numbers do."""
        return not _EDGE * self.height < line.pieces[0].middle < (1 - _EDGE) * self.height


def sheet(page: Page) -> Sheet:
    """The lines and tables of a page."""
    tables, outside = find_tables(page)
    return Sheet(page.number, page.height, tuple(text_lines(outside)), tuple(tables), page.readings)


def _without_running_heads(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without the lines that stand at one place on most of them, and without page numbers."""
    alike: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for each in sheets:
        for line in filter(each.is_at_edge, each.lines):
            alike.setdefault(_place(line), []).append((each.number, line.joined().text))
    running = {
        place
        for place, found in alike.items()
        if len(found) > max(1, len(sheets) / 2) and any(map(str.isalpha, place[0])) and _count_alike(found)
    }

    def is_kept(each: Sheet, line: Line) -> bool:
        is_number = _PAGE_NUMBER.fullmatch(line.joined().text.strip(_DASHES)) is not None
        return not (each.is_at_edge(line) and (is_number or _place(line) in running))

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


def _rows(sheets: Sequence[Sheet]) -> list[list[Box]]:
    """The lines of each page with their texts; the rows of a table over a page break have the same columns."""
    found: list[list[Box]] = []
    for chunk in _chunks(sheets):
        laid: list[Line] = []
        moved: list[tuple[float, float]] = []  # where each page begins, and how far it has been moved down
        for each in chunk:
            top = each.lines[0].pieces[0].top if each.lines else 0.0
            down = laid[-1].pieces[0].bottom + laid[-1].em - top if laid else 0.0
            moved.append((top + down, down))
            laid += [line.moved(down) for line in each.lines] if down else each.lines
        pages: list[list[Box]] = [[] for _ in chunk]
        for box in page_lines(laid):
            page = max(sum(begin <= box.middle for begin, _ in moved) - 1, 0)
            down = moved[page][1]
            pages[page].append(replace(box, top=box.top - down, bottom=box.bottom - down))
        found += pages
    return found


def _chunks(sheets: Sequence[Sheet]) -> list[list[Sheet]]:
    """The pages, those together that a table without ruling lines goes over."""
    chunks: list[list[Sheet]] = []
    for each in sheets:
        lines = sum(len(each.lines) for each in chunks[-1]) if chunks else 0
        if chunks and lines + len(each.lines) < MAX_ROWS and _goes_on(chunks[-1][-1], each):
            chunks[-1].append(each)
        else:
            chunks.append([each])
    return chunks


def _goes_on(above: Sheet, below: Sheet) -> bool:
    last, first = above.lines[-_NEAR_EDGE:], below.lines[:_NEAR_EDGE]
    if any(table.outline.top > above.lines[-1].middle for table in above.tables if above.lines):
        return False
    if any(table.outline.top < below.lines[0].middle for table in below.tables if below.lines):
        return False
    return all(any(len(line.pieces) > 1 for line in lines) for lines in (last, first))


def assemble(sheets: Sequence[Sheet], *, media_type: str, title: str | None = None) -> Document:
    """The document that pages make, without blocks where none has text."""
    return _build(_without_running_heads(sheets), media_type, title)


def _build(sheets: Sequence[Sheet], media_type: str, title: str | None) -> Document:
    builder = DocumentBuilder()
    pending: tuple[int, Table] | None = None  # a table that the next page may continue

    def flush() -> None:
        nonlocal pending
        if pending:
            add_table(builder, pending[1].cells, page=pending[0])
        pending = None

    for each, lines in zip(sheets, _rows(sheets), strict=True):
        em = median(line.em for line in each.lines) if each.lines else 1.0
        found: list[Box | Table] = [*lines, *each.tables]
        items = sorted(found, key=lambda item: _box(item).top)
        margin = min((_box(item).x0 for item in items), default=0.0)
        for index, item in enumerate(items):
            if isinstance(item, Box):
                flush()
                recognised = least(reading for reading in each.readings if reading.within(item))
                builder.paragraph(indented(item, margin, em), page=each.number, recognised=recognised)
                continue
            joined = join(pending[1], item) if pending and index == 0 else None
            if pending and joined:
                pending = pending[0], joined
            else:
                flush()
                pending = each.number, item
    flush()
    return builder.build(media_type=media_type, pages=len(sheets), title=title)


def _box(item: Box | Table) -> Box:
    return item if isinstance(item, Box) else item.outline
