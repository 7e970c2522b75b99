"""The words of the lexicon in a text, each with its class: spaCy's matcher over the words that jieba parts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extraction.resources.rules import WordClass
from extraction.segmentation import tokenizer

if TYPE_CHECKING:
    import jieba
    from spacy.language import Language

_TITLE = re.compile(r"《[^《》]{13,}》")
_BATCH = 2_000
_ANY_YEAR = re.compile(r"(20\d\d)年度?")


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of a class, at ``text[start:end]`` of its sentence."""

    start: int
    end: int
    name: str


class Words:
    """The lexicon, ready to be looked for. ``topics`` are those of the classes that have one."""

    def __init__(self, lexicon: dict[str, WordClass]) -> None:
        # spaCy takes half a second to import; `--help` and the readers do without it.
        from spacy.matcher import PhraseMatcher

        self._nlp = segmenter(tokenizer(frozenset(term for each in lexicon.values() for term in each.terms)))
        self._matcher = PhraseMatcher(self._nlp.vocab)
        for name, word_class in lexicon.items():
            self._matcher.add(name, [self._nlp.make_doc(term) for term in sorted(word_class.terms)])
        self.topics = {name: word_class.topic for name, word_class in lexicon.items() if word_class.topic}

    def find(self, texts: Sequence[str], *, year: int | None) -> list[list[Hit]]:
        """For each text its words, the longest from the left where they overlap, and the years other than ``year``."""
        batch: list[str] = []
        found: list[list[Hit]] = []
        for text in texts:
            batch.append(text)
            if sum(map(len, batch)) > _BATCH:
                found += self._find(batch, year)
                batch = []
        return found + self._find(batch, year)

    def _find(self, texts: Sequence[str], year: int | None) -> list[list[Hit]]:
        joined = "\n".join(texts)
        doc = self._nlp.make_doc(joined)
        spans = [(span.start_char, span.end_char, span.label_) for span in self._matcher(doc, as_spans=True)]
        spans += _other_years(joined, year) if year else []
        taken = bytearray(len(joined))
        for title in _TITLE.finditer(joined):
            taken[title.start() : title.end()] = b"\1" * len(title.group())
        chosen = _longest(spans, taken)
        found: list[list[Hit]] = []
        start = at = 0
        for text in texts:
            hits: list[Hit] = []
            while at < len(chosen) and chosen[at][0] < start + len(text):
                first, last, name = chosen[at]
                hits.append(Hit(first - start, last - start, name))
                at += 1
            found.append(hits)
            start += len(text) + 1
        return found


def segmenter(tokenizer: "jieba.Tokenizer") -> "Language":
    """An empty Chinese pipeline whose tokens are the words that jieba parts: 农村 is one, and 村 in it is none."""
    import spacy

    nlp: Any = spacy.blank("zh")
    # Words are compared; what they look like (numeral, address, upper case) is not asked for and takes long to tell.
    nlp.vocab.lex_attr_getters = {}
    # By its configuration spaCy would take the tokenizer that all users of jieba in a process share.
    nlp.tokenizer.segmenter, nlp.tokenizer.jieba_seg = "jieba", tokenizer
    pipeline: Language = nlp
    return pipeline


def _other_years(text: str, year: int) -> list[tuple[int, int, str]]:
    apart = ((match, int(match[1]) - year) for match in _ANY_YEAR.finditer(text))
    return [(*match.span(), "YEAR_BEFORE" if years < 0 else "YEAR_AFTER") for match, years in apart if years]


def _longest(spans: Iterable[tuple[int, int, str]], taken: bytearray) -> list[tuple[int, int, str]]:
    """Spans from the left, the longest first, that touch nothing ``taken``; a word of two classes is kept twice."""
    chosen: list[tuple[int, int, str]] = []
    last = (-1, -1)
    for start, end, name in sorted(spans, key=lambda span: (span[0], -span[1])):
        if (start, end) == last or not any(taken[start:end]):
            last = (start, end)
            taken[start:end] = b"\1" * (end - start)
            chosen.append((start, end, name))
    return chosen
