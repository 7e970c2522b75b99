"""Text to the numbers that the model reads: a character a token, and the character's place in its word."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extraction.errors import BadModel
from extraction.segmentation import places

PAD, UNKNOWN, MASK, BREAK = "[PAD]", "[UNK]", "[MASK]", "[BR]"
ROW = "row"
FORMS = {
    ROW: "[ROW]",
    None: "[FORM]",
    "pre2019": "[FORM1]",
    "2008": "[FORM1]",
    "2014": "[FORM1]",
    "2019": "[FORM2]",
    "2021": "[FORM3]",
}
SPECIAL = (PAD, UNKNOWN, MASK, BREAK, *dict.fromkeys(FORMS.values()))
"""Tokens that are no character; a text's first token says of which form its report is, or that it labels a row."""
_ANY_DIGIT, _OWN_YEAR = "0", "1"
SINGLE = 3
PLACES = 4
"""How many places in a word there are: begins, is inside, ends, stands alone."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """The characters that a model knows, in the order of its rows; the special tokens come first."""

    tokens: tuple[str, ...]

    @classmethod
    def of(cls, characters: Iterable[str]) -> "Vocabulary":
        """The special tokens and the characters, sorted."""
        return cls((*SPECIAL, *sorted({c for c in map(plain, characters) if len(c) == 1 and c.isprintable()})))

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Read a file of a token a line.

        :raises BadModel: the special tokens are not at its head.
        """
        tokens = tuple(path.read_text(encoding="utf-8").split("\n")[:-1])
        if tokens[: len(SPECIAL)] != SPECIAL or len(set(tokens)) != len(tokens):
            raise BadModel(str(path), "not a vocabulary of this program", "take the file that was saved with the model")
        return cls(tokens)

    def save(self, path: Path) -> None:
        """Write a token a line."""
        path.write_text("".join(f"{token}\n" for token in self.tokens), encoding="utf-8")

    @cached_property
    def ids(self) -> dict[str, int]:
        """The row of each token."""
        return {token: i for i, token in enumerate(self.tokens)}

    def encode(self, text: str, *, form: str | None = None, year: int | None = None) -> tuple[Numbers, Numbers]:
        """Tokens and places in words, both of shape (1 + len(text),): the form, then a token a character.

        What a number is follows from the words around it, not from its digits: every digit is read as 0, but for those
        of the report's own ``year``, which are read as 1.
        """
        ids, unknown = self.ids, self.ids[UNKNOWN]
        known = [token(char) for char in text]
        if year:
            for match in re.finditer(rf"(?<!\d){year}(?!\d)", text):
                known[match.start() : match.end()] = _OWN_YEAR * (match.end() - match.start())
        tokens = [ids[FORMS.get(form, FORMS[None])], *(ids.get(token, unknown) for token in known)]
        return np.array(tokens, dtype=np.int64), np.array([SINGLE, *places(text)], dtype=np.int64)


def token(char: str) -> str:
    """What a character is read as: a break where it parts words or lines, one sign for all digits, else itself."""
    return BREAK if char in "\n\t " else _ANY_DIGIT if char.isdecimal() else plain(char)


@lru_cache(maxsize=65536)
def plain(char: str) -> str:
    """A character in its compatible form and lower case where that is one character: Ａ and A are a, ％ is %."""
    folded = unicodedata.normalize("NFKC", char).lower()
    return folded if len(folded) == 1 else char
