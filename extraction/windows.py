"""Sentences to the windows that a model reads: neighbours together, as long as they fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.document import Sentence

_CONTEXT = 40
_REPEATED = 60
_STOPS = "，,；;、"


@dataclass(frozen=True, slots=True)
class Piece:
    """``text[start:end]`` of a sentence, at ``at`` of its window; context that is read again is not ``kept``."""

    sentence: int
    start: int
    end: int
    at: int
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Window:
    """The text that the model reads at once and the pieces of sentences in it; paragraphs are parted by a break."""

    text: str
    pieces: tuple[Piece, ...]


def windows(sentences: Sequence[Sentence], wanted: Sequence[bool], *, longest: int) -> list[Window]:
    """Windows of at most ``longest`` characters over the wanted sentences, each with the end of what stands before it.

    One unwanted sentence between two wanted ones is read with them.
    """
    found: list[Window] = []
    run: list[int] = []
    for index in (i for i, want in enumerate(wanted) if want):
        whole = [*range(run[0], index + 1)] if run else [index]
        if run and (index > run[-1] + 2 or _length(sentences, whole) > longest):
            found += _cut(sentences, run, longest)
            whole = [index]
        run = whole
    return [*found, *_cut(sentences, run, longest)]


def _length(sentences: Sequence[Sentence], run: Sequence[int]) -> int:
    return len(_before(sentences, run)) + sum(len(sentences[i].text) + 1 for i in run)


def _before(sentences: Sequence[Sentence], run: Sequence[int]) -> str:
    return sentences[run[0] - 1].text[-_CONTEXT:] if run[0] else ""


def _cut(sentences: Sequence[Sentence], run: Sequence[int], longest: int) -> Iterator[Window]:
    """The sentences of a run as one window; one that is too long alone as several, each with the end of the last."""
    if len(run) == 1 and len(sentences[run[0]].text) > longest:
        text, start = sentences[run[0]].text, 0
        while start < len(text):
            context = min(_REPEATED, longest // 4, start)
            end = _stop(text, start, start + longest - context)
            pieces = [Piece(run[0], start - context, start, 0, kept=False)] if context else []
            yield Window(text[start - context : end], (*pieces, Piece(run[0], start, end, context)))
            start = end
    elif run:
        text = _before(sentences, run) if _length(sentences, run) <= longest else ""
        placed: list[Piece] = []
        if text:
            end = len(sentences[run[0] - 1].text)
            placed.append(Piece(run[0] - 1, end - len(text), end, 0, kept=False))
        for index in run:
            if placed and sentences[placed[-1].sentence].paragraph != sentences[index].paragraph:
                text += "\n"
            placed.append(Piece(index, 0, len(sentences[index].text), len(text)))
            text += sentences[index].text
        yield Window(text, tuple(placed))


def _stop(text: str, start: int, end: int) -> int:
    """Where to cut before ``end``: behind the last comma of the second half, if there is one."""
    if end >= len(text):
        return len(text)
    return max(text.rfind(stop, start + (end - start) // 2, end) for stop in _STOPS) + 1 or end
