"""Characters of a page to lines of text, with spaces and tabs by the gaps between them."""

from collections.abc import Iterable, Sequence
from statistics import median

from extraction.readers.pdf_page import Box

_SPACE = 0.25
"""A gap next to a Latin letter or digit that is a space, in character widths."""
_WIDE_SPACE = 0.6
"""The same between Chinese characters: justified lines are stretched."""
_TAB = 1.5
_INDENT = 1.2
_DEEPEST = 4


def lines(characters: Iterable[Box], *, tabs: bool = True) -> list[Box]:
    """The lines from top to bottom, each the box around its text; with ``tabs``, wide gaps become tabs."""
    rows: list[list[Box]] = []
    for character in sorted(characters, key=lambda box: box.middle):
        if rows and _on_one_line(rows[-1], character):
            rows[-1].append(character)
        else:
            rows.append([character])
    return [_line(sorted(row, key=lambda box: box.x0), tabs) for row in rows]


def _on_one_line(row: Sequence[Box], character: Box) -> bool:
    last = row[-1]
    height = min(last.bottom - last.top, character.bottom - character.top)
    return character.middle - row[0].middle < 0.5 * height and character.middle - last.middle < 0.4 * height


def _line(row: Sequence[Box], tabs: bool) -> Box:
    em = character_width(row)
    pieces = [row[0].text]
    last = row[0]
    for each in row[1:]:
        # Bold print is sometimes the same character twice, a hair apart.
        if each.text == last.text and each.x0 - last.x0 < 0.3 * (last.x1 - last.x0):
            continue
        gap = (each.x0 - last.x1) / em
        if gap > _TAB and tabs:
            pieces.append("\t")
        elif gap > (_SPACE if each.text < "\u2e80" or last.text < "\u2e80" else _WIDE_SPACE):
            pieces.append(" ")
        pieces.append(each.text)
        last = each
    return Box(row[0].x0, min(b.top for b in row), max(b.x1 for b in row), max(b.bottom for b in row), "".join(pieces))


def character_width(row: Sequence[Box]) -> float:
    """The width of a Chinese character in these boxes, in points."""
    chinese = [box.x1 - box.x0 for box in row if "\u4e00" <= box.text[:1] <= "\u9fff" and len(box.text) == 1]
    return max(median(chinese) if chinese else 0.85 * median(box.bottom - box.top for box in row), 1.0)


def indented(line: Box, margin: float, em: float) -> str:
    """The text of a line, behind spaces (in a row of cells a tab) for its distance from the margin."""
    indent = (line.x0 - margin) / em
    if indent < _INDENT:
        return line.text
    return ("\t" if "\t" in line.text else " " * min(round(indent), _DEEPEST)) + line.text
