"""Whether a list of numbers is all of the number before it, or more than it can hold."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise, takewhile

from extraction.checks.kinds import is_whole_of, kinds_of
from extraction.checks.lists import PARTED, Listed, mixed
from extraction.checks.stretches import Number
from extraction.numbers import find_numbers
from extraction.resources.within import load_within

_PAIR, _MANY = 2, 3
_BEHIND, _SUBJECT = 8, 24
_YEAR = re.compile(r"(?:19|20)\d\d年")
_JOINTS = re.compile(r"[、，,；;：:\s]|和|及|与")


def excludes(listed: Listed, parts: Sequence[Number], kind: str | None, *, over: bool) -> bool:
    """Whether parts that do not add up cannot be parts of their whole, or are all that it has."""
    known, text = load_within(), listed.stretch.text
    entry = known.kinds[kind] if kind else None
    apart = any(word in n.before for n in parts for word in known.apart)
    apart = apart or bool(listed.enclosed and _YEAR.search(text[listed.whole.end : parts[-1].start]))
    doubled = sum(n.value for n in parts) == 2 * listed.whole.value
    follows = re.split("[。；]", text[parts[-1].end :])[0]
    shared = any(word in follows for word in known.overlap)
    shared = shared or (not over and follows.lstrip("，,；;").startswith(known.rest))
    if any(n.qualifier for n in parts) or mixed(parts) or apart or doubled or shared:
        return False
    if entry and entry.overlapping == "always":
        return False
    if over and any(n.start < listed.whole.start and _is_larger(n, listed, parts) for n in listed.earlier):
        return False
    if any(part.value > listed.whole.value for part in parts) and not (
        listed.enclosed or re.search(known.among, listed.lead)
    ):
        return False
    one_kind = bool(entry and listed.kind and (entry.several or _distinct(parts, kind))) or _are_units(listed, parts)
    if over and not (entry and entry.overlapping) and (one_kind or listed.enclosed or is_chain(listed, parts)):
        return True
    behind = text[parts[-1].end : parts[-1].end + _BEHIND].lstrip("）)")
    vague = any(word in listed.lead for word in known.more) or behind.startswith(known.more)
    return not vague and _exhaustive(listed, parts, kind)


def _is_larger(number: Number, listed: Listed, parts: Sequence[Number]) -> bool:
    """Whether a number that was named before may hold all parts as well as the whole nearby."""
    can_be = listed.kind is not None and is_whole_of(number, listed.kind)
    return can_be and number.value >= sum(part.value for part in parts)


def _distinct(parts: Sequence[Number], kind: str | None) -> bool:
    """Whether no two parts are the same one of their kind, and none is within another."""
    names = [name for n in parts if (name := kinds_of(n).get(kind or ""))]
    inside = load_within().kinds[kind].inside if kind else {}
    return len(names) == len(set(names)) and not any(inside.get(name) in names for name in names)


def is_chain(listed: Listed, parts: Sequence[Number]) -> bool:
    """Whether parts stand in one enumeration behind 其中 or as verdicts: 「其中甲镇5件、乙镇7件」."""
    known = load_within()
    if not re.search(f"{known.among}|{known.verdict}|^(?:{known.told_each})", listed.lead):
        return False
    text = listed.stretch.text
    return all(re.match("[）)]?[、和及]", text[a.end : b.start]) for a, b in pairwise(parts))


def _are_units(listed: Listed, parts: Sequence[Number]) -> bool:
    """Whether parts are of bodies of one rank that 其中 or how many there are names: 「其中甲镇5件，乙镇7件」."""
    known, text = load_within(), listed.stretch.text
    names = [match[0] for n in parts if (match := re.match(known.unit, _JOINTS.sub("", n.before)))]
    ranks = {re.sub(known.unit, r"\1", name) for name in names}
    if len(names) != len(parts) or len(set(names)) != len(parts) or len(ranks) != 1:
        return _share_noun(listed, parts)
    behind = re.split("[。；]", text[parts[-1].end :][:_SUBJECT])[0]
    counted = [counted_by(word) for word in re.findall(known.counted, behind)]
    return len(parts) in counted or bool(re.search(known.among, listed.lead))


def _share_noun(listed: Listed, parts: Sequence[Number]) -> bool:
    """Whether parts behind 其中 are kinds of one thing by their last word: 「其中咨询类20件，投诉类17件」."""
    text = listed.stretch.text
    words = [re.sub(f"^(?:{load_within().among})", "", _JOINTS.sub("", n.before)) for n in parts]
    joined = all(re.match("[）)]?[、，和及]", text[a.end : b.start]) for a, b in pairwise(parts))
    if not (joined and re.match(f"[，,（(]?(?:{load_within().among})", listed.lead)) or len(set(words)) < len(words):
        return False
    ends = takewhile(lambda last: len(set(last)) == 1, zip(*(word[::-1] for word in words), strict=False))
    noun = "".join(last[0] for last in ends)
    return len(noun) >= _PAIR or noun in load_within().sorts


def names_of(parts: Sequence[Number], kind: str) -> frozenset[str]:
    """The parts of a kind that numbers are."""
    return frozenset(name for n in parts if (name := kinds_of(n).get(kind)))


def _exhaustive(listed: Listed, parts: Sequence[Number], kind: str | None) -> bool:
    """Whether parts are all of their whole: by their kind, by a remainder, by how many there are said to be."""
    known, text = load_within(), listed.stretch.text
    last = parts[-1].before.lstrip("，、；和及 ")
    if last.startswith(known.rest) and listed.introduced:
        return True
    entry = known.kinds[kind] if kind else None
    if kind and entry and not entry.overlapping and (listed.kind or listed.enclosed or not entry.of):
        names = names_of(parts, kind)
        every = listed.enclosed or not entry.of or is_whole_of(listed.whole, kind, all_of_it=True)
        if every and (entry.several or _distinct(parts, kind)) and entry.exhausted(names):
            return True
    if listed.closed and parts[-1] is listed.items[-1]:
        return True
    if listed.kind:
        return False
    if last.startswith(known.other) and len(parts) >= _MANY:
        return True
    subject = re.split("[。；]", text[max(0, listed.whole.start - _SUBJECT) : listed.whole.start])[-1]
    if len(parts) >= _MANY and any(counted_by(word) == len(parts) for word in re.findall(known.counted, subject)):
        return True
    behind = re.split("[。；]", text[parts[-1].end :][:_SUBJECT])[0]
    behind = "" if len(parts) < _MANY or re.search(r"\d", behind) else behind
    counted = [*re.findall(known.counted, listed.lead), *re.findall(known.counted, behind)]
    if any(counted_by(word) == len(parts) for word in counted):
        return True
    if listed.composed and parts[-1] is listed.items[-1]:
        return True
    told = any(word in listed.lead for word in known.told)
    if told and len(parts) >= _MANY and re.match(known.told_each, listed.lead):
        return True
    return told and not PARTED.search(listed.lead) and bool(re.search("[：:（(]", listed.lead))


def counted_by(word: str) -> Decimal:
    """What a numeral comes to: 3 for 三; 0 for none."""
    return next((mention.value for mention in find_numbers(f"{word}个")), Decimal(0))
