"""Ruling lines of a scanned page."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from extraction.readers.pdf_page import Box
from extraction.readers.recogniser import Greys
from extraction.readers.scan_greys import smooth_ink

_JOINT = 0.0013
"""Breaks of a ruling line that are closed, in parts of the longer side."""
_SHORTEST = 0.036
_SHORTEST_UPRIGHT = 0.026
"""Lengths of the shortest ruling lines in parts of the page's longer side: no stroke of a character is as long."""
_THICKEST = 0.006
"""Thickest ruling line in parts of the longer side."""
_LIGHT = 0.12
"""How dark a ruling line is at the least, 0 as the paper to 1 as the darkest of the page."""
_REACH, _DRAWN_ON = 0.0045, 0.05
"""How near a line ends at another, and how far it is drawn on to one, in parts of the longer side."""
_LONG = 0.12
"""Lines longer than this part of the longer side need not end at others."""
_BESIDE = 0.0035
"""Where paper stands beside a line, in parts of the longer side."""
_SOLID, _SPARSE, _DENSE = 0.8, 0.3, 0.5
"""Shares of ink on a line, and at the most on one side of it and on the other."""
_ALIGNED, _WIDEST_GAP = 0.0015, 0.15
"""How far out of line, and how far apart, pieces of one line are, in parts of the longer side."""
_BROKEN, _TINY = 0.6, 3
"""Share of ink between pieces of one line, and a gap in pixels that is none."""


def rulings(greys: Greys) -> list[Box]:
    """The ruling lines of an upright page, in pixels: boxes of no width or no height."""
    size = max(greys.shape)
    ink = smooth_ink(greys, _LIGHT)
    found = []
    for is_level, part in ((True, _SHORTEST), (False, _SHORTEST_UPRIGHT)):
        lines = cv2.dilate(ink, _bar(3, is_level=not is_level))
        lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, _bar(max(3, round(_JOINT * size)), is_level=is_level))
        lines = cv2.morphologyEx(lines, cv2.MORPH_OPEN, _bar(round(part * size), is_level=is_level))
        _, _, stats, centres = cv2.connectedComponentsWithStats(np.asarray(lines, np.uint8))
        for (left, top, width, height, area), (x, y) in zip(stats[1:].tolist(), centres[1:].tolist(), strict=True):
            long = width if is_level else height
            line = Box(left, y, left + width, y) if is_level else Box(x, top, x, top + height)
            if area < _THICKEST * size * long and _stands_alone(ink, line, max(3, round(_BESIDE * size))):
                found.append(line)
    return _joined(_bridged(ink, found), size)


def _bridged(ink: Greys, lines: Sequence[Box]) -> list[Box]:
    """The lines, as one where they go on from each other over a gap in which most is ink."""
    size = max(ink.shape)
    found: list[Box] = []
    for line in sorted(lines, key=_extent):
        gaps = ((index, _gap(before, line, _ALIGNED * size)) for index, before in enumerate(found))
        before = max(((gap, index) for index, gap in gaps if gap), default=None)
        if before and _is_inked(ink, line, before[0]):
            whole = found[before[1]]
            if line.height == 0:
                found[before[1]] = replace(whole, x1=max(whole.x1, line.x1))
            else:
                found[before[1]] = replace(whole, bottom=max(whole.bottom, line.bottom))
        else:
            found.append(line)
    return found


def _is_inked(ink: Greys, line: Box, gap: tuple[float, float]) -> bool:
    """Whether a gap before a line is short and most of it is ink, and more of it than of what stands beside."""
    size = max(ink.shape)
    start, end = round(gap[0]), round(gap[1])
    if end - start > _WIDEST_GAP * size:
        return False
    strips = _along(ink, line)[:, start : max(end, start + 1)]
    on_line, sides = _shares(strips, round(_extent(line)[2]), max(3, round(_BESIDE * size)))
    return end - start < _TINY or (on_line > _BROKEN and max(sides) < on_line / 2)


def _gap(first: Box, second: Box, aligned: float) -> tuple[float, float] | None:
    """Where one line ends and another begins that goes on from it; ``None`` where it does not."""
    if first.height == 0 and second.height == 0:
        return (first.x1, second.x0) if abs(first.top - second.top) <= aligned and second.x0 >= first.x0 else None
    if first.width == 0 and second.width == 0:
        return (first.bottom, second.top) if abs(first.x0 - second.x0) <= aligned and second.top >= first.top else None
    return None


def _along(ink: Greys, line: Box) -> Greys:
    """The page, on its side for an upright line, so that the line's points are those of a row."""
    return ink if line.height == 0 else ink.T


def _joined(lines: Sequence[Box], size: int) -> list[Box]:
    """The lines, with short ones drawn on to the lines that they end before, and without those that end at none."""
    reach, furthest = max(2.0, _REACH * size), _DRAWN_ON * size

    def end_of(line: Box, *, is_first: bool) -> tuple[float, bool] | None:
        """Where an end of a line belongs, and whether it is there already."""
        start, end, place = _extent(line)
        own = start if is_first else end
        across = [_extent(each) for each in lines if (each.height == 0) != (line.height == 0)]
        places = [at for first, last, at in across if first - reach <= place <= last + reach]
        if any(abs(at - own) <= reach for at in places):
            return own, True
        beyond = [at for at in places if 0 < (own - at if is_first else at - own) <= furthest]
        return (max(beyond) if is_first else min(beyond), False) if beyond else None

    found = []
    for line in lines:
        first, last = end_of(line, is_first=True), end_of(line, is_first=False)
        if first and last and (first[1] or last[1]):
            ends = first[0], last[0]
            line = (
                replace(line, x0=ends[0], x1=ends[1])
                if line.height == 0
                else replace(line, top=ends[0], bottom=ends[1])
            )
            found.append(line)
        elif max(line.width, line.height) > _LONG * size:
            found.append(line)
    return found


def _extent(line: Box) -> tuple[float, float, float]:
    """Start, end and place of a line, across and down for a level one, down and across for an upright one."""
    return (line.x0, line.x1, line.top) if line.height == 0 else (line.top, line.bottom, line.x0)


def _stands_alone(ink: Greys, line: Box, beside: int) -> bool:
    """Whether a line is ink almost all along and has paper on a side; the strokes of printed text are denser."""
    start, end, place = _extent(line)
    on_line, sides = _shares(_along(ink, line)[:, round(start) : round(end)], round(place), beside)
    return on_line > _SOLID and min(sides) < _SPARSE and max(sides) < _DENSE


def _shares(strips: Greys, place: int, beside: int) -> tuple[float, tuple[float, float]]:
    """Shares of ink in a row of points and its neighbours, and so far above and below it."""

    def share(at: int, reach: int) -> float:
        rows = strips[max(0, at - reach) : at + reach + 1]
        return float(rows.max(axis=0).mean()) / 255 if rows.size else 0.0

    return share(place, 1), (share(place - beside, 0), share(place + beside, 0))


def _bar(length: int, *, is_level: bool) -> Greys:
    return np.ones((1, length) if is_level else (length, 1), np.uint8)
