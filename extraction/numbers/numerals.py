"""Patterns of a numeral and of a unit, and what a numeral comes to: shared by prose and table cells."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache

from extraction.resources.numbers import units

DIGIT = "[0-9０-９]"
ONES = "[一二两三四五六七八九]"
CHINESE_DIGIT = "[一二两三四五六七八九十百千万亿零〇]"
_GROUPED = rf"{DIGIT}{{1,3}}(?:(?:[,，]{DIGIT}{{3}})+| {DIGIT}{{3}}(?: {DIGIT}{{3}})*)"
ARABIC = rf"(?:{_GROUPED}(?!{DIGIT})|{DIGIT}+)(?:[.．]{DIGIT}+)?"
MAGNITUDE = "(?:[十千万亿]|百(?!分))"  # 提高5百分点
MIXED = rf"{ARABIC}(?: ?{MAGNITUDE}{{1,2}}(?:{ARABIC}{MAGNITUDE}{{1,2}})*)?"
CHINESE = rf"{CHINESE_DIGIT}+(?:点{CHINESE_DIGIT}+)?"

MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
NARROW = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
MONEY = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
"""What one of each unit of money that the forms use comes to in 元."""


def any_of(words: Iterable[str]) -> str:
    """Pattern of any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def unit_pattern() -> str:
    """Pattern of one unit that does not begin another word."""
    known = sorted({**units().units, **dict.fromkeys(units().spelled, "")}.items(), key=lambda item: -len(item[0]))
    return "(?:" + "|".join(re.escape(name) + (f"(?![{block}])" if block else "") for name, block in known) + ")"


def times(value: Decimal, multiple: str | None) -> Decimal:
    """3.4 万 is 34000."""
    for magnitude in multiple or "":
        value *= MAGNITUDES[magnitude]
    return value


@lru_cache(maxsize=4096)
def mixed(number: str) -> Decimal | None:
    """3.4万, 1万2千, 13,612; None where there is no Arabic digit."""
    total = Decimal(0)
    parts = re.findall(r"([0-9.]+)([十百千万亿]*)", re.sub("[ ,]", "", number.translate(NARROW)))
    for digits, multiple in parts:
        total += times(Decimal(digits), multiple)
    return total if parts else None


@lru_cache(maxsize=4096)
def chinese(number: str) -> Decimal | None:
    """两万零三百, 九十七点六, 三点五万; None where it is vague (三五) or malformed."""
    if len(number) == 1:
        return Decimal(unicodedata.numeric("二" if number == "两" else number))
    whole, _, fraction = number.partition("点")
    multiple = re.search("[万亿]*$", fraction)
    if fraction and multiple and multiple[0]:
        base = chinese(number[: -len(multiple[0])])
        return None if base is None else times(base, multiple[0])
    if re.search(ONES + "{2}", whole) and not re.search("[零〇]", whole):
        return None
    if whole[0] in "百千万亿":
        number = "一" + number
    # Takes a tenth of a second to import, and most reports spell out no number above ten.
    import cn2an

    try:
        return Decimal(str(cn2an.cn2an(number, "normal")))
    except (ValueError, LookupError, ArithmeticError):  # cn2an raises KeyError for 〇十〇.
        return None


def spelled(unit: str | None) -> str | None:
    """The one spelling of a unit."""
    return units().spelled.get(unit, unit) if unit else None
