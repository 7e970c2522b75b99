"""Texts to weights of their terms, as scikit-learn's `TfidfVectorizer` fits them, without loading scikit-learn."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SPACES = re.compile(r"\s\s+")


@dataclass(frozen=True)
class Terms:
    """The terms that are known, each with its place, and how rare each is.

    ``longest`` is the length of the longest run of characters that is a term; 0 where words are terms.
    """

    places: Mapping[str, int]
    rarity: list[float]
    longest: int

    def weigh(self, text: str) -> Iterator[tuple[int, float]]:
        """The place and weight of each known term of a text: 1 + log of its count, times rarity, of length 1."""
        counts = Counter(map(self.places.get, self._terms(text.lower())))
        weights = [
            (place, (1 + math.log(count)) * self.rarity[place]) for place, count in counts.items() if place is not None
        ]
        norm = math.sqrt(sum(weight * weight for _, weight in weights)) or 1.0
        yield from ((place, weight / norm) for place, weight in weights)

    def _terms(self, text: str) -> Iterator[str]:
        if not self.longest:
            yield from text.split()
            return
        text = _SPACES.sub(" ", text)
        for length in range(1, self.longest + 1):
            yield from (text[i : i + length] for i in range(len(text) - length + 1))
