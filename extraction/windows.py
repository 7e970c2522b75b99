"""Sentences to the windows that a model reads: neighbours together, as long as they fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.document import Sentence

_CONTEXT = 60
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
    """Windows of at most ``longest`` characters over the wanted sentences, each with the sentence before it."""
    found: list[Window] = []
    run: list[int] = []
    first_kept = 0
    for index in (i for i, want in enumerate(wanted) if want):
        fresh = [i for i in (index - 1, index) if i >= 0 and i not in run[-1:]]
        if run and (fresh[0] > run[-1] + 1 or _length(sentences, run + fresh) > longest):
            found += _cut(sentences, run, first_kept, longest)
            fresh = [i for i in (index - 1, index) if i >= 0]
            run = []
        if not run:
            # The sentence before is read for its context alone: its labels are those of its own window, if it has one.
            first_kept = index
            fresh = fresh if _length(sentences, fresh) <= longest else [index]
        run += fresh
    return found + list(_cut(sentences, run, first_kept, longest))


def _length(sentences: Sequence[Sentence], run: Sequence[int]) -> int:
    return sum(len(sentences[i].text) + 1 for i in run)


def _cut(sentences: Sequence[Sentence], run: Sequence[int], first_kept: int, longest: int) -> Iterator[Window]:
    """The sentences of a run as one window; one that is too long alone as several, each with the end of the last."""
    if len(run) == 1 and len(sentences[run[0]].text) > longest:
        text, start = sentences[run[0]].text, 0
        while start < len(text):
            context = min(_CONTEXT, longest // 4, start)
            end = _stop(text, start, start + longest - context)
            pieces = [Piece(run[0], start - context, start, 0, kept=False)] if context else []
            yield Window(text[start - context : end], (*pieces, Piece(run[0], start, end, context)))
            start = end
    elif run:
        text = ""
        placed: list[Piece] = []
        for index in run:
            if placed and sentences[placed[-1].sentence].paragraph != sentences[index].paragraph:
                text += "\n"
            placed.append(Piece(index, 0, len(sentences[index].text), len(text), kept=index >= first_kept))
            text += sentences[index].text
        yield Window(text, tuple(placed))


def _stop(text: str, start: int, end: int) -> int:
    """Where to cut before ``end``: behind the last comma of the second half, if there is one."""
    if end >= len(text):
        return len(text)
    return max(text.rfind(stop, start + (end - start) // 2, end) for stop in _STOPS) + 1 or end
