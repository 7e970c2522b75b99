"""RapidOCR: a page in greys to its texts, each with its characters' places and how sure it is."""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from extraction.readers.pdf_page import Box

Greys: TypeAlias = npt.NDArray[np.uint8]
"""Brightness 0 to 255, shape (height, width)."""
_LONGEST = 2000
"""Pixels along the longer side of what is searched for text."""
_THREADS = int(os.environ.get("OMP_NUM_THREADS") or 2)
"""A batch of several processes gives each of them one."""
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Text:
    """A text as read: its box, the places of its characters' centres across, and how sure it is, 0 to 1.

    ``others`` are other readings of the same ink. Places are in pixels.
    """

    box: Box
    centres: tuple[float, ...]
    score: float
    others: tuple[str, ...] = ()


def is_wide(character: str) -> bool:
    """Whether a character is as wide as a Chinese one."""
    return character > "\u2e7f" or character == "\u2014"


def find_texts(greys: Greys) -> list[Text]:
    """The texts of a page without their spaces, in any order."""
    with _LOCK:
        found = _engine()(
            greys, use_det=True, use_cls=False, use_rec=True, return_word_box=True, return_single_char_box=True
        )
    if found.boxes is None or found.txts is None:
        return []
    texts = []
    for corners, text, score, words in zip(found.boxes, found.txts, found.scores, found.word_results, strict=True):
        characters = "".join(text.split())
        box = _upright_box(np.asarray(corners, dtype=float), characters)
        centres = tuple((float(place[0][0]) + float(place[2][0])) / 2 for _, _, place in words)
        if "".join(character for character, _, _ in words) != characters:
            centres = spread(box)
        texts.append(Text(box, centres, float(score)))
    return [each for each in texts if each.box.text]


def spread(box: Box) -> tuple[float, ...]:
    """The centres of the characters of a box, were all of them as wide."""
    step = box.width / max(1, len(box.text))
    return tuple(box.x0 + step * (place + 0.5) for place in range(len(box.text)))


def read_line(greys: Greys) -> tuple[str, float]:
    """The text of a picture of one line, without its spaces, and how sure it is."""
    with _LOCK:
        found = _engine()(greys, use_det=False, use_cls=False, use_rec=True, return_word_box=False)
    texts: Sequence[str] = found.txts or ("",)
    return "".join(texts[0].split()), float(found.scores[0]) if found.txts else 0.0


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "critical",
            "Global.text_score": 0.0,
            "Global.max_side_len": _LONGEST,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            # Most texts of a table are a digit or two, which need no line's width.
            "Rec.rec_img_shape": [3, 48, 96],
        }
    )


def _upright_box(corners: npt.NDArray[np.float64], text: str) -> Box:
    """The level box in the middle of a found one, whose corners go round from the top left."""
    left, right = corners[[0, 3], 0].mean(), corners[[1, 2], 0].mean()
    top, bottom = corners[[0, 1], 1].mean(), corners[[2, 3], 1].mean()
    return Box(float(left), float(top), float(right), float(bottom), text)
