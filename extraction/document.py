"""A document as readers give it: one string of text, with paragraphs and grids that point into it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = r"\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad"
_UNPRINTED = r"\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ue000-\uf8ff\ufffd-\uffff"
_DROPPED = re.compile(f"[{_CONTROLS}{_UNPRINTED}]")
_SPACES = re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LONE_SURROGATES = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """Normalise line breaks and spaces; drop characters that print nothing (soft hyphens, private use, controls)."""
    # Most cells and lines: nothing in them is a break, a control or an unusual space.
    if text.isprintable() and "\ufffd" not in text:
        return text
    text = _BREAKS.sub("\n", text)
    text = _DROPPED.sub("", text)
    text = _LONE_SURROGATES.sub("", text)
    return _SPACES.sub(" ", text)


@dataclass(frozen=True, slots=True)
class Recognised:
    """How a text was read from an image: how sure the recogniser is, 0 to 1, and what else it may say."""

    score: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """A line or paragraph, ``text[start:end]``; ``page`` counts from 1 where the format has pages.

    ``recognised`` is there where it was read from an image.
    """

    start: int
    end: int
    page: int | None = None
    recognised: Recognised | None = None


@dataclass(frozen=True)
class GridCell:
    """A cell of a grid, at its top left row and column, with the rows and columns it spans."""

    row: int
    column: int
    start: int
    end: int
    row_span: int = 1
    column_span: int = 1
    recognised: Recognised | None = None


@dataclass(frozen=True)
class Grid:
    """A table that the format itself marks as one; cells in reading order, offsets into the document's text."""

    start: int
    end: int
    rows: int
    columns: int
    cells: tuple[GridCell, ...]
    page: int | None = None


Block = Paragraph | Grid


@dataclass(frozen=True)
class Document:
    """Normalised text with its blocks in reading order. Blocks do not overlap."""

    text: str
    blocks: tuple[Block, ...]
    media_type: str
    encoding: str | None = None
    pages: int | None = None
    title: str | None = None
    """Title that the format carries apart from the text (HTML ``<title>``, DOCX core properties)."""


@dataclass(frozen=True)
class PlacedCell:
    """A cell on its way into a grid: its text before normalisation and its place."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    recognised: Recognised | None = None


@dataclass
class DocumentBuilder:
    """Collects paragraphs and grids in reading order and keeps their offsets right."""

    _parts: list[str] = field(default_factory=list)
    _blocks: list[Block] = field(default_factory=list)
    _length: int = 0

    def _add(self, text: str) -> tuple[int, int]:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start, self._length

    def paragraph(self, text: str, *, page: int | None = None, recognised: Recognised | None = None) -> None:
        """Add a paragraph; a blank one is kept as a line break, one with line breaks becomes several."""
        for line in clean(text).split("\n"):
            start, end = self._add(line)
            if line:
                self._blocks.append(Paragraph(start, end, page, recognised))
            self._add("\n")

    def grid(self, cells: Iterable[PlacedCell], *, page: int | None = None) -> None:
        """Add a grid; its rows become lines and its cells are parted by tabs in the text."""
        by_row: dict[int, list[PlacedCell]] = {}
        for cell in cells:
            by_row.setdefault(cell.row, []).append(cell)
        if not by_row:
            return
        start, placed = self._length, []
        for row in sorted(by_row):
            for number, cell in enumerate(sorted(by_row[row], key=lambda c: c.column)):
                if number:
                    self._add("\t")
                begin, end = self._add(_one_line(clean(cell.text).replace("\t", " ")))
                spans = cell.row_span, cell.column_span
                placed.append(GridCell(cell.row, cell.column, begin, end, *spans, cell.recognised))
            self._add("\n")
        rows = max(c.row + c.row_span for c in placed)
        columns = max(c.column + c.column_span for c in placed)
        self._blocks.append(Grid(start, self._length - 1, rows, columns, tuple(placed), page))

    def build(
        self, *, media_type: str, encoding: str | None = None, pages: int | None = None, title: str | None = None
    ) -> Document:
        """Give the document built so far."""
        return Document("".join(self._parts), tuple(self._blocks), media_type, encoding, pages, title)


def _one_line(text: str) -> str:
    """The lines of a cell as one: nothing between Chinese characters, a space next to anything else."""
    if "\n" not in text:
        return text.strip()
    parts: list[str] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        if parts and not (parts[-1][-1] > "\u2e7f" and line[0] > "\u2e7f"):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


@dataclass(frozen=True)
class Sentence:
    """A sentence of the narrative with the line breaks of the page taken out.

    ``text[i]`` stands at ``offsets[i]`` of the document's text, so ``offsets`` is as long as ``text``.
    ``section`` is the statutory number 1 to 6 of its section; sentences of one paragraph share ``paragraph``.
    """

    text: str
    offsets: tuple[int, ...]
    section: int | None
    paragraph: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the document's text of ``text[start:end]``, which must not be empty."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True)
class Entry:
    """A piece of a table as it is laid out: a label, a value or a blank, ``text`` standing at ``start`` to ``end``.

    ``column`` is its place in the row where the layout has columns, ``None`` where cells just follow each other.
    """

    text: str
    start: int
    end: int
    kind: Literal["label", "value", "blank"]
    column: int | None = None
    column_span: int = 1


@dataclass(frozen=True)
class TableRow:
    """Entries that a layout puts in one row; ``candidate`` numbers the tables of the document from 0.

    ``layout``: ``grid`` where the format marks the table, ``fields`` where tabs or bars part the columns of a line,
    ``run`` where cells only follow each other and a row is told by its label.
    """

    entries: tuple[Entry, ...]
    candidate: int
    layout: Literal["grid", "fields", "run"]

    @property
    def start(self) -> int:
        """Offset of the first entry."""
        return self.entries[0].start

    @property
    def end(self) -> int:
        """Offset behind the last entry."""
        return self.entries[-1].end

    @cached_property
    def labels(self) -> tuple[Entry, ...]:
        """The labels before the first value."""
        return tuple(entry for entry in self.entries[: self._first_value] if entry.kind == "label")

    @cached_property
    def values(self) -> tuple[Entry, ...]:
        """What stands behind the labels, blanks included; nothing in a row without any value or blank."""
        return self.entries[self._first_value :]

    @cached_property
    def _first_value(self) -> int:
        kinds = [entry.kind for entry in self.entries]
        # A number before the first label counts the rows: 「3 | 二、上年结转…」.
        filled = [kind for kind in kinds[1:] if kind != "blank"]
        begin = 1 if kinds[0] == "value" and filled[:1] == ["label"] else 0
        until = kinds.index("value", begin) if "value" in kinds[begin:] else len(kinds)
        return max((i + 1 for i in range(until) if kinds[i] == "label"), default=0)


def lines(blocks: Iterable[Block]) -> list[Paragraph]:
    """The paragraphs among the blocks."""
    return [block for block in blocks if isinstance(block, Paragraph)]
