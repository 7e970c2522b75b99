"""Pictures of scanned pages to upright greys without stamps, and their ruling lines."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extraction.readers.pdf_page import Box
from extraction.readers.recogniser import Greys

_STEEPEST = 4.0
"""Largest skew that is looked for, in degrees."""
_SMALL = 1000
_RED = 40
"""How much brighter red ink is in red than in green and blue."""
_LITTLE, _FADED = 0.2, 0.9
"""Redness of what a stamp touches, and light of its paler parts, both beside its own."""
_STAMP = 0.1
"""Part of the page's width that a stamp has at least; characters printed in red are smaller."""
_NEAR = 0.012
"""Part of the longer side that the strokes of a stamp stand apart at the most."""
_JOINT = 0.0013
_SHORTEST = 0.036
_SHORTEST_UPRIGHT = 0.026
"""Lengths of the shortest ruling lines in parts of the page's longer side: no stroke of a character is as long."""
_THICKEST = 0.006
_LIGHT = 0.12
"""How dark a ruling line is at the least, 0 as the paper to 1 as the darkest of the page."""
_GRAIN = 0.8
_REACH = 0.0045
_LONG = 0.12
"""Lines longer than this part of the longer side need not end at others."""
_BESIDE = 0.0035
_SOLID, _SPARSE, _DENSE = 0.8, 0.3, 0.5
"""Shares of ink on a line, and at the least on one side of it and on the other."""
_ALIGNED, _WIDEST_GAP, _BROKEN = 0.0015, 0.15, 0.6
_DARK = 12
_INK = 60
"""How much darker than the paper around it a line or a character is."""


def upright(picture: npt.NDArray[np.uint8]) -> Greys:
    """A page in greys, with its red stamps taken off and its skew taken out."""
    greys = _without_stamps(picture)
    angle = _skew(greys)
    if abs(angle) < 0.03:
        return greys
    height, width = greys.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = int(np.median(greys))
    return _greys(cv2.warpAffine(greys, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper))


def _greys(array: Any) -> Greys:
    return np.asarray(array, dtype=np.uint8)


