"""What stands around each number of a sentence: the words before it and after it, and what the talk is of."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.numbers import Mention
from extraction.words import Hit

_BOUNDARY = re.compile(r"[，；：。！？（）]| {2,}")
_LABEL_LENGTH = 8
_ITEMS = re.compile(r"[、和及与]|以及")
_YEAR = re.compile(r"(?<![较比与同自从至到和、])(20\d\d)年度?+(?![底末以来])")
_NEAR = 3
_PARTING = "AMONG"
_FILLER = frozenset({"FILLER", "SUM", "SEPARATELY", "CUMULATIVE", "ALREADY"})
_MOVED = frozenset({"TRANSFER", "CARRY_IN", "COMPARE"})
_EACH = "SEPARATELY"
_TASK, _DISPATCH, _APPLICATION = "TASK", "DISPATCH", "application"
_GROWN = "GROWN_TO"
_EARLIER = frozenset({"LAST_YEAR", "YEAR_BEFORE"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The hits in each scope of a rule; ``topics`` carried on or named next to the number; ``year`` last named, if any.

    ``parting`` is where the enumeration of parts began that the number is in (after 其中, a colon or a bracket), or -1;
    ``listing`` is the same for one that may go on over semicolons, which only words open.
    """

    scopes: dict[str, tuple[Hit, ...]]
    topics: frozenset[str]
    year: int | None
    parting: int
    listing: int


