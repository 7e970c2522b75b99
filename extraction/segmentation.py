"""Words of a text by jieba, with the words of the lexicon in its dictionary."""

import io
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from extraction.resources.rules import load_lexicon

if TYPE_CHECKING:
    import jieba

_FREQUENT = re.compile(rb"\n([^ ]+ \d{3,})")
_MARK = re.compile(r"([，。；：、！？（）《》“”])")
_REMEMBERED = 30_000
_BEGIN, _MIDDLE, _END, _SINGLE = range(4)


@lru_cache(maxsize=4)
def tokenizer(words: frozenset[str]) -> "jieba.Tokenizer":
    """A jieba tokenizer of its own, which takes ``words`` for words before all that its dictionary knows."""
    import jieba

    tokenizer = jieba.Tokenizer()
    # Its frequent words are a tenth of jieba's dictionary and part as well; no cache file is needed to load them.
    with tokenizer.get_dict_file() as dictionary:
        known = _FREQUENT.findall(dictionary.read())
    # More frequent than any word of jieba's own, and the longer the more, so that the longest one wins.
    known += [f"{word} {10 ** (3 + min(len(word), 6))}".encode() for word in words if len(word) > 1 and word.isalnum()]
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(io.BytesIO(b"\n".join(known)))
    tokenizer.initialized = True
    tokenizer.cut = _remembering(tokenizer)
    return tokenizer


def _remembering(tokenizer: "jieba.Tokenizer") -> Callable[..., list[str]]:
    """Cut a text at the marks that no word reaches over, and what stands between two of them only once.

    The rules, the model and the classifier of clauses ask for the same words, and reports repeat each other's.
    """

    # Characters that are no word together stay apart: a guessed one would hide the words of the lexicon in it.
    @lru_cache(maxsize=_REMEMBERED)
    def words(piece: str, whole: Callable[..., Iterator[str]] = tokenizer.cut) -> tuple[str, ...]:
        return tuple(whole(piece, HMM=False))

    def cut(text: str, *, cut_all: bool = False) -> list[str]:
        assert not cut_all
        return [word for piece in _MARK.split(text) if piece for word in words(piece)]

    return cut


@cache
def lexicon_words() -> frozenset[str]:
    """Every word of the lexicon."""
    return frozenset(term for word_class in load_lexicon().values() for term in word_class.terms)


@cache
def project_tokenizer() -> "jieba.Tokenizer":
    """The tokenizer with all words of the lexicon, loaded once a process."""
    return tokenizer(lexicon_words())


def places(text: str) -> list[int]:
    """Each character's place in its word: 0 begins one, 1 is inside, 2 ends one, 3 is a word of its own."""
    found: list[int] = []
    for word in project_tokenizer().cut(text):
        found += [_SINGLE] if len(word) == 1 else [_BEGIN, *[_MIDDLE] * (len(word) - 2), _END]
    return found
