"""Numbers of Chinese official prose and of table cells: 3.4万余条 is about 34000 条, 百分之九十七点六 is 97.6 %.

A numeral counts where it has a unit or is large. Dates, document and list numbers, ranges, service numbers and the
numerals of names and set phrases (``lexicon/numbers.yaml``) are no mentions. 半数 is read as 50 %, 三成 as 30 %;
数百, 几十 and 三五 say no number and are left out.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from extraction.resources.numbers import cell_words, number_words, units
from extraction.schema import Qualifier

_DIGIT = "[0-9０-９]"
_ONES = "[一二两三四五六七八九]"
_CHINESE_DIGIT = "[一二两三四五六七八九十百千万亿零〇]"
_GROUPED = rf"{_DIGIT}{{1,3}}(?:(?:[,，]{_DIGIT}{{3}})+| {_DIGIT}{{3}}(?: {_DIGIT}{{3}})*)"
_ARABIC = rf"(?:{_GROUPED}(?!{_DIGIT})|{_DIGIT}+)(?:[.．]{_DIGIT}+)?"
_MAGNITUDE = "(?:[十千万亿]|百(?!分))"  # 提高5百分点
_MIXED = rf"{_ARABIC}(?: ?{_MAGNITUDE}{{1,2}}(?:{_ARABIC}{_MAGNITUDE}{{1,2}})*)?"
_CHINESE = rf"{_CHINESE_DIGIT}+(?:点{_CHINESE_DIGIT}+)?"
_JOINT = "[-–—~～至:：/+＋*×·]"  # 10-15个, 2019/12/31, 9:00, “3+21”: none is one number
_JOINED = rf"{_JOINT}{{1,2}} ?(?={_DIGIT}|{_CHINESE_DIGIT})"
_RANGE = rf"(?:(?:{_MIXED}|{_CHINESE})[%％]? ?{_JOINED})+"
_ATTACHED = "(?:余(?!下)|多(?!数)|来(?=[ 万亿]*{unit}))"

_SIGN = "(?<=[长降为比])[-－−]"
_LINE_START = r"(?<![^\n\t。；;：:！!？?， 　])"
_LIST_NUMBER = rf"{_LINE_START}(?:{_DIGIT}{{1,2}}|{_CHINESE_DIGIT}{{1,3}}) ?"
_DECIMALS = rf"(?:{_DIGIT}{{1,3}}(?!{_DIGIT})|{_DIGIT}+ ?[万亿])"
_LIST_MARK = rf"(?:[)）、]|[.．](?!{_DECIMALS}))"  # 2.12345热线, but 1.25% and 23.9847万次
_NAMES = (
    r"《[^《》]{1,100}》",
    r"[“「『][^“”「」『』]{1,15}[”」』]",
    rf"{_DIGIT}+(?:[.．]{_DIGIT}+){{2,}}",
    r"(?:https?:|www\.)[!-~]+",
    rf"[〔\[［（(【]{_DIGIT}{{4}}年?[〕\]］）)】]",
    rf"[（(] ?(?:{_DIGIT}{{1,2}}|{_CHINESE_DIGIT}{{1,3}}) ?[)）]",
    rf"第 ?(?:{_ARABIC}|{_CHINESE})(?:[、和至] ?(?:{_ARABIC}|{_CHINESE})(?!年))*",
    rf"前 ?(?:{_ARABIC}|{_CHINESE}) ?[名位强]",
    rf"{_CHINESE}届[^，。；,;]{{0,8}}?{_CHINESE}次",  # 十七届人大三次会议
)

_STARTS = r"《“「『hw〔\[［（(【第前半\-－−"

_MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_SHARES = {"百": "%", "千": "‰"}
_NARROW = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_MONEY = "元"
MONEY = {"元": Decimal(1), "万元": Decimal(10_000)}
"""What one of each unit of money that the forms use comes to in 元."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A number with its unit, printed as ``text`` at ``start`` to ``end``; money in 元, a rate in percent."""

    start: int
    end: int
    text: str
    value: Decimal
    unit: str | None
    qualifier: Qualifier | None


@dataclass(frozen=True, slots=True)
class CellValue:
    """What one table cell says; ``note`` tells why it has no value, or what was passed over to read it."""

    value: Decimal | None
    unit: str | None
    state: Literal["given", "blank", "unreadable"]
    note: str | None = None


def find_numbers(text: str) -> list[Mention]:
    """The numbers of a passage in order; 余, 万 and the unit stand inside a span, 约 and 超过 outside."""
    found = (_mention(match, text) for match in _scanner().finditer(text) if match["number"])
    return [mention for mention in found if mention is not None]


