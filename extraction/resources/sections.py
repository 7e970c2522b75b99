"""The words by which sections and the head of a report are known: ``sections.yaml``."""

import re
from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from typing import Annotated, Literal

from pydantic import Field
from rapidfuzz import process
from rapidfuzz.distance import Indel

from extraction.resources.files import Resource, load

Strength = Literal["sure", "likely", "other"]
Words = tuple[str, ...]
Number = Annotated[int, Field(ge=1, le=6)]

_MARKS = re.compile(r"[^\u4e00-\u9fff0-9A-Za-z]")
_YEAR = re.compile(r"^[0-9〇零一二三四五六七八九]{4}年度?")
_LONGEST = 40
_REMEMBERED = 10_000
_CLOSE = 0.84
_CLOSE_WITH_NUMERAL = 0.7


class SectionTitles(Resource):
    """Titles of one statutory section; see the head of the YAML for what the two kinds mean."""

    sure: Words
    likely: Words


class HeadWords(Resource):
    """Words of a report's title, opening and signature."""

    topics: Words
    kinds: Words
    leading: Words
    closing: re.Pattern[str]
    site: Words
    before: Words
    agency_labels: Words
    compiled: Words
    compiled_by: Words
    date_labels: Words
    range_words: Words


class AgencyWords(Resource):
    """How the names of bodies end and are shortened."""

    endings: Words
    government: str
    short_government: str
    town_office: str
    abbreviations: dict[str, str]


class TitleMatch(Resource):
    """What a line was found to be the title of; ``number`` is that of the statutory section or None."""

    number: int | None
    strength: Strength
    similarity: float


class SectionWords(Resource):
    """``sections.yaml``."""

    sections: dict[Number, SectionTitles]
    others: Words
    appendix: Words
    rows: Words
    fillers: Words
    contents: Words
    head: HeadWords
    agencies: AgencyWords

    @cached_property
    def _titles(self) -> dict[str, tuple[int | None, Strength]]:
        titles: dict[str, tuple[int | None, Strength]] = dict.fromkeys(self.others, (None, "other"))
        for number, words in self.sections.items():
            titles.update(dict.fromkeys(words.likely, (number, "likely")))
            titles.update(dict.fromkeys(words.sure, (number, "sure")))
        return titles

    def match(self, title: str, numeral: int | None = None) -> TitleMatch | None:
        """The section that ``title`` as a whole names, misspellings allowed; a printed numeral that agrees helps."""
        best: TitleMatch | None = None
        letters = _MARKS.sub("", title)
        for known, similarity in self._alike(letters) if len(letters) <= 2 * _LONGEST else ():
            number, strength = self._titles[known]
            needed = _CLOSE_WITH_NUMERAL if numeral is not None and numeral == number else _CLOSE
            if similarity >= needed and (best is None or similarity > best.similarity):
                best = TitleMatch(number=number, strength=strength, similarity=similarity)
        return best

    @cached_property
    def _alike(self) -> Callable[[str], list[tuple[str, float]]]:
        """The known titles that are like the letters of a line; pages repeat those of the forms, so they are kept."""
        titles = list(self._titles)

        @lru_cache(maxsize=_REMEMBERED)
        def alike(letters: str) -> list[tuple[str, float]]:
            core = self._core(letters)
            if not 2 <= len(core) <= _LONGEST or self.is_row(letters):
                return []
            found = process.extract(core, titles, scorer=Indel.normalized_similarity, score_cutoff=_CLOSE_WITH_NUMERAL)
            return [(known, similarity) for known, similarity, _ in found]

        return alike

    def opening(self, line: str) -> str | None:
        """The longest known title with which ``line`` begins, as it is printed there, or None."""
        core = _MARKS.sub("", line)
        known = max((title for title in self._titles if core.startswith(title)), key=len, default=None)
        if known is None:
            return None
        printed = [at for at, char in enumerate(line) if not _MARKS.match(char)]
        return line[: printed[len(known) - 1] + 1]

    def opens_surely(self, text: str) -> bool:
        """Whether a text begins with a title that names its section wherever it stands."""
        opening = self.opening(text[: 2 * _LONGEST])
        return opening is not None and self._titles[_MARKS.sub("", opening)][1] == "sure"

    def is_row(self, title: str) -> bool:
        """Whether this is the label of a row of a statutory table."""
        core = _MARKS.sub("", title)
        return process.extractOne(core, self.rows, scorer=Indel.normalized_similarity, score_cutoff=0.88) is not None

    def _core(self, letters: str) -> str:
        core = _YEAR.sub("", letters)
        for filler in self.fillers:
            core = core.removeprefix(filler)
        return core


@cache
def section_words() -> SectionWords:
    """The words of sections and head, read once."""
    return load("sections.yaml", SectionWords)
