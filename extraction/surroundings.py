"""What stands around each number of a sentence: the words in its clause, before it, after it, and what the talk is of."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from extraction.numbers import Mention

_BOUNDARY = re.compile(r"[，；：。！？（）]")
_CLOSING = "，；）。！？"
_LISTED = re.compile(r"[、和及与]")
_ITEMS = re.compile(r"[、和及与]|以及")
_YEAR = re.compile(r"(?<![较比与同自从至到和、])(20\d\d)年度?(?![底末以来])")
_NEAR = 3
_PARTS = frozenset({"AMONG"})
_FILLER = frozenset({"FILLER"})
_EACH = "SEPARATELY"


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of a class, at ``text[start:end]`` of its sentence."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The hits in each scope of a rule; ``topics`` carried on or named right after; ``year`` last named, if any.

    ``part`` says that the number stands in an enumeration of parts: after 其中, a colon or in brackets.
    """

    scopes: dict[str, tuple[Hit, ...]]
    topics: frozenset[str]
    year: int | None
    part: bool


def surroundings(
    text: str, mentions: Sequence[Mention], hits: Sequence[Hit], topics: dict[str, str], topic: str | None
) -> list[Surroundings]:
    """One for each of ``mentions``; ``topic`` is what the paragraph spoke of so far, ``topics`` those of the classes."""
    return [_Reader(text, mentions, hits, topics, topic).around(i) for i in range(len(mentions))]


class _Reader:
    """The sentence with its boundaries, asked about one number after the other."""

    def __init__(
        self, text: str, mentions: Sequence[Mention], hits: Sequence[Hit], topics: dict[str, str], topic: str | None
    ) -> None:
        self.text, self.mentions, self.hits, self.topics, self.topic = text, mentions, hits, topics, topic
        self.starts = [hit.start for hit in hits]
        inside = [(m.start, m.end) for m in mentions]
        self.bounds = [
            match.start() for match in _BOUNDARY.finditer(text) if not any(a < match.start() < b for a, b in inside)
        ]

    def between(self, start: int, end: int) -> tuple[Hit, ...]:
        """Hits that lie in ``text[start:end]``."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return tuple(hit for hit in self.hits[first:last] if hit.end <= end)

    def around(self, index: int) -> Surroundings:
        """What stands around number ``index``."""
        mention = self.mentions[index]
        at = bisect_left(self.bounds, mention.start)
        clause = self.bounds[at - 1] + 1 if at else 0
        clause_end = self.bounds[at] if at < len(self.bounds) else len(self.text)
        before = self.mentions[index - 1].end if index else 0
        following = self.mentions[index + 1].start if index + 1 < len(self.mentions) else len(self.text)
        left = self._after_mark(before, mention.start) if before > clause else clause
        right = min(following, clause_end)
        if following < clause_end and (mark := _LISTED.search(self.text, mention.end, right)):
            right = mark.start()
        shared = self._shared(index, clause)
        own = shared if shared is not None else self.between(left, mention.start)
        scopes = {
            "left": own,
            "near": _last(own, self.text, mention.start) if shared is None else own,
            "reach": shared if shared is not None else self.between(before, mention.start),
            "clause": self.between(clause, mention.start),
            "sentence": self.between(0, mention.start),
            "right": self.between(mention.end, right),
            "next": tuple(h for h in self.between(mention.end, right) if self._adjacent(mention.end, h.start)),
            "after": self.between(mention.end, clause_end),
        }
        return Surroundings(scopes, self._topics(scopes), self._year(mention.start), self._part(mention, before))

    def _after_mark(self, before: int, start: int) -> int:
        """Where the words of a number begin that shares its clause with the number before: 3件、不予公开4件."""
        mark = _LISTED.search(self.text, before, start)
        return mark.end() if mark else before

    def _adjacent(self, end: int, start: int) -> bool:
        gap = self.text[end:start]
        return len(gap.replace("的", "").replace(" ", "")) <= 1

    def _shared(self, index: int, clause: int) -> tuple[Hit, ...] | None:
        """The words of the k-th item for the k-th number after 分别: 规章、规范性文件分别为0件、14件."""
        run = [index]
        while run[0] and self._joined(run[0] - 1, clause):
            run.insert(0, run[0] - 1)
        while run[-1] + 1 < len(self.mentions) and self._joined(run[-1], clause):
            run.append(run[-1] + 1)
        each = [h for h in self.between(clause, self.mentions[run[0]].start) if h.name == _EACH]
        if len(run) < 2 or not each:
            return None
        marks = [m for m in _ITEMS.finditer(self.text, clause, each[-1].start)][-(len(run) - 1) :]
        if len(marks) < len(run) - 1:
            return None
        edges = [clause, *(m.end() for m in marks), each[-1].start]
        place = run.index(index)
        verb = self.between(each[-1].end, self.mentions[run[0]].start)
        return self.between(edges[place], edges[place + 1]) + verb

    def _joined(self, index: int, clause: int) -> bool:
        """Whether nothing but an enumeration mark stands between number ``index`` and the next."""
        first, second = self.mentions[index : index + 2]
        gap = self.text[first.end : second.start].strip()
        return first.start >= clause and len(gap) <= 2 and bool(_ITEMS.match(gap) or gap == "，")

    def _topics(self, scopes: dict[str, tuple[Hit, ...]]) -> frozenset[str]:
        carried = next((self.topics[h.name] for h in reversed(scopes["sentence"]) if h.name in self.topics), self.topic)
        named = {self.topics[h.name] for h in (*scopes["left"], *scopes["next"]) if h.name in self.topics}
        return frozenset(named | {carried} if carried else named)

    def _year(self, start: int) -> int | None:
        years = [int(match[1]) for match in _YEAR.finditer(self.text, 0, start)]
        return years[-1] if years else None

    def _part(self, mention: Mention, before: int) -> bool:
        text = self.text[before : mention.start]
        opened = self.text.rfind("（", 0, mention.start) > self.text.rfind("）", 0, mention.start)
        return opened or any(hit.name in _PARTS for hit in self.between(0, mention.start)) or (before > 0 and "：" in text)


def _last(hits: Sequence[Hit], text: str, end: int) -> tuple[Hit, ...]:
    """The last words before ``end``, over fillers, when no more than a few other characters part them from it."""
    rest = end
    for hit in reversed(hits):
        gap = text[hit.end : rest].strip(" “”\"'")
        if len(gap) > _NEAR:
            return ()
        if hit.name not in _FILLER and hit.name != _EACH:
            return tuple(h for h in hits if (h.start, h.end) == (hit.start, hit.end))
        rest = hit.start
    return ()