@lru_cache(maxsize=8192)
def parse_cell(raw: str, *, unit: str | None = None) -> CellValue:
    """Read one table cell as printed.

    :param unit: the unit that the form's cell states. 310万 is 3100000 under 元 and 310 under 万元; 16197.02 stays.

    Dashes, slashes, 无 and 未发生 are a printed zero; 增加8 is 8 and 减少3 is -3; 约20 and 20余 are 20 with a note.
    不涉及 and N/A are printed and no number: unreadable, as are 增加8/9 and digits mixed with letters.
    """
    words = cell_words()
    text = raw.strip()
    if not text:
        return CellValue(None, unit, "blank")
    if text in words.zero:
        return CellValue(Decimal(0), unit, "given")
    if text in words.not_a_number:
        return CellValue(None, unit, "unreadable", f"{text} says that the cell does not apply")
    match = _cell().fullmatch(text)
    value = _cell_number(match["digits"], match["multiple"]) if match else None
    if match is None or value is None:
        return CellValue(None, unit, "unreadable", f"{text[:40]!r} is not one number")
    if match["sign"] in words.lowered:
        value = -value
    notes = ["the digits stand apart"] if re.search(r"\s", match["digits"]) else []
    notes += ["not exact in print"] if match["exact"] or match["more"] else []
    return CellValue(*_in_unit(value, match, unit), "given", "; ".join(notes) or None)


@lru_cache(maxsize=8192)
def looks_like_cell(raw: str) -> bool:
    """Whether a short text is a table's value, not a label (1.属于国家秘密, 三、, （3）其他); blank is neither."""
    text = raw.strip()
    if len(text) > 30 or _label().fullmatch(text):
        return False
    return text in cell_words().not_a_number or bool(_change().match(text)) or parse_cell(text).state == "given"


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def _unit() -> str:
    """Pattern of one unit that does not begin another word."""
    known = sorted({**units().units, **dict.fromkeys(units().spelled, "")}.items(), key=lambda item: -len(item[0]))
    return "(?:" + "|".join(re.escape(name) + (f"(?![{block}])" if block else "") for name, block in known) + ")"


@cache
def _scanner() -> re.Pattern[str]:
    """The one scan over a text: names and set phrases, which are passed over, or a ``number``."""
    unit, words = _unit(), number_words()
    more, again = _ATTACHED.format(unit=unit), "(?P<more2>余|多(?!数))?"
    several = rf"(?: ?[（(]{unit}(?:[、，,/]{unit})*[)）]|/{unit}(?!{_CHINESE_DIGIT}))?"
    counted = rf"(?P<unit>{unit}){several}|[（(](?P<bracketed>{unit})[)）]"
    tail = rf"(?: ?(?:{counted}|(?P<uncounted>{_any(units().not_counted)})))?"
    digits = rf"(?:(?P<sign>{_SIGN})?(?P<arabic>{_MIXED})|(?P<chinese>{_CHINESE}))"
    plain = rf"{digits}(?P<more> ?{more})?(?: ?(?P<multiple>{_MAGNITUDE}{{1,2}}){again})?{tail}"
    share = rf"(?P<share>[百千])分之 ?(?P<rate>{_ARABIC}|{_CHINESE})"
    tenth = rf"(?P<tenth>{_ONES}|[1-9１-９])成(?![{words.tenth_not_before}])|(?P<half>半数)"
    number = rf"(?P<number>{share}|(?P<range>{_RANGE})?(?:{tenth}|{plain}))"
    skipped = "|".join((_any(words.idioms), *_NAMES, _LIST_NUMBER + _LIST_MARK))
    first = "".join(sorted({word[0] for word in words.idioms}))
    starts = rf"(?=[{first}{_STARTS}]|{_DIGIT}|{_CHINESE_DIGIT})"  # Spares most positions the many alternatives.
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
        vague = before.endswith(tuple(words.vague_before)) and set(match["chinese"]) <= set(_MAGNITUDES)
        if vague or not (rounded or match["chinese"].startswith("十")):
            return None
        qualifier = qualifier or ("about" if rounded else None)
    return Mention(start, end, text[start:end], value, unit, qualifier)


def _value(match: re.Match[str]) -> Decimal | None:
    if match["half"]:
        return Decimal(50)
    if match["tenth"] or match["share"]:
        digits = match["tenth"] or match["rate"]
        value = _mixed(digits) or _chinese(digits)
        return 10 * value if value and match["tenth"] else value
    value = _mixed(match["arabic"]) if match["arabic"] else _chinese(match["chinese"])
    return None if value is None else _times(-value if match["sign"] else value, match["multiple"])


def _times(value: Decimal, multiple: str | None) -> Decimal:
    for magnitude in multiple or "":
        value *= _MAGNITUDES[magnitude]
    return value


