"""What a recogniser of printed characters takes for something else, in cells that hold numbers."""

import re
from collections.abc import Iterator
from functools import cache

from extraction.resources.files import Resource, load

_NUMBER = re.compile(r"[-+]?(\d{1,3}([,，]\d{3})+|\d+(\.\d+)?)|[-—–－―/\\]{1,3}")


class Confusables(Resource):
    """``digits`` taken for each other, characters read for what is ``meant``, and ``others`` that stand beside them.

    ``strokes`` are what a slash or a dash by itself is read as.
    """

    digits: dict[str, str]
    meant: dict[str, str]
    others: str
    strokes: frozenset[str]

    def may_be_number(self, text: str) -> bool:
        """Whether a text is a number, or what is read for one."""
        return bool(text) and all(character in self.others or character in self.meant for character in text)

    def is_number(self, text: str) -> bool:
        """Whether a text is digits or a dash, as it stands."""
        return _NUMBER.fullmatch(text) is not None

    def readings(self, text: str, *, doubtful: bool) -> Iterator[str]:
        """What else a text of a cell may be: digits for letters and, in one read badly, for each other."""
        meant = "".join(self.meant.get(character, character) for character in text)
        if meant != text and self.is_number(meant):
            yield meant
        if doubtful and self.is_number(text):
            for place, digit in enumerate(text):
                yield from (text[:place] + other + text[place + 1 :] for other in self.digits.get(digit, ""))


@cache
def confusables() -> Confusables:
    """``lexicon/confusables.yaml``."""
    return load("lexicon/confusables.yaml", Confusables)
