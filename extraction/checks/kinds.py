"""What a number is a part or the whole of, by its metric or the words of its clause."""

import re
from collections.abc import Mapping
from functools import lru_cache

from extraction.checks.stretches import Number
from extraction.resources.within import load_within

_FEW = 2


def kinds_of(number: Number) -> Mapping[str, str]:
    """The part that a number is, under each kind that has such a part."""
    return _kinds(number.metric, number.before, number.after)


@lru_cache(maxsize=4096)
def _kinds(metric: str | None, before: str, after: str) -> Mapping[str, str]:
    known = load_within()
    if metric in known.parts_of_metric:
        return known.parts_of_metric[metric]
    for words in (before, after):
        found = {name: named[-1] for name in known.kinds if words and (named := _parts_named(words, name))}
        if found:
            return found
    return {}


@lru_cache(maxsize=4096)
def _parts_named(words: str, kind: str) -> tuple[str, ...]:
    """The parts of a kind that words name, in order; 「不予公开」 does not name 公开."""
    if not load_within().kinds[kind].named.search(words):
        return ()
    spans = [
        (words.rfind(word), words.rfind(word) + len(word), part)
        for part, entry in load_within().kinds[kind].parts.items()
        for word in (*entry.words, *(w for w in entry.alone if len(words) <= len(w) + _FEW))
        if word in words
    ]
    outer = [a for a in spans if not any(b is not a and b[0] <= a[0] and a[1] <= b[1] and b != a for b in spans)]
    return tuple(part for _, _, part in sorted(outer, key=lambda span: span[1]))


def kinds_named(words: str) -> Mapping[str, str]:
    """The part that words name, under each kind that has such a part."""
    return _kinds(None, words, "")


def several_named(clause: str, since: str, metric: str) -> bool:
    """Whether words name more than one part of a kind that a metric is of: 「收到村民和企业申请33件」.

    :param since: all words since the number before, which tell where the clause names no part of the kind.
    """
    known = load_within()
    clause, since = (re.sub(known.routes, "", words) for words in (clause, since))
    own = known.parts_of_metric.get(metric, {})
    # 「复议、诉讼中维持15件」: what its whole is a part of may be named twice as well.
    wholes = {name for kind in own for whole in known.kinds[kind].of for name in known.parts_of_metric.get(whole, {})}
    return any(several_of(clause if _parts_named(clause, kind) else since, kind) for kind in {*own, *wholes})


def several_of(words: str, kind: str) -> bool:
    """Whether words name more than one part of a kind."""
    return len(set(_parts_named(words, kind))) > 1


def names_other(words: str, metric: str) -> bool:
    """Whether words name one part of a kind, and not that which a metric is of: 「其他组织1件」 as 法人或其他组织."""
    words = re.sub(load_within().routes, "", words)
    for kind, part in load_within().parts_of_metric.get(metric, {}).items():
        named = set(_parts_named(words, kind))
        if named and part not in named:
            return True
    return False


def is_whole_of(whole: Number, name: str, *, all_of_it: bool = False) -> bool:
    """Whether a number may be what parts of a kind add up to, by its metric or the words of its clause.

    :param all_of_it: whether the parts must be all of such a number.
    """
    kind, words = load_within().kinds[name], whole.before + whole.after
    if len(set(_parts_named(whole.before, name))) == 1 and name in kinds_of(whole):
        return False
    # 「17件给予公开，4件部分公开」
    if not whole.before.strip() and _parts_named(whole.after, name):
        return False
    if whole.metric:
        return whole.metric in ((kind.exhausts if all_of_it else ()) or kind.of)
    # 「网络收到申请22件」 is a part itself.
    is_part = any(load_within().kinds[other].of for other in kinds_of(whole))
    return any(word in words for word in kind.subject) and not kind.overlapping and not is_part
