"""Numbers of running text: 3.4万余条 is about 34000 条, 百分之九十七点六 is 97.6 %.

A numeral counts where it has a unit or is large. Dates, document and list numbers, ranges, service numbers and the
numerals of names and set phrases (``lexicon/numbers.yaml``) are no mentions. 半数 is read as 50 %, 三成 as 30 %;
数百, 几十 and 三五 say no number and are left out.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from extraction.numbers.numerals import (
    ARABIC,
    CHINESE,
    CHINESE_DIGIT,
    DIGIT,
    MAGNITUDE,
    MAGNITUDES,
    MIXED,
    NARROW,
    ONES,
    any_of,
    chinese,
    mixed,
    spelled,
    times,
    unit_pattern,
)
from extraction.resources.numbers import number_words, units
from extraction.schema import Qualifier

_JOINT = "[-–—~～至:：/+＋*×·]"  # 10-15个, 2019/12/31, 9:00, “3+21”: none is one number
_JOINED = rf"{_JOINT}{{1,2}} ?(?={DIGIT}|{CHINESE_DIGIT})"
_RANGE = rf"(?:(?:{MIXED}|{CHINESE})[%％]? ?{_JOINED})+"
_ATTACHED = "(?:余(?!下)|多(?!数)|来(?=[ 万亿]*{unit}))"

_SIGN = "(?<=[长降为比])[-－−]"
_LINE_START = r"(?<![^\n\t。；;：:！!？?， 　])"
_LIST_NUMBER = rf"{_LINE_START}(?:{DIGIT}{{1,2}}|{CHINESE_DIGIT}{{1,3}}) ?"
_DECIMALS = rf"(?:{DIGIT}{{1,3}}(?!{DIGIT})|{DIGIT}+ ?[万亿])"
_LIST_MARK = rf"(?:[)）、]|[.．](?!{_DECIMALS}))"  # 2.12345热线, but 1.25% and 23.9847万次
_NAMES = (
    r"《[^《》]{1,100}》",
    r"[“「『][^“”「」『』]{1,15}[”」』]",
    rf"{DIGIT}+(?:[.．]{DIGIT}+){{2,}}",
    r"(?:https?:|www\.)[!-~]+",
    rf"[〔\[［（(【]{DIGIT}{{4}}年?[〕\]］）)】]",
    rf"[（(] ?(?:{DIGIT}{{1,2}}|{CHINESE_DIGIT}{{1,3}}) ?[)）]",
    rf"第 ?(?:{ARABIC}|{CHINESE})(?:[、和至] ?(?:{ARABIC}|{CHINESE})(?!年))*",
    rf"前 ?(?:{ARABIC}|{CHINESE}) ?[名位强]",
    rf"{CHINESE}届[^，。；,;]{{0,8}}?{CHINESE}次",  # 十七届人大三次会议
)

_STARTS = r"《“「『hw〔\[［（(【第前半\-－−"
_REMEMBERED = 512
"""Texts of which the numbers are kept: rules, model and checks ask for those of the same sentences."""
_SHARES = {"百": "%", "千": "‰"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A number with its unit, printed as ``text`` at ``start`` to ``end``; money in 元, a rate in percent."""

    start: int
    end: int
    text: str
    value: Decimal
    unit: str | None
    qualifier: Qualifier | None


@lru_cache(maxsize=_REMEMBERED)
def find_numbers(text: str) -> tuple[Mention, ...]:
    """The numbers of a passage in order; 余, 万 and the unit stand inside a span, 约 and 超过 outside."""
    found = (_mention(match, text) for match in _scanner().finditer(text) if match["number"])
    return tuple(mention for mention in found if mention is not None)


@cache
def _scanner() -> re.Pattern[str]:
    """The one scan over a text: names and set phrases, which are passed over, or a ``number``."""
    unit, words = unit_pattern(), number_words()
    more, again = _ATTACHED.format(unit=unit), "(?P<more2>余|多(?!数))?"
    several = rf"(?: ?[（(]{unit}(?:[、，,/]{unit})*[)）]|/{unit}(?!{CHINESE_DIGIT}))?"
    counted = rf"(?P<unit>{unit}){several}|[（(](?P<bracketed>{unit})[)）]"
    tail = rf"(?: ?(?:{counted}|(?P<uncounted>{any_of(units().not_counted)})))?"
    digits = rf"(?:(?P<sign>{_SIGN})?(?P<arabic>{MIXED})|(?P<chinese>{CHINESE}))"
    plain = rf"{digits}(?P<more> ?{more})?(?: ?(?P<multiple>{MAGNITUDE}{{1,2}}){again})?{tail}"
    share = rf"(?P<share>[百千])分之 ?(?P<rate>{ARABIC}|{CHINESE})"
    tenth = rf"(?P<tenth>{ONES}|[1-9１-９])成(?![{words.tenth_not_before}])|(?P<half>半数)"
    number = rf"(?P<number>{share}|(?P<range>{_RANGE})?(?:{tenth}|{plain}))"
    skipped = "|".join((any_of(words.idioms), *_NAMES, _LIST_NUMBER + _LIST_MARK))
    first = "".join(sorted({word[0] for word in words.idioms}))
    starts = rf"(?=[{first}{_STARTS}]|{DIGIT}|{CHINESE_DIGIT})"  # Spares most positions the many alternatives.
    return re.compile(rf"{starts}(?:{skipped}|{number})")


