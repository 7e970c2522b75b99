"""Passages and labels of rows to what a model learns from: tokens, places in words, and a label a token."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from extraction.document import Sentence
from extraction.encoding import ROW, Vocabulary
from extraction.numbers import find_numbers
from extraction.tagger import LONGEST, OUTSIDE, Labels
from extraction.windows import Window, windows
from training.gold import Passage, sentences_of
from training.synthesize import Header, Headers, Synthesizer

IGNORED = -100
OLD = "old"
"""Key of an example: whether it is one that a model trained further only rehearses."""
Example = dict[str, Any]
_DAMAGES = (0.0, 0.0, 0.05, 0.1, 0.2, 0.3)
_NO_HEADERS = 0.25
_FRAGMENT = 14
_COMMON = 150
_MOST_COPIES = 3


def examples(
    passages: Iterable[Passage], vocabulary: Vocabulary, labels: Labels, *, plain: float = 1.0, seed: int = 0
) -> Iterator[Example]:
    """Every window of the passages; the first token has no label.

    :param plain: the share of characters that belong to no number and no mark and are learnt from all the same. They
        are nine of ten, say little, and a model that learns from all of them learns first to label nothing.
    """
    luck = random.Random(seed)
    for passage in passages:
        sentences = sentences_of(passage)
        tags = _tags(passage)
        numbers = {i for m in find_numbers(passage.text) for i in range(m.start, m.end)}
        learnt = [
            tag if tag != OUTSIDE or i in numbers or luck.random() < plain else None for i, tag in enumerate(tags)
        ]
        for window in windows(sentences, [True] * len(sentences), longest=LONGEST):
            ids, words = vocabulary.encode(window.text, form=passage.form, year=passage.year)
            names = _window_tags(window, sentences, learnt)
            yield {
                "input_ids": ids.tolist(),
                "token_type_ids": words.tolist(),
                "labels": [IGNORED, *(labels.ids.get(name, 0) if name else IGNORED for name in names)],
            }


def _tags(passage: Passage) -> list[str]:
    tags = [OUTSIDE] * len(passage.text)
    for mark in passage.marks:
        tags[mark.start : mark.end] = [f"B-{mark.label}", *[f"I-{mark.label}"] * (mark.end - mark.start - 1)]
    return tags


def _window_tags(window: Window, sentences: Sequence[Sentence], tags: Sequence[str | None]) -> list[str | None]:
    """A tag a character of the window; None for context that is read again and for breaks."""
    found: list[str | None] = [None] * len(window.text)
    for piece in window.pieces:
        offsets = sentences[piece.sentence].offsets[piece.start : piece.end]
        if piece.kept:
            found[piece.at : piece.at + len(offsets)] = [tags[offset] for offset in offsets]
    return found


def header_examples(
    count: int, passages: Sequence[Passage], vocabulary: Vocabulary, labels: Labels, *, seed: int
) -> Iterator[Example]:
    """Labels of rows and columns, whole and damaged, and pieces of sentences that label nothing."""
    headers, luck = Headers(seed), np.random.default_rng(seed)
    pieces = [piece for passage in passages for piece in _pieces(passage)]
    for _ in range(count):
        if pieces and luck.random() < _NO_HEADERS:
            header = Header(pieces[luck.integers(len(pieces))], OUTSIDE)
        else:
            header = headers.draw(damage=float(luck.choice(_DAMAGES)))
        ids, words = vocabulary.encode(header.text, form=ROW)
        place = labels.ids.get(header.label, 0)
        row = {
            "input_ids": ids.tolist(),
            "token_type_ids": words.tolist(),
            "labels": [IGNORED, *[place] * (len(ids) - 1)],
        }
        yield row


def _pieces(passage: Passage) -> Iterator[str]:
    text = passage.text
    for comma in (i for i, char in enumerate(text) if char in "，。；"):
        yield text[max(0, comma - _FRAGMENT) : comma].rpartition("，")[2]


def multiplied(passages: Sequence[Passage], *, copies: int, joined: float, seed: int) -> list[Passage]:
    """The passages, altered copies of them (more of those with labels that few have), and passages set together.

    :param joined: how many are set together, beside one of each passage.
    """
    counts = Counter(mark.label for passage in passages for mark in passage.marks)
    synthesizer = Synthesizer(seed)
    found = list(passages)
    for passage in passages:
        rarest = min((counts[mark.label] for mark in passage.marks), default=_COMMON)
        times = min(_MOST_COPIES, max(1, round((_COMMON / rarest) ** 0.5)))
        found += [synthesizer.copy(passage) for _ in range(copies * times)]
    return [*found, *synthesizer.joined(passages, round(joined * len(passages)))]