class Reader:
    """A sentence with its numbers and hits, asked about one number after the other.

    :param topics: the topic of each class that has one.
    :param topic: what the paragraph spoke of before this sentence.
    """

    def __init__(
        self, text: str, mentions: Sequence[Mention], hits: Sequence[Hit], topics: dict[str, str], topic: str | None
    ) -> None:
        self.text, self.mentions, self.hits, self.topics, self.topic = text, mentions, hits, topics, topic
        self.starts = [hit.start for hit in hits]
        held = [(m.start, m.end) for m in mentions] + [(h.start, h.end) for h in hits]
        self.bounds: list[int] = []
        for match in _BOUNDARY.finditer(text):
            if not any(a < match.start() < b for a, b in held) and not self._labels(match.start()):
                self.bounds.append(match.start())

    def _labels(self, colon: int) -> bool:
        """Whether a colon only ends a label, so that its words go with what follows: 会议：召开三次."""
        start = self.bounds[-1] + 1 if self.bounds else 0
        return self.text[colon] == "：" and colon - start <= _LABEL_LENGTH

    def between(self, start: int, end: int) -> tuple[Hit, ...]:
        """Hits that lie in ``text[start:end]``."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return tuple(hit for hit in self.hits[first:last] if hit.end <= end)

    def topic_at(self, end: int) -> str | None:
        """What the talk is of before ``end``: the last topic named, a bracket that has closed left out."""
        topic = self.topic
        for hit in self.between(0, end):
            named = self.topics.get(hit.name)
            if (
                named
                and self._turns(hit, topic)
                and not self._closed_bracket(hit.start, end)
                and not (topic or "").startswith(named)
            ):
                topic = named
        return topic

    def _turns(self, hit: Hit, topic: str | None) -> bool:
        """Whether a word can turn the talk: a task only next to a number (任务16项), 转办 not from applications."""
        if hit.name == _DISPATCH:
            return topic != _APPLICATION
        return hit.name != _TASK or any(
            self._adjacent(hit.end, m.start) or self._adjacent(m.end, hit.start) for m in self.mentions
        )

    def around(self, index: int) -> Surroundings:
        """What stands around number ``index``."""
        mention = self.mentions[index]
        clause, clause_end = self._clause(mention)
        before = self.mentions[index - 1].end if index else 0
        following = self.mentions[index + 1].start if index + 1 < len(self.mentions) else len(self.text)
        left, right = clause, min(following, clause_end)
        if before > clause:
            mark = _ITEMS.search(self.text, before, mention.start)
            left = mark.end() if mark else before
        if following < clause_end and (mark := _ITEMS.search(self.text, mention.end, right)):
            right = mark.start()
        segment = self.text.rfind("；", 0, mention.start) + 1
        shared = self._shared(index, clause)
        own = shared or self.between(left, mention.start)
        if index and self._goes_on(index, left, own):
            own = tuple(hit for hit in self._before(index - 1, segment) if hit.name not in _EARLIER) + own
        scopes = {
            "left": own,
            "near": shared or self._nearest(own, mention.start),
            "reach": shared or self.between(before, mention.start),
            "clause": self.between(clause, mention.start),
            "segment": self.between(segment, mention.start),
            "sentence": self.between(0, mention.start),
            "right": self.between(mention.end, right),
            "next": tuple(h for h in self.between(mention.end, right) if self._adjacent(mention.end, h.start)),
            "after": self.between(mention.end, clause_end),
            "onward": self.between(mention.end, following),
            "rest": self.between(mention.end, self._segment_end(mention.end, following)),
        }
        return Surroundings(
            scopes,
            self._topics(scopes, mention),
            self._year(mention.start),
            self._parting(segment, mention.start),
            max((hit.start for hit in scopes["sentence"] if hit.name == _PARTING), default=-1),
        )

    def _clause(self, mention: Mention) -> tuple[int, int]:
        """Start and end of the number's clause, over a mark that only fillers part from it: 公示栏，共20条."""
        at = bisect_left(self.bounds, mention.start)
        end = self.bounds[at] if at < len(self.bounds) else len(self.text)
        if at and self.text[self.bounds[at - 1]] != "；" and self._filled(self.bounds[at - 1] + 1, mention.start):
            # 其中13件同意公开，2件部分公开: a number that opens its clause may be followed by its words.
            bare = not self.text[self.bounds[at - 1] + 1 : mention.start].strip()
            if not bare or not self.between(mention.end, end):
                at -= 1
        return (self.bounds[at - 1] + 1 if at else 0), end

    def _filled(self, start: int, end: int) -> bool:
        """Whether nothing but fillers stands in ``text[start:end]``."""
        gap = list(self.text[start:end])
        for hit in self.between(start, end):
            if hit.name in _FILLER:
                gap[hit.start - start : hit.end - start] = " " * (hit.end - hit.start)
        return not "".join(gap).strip(" ，（：")

    def _goes_on(self, index: int, left: int, own: Sequence[Hit]) -> bool:
        """Whether a number goes on from the one before it: 予以公开占38.6%，计777件; 访问量由20万次增至35万次."""
        before, start = self.mentions[index - 1], self.mentions[index].start
        share = before.unit == "%" and left >= before.end and self._filled(left, start)
        return share or (bool(own) and own[0].name == _GROWN and not self.text[before.end : own[0].start].strip(" ，"))

    def _before(self, index: int, segment: int) -> tuple[Hit, ...]:
        """The words before number ``index``, back to the number before that."""
        start = max(segment, self.mentions[index - 1].end if index else 0)
        return self.between(start, self.mentions[index].start)

    def _adjacent(self, end: int, start: int) -> bool:
        return end <= start and not self.text[end:start].strip(" 的")

    def _nearest(self, hits: Sequence[Hit], end: int) -> tuple[Hit, ...]:
        """The last words before ``end``, over fillers, when no more than a few other characters part them from it."""
        rest, fillers = end, {(hit.start, hit.end) for hit in hits if hit.name in _FILLER}
        for hit in reversed(hits):
            if len(self.text[hit.end : rest].strip(" “”\"'：（，")) > _NEAR:
                return ()
            if (hit.start, hit.end) not in fillers:
                return tuple(h for h in hits if (h.start, h.end) == (hit.start, hit.end))
            rest = min(rest, hit.start)
        return ()

    def _shared(self, index: int, clause: int) -> tuple[Hit, ...] | None:
        """The words of the k-th item for the k-th number after 分别: 规章、规范性文件分别为0件、14件."""
        run = [index]
        while run[0] and self._joined(run[0] - 1, clause):
            run.insert(0, run[0] - 1)
        while run[-1] + 1 < len(self.mentions) and self._joined(run[-1], clause):
            run.append(run[-1] + 1)
        first = self.mentions[run[0]].start
        each = [h for h in self.between(clause, first) if h.name == _EACH]
        if len(run) < 2 or not each:
            return None
        marks = list(_ITEMS.finditer(self.text, clause, each[-1].start))[-(len(run) - 1) :]
        if len(marks) < len(run) - 1:
            return None
        edges = [clause, *(m.end() for m in marks), each[-1].start]
        place = run.index(index)
        return self.between(edges[place], edges[place + 1]) + self.between(each[-1].end, first) or None

    def _joined(self, index: int, clause: int) -> bool:
        """Whether nothing but an enumeration mark stands between number ``index`` and the next."""
        first, second = self.mentions[index : index + 2]
        gap = self.text[first.end : second.start].strip()
        return first.start >= clause and len(gap) <= 2 and bool(_ITEMS.match(gap) or gap == "，")

    def _topics(self, scopes: dict[str, tuple[Hit, ...]], mention: Mention) -> frozenset[str]:
        """Topics named next to the number or carried on; with neither, the first that follows."""
        found = {self.topics[h.name] for h in (*scopes["left"], *scopes["next"]) if h.name in self.topics}
        carried = self.topic_at(mention.start) or next(self._named(mention.end), None)
        return frozenset(found | {carried} if carried else found)

    def _named(self, start: int) -> Iterator[str]:
        return (self.topics[h.name] for h in self.between(start, len(self.text)) if h.name in self.topics)

    def _closed_bracket(self, start: int, end: int) -> bool:
        """Whether a bracket open at ``start`` is closed before ``end``."""
        opened = self.text.rfind("（", 0, start) > self.text.rfind("）", 0, start)
        return opened and "）" in self.text[start:end]

    def _year(self, start: int) -> int | None:
        """The year last named as the time of the talk, not as one that applications came from or that is compared."""
        for match in reversed([*_YEAR.finditer(self.text, 0, start)]):
            at = bisect_left(self.bounds, match.start())
            end = self.bounds[at] if at < len(self.bounds) else len(self.text)
            own = end > start
            if own or (
                not self._closed_bracket(match.start(), start)
                and not any(hit.name in _MOVED for hit in self.between(match.start(), end))
            ):
                return int(match[1])
        return None

    def _segment_end(self, start: int, end: int) -> int:
        mark = self.text.find("；", start, end)
        return end if mark < 0 else mark

    def _parting(self, segment: int, start: int) -> int:
        """Where the parts began that a number at ``start`` is one of, in its stretch between semicolons."""
        found = [hit.start for hit in self.between(segment, start) if hit.name == _PARTING]
        opened = self.text.rfind("（", segment, start)
        if opened > self.text.rfind("）", segment, start):
            found.append(opened)
        found.append(self.text.rfind("：", segment, start))
        return max(found)
