"""Stated rates and the two numbers that each is of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations

from extraction.checks.kinds import is_whole_of, kinds_named, kinds_of
from extraction.checks.parts import Sum
from extraction.checks.rounding import HALF, HUNDRED, fits, last_digit
from extraction.checks.stretches import PERCENT, Number, Stretch
from extraction.resources.within import load_within
from extraction.schema import Answer, Basis

_NEAR, _WORD, _BACK = 4, 2, 2
_GAP, _CONTEXT = 16, 24
_STRONG = re.compile(r"[。！？]")


@dataclass(frozen=True)
class Rate:
    """A stated rate with the part and the whole that it is of."""

    rate: Number
    part: Number
    whole: Number
    answer: Answer
    basis: Basis


@dataclass(frozen=True)
class _Before:
    """A rate with what stands around it; ``near`` are the counts of its sentence and the two before."""

    stretch: Stretch
    rate: Number
    last: Number | None
    near: Sequence[Number]
    behind: Sequence[Number]


def rates(stretch: Stretch, sums: Sequence[Sum]) -> Iterator[Rate]:
    """The rates for which two numbers can be named, in order; growths, plans and rates of last year are none."""
    known, numbers = load_within(), stretch.numbers
    chain: Rate | None = None
    dealt = set[int]()
    for place, rate in enumerate(numbers):
        if rate.unit != PERCENT or rate.aside or rate.start in dealt or _is_planned(stretch, rate):
            continue
        near = [n for n in numbers[:place] if _counts(n) and rate.sentence - n.sentence <= _BACK]
        run = _run(numbers, place)
        if len(run) > 1 and known.dealt in rate.before:
            dealt |= {n.start for n in run}
            yield from _dealt(run, near)
            continue
        last = next((n for n in numbers[:place][::-1] if n.depth <= rate.depth), None)
        behind = [n for n in numbers[place + 1 : place + 2] if _counts(n) and n.sentence == rate.sentence]
        before = _Before(stretch, rate, last, near, behind)
        found = _of_inner(before) or _of_two_names(before) or _shared(before, sums, chain) or _named(before)
        if found:
            chain = found if known.shared in rate.before and found.answer == "holds" else chain
            yield found


def _fit(rate: Number, part: Number, whole: Number) -> bool:
    return fits(rate, part.value, whole.value, (part.slack, whole.slack))


def _counts(number: Number) -> bool:
    return number.unit != PERCENT and not number.aside and not number.qualifier


def _alike(part: Number, whole: Number) -> bool:
    return part.start != whole.start and part.unit == whole.unit and 0 <= part.value <= whole.value > 0


def _is_planned(stretch: Stretch, rate: Number) -> bool:
    clause = re.split("[，,；;。\n]", stretch.text[max(0, rate.start - _CONTEXT) : rate.start])[-1]
    weighs = rate.after.removeprefix("的").startswith(load_within().weights)
    return weighs or any(word in clause for word in load_within().plans)


def _run(numbers: Sequence[Number], place: int) -> list[Number]:
    """A rate and those that follow it with nothing but joints between: 「分别占36%和18%」."""
    run = [numbers[place]]
    for number in numbers[place + 1 :]:
        if number.unit != PERCENT or number.before.strip("、，,和及与 "):
            break
        run.append(number)
    return run


def _dealt(run: Sequence[Number], near: Sequence[Number]) -> Iterator[Rate]:
    """As many numbers as rates, each of one whole; a rate is broken where all others fit."""
    parts = near[-len(run) :]
    for whole in near[: -len(run)][::-1]:
        if len(parts) == len(run) and all(_alike(part, whole) for part in parts):
            right = [_fit(rate, part, whole) for rate, part in zip(run, parts, strict=True)]
            if sum(right) >= max(_WORD, len(run) - 1):
                for rate, part, is_right in zip(run, parts, right, strict=True):
                    yield Rate(rate, part, whole, "holds" if is_right else "broken", "balance")
                return


def _of_inner(before: _Before) -> Rate | None:
    """A share whose whole stands within its words: 「占总数562件的12%」."""
    rate, whole, known = before.rate, before.last, load_within()
    if whole is None:
        return None
    named = re.sub(known.both, "", whole.before.strip())
    inside = rate.before.strip().rstrip("约近") == "的" and re.match(known.share, named)
    own = re.fullmatch(known.named_share, named) if rate.before.strip().endswith("的") else None
    if not inside and not own and not re.fullmatch(known.out_of, rate.before.strip()):
        return None
    parts = [n for n in before.near if n.start < whole.start and _alike(n, whole)]
    if own:
        kinds = kinds_named(own[1])
        parts = [n for n in parts if own[1] in n.before or any(kinds_of(n).get(k) == p for k, p in kinds.items())]
    if len(parts) >= _WORD and re.search(known.both, whole.before):
        one, two = parts[-_WORD:]
        both = replace(two, start=one.start, value=one.value + two.value, text=f"{one.text}+{two.text}", figure=None)
        parts = [both] if both.value <= whole.value else []
    if not parts or not _counts(whole):
        return None
    good = _fit(rate, parts[-1], whole)
    broken = not good and known.lot not in rate.text
    broken = broken and not _could_be(before, parts[-1], whole, share=True, named=bool(own))
    return Rate(rate, parts[-1], whole, "holds" if good else "broken" if broken else "open", "words")


def _of_two_names(before: _Before) -> Rate | None:
    """A share that names its numbers: 「予以公开占办结的41.7%」, 「网上申请占比达88%」."""
    rate, known = before.rate, load_within()
    names = re.fullmatch(known.two_names, rate.before.strip())
    if names:
        parts, wholes = ([n for n in before.near if name in n.before + n.after] for name in names.groups())
    else:
        parts, wholes = _of_kind_named(before)
    if len(parts) != 1 or len(wholes) != 1 or not _alike(parts[0], wholes[0]):
        return None
    good = _fit(rate, parts[0], wholes[0])
    broken = not good and not _could_be(before, parts[0], wholes[0], share=True, named=True)
    return Rate(rate, parts[0], wholes[0], "holds" if good else "broken" if broken else "open", "words")


def _of_kind_named(before: _Before) -> tuple[list[Number], list[Number]]:
    """The numbers that are the part which a share names by its kind, and those that it may be a part of."""
    label = re.fullmatch(load_within().kind_named, before.rate.before.strip())
    named = kinds_named(label[1]) if label else {}
    parts = [n for n in before.near if any(kinds_of(n).get(kind) == part for kind, part in named.items())]
    wholes = [n for n in before.near if any(is_whole_of(n, kind) for kind in named) and n not in parts]
    return parts, wholes


def _shared(before: _Before, sums: Sequence[Sum], chain: Rate | None) -> Rate | None:
    """A share of a whole: the part is the number right before it."""
    known, rate, part = load_within(), before.rate, before.last
    if not re.match(known.share, rate.before.strip()):
        return None
    if part is None or not _counts(part) or part.sentence != rate.sentence or part.unit in known.counting:
        return None
    if rate.start - len(rate.before) - part.end > _GAP:
        return None
    beside = {n.start for s in sums if s.answer == "holds" and part in s.parts for n in s.parts}
    larger = [n for n in before.near if _alike(part, n) and n.start < part.start and n.start not in beside]
    linked = chain is not None and rate.sentence - chain.rate.sentence <= 1 and _alike(part, chain.whole)
    if chain and linked and chain.whole not in larger:
        larger = [chain.whole, *larger]
    fitting = next((n for n in larger[::-1] if _fit(rate, part, n)), None)
    if fitting:
        return Rate(rate, part, fitting, "holds", "balance")
    noun = re.sub(known.generic, "", rate.before[rate.before.rfind(known.shared) + 1 :])
    own = next((s for s in sums if s.answer == "holds" and part in s.parts), None)
    if noun:
        own_words = [n for n in larger if noun in n.before + n.after]
        named = own_words or [n for n in larger if noun in _context(before.stretch, n)]
        named = named if len(noun) >= _WORD else []
        meant = named[0] if len({n.value for n in named}) == 1 else None
    elif chain and linked:
        meant = chain.whole
    else:
        meant = own.whole if own else _only(before, part, larger) or _of_way(part, larger) or _of_kind(part, larger)
    if meant is None or not _alike(part, meant) or known.lot in rate.text or _could_be(before, part, meant, share=True):
        return None
    if _is_levelled(before, part, meant):
        return None
    if not noun and not _suits(part, meant, chain if linked else None):
        return None
    return Rate(rate, part, meant, "broken", "words")


def _is_levelled(before: _Before, part: Number, whole: Number) -> bool:
    """Whether a share is off by less than its last digit, so that all shares of the sentence make up 100 %."""
    rate, known = before.rate, load_within()
    shares = [n for n in before.stretch.numbers if n.unit == PERCENT and n.sentence == rate.sentence]
    shares = [n for n in shares if re.match(known.share, n.before.strip())]
    off = abs(rate.value - part.value / whole.value * HUNDRED)
    return off < last_digit(rate.value) and any(
        sum(n.value for n in shares[a:b]) == HUNDRED and rate in shares[a:b]
        for a, b in combinations(range(len(shares) + 1), _WORD)
    )


def _suits(part: Number, whole: Number, chain: Rate | None) -> bool:
    """Whether a whole is one that parts of this kind exhaust, or that another of the kind is a share of."""
    kinds = kinds_of(part)
    if not kinds or (chain and kinds.keys() & kinds_of(chain.part).keys()):
        return True
    return any(load_within().kinds[k].overlapping or is_whole_of(whole, k, all_of_it=True) for k in kinds)


def _only(before: _Before, part: Number, larger: Sequence[Number]) -> Number | None:
    """The one number that 其中 or a colon makes the whole of a part."""
    known, text = load_within(), before.stretch.text
    own = [n for n in larger if n.sentence == part.sentence] or list(larger)
    if len({n.value for n in own}) != 1:
        return None
    lead = text[own[-1].end : part.start]
    introduced = any(word in lead for word in known.introduce) or bool(re.search(known.aspect, lead))
    between = any(own[-1].start < n.start < part.start for n in before.stretch.numbers)
    introduced = introduced or not (between or re.search("[；;。]", lead))
    return own[-1] if introduced and len(lead) <= 2 * _CONTEXT else None


def _of_way(part: Number, larger: Sequence[Number]) -> Number | None:
    """The one number of items that those of a way are among: 「事项276项，最多跑一次的271项，占98.2%」."""
    kinds = kinds_of(part)
    subjects = [word for k in kinds for word in load_within().kinds[k].subject]
    wholes = [n for n in larger if any(word in n.before + n.after for word in subjects) and not kinds_of(n)]
    return wholes[-1] if len({n.value for n in larger}) == 1 and wholes else None


def _of_kind(part: Number, larger: Sequence[Number]) -> Number | None:
    """The one number that parts of this kind add up to."""
    wholes = [n for n in larger if any(is_whole_of(n, kind, all_of_it=True) for kind in kinds_of(part))]
    return wholes[0] if len({n.value for n in wholes}) == 1 else None


def _context(stretch: Stretch, number: Number) -> str:
    """The words around a number, of its own sentence."""
    words = stretch.text[max(0, number.start - _CONTEXT) : number.start]
    return _STRONG.split(words)[-1] + number.after


def _named(before: _Before) -> Rate | None:
    """A rate with a name: of the two numbers that give it, or else of those that it must be of."""
    rate, near, known = before.rate, before.near, load_within()
    own = [n for n in near if n.sentence == rate.sentence]
    near = (own if len(own) >= _WORD else near)[-_NEAR:]
    if known.rate not in rate.before and rate.metric not in known.rates:
        return None
    clear = _clear(before, near)
    latest = [*near[-_WORD:], *before.behind]
    pairs = [clear] if clear else []
    pairs += [(a, b) for a, b in permutations((*near, *before.behind), _WORD) if a in latest or b in latest]
    fitting = next(((a, b) for a, b in pairs if _alike(a, b) and _fit(rate, a, b)), None)
    if fitting:
        return Rate(rate, *fitting, "holds", "words" if fitting == clear else "balance")
    if clear is None or known.lot in rate.text or _could_be(before, *clear):
        return None
    return Rate(rate, *clear, "broken", "words")


def _clear(before: _Before, near: Sequence[Number]) -> tuple[Number, Number] | None:
    """The part and the whole that a rate is of by the words of its name, or by its metric."""
    known, rate, text = load_within(), before.rate, before.stretch.text
    label = rate.before[: rate.before.rfind(known.rate)] if known.rate in rate.before else rate.before
    label = label.strip('“”"')
    stem = next((s for s in known.stems if label.endswith(s)), label[-_WORD:])
    words = known.stems.get(stem, (stem,))
    pairs = known.rates.get(rate.metric or "", ())
    own = [n for n in near if n.sentence == rate.sentence and not re.search("[；;]", text[n.end : rate.start])]
    said_so = [n for n in own if _says(n, words)] if stem in known.stems else []
    part = said_so[-1] if len(said_so) == 1 else next(iter([*near[-1:]]), None)
    if part is None or len(stem) < _WORD or part.depth > rate.depth:
        return None
    named = _says(part, words) and f"不{stem}" not in part.before
    if not named and re.search("[；;]", text[part.end : rate.start]):
        return None
    earlier = [n for n in near if n.start < part.start and _alike(part, n) and part.sentence - n.sentence <= 1]
    wholes = [n for n in earlier if (part.metric, n.metric) in pairs]
    among = [n for n in wholes if re.match(f"[，,（(：:]?(?:{known.among})", text[n.end : part.start])]
    next_to = [n for n in earlier[-1:] if n in near[-_WORD:] and not _says(n, words)]
    if not wholes:
        wholes = [n for n in earlier if n in next_to or _says(n, known.received)]
        wholes = [n for n in wholes if not _says(n, known.no_whole)]
    done = bool(next_to) and stem in known.done and _says(part, known.handled) and _says(next_to[0], known.received)
    wholes = wholes if named or done else among
    if not wholes:
        return None
    between = [n for n in near if wholes[-1].start < n.start < part.start]
    if stem not in known.stems and (between or re.search("[；;。]", text[wholes[-1].end : part.start])):
        return None
    clause = re.split("[，,；;。\n]", text[max(0, rate.start - _CONTEXT) : rate.start])[-1]
    said = part.before + part.after
    if any(word in clause and word not in said for word in known.narrower):
        return None
    prefix = label.removesuffix(stem)
    for word in (*known.narrower, *known.of_all):
        prefix = prefix.replace(word, "")
    told = text[max(0, wholes[-1].start - _CONTEXT) : part.end]
    return None if prefix and prefix[:_WORD] not in told else (part, wholes[-1])


def _says(number: Number, words: Sequence[str]) -> bool:
    said = number.before or number.after
    # 「4件行政复议案件中有3件被纠正」
    said += number.after if number.after.startswith(load_within().passive) else ""
    return any(word in said for word in words)


def _could_be(before: _Before, part: Number, whole: Number, *, share: bool = False, named: bool = False) -> bool:
    """Whether a rate fits once what was taken over or left is counted, or was cut instead of rounded."""
    known, rate = load_within(), before.rate
    # 99.98 % printed as 99.9 % says that it is not all.
    real = part.value / whole.value * HUNDRED
    if real >= HUNDRED - last_digit(rate.value) * HALF and rate.value <= real < rate.value + last_digit(rate.value):
        return True
    numbers = [n for n in before.stretch.numbers if n.unit == part.unit and abs(n.sentence - rate.sentence) <= 1]
    carried = [n.value for n in numbers if any(word in n.before + n.after for word in known.carried)]
    others = [n.value for n in numbers if n.start < rate.start and n is not part and n is not whole and not n.aside]
    others = [] if named else others
    # Money saved is a rate of what was planned: 「采购486亿元，节约52亿元，节约率9.7%」.
    more = (*carried, *others) if share else (*carried, *others, part.value)
    wholes = [*(whole.value + c for c in more), *(whole.value - c for c in (*carried, *others))]
    if any(fits(rate, part.value, other) for other in wholes if other > 0):
        return True
    return any(fits(rate, part.value + c, whole.value) for c in (*carried, *others))
