"""How alike two labels are: the words of a page and the words of a form."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

ALIKE = 0.62
"""From here on two labels may be the same; below they are not."""
SURE = 0.75
"""From here on a header names a column or a row."""
REACH = 0.12
"""A label of the form that is less alike by more than this is out of the question."""

_NUMBERING = re.compile(r"^\s*(?:[(][一二三四五六七八九十\d]{1,3}[)]|[一二三四五六七八九十\d]{1,3}[、.,:)])\s*")
_NOT_WORD = re.compile(r"[\W_]+")
_TAG = re.compile(r"</?[a-zA-Z]{1,6} ?/?>")
_SHORT = 4
_PART = 0.92
# Two letters with one of them wrong are no label that a model may make of them: 「小计」 is not 「总计」.
_HEARD = 0.58
_GAIN = 0.2
_MOST_HEARD = 0.94
_STRAY = 2


@lru_cache(maxsize=8192)
def normalise(label: str) -> str:
    """The letters of a label: half-width, without its number, spaces and punctuation."""
    # Markdown breaks the lines of a cell with a tag: 「结<br>果<br>维<br>持」.
    text = unicodedata.normalize("NFKC", _TAG.sub("", label))
    for _ in range(2):
        text = _NUMBERING.sub("", text, count=1)
    return _NOT_WORD.sub("", text)


class Lexicon:
    """The words of ``n`` labels of a form, to be compared with words of a page.

    :param groups: words that stand over several labels and so are like none of them.
    :param names: what a model calls each of the ``n``.
    """

    def __init__(
        self, words: Sequence[Iterable[str]], groups: Iterable[str] = (), names: Sequence[str | None] = ()
    ) -> None:
        self._size = len(words)
        self._names = names or (None,) * len(words)
        self._groups = {normalise(group) for group in groups}
        pairs = sorted({(normalise(word), i) for i, each in enumerate(words) for word in each})
        self._words = [word for word, _ in pairs]
        self._lengths = np.array([len(word) for word in self._words])
        self._owner = np.array([i for _, i in pairs])
        self._longest = np.array([max((len(normalise(word)) for word in each), default=0) for each in words])
        self._exact: dict[str, list[int]] = {}
        for word, i in pairs:
            self._exact.setdefault(word, []).append(i)
        self._known: dict[str, tuple[npt.NDArray[np.float32], float]] = {}
        self._heard: dict[str, tuple[npt.NDArray[np.float32], float]] = {}

    def unsettled(self, label: str) -> bool:
        """Whether the words leave open which of the ``n`` a label is, or whether it is one: a model may tell."""
        alike, most = self._rated(label)
        return _HEARD <= most < 1 and (most < SURE or bool((alike > most - _GAIN).sum() > 1))

    def told(self, chances: Mapping[str, Mapping[str, float]]) -> Self:
        """The same words beside a model's: how likely it takes a label, as normalised, to be each of those it knows.

        What a label is a little alike gains by it, but not so much that nothing else comes into question any more.
        """
        lexicon = copy(self)
        lexicon._heard = {}
        for text, by_name in chances.items():
            alike = self.alike(text)
            # What is longer than a label has others in it: 「确认或重新出具已获取信息（六）其他处理（七）总计」.
            may = (alike >= _HEARD) & (self._longest >= len(text) - _STRAY)
            said = np.array([by_name.get(name, 0) if name else 0 for name in self._names], dtype=np.float32)
            heard = alike + np.where(may, _GAIN * said, 0)
            near = alike >= max(ALIKE, float(alike.max(initial=0)) - REACH)
            most = min(_MOST_HEARD, float(heard[near].min(initial=1)) + REACH)
            heard = np.maximum(alike, np.minimum(heard, most))
            lexicon._heard[text] = heard, float(heard.max(initial=0))
        return lexicon

    def alike(self, label: str) -> npt.NDArray[np.float32]:
        """Similarity 0 to 1 of a label with each of the ``n``, shape (n,)."""
        return self._rated(label)[0]

    def most(self, label: str) -> float:
        """Similarity of a label with the one it is most alike."""
        return self._rated(label)[1]

    def _rated(self, label: str) -> tuple[npt.NDArray[np.float32], float]:
        text = normalise(label)
        known = self._heard.get(text) or self._known.get(text)
        if known is None:
            if len(self._known) > 20_000:
                self._known.clear()
            alike = self._compare(text)
            known = self._known[text] = alike, float(alike.max(initial=0))
        return known

    def _compare(self, text: str) -> npt.NDArray[np.float32]:
        result = np.zeros(self._size, dtype=np.float32)
        if owners := self._exact.get(text):
            result[owners] = 1
        elif text and text not in self._groups:
            scores = process.cdist([text], self._words, scorer=Levenshtein.normalized_similarity, dtype=np.float32)[0]
            if len(text) >= _SHORT:
                self._raise_parts(text, scores)
            np.maximum.at(result, self._owner, scores)
        return result

    def _raise_parts(self, text: str, scores: npt.NDArray[np.float32]) -> None:
        """「逾期不补正」 is part of the label it stands for; two letters are part of too much."""
        unlike = (scores < ALIKE) & (self._lengths >= _SHORT)
        longer = np.flatnonzero(unlike & (self._lengths >= len(text)))
        words = [self._words[i] for i in longer]
        parts = process.cdist([text], words, scorer=fuzz.partial_ratio, score_cutoff=80, dtype=np.float32)[0] / 100
        scores[longer] = np.maximum(scores[longer], _PART * parts)
        for i in np.flatnonzero(unlike & (self._lengths < len(text))).tolist():
            # What stands before a label may be its group, what stands behind it is another label.
            word = self._words[i]
            part = Levenshtein.normalized_similarity(word, text[-len(word) :], score_cutoff=0.8)
            scores[i] = max(scores[i], _PART * part)
