"""Characters of a page to lines of text, with spaces and tabs by the gaps between them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from extraction.readers.pdf_page import Box

_SPACE = 0.25
"""A gap next to a Latin letter or digit that is a space, in character widths."""
_WIDE_SPACE = 0.6
"""The same between Chinese characters: justified lines are stretched."""
_COLUMN = 0.8
"""A gap that parts the cells of neighbouring rows without lines between them."""
_TAB = 1.5
"""A gap that parts cells in a line of its own."""
_INDENT = 1.2
_DEEPEST = 4


@dataclass(frozen=True)
class Line:
    """A line of text as its characters, the pieces between its wide gaps, and the width of a Chinese character."""

    characters: tuple[Box, ...]
    pieces: tuple[Box, ...]
    em: float

    @property
    def middle(self) -> float:
        """The height of its centre."""
        return self.pieces[0].middle

    def parted(self, starts: Collection[float]) -> "Line":
        """The line with a new piece at each character that begins at one of ``starts``."""
        return _line(self.characters, starts)

    def moved(self, down: float) -> "Line":
        """The line that many points further down."""
        return Line(_moved(self.characters, down), _moved(self.pieces, down), self.em)

    @property
    def is_row(self) -> bool:
        """Whether the line alone shows that it is a row of cells."""
        return any(right.x0 - left.x1 > _TAB * self.em for left, right in pairwise(self.pieces))

    def box(self, text: str) -> Box:
        """The box around the line, with that text."""
        top, bottom = min(piece.top for piece in self.pieces), max(piece.bottom for piece in self.pieces)
        return Box(self.pieces[0].x0, top, max(piece.x1 for piece in self.pieces), bottom, text)

    def joined(self) -> Box:
        """The line with a tab for each very wide gap and a space for the others."""
        text = self.pieces[0].text
        for left, right in pairwise(self.pieces):
            text += ("\t" if right.x0 - left.x1 > _TAB * self.em else " ") + right.text
        return self.box(text)


def text_lines(characters: Iterable[Box]) -> list[Line]:
    """The lines from top to bottom."""
    rows: list[list[Box]] = []
    for character in sorted(characters, key=lambda box: box.middle):
        if rows and _on_one_line(rows[-1], character):
            rows[-1].append(character)
        else:
            rows.append([character])
    return [_line(sorted(row, key=lambda box: box.x0)) for row in rows]


def cell_lines(characters: Iterable[Box]) -> list[Box]:
    """The lines in one cell of a ruled table, where no gap is a tab."""
    return [line.box(" ".join(piece.text for piece in line.pieces)) for line in text_lines(characters)]


def _on_one_line(row: Sequence[Box], character: Box) -> bool:
    last = row[-1]
    height = min(last.bottom - last.top, character.bottom - character.top)
    return character.middle - row[0].middle < 0.5 * height and character.middle - last.middle < 0.4 * height


def _moved(boxes: Iterable[Box], down: float) -> tuple[Box, ...]:
    return tuple(replace(box, top=box.top + down, bottom=box.bottom + down) for box in boxes)


def _line(row: Sequence[Box], starts: Collection[float] = ()) -> Line:
    em = character_width(row)
    pieces: list[list[Box]] = [[row[0]]]
    texts = [row[0].text]
    for last, each in pairwise(row):
        # Bold print is sometimes the same character twice, a hair apart.
        if each.text == last.text and each.x0 - last.x0 < 0.3 * (last.x1 - last.x0):
            continue
        gap = (each.x0 - last.x1) / em
        if gap > _COLUMN or each.x0 in starts:
            pieces.append([])
            texts.append("")
        elif gap > (_SPACE if each.text < "\u2e80" or last.text < "\u2e80" else _WIDE_SPACE):
            texts[-1] += " "
        pieces[-1].append(each)
        texts[-1] += each.text
    kept = tuple(character for piece in pieces for character in piece)
    return Line(kept, tuple(around(piece, text) for piece, text in zip(pieces, texts, strict=True)), em)


def around(boxes: Sequence[Box], text: str) -> Box:
    """The box around others, with that text."""
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    return Box(min(box.x0 for box in boxes), top, max(box.x1 for box in boxes), bottom, text)


def character_width(row: Sequence[Box]) -> float:
    """The width of a Chinese character in these boxes, in points."""
    chinese = [box.x1 - box.x0 for box in row if "\u4e00" <= box.text[:1] <= "\u9fff" and len(box.text) == 1]
    return max(median(chinese) if chinese else 0.85 * median(box.bottom - box.top for box in row), 1.0)


def indented(line: Box, margin: float, em: float) -> str:
    """The text of a line, behind spaces for its distance from the margin; a row of cells is left as it is."""
    indent = (line.x0 - margin) / em
    return line.text if indent < _INDENT or "\t" in line.text else " " * min(round(indent), _DEEPEST) + line.text
