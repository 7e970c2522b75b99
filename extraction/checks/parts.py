"""Parts that a sentence names and the whole that they add up to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from extraction.checks.kinds import is_whole_of, kinds_of
from extraction.checks.lists import FAR, LONG_GAP, PARTED, REMARK, Listed, common_kind, lists, mixed, tight, top
from extraction.checks.stretches import PERCENT, Number, Stretch
from extraction.checks.whole import counted_by, excludes, is_chain, names_of
from extraction.resources.within import load_within
from extraction.schema import Answer, Basis

_PAIR, _MANY = 2, 3
_LARGE = 20
_STRONG = re.compile(r"[。！？]")
_JOINTS = re.compile(r"[、，,；;：:\s]|和|及|与")


@dataclass(frozen=True)
class Sum:
    """A whole with the parts named for it; ``answer`` says whether they add up to it, ``kind`` what they are."""

    whole: Number
    parts: tuple[Number, ...]
    answer: Answer
    basis: Basis
    kind: str | None = None

    @property
    def total(self) -> Decimal:
        """What the parts add up to."""
        return sum((part.value for part in self.parts), Decimal(0))


def sums(stretch: Stretch) -> Iterator[Sum]:
    """A sum for every number that others follow as its parts, or come before; the surest of one number."""
    counts = [n for n in stretch.numbers if n.unit != PERCENT and not n.aside]
    order = {"open": 0, "broken": 1, "holds": 2}
    best: dict[tuple[int, str | None], Sum] = {}
    for place, whole in enumerate(counts):
        if whole.qualifier:
            continue
        for found in (*_behind(stretch, counts, place), *_ahead(stretch, counts, place)):
            # A whole may be parted by applicants and by channels; what has no kind is told by the best of all.
            for other in [key for key in best if key[0] == whole.start and None in (key[1], found.kind)]:
                if order[best[other].answer] >= order[found.answer]:
                    break
                del best[other]
            else:
                known = best.get((whole.start, found.kind))
                if known is None or order[found.answer] > order[known.answer]:
                    best[whole.start, found.kind] = found
    yield from best.values()


def _behind(stretch: Stretch, counts: Sequence[Number], place: int) -> Iterator[Sum]:
    for listed in lists(stretch, counts, place):
        if _is_dealt(listed):
            continue
        found = _adding_up(listed) or _failing(listed)
        if found:
            yield found


def _is_dealt(listed: Listed) -> bool:
    """「复议9件、诉讼5件，维持、驳回分别为7件、4件」 deals numbers out to several wholes."""
    known, first = load_within(), listed.items[0]
    if not any(word in listed.lead for word in known.told):
        return False
    # 「不予公开11件，分别为国家秘密1件、…」 names the parts of the one before.
    if re.match(known.told_each, listed.lead) and re.sub(known.told_each, "", first.before):
        return False
    near = [n for n in listed.earlier if n.sentence == listed.whole.sentence and n.start < listed.whole.start]
    return bool(near) and len(listed.stretch.text[near[-1].end : listed.whole.start]) <= LONG_GAP


def _adding_up(listed: Listed) -> Sum | None:
    """The reading of a list that adds up to its whole, if the text lets it be one."""
    whole, items = listed.whole, listed.items
    for reading in listed.readings():
        total, slack = sum(n.value for n in reading), sum(n.slack for n in reading)
        if len(reading) < _PAIR or abs(total - whole.value) > whole.slack + slack:
            continue
        if mixed(reading) and (len(reading) == _PAIR or whole.value < _LARGE or not listed.introduced):
            continue
        is_all = reading[-1] is items[-1]
        told = listed.introduced or listed.kind is not None
        if not told and not (whole.value >= _LARGE and (is_all or len(reading) >= _MANY)):
            continue
        kind = listed.kind or common_kind(reading)
        follower = items[items.index(reading[-1]) + 1] if not is_all else None
        between = listed.stretch.text[reading[-1].end : follower.start] if follower else ""
        if follower and kind and kind in kinds_of(follower) and not re.search("[；;。]|其中", between):
            continue
        return Sum(whole, reading, "holds", "words" if told else "balance", kind)
    return None


def _failing(listed: Listed) -> Sum | None:
    """A list that does not add up: broken where it is all of its whole, or more than it; open otherwise."""
    parts = top(listed.stretch, tight(listed))
    kind = listed.kind or common_kind(parts)
    if not (listed.introduced or listed.kind or _is_course(parts, kind)):
        return None
    found = Sum(listed.whole, parts, "open", "words", kind)
    over = found.total - sum(n.slack for n in parts) > listed.whole.value + listed.whole.slack
    if len(parts) < _PAIR:
        broken = over and _contains(listed, parts[0])
    else:
        broken = _is_whole_here(listed) and excludes(listed, parts, kind, over=over) and not _explained(listed, parts)
    return Sum(listed.whole, parts, "broken", "words", kind) if broken else found


def _is_course(parts: Sequence[Number], kind: str | None) -> bool:
    """Whether parts are all seasons of a year, which need no word that they are parts."""
    return kind in load_within().course and load_within().kinds[kind].exhausted(names_of(parts, kind))


def _contains(listed: Listed, part: Number) -> bool:
    """Whether 其中 right behind a number makes another a part of it, and of no other number."""
    whole = listed.whole
    told = re.match(f"[，,（(：:]?(?:{load_within().among})", listed.stretch.text[whole.end : part.start])
    alone = all(n.value < part.value for n in listed.earlier) and not part.qualifier
    alone = alone and not _STRONG.search(listed.lead)
    reached = whole.before.rstrip().endswith(("到", "至", "成"))
    apart = any(word in part.before + part.after for word in load_within().apart)
    return bool(told) and alone and not reached and not apart and len(listed.lead) <= LONG_GAP


def _is_whole_here(listed: Listed) -> bool:
    """Whether it is clear that a list is of this number, not of another that was named before or between."""
    whole, lead = listed.whole, listed.lead
    if listed.enclosed:
        return True
    known, metric = load_within(), whole.metric
    own = [name for name in kinds_of(whole) if metric is None or name in known.parts_of_metric.get(metric, {})]
    if listed.kind and any(known.kinds[name].of for name in own):
        return False
    if listed.kind:
        between = [n for n in listed.earlier if n.start > whole.start]
        if _has_rival(listed):
            return False
        return all(kinds_of(n) and not is_whole_of(n, listed.kind) and n.value <= whole.value for n in between)
    alone = not any(n.sentence == whole.sentence for n in listed.earlier)
    return len(lead) <= LONG_GAP and (alone or not PARTED.search(lead))


def _has_rival(listed: Listed) -> bool:
    """Whether another whole of the kind stands beside this one: 「复议9件、诉讼5件，维持10件」."""
    rivals, whole, text = load_within().kinds[listed.kind or ""].rivals, listed.whole, listed.stretch.text
    last = max((n.end for n in listed.earlier if n.start < whole.start and listed.kind in kinds_of(n)), default=0)
    start = max(last, text.rfind("。", 0, whole.start), text.rfind("；", 0, whole.start), whole.start - FAR)
    window = re.sub(load_within().routes, "", text[max(0, start) : listed.items[0].start])
    return bool(rivals) and all(any(word in window for word in words) for words in rivals)


def _explained(listed: Listed, parts: Sequence[Number]) -> bool:
    """Whether another whole fits the parts, some of them fit, or what was taken over or left is the difference."""
    known, whole = load_within(), listed.whole
    total, slack = sum((n.value for n in parts), Decimal(0)), whole.slack + sum((n.slack for n in parts), Decimal(0))
    kind = listed.kind or common_kind(parts)
    if any(n.aside and whole.end < n.start < parts[0].start and n.value == total for n in listed.stretch.numbers):
        return True
    wholes = [whole.value, *(n.value for n in listed.earlier if kind not in kinds_of(n))]
    pairs = list(combinations(wholes, _PAIR))
    if any(
        abs(total - each) <= slack for each in (*wholes, *(a + b for a, b in pairs), *(abs(a - b) for a, b in pairs))
    ):
        return True
    # 「投诉83个，涉及停车41个、导游19个、其他23个」: a part may be the whole of those behind it.
    named = listed.composed or is_chain(listed, parts)
    named = named or (bool(listed.kind) and len(names_of(parts, listed.kind or "")) == len(parts))
    if not named and any(parts[at].value == sum(n.value for n in parts[at + 1 :]) for at in range(len(parts) - _PAIR)):
        return True
    for first, last in combinations(range(len(parts) + 1), _PAIR) if not is_chain(listed, parts) else ():
        few = parts[first:last]
        if len(few) >= _PAIR and abs(sum(n.value for n in few) - whole.value) <= slack:
            return True
    chosen = {n.start for n in parts} | {whole.start}
    near = [n for n in listed.stretch.numbers if n.unit == whole.unit and n.start not in chosen]
    near = [n for n in near if whole.sentence - 1 <= n.sentence <= parts[-1].sentence + 1]
    carried = [n.value for n in near if any(word in n.before + n.after for word in known.carried)]
    following = [n.value for n in near if n.start > parts[-1].start][:1]
    # 「甲处收46件，乙处收38件，丙处收29件，共113件」: the whole is a part as well.
    if whole.value + total in following:
        return True
    carried += following
    pairs = list(combinations(carried, _PAIR))
    differences = (*carried, *(a + b for a, b in pairs), *(abs(a - b) for a, b in pairs))
    return any(abs(abs(total - whole.value) - each) <= slack for each in differences)


def _ahead(stretch: Stretch, counts: Sequence[Number], place: int) -> Iterator[Sum]:
    """「网络20件、信函30件，合计50件」: a total behind its parts."""
    whole, known = counts[place], load_within()
    lead = whole.before.strip().removesuffix("为").removesuffix("是")
    word = next((w for w in known.total if lead.endswith(w)), None)
    run: list[Number] = []
    summed_up = lead.startswith(known.above)
    for number in counts[:place][::-1]:
        # 「四个科室加在一块总计489条」 counts the parts before it gives their sum.
        if number.depth > whole.depth or (not run and number.unit != whole.unit):
            continue
        near = number.sentence == whole.sentence or (summed_up and whole.sentence - number.sentence == 1)
        if number.unit != whole.unit or not near or number.depth != whole.depth:
            break
        run.insert(0, number)
    if word is None or len(run) < _PAIR:
        return
    for tail in (row[first:] for row in (run, top(stretch, run)) for first in range(len(row) - 1)):
        slack = whole.slack + sum(n.slack for n in tail)
        if abs(sum(n.value for n in tail) - whole.value) <= slack and not mixed(tail):
            yield Sum(whole, tuple(tail), "holds", "words", common_kind(tail))
            return
    run = _chain(stretch, run, parted=not summed_up)
    if summed_up and any("，" in stretch.text[a.end : b.start] for a, b in pairwise(run)):
        return
    between = REMARK.sub("", stretch.text[run[-1].end : whole.start]) if run else ""
    joined = any(word in stretch.text[run[0].end : run[-1].start] for word in known.together) if run else False
    between = between.lstrip("。") if summed_up else between
    told = re.fullmatch(known.sure_total, _JOINTS.sub("", between).removesuffix("为").removesuffix("是"))
    told = told or (re.fullmatch(known.joint_total, between) if joined else None)
    common = common_kind(run)
    if not told or (told[1] and counted_by(told[1]) != len(run)) or mixed(run) or any(n.qualifier for n in run):
        return
    if len(run) >= _PAIR and not (common and known.kinds[common].overlapping == "always"):
        yield Sum(whole, tuple(run), "broken", "words", common)


def _chain(stretch: Stretch, run: Sequence[Number], *, parted: bool) -> list[Number]:
    """The last of these numbers that stand in one enumeration; none where another unit stands among them."""
    others = [n.start for n in stretch.numbers if n.depth <= run[-1].depth]
    chain = [run[-1]]
    for number in run[-2::-1]:
        gap = REMARK.sub("", stretch.text[number.end : chain[0].start])
        if len(gap) > LONG_GAP or re.search("[。；;\n：:]|其中" if parted else "[。\n：:]|其中", gap):
            return chain
        if any(number.end < start < chain[0].start for start in others):
            return []
        chain.insert(0, number)
    before = [n for n in stretch.numbers if n.end < chain[0].start and n.depth <= chain[0].depth]
    gap = stretch.text[before[-1].end : chain[0].start] if before else "。"
    return chain if re.search("[。；;\n：:]|其中", gap) else []
