"""Texts of a scanned page to the cells of its ruled tables; what stands in a cell and was read badly is read again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import median
from typing import Self

import cv2
import numpy as np

from extraction.readers.pdf_page import Box
from extraction.readers.recogniser import Greys, Text, read_line, spread
from extraction.readers.scan_greys import smooth_ink
from extraction.resources.confusables import confusables

UNREAD = "□"
"""Stands for ink that could not be read, as in the editing of damaged texts."""
_SURE, _SURELY, _LEGIBLE = 0.9, 0.97, 0.5
"""Scores from which a reading needs no second one, from which it stands by itself, and from which it is one."""
_INSET, _SMALLEST = 0.0025, 0.0018
"""What is left out along the lines of a cell, and the smallest piece of ink, in parts of the page's longer side."""
_MARGIN = 0.3
"""Paper around a number that is read again, in parts of its height."""
_TALL = 1.8
"""A text so many times as high as wide stands upright."""
_FAINT = 0.25
"""How dark ink in a cell is, from paper to the darkest of the page."""
_LEANING = 0.22
"""How far a slash leans, across by down; a 1 is upright, and its flag leans the other way."""
_FEWEST_ROWS = 4
_FLAT = 2.5
_DASH, _THIN = 0.02, 0.002
"""A dash is so many times as wide as high, no wider than this part of the longer side, and a thin one no higher."""
_SPECK = 0.25
"""Pieces of ink smaller than this part of the largest in a cell are specks."""
_UNEVEN = 0.2
"""How far the width of a number may be from its digits' where they touch."""
_APART = 1.2
"""Room between two numbers, in heights of their digits."""
_CENTRAL = 0.25
"""How far from the middle of its cell a dash may stand, in parts of the cell's height."""
_LINE = 0.85
"""A thin piece of ink as wide as this part of its cell is a line."""

Reading = tuple[str, float]
"""A text and how sure it is."""


@dataclass(frozen=True)
class _Cell:
    """A ruled cell, its texts, and the pieces of ink in it."""

    box: Box
    texts: tuple[Text, ...]
    blobs: tuple[Box, ...]

    @classmethod
    def of(cls, ink: Greys, box: Box, texts: Sequence[Text]) -> Self:
        """With its ink, and without texts that stand upright, which are read as if they lay."""
        is_tall = any(text.box.height > _TALL * text.box.width and len(text.box.text) > 1 for text in texts)
        blobs = tuple(_blobs(ink, box, max(ink.shape)))
        ordered = () if is_tall and blobs else sorted(texts, key=lambda text: text.box.x0)
        return cls(box, tuple(ordered), blobs)

    @property
    def whole(self) -> str:
        """Its text, where that is one line."""
        return "".join(text.box.text for text in self.texts)

    @property
    def area(self) -> Box:
        """The box around its ink."""
        return Box(
            min(blob.x0 for blob in self.blobs),
            min(blob.top for blob in self.blobs),
            max(blob.x1 for blob in self.blobs),
            max(blob.bottom for blob in self.blobs),
        )


def read_cells(greys: Greys, texts: Sequence[Text], cells: Sequence[Box]) -> list[Text]:
    """The texts, each of one cell or of none.

    :param greys: the upright page; all places are in its pixels.
    :param cells: of all ruled tables.
    """
    ink = smooth_ink(greys, _FAINT)
    held: dict[int, list[Text]] = {}
    for text in texts:
        for owner, part in _parts(text, cells):
            held.setdefault(owner, []).append(part)
    found = held.pop(-1, [])
    inked = [_Cell.of(ink, cell, held.get(number, [])) for number, cell in enumerate(cells)]
    pace = _pace(inked)
    for cell in inked:
        found += _read_cell(greys, ink, cell, pace)
    return found


