"""What a web page carries around a report, from chrome.yaml."""

import re
from collections.abc import Iterable
from functools import cache, cached_property

from extraction.resources.files import Resource, load

_SIGN = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")
_FOLIO = re.compile(r"[-–—－·]\s*\d{1,3}\s*[-–—－·]")  # 「- 3 -」
_DATE = re.compile(r"(?<!\d)20\d\d\D\d{1,2}\D\d{1,2}(?!\d)")


class Chrome(Resource):
    """Tags, names and lines of page chrome; the data says what each list means."""

    unseen: frozenset[str]
    tags: frozenset[str]
    roles: frozenset[str]
    words: frozenset[str]
    text_tags: frozenset[str]
    holds: tuple[str, ...]
    most: int
    lines: frozenset[str]
    beside: frozenset[str]
    starts: tuple[str, ...]
    start_most: int
    list_links: int
    link_most: int
    viewer: frozenset[str]

    @cached_property
    def _cues(self) -> re.Pattern[str]:
        cues = sorted(self.lines | self.beside, key=len, reverse=True)
        return re.compile("|".join(re.escape(cue) for cue in cues))

    def names(self, names: str) -> bool:
        """Whether a class or id attribute, such as ``topNav-box2``, has a word of navigation."""
        return any(word.lower() in self.words for word in _SIGN.split(names))

    def line(self, line: str) -> bool:
        """Whether a line of text is chrome from its first character to its last."""
        line = line.strip()
        if len(line) > self.start_most:
            return False
        if line.replace(":", "：").startswith(self.starts):
            return True
        cues = self._cues.findall(line)
        if not cues or (len(cues) == 1 and cues[0] not in self.lines):
            return False
        return not any(character.isalpha() for character in self._cues.sub("", line))

    @cached_property
    def _viewer(self) -> re.Pattern[str]:
        words = sorted(self.viewer, key=len, reverse=True)
        return re.compile("|".join(re.escape(word) for word in words))

    def between_cells(self, line: str) -> bool:
        """Whether a line among the cells of a table is chrome, or a page number or button of a viewer."""
        rest, words = self._viewer.subn("", line)
        if _FOLIO.fullmatch(line.strip()):
            return True
        return self.line(line) or (words > 0 and not any(character.isalpha() for character in rest))

    def report(self, text: Iterable[str]) -> bool:
        """Whether the pieces of text in an element, outside its links, speak for keeping it."""
        length = 0
        for piece in text:
            length += len(piece.strip())
            if length > self.most or _DATE.search(piece) or any(words in piece for words in self.holds):
                return True
        return False


@cache
def chrome() -> Chrome:
    """The chrome that ``extraction/data/chrome.yaml`` names."""
    return load("chrome.yaml", Chrome)
