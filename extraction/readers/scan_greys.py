"""Pictures of scanned pages to upright greys without stamps, and to their ink."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extraction.readers.recogniser import Greys

_STEEPEST = 4.0
"""Largest skew that is looked for, in degrees."""
_SMALL = 1000
"""Pixels along the longer side of the page on which skew is looked for."""
_LEVEL = 0.03
"""Skew in degrees that is left as it is."""
_RED = 40
"""How much brighter red ink is in red than in green and blue."""
_LITTLE, _FADED = 0.2, 0.9
"""Redness of what a stamp touches, and light of its paler parts, both beside its own."""
_STAMP = 0.1
"""Part of the page's width that a stamp has at least; characters printed in red are smaller."""
_NEAR = 0.012
"""Part of the longer side that the strokes of a stamp stand apart at the most."""
_GRAIN = 0.8
"""How far paper's grain is blurred before ink is looked for, in pixels."""
_DARK, _INK = 12, 60
"""How much darker than the paper around it ink is, at the least and in plain print."""


def upright(picture: npt.NDArray[np.uint8]) -> Greys:
    """A page in greys, with its red stamps taken off and its skew taken out."""
    greys = _without_stamps(picture)
    angle = _skew(greys)
    if abs(angle) < _LEVEL:
        return greys
    height, width = greys.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = int(np.median(greys))
    return _greys(cv2.warpAffine(greys, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper))


def in_greys(picture: npt.NDArray[np.uint8]) -> Greys:
    """A picture in red, green and blue by its brightness."""
    return _greys(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))


def _greys(array: Any) -> Greys:
    return np.asarray(array, dtype=np.uint8)


def _without_stamps(picture: npt.NDArray[np.uint8]) -> Greys:
    """The page in greys; in its round or square red patches what is red is made as bright as the paper."""
    greys = in_greys(picture)
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
