"""Characters of a page to lines of text, with spaces and tabs by the gaps between them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
_ROW_DISTANCE = 3.0
"""How far the rows of an unruled table may stand apart, in heights of a line."""


@dataclass(frozen=True)
class _Line:
    """A line of text as the pieces between its wide gaps, and the width of a Chinese character in it."""

    pieces: tuple[Box, ...]
    em: float

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


def page_lines(characters: Iterable[Box]) -> list[Box]:
    """The lines from top to bottom, each the box around its text.

    Tabs part the cells of a row; the rows of a table without ruling lines have a tab for each empty cell too.
    """
    found: list[Box] = []
    run: list[_Line] = []
    for line in _lines(characters):
        near = bool(run) and line.pieces[0].top - run[-1].pieces[0].bottom < _ROW_DISTANCE * line.em
        if run and not (near and (line.is_row or len(line.pieces) > 2)):
            found += _aligned(run)
            run = []
        if line.is_row or run:
            run.append(line)
        else:
            found.append(line.joined())
    return found + _aligned(run)


def cell_lines(characters: Iterable[Box]) -> list[Box]:
    """The lines in one cell of a ruled table, where no gap is a tab."""
    return [line.box(" ".join(piece.text for piece in line.pieces)) for line in _lines(characters)]


def _lines(characters: Iterable[Box]) -> Iterator[_Line]:
    rows: list[list[Box]] = []
    for character in sorted(characters, key=lambda box: box.middle):
        if rows and _on_one_line(rows[-1], character):
            rows[-1].append(character)
        else:
            rows.append([character])
    return (_line(sorted(row, key=lambda box: box.x0)) for row in rows)


def _on_one_line(row: Sequence[Box], character: Box) -> bool:
    last = row[-1]
    height = min(last.bottom - last.top, character.bottom - character.top)
    return character.middle - row[0].middle < 0.5 * height and character.middle - last.middle < 0.4 * height


def _line(row: Sequence[Box]) -> _Line:
    em = character_width(row)
    pieces: list[list[Box]] = [[row[0]]]
    texts = [row[0].text]
    for last, each in pairwise(row):
        # Bold print is sometimes the same character twice, a hair apart.
        if each.text == last.text and each.x0 - last.x0 < 0.3 * (last.x1 - last.x0):
            continue
        gap = (each.x0 - last.x1) / em
        if gap > _COLUMN:
            pieces.append([])
            texts.append("")
        elif gap > (_SPACE if each.text < "\u2e80" or last.text < "\u2e80" else _WIDE_SPACE):
            texts[-1] += " "
        pieces[-1].append(each)
        texts[-1] += each.text
    return _Line(tuple(_around(piece, text) for piece, text in zip(pieces, texts, strict=True)), em)


def _around(boxes: Sequence[Box], text: str) -> Box:
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    return Box(boxes[0].x0, top, max(box.x1 for box in boxes), bottom, text)


def _aligned(rows: Sequence[_Line]) -> list[Box]:
    """The rows of an unruled table, with the pieces under the columns of the fullest rows."""
    if len(rows) < 2:
        return [row.joined() for row in rows]
    most = max(len(row.pieces) for row in rows)
    full = [row.pieces for row in rows if len(row.pieces) == most]
    columns = [
        (min(piece.x0 for piece in column), max(piece.x1 for piece in column)) for column in zip(*full, strict=True)
    ]
    boxes = []
    for row in rows:
        places = [_column(piece, columns) for piece in row.pieces]
        if len(set(places)) < len(places):
            boxes.append(row.joined())
            continue
        texts = dict(zip(places, row.pieces, strict=True))
        boxes.append(row.box("\t".join(texts[i].text if i in texts else "" for i in range(most))))
    return boxes


def _column(piece: Box, columns: Sequence[tuple[float, float]]) -> int:
    """The column that a piece shares most of its width with, or else is nearest to."""
    return max(range(len(columns)), key=lambda i: min(piece.x1, columns[i][1]) - max(piece.x0, columns[i][0]))


def character_width(row: Sequence[Box]) -> float:
    """The width of a Chinese character in these boxes, in points."""
    chinese = [box.x1 - box.x0 for box in row if "\u4e00" <= box.text[:1] <= "\u9fff" and len(box.text) == 1]
    return max(median(chinese) if chinese else 0.85 * median(box.bottom - box.top for box in row), 1.0)


def indented(line: Box, margin: float, em: float) -> str:
    """The text of a line, behind spaces for its distance from the margin; a row of cells is left as it is."""
    indent = (line.x0 - margin) / em
    return line.text if indent < _INDENT or "\t" in line.text else " " * min(round(indent), _DEEPEST) + line.text