def _without_stamps(picture: npt.NDArray[np.uint8]) -> Greys:
    """The page in greys; in its round or square red patches what is red is made as bright as the paper."""
    greys = _greys(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    small = _greys(cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA))
    red = (_redness(small) > _RED).astype(np.uint8)
    if not red.any():
        return greys
    reach = max(3, round(_NEAR * max(small.shape)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(red, np.ones((reach, reach), np.uint8)))
    for left, top, width, height, _ in stats[1:].tolist():
        if min(width, height) > _STAMP * small.shape[1] and max(width, height) < 2 * min(width, height):
            patch = picture[4 * top : 4 * (top + height), 4 * left : 4 * (left + width)]
            light = patch[:, :, 0].astype(np.float32)
            redness = _redness(patch)
            inked = redness >= float(np.median(redness[redness > _RED]))
            paper = float(np.median(light[redness < _RED / 2]))
            brighter = max(1.0, paper / max(1.0, _FADED * float(np.median(light[inked]))))
            # JPEG blurs colours more than light, so that the rim of a stroke looks less red than it is.
            touched = cv2.dilate(redness, np.ones((5, 5), np.uint8)) > _LITTLE * float(np.median(redness[inked]))
            lifted = np.where(touched, np.minimum(light * brighter, np.maximum(light, paper)), light)
            rows, columns = slice(4 * top, 4 * top + patch.shape[0]), slice(4 * left, 4 * left + patch.shape[1])
            greys[rows, columns] = lifted
    return greys


def _redness(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """How much brighter each point is in red than in green and blue; black ink under red is as dark in all."""
    light = picture.astype(np.float32)
    return np.asarray(light[:, :, 0] - light[:, :, 1:].max(axis=2), np.float32)


def _skew(greys: Greys) -> float:
    """The angle in degrees by which the page is to be turned for its lines to be level."""
    scale = min(1.0, _SMALL / max(greys.shape))
    small = cv2.resize(greys, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = ink_of(_greys(small), _DARK, 31)
    best, step = 0.0, 0.5
    spread = _STEEPEST
    while step > 0.02:
        angles = np.arange(best - spread, best + spread + step / 2, step)
        best = float(max(angles, key=lambda angle: _sharpness(ink, float(angle))))
        spread, step = step, step / 4
    return best


def _sharpness(ink: Greys, angle: float) -> float:
    """How much the rows of a page differ in ink when it is turned; most where lines are level."""
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    rows = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def ink_of(greys: Greys, darker: int = _INK, around: int = 51) -> Greys:
    """255 where a page is that much darker than the paper around, else 0."""
    paper = cv2.ADAPTIVE_THRESH_MEAN_C
    return _greys(cv2.adaptiveThreshold(greys, 255, paper, cv2.THRESH_BINARY_INV, around | 1, darker))


def smooth_ink(greys: Greys, share: float) -> Greys:
    """255 where there is ink, 0 on paper and its grain.

    :param share: how dark ink is at the least, 0 as the paper to 1 as the darkest of the page.
    """
    smooth = _greys(cv2.GaussianBlur(greys, (0, 0), _GRAIN))
    paper, darkest = np.percentile(smooth[::4, ::4], (50, 1))
    return ink_of(smooth, max(_DARK, round(share * float(paper - darkest))))


def rulings(greys: Greys) -> list[Box]:
    """The ruling lines of an upright page, in pixels: boxes of no width or no height."""
    size = max(greys.shape)
    ink = smooth_ink(greys, _LIGHT)
    found = []
    for is_level, part in ((True, _SHORTEST), (False, _SHORTEST_UPRIGHT)):
        lines = cv2.dilate(ink, _bar(3, is_level=not is_level))
        lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, _bar(max(3, round(_JOINT * size)), is_level=is_level))
        lines = cv2.morphologyEx(lines, cv2.MORPH_OPEN, _bar(round(part * size), is_level=is_level))
        _, _, stats, centres = cv2.connectedComponentsWithStats(_greys(lines))
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
    for line in sorted(lines, key=lambda line: (line.x0, line.top)):
        for index, before in enumerate(found):
            if (gap := _gap(before, line, _ALIGNED * size)) and gap[1] - gap[0] < _WIDEST_GAP * size:
                place = round(before.top if before.height == 0 else before.x0)
                strips = _along(ink, before)[max(0, place - 2) : place + 3, round(gap[0]) : round(gap[1])]
                if not strips.size or strips.max(axis=0).mean() > 255 * _BROKEN:
                    x1, bottom = max(before.x1, line.x1), max(before.bottom, line.bottom)
                    found[index] = replace(before, x1=x1) if before.height == 0 else replace(before, bottom=bottom)
                    break
        else:
            found.append(line)
    return found


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
    """The lines without short ones that do not go from one line to another, as strokes of characters do."""
    reach = max(2.0, _REACH * size)

    def meets(x: float, y: float, line: Box) -> bool:
        return line.x0 - reach <= x <= line.x1 + reach and line.top - reach <= y <= line.bottom + reach

    def is_kept(line: Box) -> bool:
        across = [each for each in lines if (each.height == 0) != (line.height == 0)]
        ends = ((line.x0, line.top), (line.x1, line.bottom))
        return max(line.width, line.height) > _LONG * size or all(
            any(meets(x, y, each) for each in across) for x, y in ends
        )

    return [line for line in lines if is_kept(line)]


def _stands_alone(ink: Greys, line: Box, beside: int) -> bool:
    """Whether a line is ink almost all along and has paper on a side; the strokes of printed text are denser."""
    is_level = line.height == 0
    start, end, place = (line.x0, line.x1, line.top) if is_level else (line.top, line.bottom, line.x0)
    strips, place = _along(ink, line)[:, round(start) : round(end)], round(place)
    on_line = strips[max(0, place - 1) : place + 2].max(axis=0).mean()
    sides = [strips[side].mean() for side in (place - beside, place + beside) if 0 <= side < len(strips)]
    return bool(on_line > 255 * _SOLID and min(sides) < 255 * _SPARSE and max(sides) < 255 * _DENSE) if sides else False


def _bar(length: int, *, is_level: bool) -> Greys:
    return np.ones((1, length) if is_level else (length, 1), np.uint8)