def _parts(text: Text, cells: Sequence[Box]) -> Iterator[tuple[int, Text]]:
    """A text cut where its characters change from one cell to the next; -1 is outside of all."""
    owners = [_owner(centre, text.box.middle, cells) for centre in text.centres]
    start = 0
    for end in range(1, len(owners) + 1):
        if end < len(owners) and owners[end] == owners[start]:
            continue
        if start == 0 and end == len(owners):
            yield owners[0], text
        else:
            middle = text.centres[start:end]
            half = text.box.width / len(owners) / 2
            box = replace(text.box, x0=middle[0] - half, x1=middle[-1] + half, text=text.box.text[start:end])
            yield owners[start], Text(box, middle, text.score)
        start = end


def _owner(x: float, y: float, cells: Sequence[Box]) -> int:
    return next((i for i, cell in enumerate(cells) if cell.x0 <= x <= cell.x1 and cell.top <= y <= cell.bottom), -1)


def _pace(cells: Sequence[_Cell]) -> float | None:
    """How wide a digit is beside its height where each is a piece of ink by itself."""
    apart = [cell for cell in cells if len(cell.blobs) > 1 and len(cell.blobs) == len(cell.whole)]
    return median(cell.area.width / cell.area.height / len(cell.whole) for cell in apart) if apart else None


def _read_cell(greys: Greys, ink: Greys, cell: _Cell, pace: float | None) -> list[Text]:
    """The texts of a cell, read again where there are none, or a doubtful number."""
    texts, whole, pieces = list(cell.texts), cell.whole, len(cell.blobs)
    if not cell.blobs or (texts and not confusables().may_be_number(whole)):
        return texts
    area = cell.area
    if _stand_apart(cell.blobs):
        # Two numbers where the line between their cells was not found: which is whose cannot be told.
        box = replace(area, text=UNREAD)
        return [Text(box, spread(box), 0.0, tuple(text.box.text for text in texts))]
    is_central = abs(area.middle - cell.box.middle) < _CENTRAL * cell.box.height
    # Where nothing was found as text, what is left of a number that a stamp covers is no dash.
    is_stroke = whole in confusables().strokes and is_central and (whole or pieces == 1)
    if is_stroke and (shape := _stroke(ink, area, thin=not whole)):
        return [_of_shape(shape, whole, area)]
    score = min((text.score for text in texts), default=0.0)
    if len(texts) == 1 and score >= _SURE:
        touching = pieces < len(whole) and pace and abs(area.width / area.height / len(whole) - pace) < _UNEVEN * pace
        if touching or _fits(whole, pieces):
            return texts
    if not texts and area.height > _TALL * area.width and pieces > 1:
        return _read_stacked(greys, cell.blobs)
    return [_read_again(greys, area, pieces, [(whole, score)] if texts else [])]


def _stand_apart(blobs: Sequence[Box]) -> bool:
    """Whether pieces of ink stand in groups with more room between them than digits of one number have."""
    ordered = sorted(blobs, key=lambda blob: blob.x0)
    room = _APART * max(blob.height for blob in blobs)
    ends = accumulate((blob.x1 for blob in ordered), max)
    return any(blob.x0 - end > room for end, blob in zip(ends, ordered[1:], strict=False))


def _fits(text: str, pieces: int) -> bool:
    """Whether a number has as many characters as its ink has pieces; points may be too small to be seen."""
    return pieces in (len(text), len(text) - text.count("."))


def _stroke(ink: Greys, area: Box, *, thin: bool) -> str | None:
    """The slash or dash that the ink of a cell is by its shape, if it is one; a ``thin`` dash alone where asked for."""
    size = max(ink.shape)
    if area.width > _FLAT * area.height:
        is_dash = area.width < _DASH * size and not (thin and area.height > _THIN * size)
        return "—" if is_dash else None
    inside = ink[round(area.top) : round(area.bottom), round(area.x0) : round(area.x1)].astype(np.float64)
    rows = np.flatnonzero(inside.sum(axis=1))
    if area.height < area.width or len(rows) < _FEWEST_ROWS:
        return None
    centres = inside[rows] @ np.arange(inside.shape[1]) / inside[rows].sum(axis=1)
    leaning = float(np.polyfit(rows, centres, 1)[0])
    return None if abs(leaning) < _LEANING else "/" if leaning < 0 else "\\"


