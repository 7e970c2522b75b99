"""A page of a PDF to characters and ruling lines, in points from the top left corner as the page is shown."""

import ctypes
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import pypdfium2.raw as raw

from extraction.document import Recognised
from extraction.resources.radicals import radicals

_MOST_CHARACTERS = 20_000
_MOST_PATHS = 20_000
_MOST_SEGMENTS = 1_000
_THIN = 3.0
"""A filled rectangle no thicker than this many points is a drawn line."""
_LARGE = 40.0
"""Characters larger than this many points are measured again."""
_SLANT = 0.1
_PICTURE = 0.3

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its text, if any; ``top`` is less than ``bottom``."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str = ""

    @property
    def middle(self) -> float:
        """The height of its centre."""
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """From its left to its right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """From its top to its bottom."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of a page that a recogniser read, as the box around it, and how it was read."""

    box: Box
    recognised: Recognised

    def within(self, outer: Box) -> bool:
        """Whether its centre is inside of a box."""
        across = (self.box.x0 + self.box.x1) / 2
        return outer.x0 <= across <= outer.x1 and outer.top <= self.box.middle <= outer.bottom


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows; a ruling line is a box of no width or no height. Only scans have ``readings``."""

    number: int
    width: float
    height: float
    characters: tuple[Box, ...]
    rulings: tuple[Box, ...]
    readings: tuple[Reading, ...] = ()


def least(readings: Iterable[Reading]) -> Recognised | None:
    """How a text of several readings was read: as badly as its worst; only one by itself has other readings."""
    found = [reading.recognised for reading in readings]
    if not found:
        return None
    return found[0] if len(found) == 1 else Recognised(min(each.score for each in found))


def load_page(document: Any, number: int) -> Page:
    """The page of that number, counted from 1, of a pypdfium2 document.

    :raises pypdfium2.PdfiumError: the page is damaged.
    """
    page = document[number - 1]
    try:
        shown = _as_shown(page)
        width, height = page.get_size()
        characters = (c for c in _characters(page, shown) if 0 <= c.middle <= height and c.x1 >= 0 and c.x0 <= width)
        return Page(number, width, height, tuple(characters), tuple(_rulings(page, shown)))
    finally:
        page.close()


def shows_picture(document: Any, number: int) -> bool:
    """Whether an image takes a good part of the page of that number, as a scan does.

    :raises pypdfium2.PdfiumError: the page is damaged.
    """
    page = document[number - 1]
    try:
        width, height = page.get_size()
        for image in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), _MOST_PATHS):
            left, bottom, right, top = image.get_bounds()
            if abs((right - left) * (top - bottom)) > _PICTURE * width * height:
                return True
        return False
    finally:
        page.close()


def _as_shown(page: Any) -> Callable[[float, float], Point]:
    """From the page's own coordinates to points from the top left corner of the turned page."""
    left, bottom, right, top = page.get_bbox()
    return {
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }.get(page.get_rotation(), lambda x, y: (x - left, top - y))


def _box(first: Point, second: Point, text: str = "") -> Box:
    (x0, x1), (top, bottom) = sorted((first[0], second[0])), sorted((first[1], second[1]))
    return Box(x0, top, x1, bottom, text)


def _characters(page: Any, shown: Callable[[float, float], Point]) -> Iterator[Box]:
    look_alikes = radicals()
    text = page.get_textpage()
    try:
        for index in range(min(text.count_chars(), _MOST_CHARACTERS)):
            code = raw.FPDFText_GetUnicode(text, index)
            # Spaces say little in a PDF: gaps are measured instead.
            if code <= 0x20 or code in (0xA0, 0x3000, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
                continue
            if raw.FPDFText_IsGenerated(text, index) == 1 or _is_slanted(raw.FPDFText_GetCharAngle(text, index)):
                continue
            left, bottom, right, top = _extent(text, index)
            yield _box(shown(left, top), shown(right, bottom), look_alikes.get(code) or chr(code))
    finally:
        text.close()


def _is_slanted(angle: float) -> bool:
    """Whether a character stands at an angle (in radians) as in a watermark; turned pages are at right angles."""
    turned = angle % (math.pi / 2)
    return min(turned, math.pi / 2 - turned) > _SLANT


def _extent(text: Any, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of the room a character takes; (0, 0, 0, 0) where PDFium cannot tell."""
    room = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, index, room)
    if max(room.right - room.left, room.top - room.bottom) < _LARGE:
        return room.left, room.bottom, room.right, room.top
    # PDFium gives characters set from top to bottom twenty times their size.
    matrix, (left, bottom, right, top) = raw.FS_MATRIX(), text.get_charbox(index)
    raw.FPDFText_GetMatrix(text, index, matrix)
    half = raw.FPDFText_GetFontSize(text, index) * abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5 / 2
    x, y = (left + right) / 2, (bottom + top) / 2
    return x - half, y - half, x + half, y + half


def _rulings(page: Any, shown: Callable[[float, float], Point]) -> Iterator[Box]:
    for path in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]), _MOST_PATHS):
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
            continue
        for outline in _outlines(path):
            points = [shown(*point) for point in outline]
            if stroke.value:
                for first, second in pairwise(points):
                    yield from _straight(_box(first, second), 0.5)
            elif len(points) > 1:
                columns, rows = zip(*points, strict=True)
                yield from _straight(Box(min(columns), min(rows), max(columns), max(rows)), _THIN)


def _straight(box: Box, thickness: float) -> Iterator[Box]:
    """The line along the middle of a box, if it is thin."""
    width, height = box.x1 - box.x0, box.bottom - box.top
    if height <= thickness and width > height:
        yield Box(box.x0, box.middle, box.x1, box.middle)
    elif width <= thickness and height > width:
        across = (box.x0 + box.x1) / 2
        yield Box(across, box.top, across, box.bottom)


def _outlines(path: Any) -> Iterator[list[Point]]:
    """The corners of each part of a path, in the page's own coordinates; a closed part ends where it began."""
    matrix = path.get_matrix()
    container = path.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point] = []
    for index in range(min(raw.FPDFPath_CountSegments(path), _MOST_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(matrix.on_point(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points
