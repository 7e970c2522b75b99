"""Sentences -> their clauses: what stands between stops, commas and the marks of a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LIST_MARK = re.compile(
    "|".join(
        (
            r"(?P<is>[一二三四五六七八九十]是)",
            r"(?P<bracket>[(（][一二三四五六七八九十\d]{1,2}[)）][、.．]?)",
            r"(?P<chinese>[一二三四五六七八九十]{1,2}、)",
            r"(?P<arabic>\d{1,2}(?:[、．)）]|\.(?!\d)))",
            r"(?P<ring>[①-⑳])",
        )
    )
)
_STOPS = "；;：:。！!？?"
_COMMAS = "，,、"
_MARK_BEGINS = re.compile(r"[一二三四五六七八九十\d(（①-⑳]")
_SHORT_HEADING = 10
_DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Clause:
    """A stretch of a sentence between two stops, commas or list marks.

    ``first`` of its item, ``listed`` after 、; ``unit`` begins the stretch between full commas that it is part of.
    """

    start: int
    end: int
    first: bool
    listed: bool
    unit: int
    mark: tuple[str, int] | None


def cut(text: str) -> Iterator[Clause]:
    """Cut a sentence at stops, commas and list marks."""
    at, start, unit, last = 0, 0, 0, 0
    first, listed, mark = True, False, None
    marks = {each.start() for each in _MARK_BEGINS.finditer(text)}
    while at <= len(text):
        # Most characters begin no list mark, and are spared its many alternatives.
        found = _LIST_MARK.match(text, at) if at in marks else None
        if found and (at == start or _counts_on(found, last, text[start:at].strip())):
            if text[start:at].strip(" *#"):
                yield Clause(start, at, first, listed, unit, mark)
            mark, first, listed = _mark(found), True, False
            last = mark[1]
            at = start = unit = found.end()
            continue
        if at == len(text) or text[at] in _STOPS or text[at] in _COMMAS:
            if text[start:at].strip(" *#"):
                yield Clause(start, at, first, listed, unit, mark)
                first, mark = False, None
            if at < len(text):
                listed = text[at] == "、"
                first = first or text[at] in _STOPS
                unit = unit if listed else at + 1
            start = at + 1
        at += 1


def _counts_on(found: re.Match[str], last: int, before: str) -> bool:
    """Whether a mark without a stop before it counts on: 「问题 一是不及时 二是不熟悉」."""
    number = _mark(found)[1]
    return found["is"] is not None and (number == last + 1 > 1 or (number == 1 and 2 <= len(before) <= _SHORT_HEADING))


def _mark(found: re.Match[str]) -> tuple[str, int]:
    """The manner of a list mark and the number that it counts."""
    digits = found.group().strip("是（）()、．. ")
    if digits.isdecimal():
        return str(found.lastgroup), int(digits)
    if found.lastgroup == "ring":
        return "ring", ord(digits) - ord("①") + 1
    tens, ten, ones = digits.rpartition("十")
    tens_value = _DIGITS.find(tens or "一") if ten else 0
    return str(found.lastgroup), 10 * max(tens_value, 0) + max(_DIGITS.find(ones), 0)