def _mention(match: re.Match[str], text: str) -> Mention | None:
    """The number that the scan stopped at, or None where it counts nothing."""
    start, end = match.span("number")
    if match["range"] or match["uncounted"] or (value := _value(match)) is None:
        return None
    unit, qualifier = _unit_of(match), _qualifier(match, text)
    if unit is None and _is_name(match, text):
        return None
    if match["chinese"] and match["chinese"][0] in "十百千万亿":
        words, before = number_words(), text[max(0, start - 2) : start]
        rounded = match["more"] or match["more2"] or before.endswith(tuple(words.bare_magnitude_after))
        vague = before.endswith(tuple(words.vague_before)) and set(match["chinese"]) <= set(MAGNITUDES)
        if vague or not (rounded or match["chinese"].startswith("十")):
            return None
        qualifier = qualifier or ("about" if rounded else None)
    return Mention(start, end, text[start:end], value, unit, qualifier)


def _value(match: re.Match[str]) -> Decimal | None:
    if match["half"]:
        return Decimal(50)
    if match["tenth"] or match["share"]:
        digits = match["tenth"] or match["rate"]
        value = mixed(digits) or chinese(digits)
        return 10 * value if value and match["tenth"] else value
    value = mixed(match["arabic"]) if match["arabic"] else chinese(match["chinese"])
    return None if value is None else times(-value if match["sign"] else value, match["multiple"])


def _unit_of(match: re.Match[str]) -> str | None:
    if match["share"]:
        return _SHARES[match["share"]]
    return "%" if match["tenth"] or match["half"] else spelled(match["unit"] or match["bracketed"])


def _is_name(match: re.Match[str], text: str) -> bool:
    """Whether a number without a unit is part of a word (5G, H5), a year, a service's number or a short numeral."""
    words, (start, end) = number_words(), match.span("number")
    if match["chinese"]:
        return len(match["chinese"]) < 3 or not re.search("[百千万亿]", match["chinese"])
    if re.fullmatch("(?:19|20)[0-9]{2}", match["number"]):
        return True
    edges = text[max(0, start - 1) : start] + "|" + text[end : end + 1]
    if re.search(r"^[A-Za-z_/.@=&?#-]|\|[A-Za-z@+＋_]", edges):
        return True
    counted = text[max(0, start - 1) : start] in tuple("：:共计为有")  # 受理：120
    if match["number"].translate(NARROW) in words.service_numbers and not counted:
        return True
    before, after = text[max(0, start - 10) : start].rstrip('：:为是（( “"'), text[end : end + 4].lstrip('”"’ ')
    return before.endswith(tuple(words.service_before)) or after.startswith(tuple(words.service_after))


@cache
def _qualifiers() -> tuple[dict[str, Qualifier], re.Pattern[str], re.Pattern[str]]:
    words = number_words()
    kinds: dict[str, Qualifier] = {}
    for table in (words.before, words.after):
        kinds.update({word: kind for kind, listed in table.items() for word in listed})
    before = sorted((word for listed in words.before.values() for word in listed), key=len, reverse=True)
    guarded = "|".join((f"(?<![{words.joined[word]}])" if word in words.joined else "") + word for word in before)
    after = any_of(word for listed in words.after.values() for word in listed)
    return kinds, re.compile(rf"({guarded})[为有在了达到]{{0,2}}\s*$"), re.compile(rf"\s*({after})")


def _qualifier(match: re.Match[str], text: str) -> Qualifier | None:
    kinds, before, after = _qualifiers()
    start, end = match.span("number")
    if found := before.search(text[max(0, start - 8) : start]) or after.match(text, end):
        return kinds[found[1]]
    return "about" if match["more"] or match["more2"] else None