@lru_cache(maxsize=4096)
def _mixed(number: str) -> Decimal | None:
    """3.4万, 1万2千, 13,612; None where there is no Arabic digit."""
    total = Decimal(0)
    parts = re.findall(r"([0-9.]+)([十百千万亿]*)", re.sub("[ ,]", "", number.translate(_NARROW)))
    for digits, multiple in parts:
        total += _times(Decimal(digits), multiple)
    return total if parts else None


@lru_cache(maxsize=4096)
def _chinese(number: str) -> Decimal | None:
    """两万零三百, 九十七点六, 三点五万; None where it is vague (三五) or malformed."""
    if len(number) == 1:
        return Decimal(unicodedata.numeric("二" if number == "两" else number))
    whole, _, fraction = number.partition("点")
    multiple = re.search("[万亿]*$", fraction)
    if fraction and multiple and multiple[0]:
        base = _chinese(number[: -len(multiple[0])])
        return None if base is None else _times(base, multiple[0])
    if re.search(_ONES + "{2}", whole) and not re.search("[零〇]", whole):
        return None
    if whole[0] in "百千万亿":
        number = "一" + number
    # Takes a tenth of a second to import, and most reports spell out no number above ten.
    import cn2an

    try:
        return Decimal(str(cn2an.cn2an(number, "normal")))
    except (ValueError, LookupError, ArithmeticError):  # cn2an raises KeyError for 〇十〇.
        return None


def _unit_of(match: re.Match[str]) -> str | None:
    if match["share"]:
        return _SHARES[match["share"]]
    return "%" if match["tenth"] or match["half"] else _spelled(match["unit"] or match["bracketed"])


def _spelled(unit: str | None) -> str | None:
    return units().spelled.get(unit, unit) if unit else None


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
    if match["number"].translate(_NARROW) in words.service_numbers and not counted:
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
    after = _any(word for listed in words.after.values() for word in listed)
    return kinds, re.compile(rf"({guarded})[为有在了达到]{{0,2}}\s*$"), re.compile(rf"\s*({after})")


def _qualifier(match: re.Match[str], text: str) -> Qualifier | None:
    kinds, before, after = _qualifiers()
    start, end = match.span("number")
    if found := before.search(text[max(0, start - 8) : start]) or after.match(text, end):
        return kinds[found[1]]
    return "about" if match["more"] or match["more2"] else None


@cache
def _cell() -> re.Pattern[str]:
    words, about = cell_words(), number_words().before["about"]
    sign = rf"(?P<sign>{_any(words.raised + words.lowered)})?\s*(?P<exact>{_any(about)})?\s*"
    digits = rf"(?P<digits>[0-9０-９](?:[0-9０-９.．,，\s]*[0-9０-９])?|{_CHINESE})"
    multiple = r"\s*(?P<more>[余多])?\s*(?P<multiple>[十百千万亿]{1,2})?(?P<more2>[余多])?"
    body = rf"{sign}{digits}{multiple}\s*(?P<unit>{_unit()})?"
    return re.compile(rf"(?P<open>[（(])?\s*{body}\s*(?(open)[）)])\s*[{re.escape(words.closing)}]*")


@cache
def _change() -> re.Pattern[str]:
    """A change that is more than one number is a value all the same: 增加8/9."""
    words = cell_words()
    return re.compile(rf"{_any(words.raised + words.lowered)}\s*{_DIGIT}")


@cache
def _label() -> re.Pattern[str]:
    """List numbers, years and single Chinese digits, which a table prints in front of rows."""
    number = rf"(?:{_DIGIT}{{1,2}}|{_CHINESE_DIGIT}{{1,3}})"
    return re.compile(rf"{number} ?[.．、]|[（(] ?{number} ?[)）]|{_DIGIT}{{4}} ?年度?|[一二三四五六七八九十]")


def _cell_number(digits: str, multiple: str | None) -> Decimal | None:
    if not re.match(_DIGIT, digits):
        value = _chinese(digits) if digits[0] not in "百千万亿" else None
    else:
        plain = re.sub(r"\s+", " ", digits.translate(_NARROW))
        apart = plain.startswith("0 ") or plain.count(" ") > 3  # 0 0 0 is three cells, not one.
        grouped = "," not in plain or re.fullmatch(r"[0-9]{1,3}(?:, ?[0-9]{3})+(?:\.[0-9]+)?", plain)
        value = None if apart or not grouped or plain.count(".") > 1 else Decimal(re.sub("[ ,]", "", plain))
    return None if value is None else _times(value, multiple)


def _in_unit(value: Decimal, match: re.Match[str], unit: str | None) -> tuple[Decimal, str | None]:
    """The value in the form's unit; money that is printed with its own magnitude is brought to it."""
    printed = _spelled(match["unit"])
    if unit is None or not unit.endswith(_MONEY):
        return value, unit or printed
    stated = _times(Decimal(1), unit.removesuffix(_MONEY))
    return (value / stated if printed == _MONEY or match["multiple"] else value), unit
