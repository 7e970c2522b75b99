"""Lists of numbers behind a whole that may be its parts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from extraction.checks.kinds import is_whole_of, kinds_of, several_of
from extraction.checks.stretches import Number, Stretch
from extraction.resources.within import load_within

PARTED = re.compile(r"[；;。]")
REMARK = re.compile(r"[（(][^（()）]*[）)]")
LONG_GAP = 30
FAR = 120
"""How many characters before a whole another number may stand that the list is of."""
_PAIR = 2
_LONG_WORD, _BEHIND = 4, 8
_MOST_ITEMS, _MOST_READINGS = 40, 300
_STRONG = re.compile(r"[。！？]")
_OPENED = re.compile(r"[^（(，。；]{0,6}[（(]")


@dataclass(frozen=True)
class Listed:
    """Numbers behind a whole that may be its parts; ``lead`` is what stands between, remarks left out."""

    stretch: Stretch
    whole: Number
    items: Sequence[Number]
    lead: str
    kind: str | None
    enclosed: bool

    @cached_property
    def introduced(self) -> bool:
        """Whether words say that parts follow."""
        known = load_within()
        if self.enclosed or self.composed or any(word in self.lead for word in known.introduce):
            return True
        return bool(re.search(known.aspect, self.lead))

    @cached_property
    def composed(self) -> bool:
        """Whether words before or right behind the items say that they make up the whole."""
        behind = re.split("[，。；]", self.stretch.text[self.items[-1].end :][:_BEHIND])[0]
        made = load_within().made_of in self.lead
        named = any(word in self.lead or (made and word in behind) for word in load_within().compose)
        return named or self.closed

    @cached_property
    def closed(self) -> bool:
        """Whether words right behind the items say that there are no others."""
        if self.lead.startswith("、"):
            return False
        return bool(re.match(load_within().closed, self.stretch.text[self.items[-1].end :]))

    @cached_property
    def gaps(self) -> list[str]:
        """What stands between an item and the next, remarks left out."""
        return [REMARK.sub("", self.stretch.text[a.end : b.start]) for a, b in pairwise(self.items)]

    @cached_property
    def earlier(self) -> list[Number]:
        """The other numbers of its unit before the first item, not far away."""
        first, whole = self.items[0], self.whole
        return [
            n
            for n in self.stretch.numbers
            if n.unit == whole.unit and whole.start - FAR < n.start < first.start and n is not whole and not n.aside
            if abs(n.sentence - whole.sentence) <= 1
        ]

    def readings(self) -> Iterator[tuple[Number, ...]]:
        """Each way to read the items from the first on: one that 其中 follows may hold those right behind it."""
        items, gaps, among = self.items, self.gaps, re.compile(load_within().among)

        def read(at: int, chosen: tuple[Number, ...]) -> Iterator[tuple[Number, ...]]:
            chosen = (*chosen, items[at])
            yield chosen
            if at + 1 < len(items):
                yield from read(at + 1, chosen)
                if among.search(gaps[at]):
                    for following in range(at + 2, len(items)):
                        yield from read(following, chosen)
                        if PARTED.search(gaps[following - 1]):
                            break

        for _, reading in zip(range(_MOST_READINGS), read(0, ()), strict=False):
            yield reading


def lists(stretch: Stretch, counts: Sequence[Number], place: int) -> Iterator[Listed]:
    """The list in brackets behind a number, the one that follows, and the runs of one kind in it."""
    whole, text = counts[place], stretch.text
    following = counts[place + 1 : place + 1 + _MOST_ITEMS]
    if not following:
        return
    if following[0].depth > whole.depth and _OPENED.match(text, whole.end, following[0].start):
        inner = []
        for number in following:
            if number.depth <= whole.depth or number.sentence != whole.sentence:
                break
            inner.append(number)
        items = [n for n in inner if n.depth == whole.depth + 1]
        if items and all(n.unit == whole.unit for n in items):
            yield Listed(stretch, whole, items, text[whole.end : items[0].start], common_kind(items), enclosed=True)
    level = [n for n in following if n.depth <= whole.depth]
    first = next((n for n in level if n.unit == whole.unit), None)
    if first is None or first.sentence - whole.sentence > _PAIR or level[0].depth < whole.depth:
        return
    items = []
    for number in level:
        if number.sentence != first.sentence or number.depth < whole.depth:
            break
        if number.unit == whole.unit and not number.qualifier:
            items.append(number)
    lead = REMARK.sub("", text[whole.end : first.start])
    if items and first.sentence - whole.sentence <= 1 and (first is level[0] or len(lead) <= LONG_GAP):
        yield Listed(stretch, whole, items, lead, None, enclosed=False)
    for kind in load_within().kinds:
        if is_whole_of(whole, kind):
            yield from _runs(stretch, whole, items, kind)


def _runs(stretch: Stretch, whole: Number, items: Sequence[Number], kind: str) -> Iterator[Listed]:
    """The stretches of items of one kind, with what 其他 and 其余 add to them."""
    known, run = load_within(), list[Number]()
    for number in (*items, None):
        parts = kinds_of(number) if number else {}
        word = number.before.strip() if number else ""
        other = bool(run and word.startswith((*known.rest, *known.other)) and len(word) <= _LONG_WORD)
        # 「主办51件、会办29件、分办3件」: what stands in the enumeration is of its kind, named or not.
        joined = bool(number and run and not number.metric and stretch.text[run[-1].end : run[-1].end + 1] == "、")
        bare = other and word in (*known.rest, *known.other)
        if number and (kind in parts or bare or ((other or joined) and not parts)):
            run.append(number)
            continue
        if len(run) >= _PAIR:
            lead = REMARK.sub("", stretch.text[whole.end : run[0].start])
            yield Listed(stretch, whole, tuple(run), lead, kind, enclosed=False)
        run = []


def common_kind(items: Sequence[Number]) -> str | None:
    """The kind that all items are of, those aside that no kind knows."""
    kinds = [found for found in map(kinds_of, _named(items)) if found]
    common = set(kinds[0]).intersection(*kinds[1:]) if len(kinds) > 1 else set()
    return min(common, default=None)


def _named(items: Sequence[Number]) -> list[Number]:
    """The items but for a bare 其他, which is of any kind."""
    bare = (*load_within().rest, *load_within().other)
    return [item for item in items if item.before.strip() not in bare]


def mixed(items: Sequence[Number]) -> bool:
    """Whether items are parts of different kinds, which never add up."""
    kinds = [found for found in map(kinds_of, _named(items)) if found]
    return len(kinds) > 1 and not set(kinds[0]).intersection(*kinds[1:])


def tight(listed: Listed) -> list[Number]:
    """The items that are one list: no other number and no long talk stands between them, none begins a new one."""
    if listed.kind or listed.enclosed:
        return list(listed.items)
    known, whole, text = load_within(), listed.whole, listed.stretch.text
    siblings = {name: part for name, part in kinds_of(whole).items() if not several_of(whole.before, name)}
    others = {n.start for n in listed.stretch.numbers if n.unit not in known.counting}
    tight: list[Number] = []
    for item, gap in zip(listed.items, ("", *listed.gaps), strict=True):
        between = tight and any(tight[-1].end < start < item.start for start in others)
        own = kinds_of(item)
        begins = any(is_whole_of(item, name) for each in tight for name in kinds_of(each) if not own)
        # 「法人27件，其中企业21件；自然人325件」: what stands beside the whole is no part of it.
        beside = any(
            own.get(name, part) != part and known.kinds[name].inside.get(own[name]) != part
            for name, part in siblings.items()
        )
        begins = begins or bool(PARTED.search(gap) and re.search(known.aspect, gap))
        # A semicolon ends what commas of a list part.
        begins = begins or (
            bool(PARTED.search(gap)) and len(tight) > 1 and "、" in text[tight[-2].end : tight[-1].start]
        )
        if tight and (between or begins or beside or len(gap) > LONG_GAP or _STRONG.search(gap)):
            break
        tight.append(item)
    return tight


def top(stretch: Stretch, numbers: Sequence[Number]) -> tuple[Number, ...]:
    """The numbers without those that 其中 makes parts of another, up to the next semicolon."""
    kept, nested = list(numbers[:1]), False
    for before, item in pairwise(numbers):
        gap = REMARK.sub("", stretch.text[before.end : item.start])
        nested = (nested and not PARTED.search(gap)) or bool(re.search(load_within().among, gap))
        if not nested:
            kept.append(item)
    return tuple(kept)