def _of_shape(shape: str, read: str, area: Box) -> Text:
    """A slash or dash that was read as something else, which stays its other reading."""
    box = replace(area, text=shape)
    return Text(box, spread(box), _SURE, (read,) if read and read != shape else ())


def _blobs(ink: Greys, cell: Box, size: int) -> list[Box]:
    """The connected pieces of ink in a cell, without specks and what is left of the lines around it."""
    inset, least = round(_INSET * size), _SMALLEST * size
    left, top = round(cell.x0) + inset, round(cell.top) + inset
    inside = ink[top : max(top, round(cell.bottom) - inset), left : max(left, round(cell.x1) - inset)]
    if min(inside.shape) < 2 * inset:
        return []
    _, _, stats, _ = cv2.connectedComponentsWithStats(inside)
    blobs = []
    for x, y, width, height, _ in stats[1:].tolist():
        at_edge = x == 0 or y == 0 or x + width == inside.shape[1] or y + height == inside.shape[0]
        is_long = width > _LINE * inside.shape[1] or height == inside.shape[0]
        is_line = min(width, height) < (2 * inset if is_long else inset if at_edge else 0)
        if max(width, height) >= least and not is_line:
            blobs.append(Box(left + x, top + y, left + x + width, top + y + height))
    largest = max((max(blob.width, blob.height) for blob in blobs), default=0.0)
    return [blob for blob in blobs if max(blob.width, blob.height) > _SPECK * largest]


def _read_stacked(greys: Greys, blobs: Sequence[Box]) -> list[Text]:
    """The characters that stand one below the other in a narrow cell."""
    rows: list[Box] = []
    for blob in sorted(blobs, key=lambda blob: blob.top):
        # Strokes of one character overlap in height, or stand closer than characters do.
        last = rows[-1] if rows else None
        if last and (blob.top <= last.bottom or blob.bottom - last.top < 1.1 * max(last.width, blob.width)):
            rows[-1] = Box(min(last.x0, blob.x0), last.top, max(last.x1, blob.x1), max(last.bottom, blob.bottom))
        else:
            rows.append(blob)
    return [_read_again(greys, row, 0, []) for row in rows]


def _read_again(greys: Greys, area: Box, pieces: int, readings: list[Reading]) -> Text:
    """The text of an area by its readings so far and two more: at its own size, and larger in black and white.

    A number that two of them agree on is taken, or one that has as many characters as the ink has ``pieces``.
    """
    readings = [*readings, *_two_readings(greys, area)]
    known = confusables()
    votes = Counter(text for text, _ in readings)

    def rank(reading: Reading) -> tuple[bool, bool, bool, int, float]:
        text, score = reading
        is_first = reading == readings[0] and score >= _SURELY
        return known.is_number(text), _fits(text, pieces), is_first, votes[text], score

    legible = [(text, score) for text, score in readings if text and score >= _LEGIBLE]
    best, score = max(legible, key=rank, default=("", 0.0))
    is_told = votes[best] > 1 or score >= _SURELY or (_fits(best, pieces) and score >= _SURE)
    if not best or not is_told or (known.may_be_number(best) and not known.is_number(best)):
        best, score = UNREAD, 0.0
    others = tuple(text for text in dict.fromkeys(text for text, _ in readings) if text and text != best)
    box = replace(area, text=best)
    return Text(box, spread(box), max((s for text, s in legible if text == best), default=score), others)


def _two_readings(greys: Greys, area: Box) -> Iterator[Reading]:
    margin = max(3, round(_MARGIN * min(area.height, area.width)))
    rows = slice(max(0, round(area.top) - 1), round(area.bottom) + 1)
    cut = greys[rows, max(0, round(area.x0) - 1) : round(area.x1) + 1]
    paper = int(np.percentile(cut, 95))
    framed = cv2.copyMakeBorder(cut, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=paper)
    large = cv2.GaussianBlur(cv2.resize(framed, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), (0, 0), 1.5)
    _, black = cv2.threshold(large, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for picture in (framed, black):
        yield read_line(np.asarray(picture, np.uint8))
