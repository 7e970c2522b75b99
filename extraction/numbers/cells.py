"""Values of table cells as printed: 减少 3 项 is -3, 132.5（万元） is money, ---- is a printed zero, 1O is no number.

What is printed around the one number of a cell (units, signs, footnotes, asides) is read where it leaves no doubt;
two numbers in one cell are never made into one.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from extraction.numbers.numerals import (
    ARABIC,
    CHINESE,
    CHINESE_DIGIT,
    DIGIT,
    NARROW,
    any_of,
    chinese,
    mixed,
    spelled,
    times,
    unit_pattern,
)
from extraction.resources.numbers import cell_words, number_words

_MONEY = "元"
_RATES = frozenset("%‰")
_BLANK = "[ \t\u00a0\u2009\u202f\u3000]"
_MULTIPLE = "[十百千万亿]{1,2}"
_PLAIN = re.compile(r"[1-9]\d{0,2}(?:(, ?|'| )\d{3}(?:\1\d{3})*)(?:\.\d+)?|\d+(?:\.\d+)?")
_LONGEST = 40
_LONGEST_JUMBLE = 10


@dataclass(frozen=True, slots=True)
class CellValue:
    """What one table cell says; ``note`` tells why it has no value, or what was passed over to read it."""

    value: Decimal | None
    unit: str | None
    state: Literal["given", "blank", "unreadable"]
    note: str | None = None


@lru_cache(maxsize=8192)
def parse_cell(raw: str, *, unit: str | None = None) -> CellValue:
    """Read one table cell as printed.

    :param unit: the unit that the form's cell states. 310万 is 3100000 under 元 and 310 under 万元; 16197.02 stays.

    Dashes, slashes, 无 and 未发生 are a printed zero; 增加8 is 8, 减少3 and 12（减） are negative; 约20, 20余 and
    5（含上年1） are read with a note. 不涉及 and N/A are printed and no number: unreadable, as are 增加8/9, 1 0 0,
    digits mixed with letters, shares where a count stands and counts where money stands.
    """
    text = raw.strip()
    if not text:
        return CellValue(None, unit, "blank")
    if _is_zero(text):
        return CellValue(Decimal(0), unit, "given")
    if _is_no_number(text):
        return CellValue(None, unit, "unreadable", f"{text} says no number")
    match = _cell().fullmatch(text)
    value = _value(match) if match else None
    if match is None or value is None or not _aside_agrees(match["aside"], value):
        return CellValue(None, unit, "unreadable", f"{text[:_LONGEST]!r} is not one number")
    printed = spelled(match["unit"] or match["bracketed"] or match["unit_before"])
    if not _suits(printed, unit) or (match["currency"] and not printed):
        return CellValue(None, unit, "unreadable", f"{text[:_LONGEST]!r} is not in {unit or 'a unit of counts'}")
    notes = ["not exact in print"] if match["exact"] or match["more"] or match["more_after"] else []
    notes += [f"passed over {match['aside']!r}"] if match["aside"] else []
    notes += [f"passed over the mark {match['footnote'].strip()!r}"] if match["footnote"] else []
    multiplied = any(match[name] for name in ("rest", "multiple", "multiple_inside", "multiple_before"))
    return CellValue(*_in_unit(value, printed, unit, multiplied), "given", "; ".join(notes) or None)


@lru_cache(maxsize=8192)
def looks_like_cell(raw: str) -> bool:
    """Whether a short text is a table's value, not a label (1.属于国家秘密, 三、, （3）其他); blank is neither.

    What no number can be read from is a value too where nothing but a value is printed so: 1 0 0, 见附件, ×, O.
    """
    text = raw.strip()
    if not text or len(text) > _LONGEST or _label().fullmatch(text):
        return False
    if _is_no_number(text) or parse_cell(text).state == "given":
        return True
    # 「1次）」 is what is left of a label that is broken over lines.
    whole = len(re.findall("[（(]", text)) == len(re.findall("[）)]", text))
    return whole and len("".join(text.split())) <= _LONGEST_JUMBLE and bool(_jumble().fullmatch(text))


def _is_zero(text: str) -> bool:
    words = cell_words()
    return text.rstrip("。") in words.zero or not text.strip(words.dashes)


def _is_no_number(text: str) -> bool:
    """Words in place of a number (不涉及, 详见附表), signs alone (……), letters printed for 0 and 1."""
    words = cell_words()
    told = text.rstrip("。").strip("（）()") in words.not_a_number
    return told or not text.strip(words.signs + words.mistaken) or bool(_elsewhere().fullmatch(text))


@cache
def _elsewhere() -> re.Pattern[str]:
    words = cell_words()
    return re.compile(
        rf"[（(]?(?:(?:{any_of(words.elsewhere)}).{{0,14}}|.{{2,14}}(?:{any_of(words.elsewhere_ends)}))[。）)]*"
    )


def _sign() -> str:
    return any_of(cell_words().raised + cell_words().lowered)


@cache
def _cell() -> re.Pattern[str]:
    """One number with all that may stand around it."""
    words, unit, about = cell_words(), unit_pattern(), number_words().before["about"]
    lead = rf"(?:(?:{any_of(words.lead)})(?=\S)|(?P<currency>{any_of(words.currency)})\s*)*"
    before = rf"(?:[（(]\s*(?P<multiple_before>{_MULTIPLE})?(?P<unit_before>{unit})[)）]\s*)?"
    sign = rf"(?:(?:(?P<sign>{_sign()})\s*[：:]?|[（(](?P<sign_inside>{_sign()})[)）])\s*)?"
    arabic = rf"(?P<arabic>{DIGIT}(?:(?:[,，]{_BLANK}?|[.．'’]|{_BLANK}{{1,2}})?{DIGIT})*)"
    digits = rf"(?:(?P<rest>{ARABIC}{_MULTIPLE}(?:{ARABIC}{_MULTIPLE})+)|{arabic}|(?P<chinese>{CHINESE}))"
    multiple = rf"\s*(?P<more>[余多])?\s*(?P<multiple>{_MULTIPLE})?(?P<more_after>[余多])?\s*"
    several = rf"(?:\s*[（(]{unit}(?:[、，,/]{unit})*[)）])?"
    inside = rf"[（(]\s*(?P<multiple_inside>{_MULTIPLE})?\s*(?P<bracketed>{unit})(?:[、，,/]{unit})*\s*[)）]"
    counted = rf"(?:(?P<unit>{unit}){several}(?:/{unit})?[{words.behind_unit}]?|{inside})?"
    behind = rf"(?P<sign_behind>\s*(?:[（(](?:{_sign()})[)）]|[↑↓⬆⬇]))?"
    footnote = rf"(?P<footnote>\s*(?:[{re.escape(words.footnote)}]+|[\[［〔]{DIGIT}{{1,2}}[\]］〕]))?"
    aside = r"(?:\s*[（(](?P<aside>[^（）()]+)[)）])?"
    exact = rf"(?P<exact>{any_of(about)})?\s*"
    body = "".join((lead, before, sign, exact, digits, multiple, counted, behind, footnote, aside))
    opened, closed = re.escape(words.opening), re.escape(words.closed)
    return re.compile(rf"(?P<open>[{opened}])?\s*{body}\s*(?(open)[{closed}])\s*[{re.escape(words.closing)}]*")


def _list_mark() -> str:
    number = rf"(?:{DIGIT}{{1,2}}|{CHINESE_DIGIT}{{1,3}})"
    return rf"(?!0|０){number} ?[.．、]|[（(] ?{number} ?[)）]"


@cache
def _label() -> re.Pattern[str]:
    """List numbers, years, folios and single Chinese digits, which a table prints in front of rows and between them."""
    listed = rf"{_list_mark()}|[一二三四五六七八九十]"
    year = rf"{DIGIT}{{4}} ?[（(]?.?年度?[)）]?|(?:19|20){DIGIT}{{2}}[-./—–]{DIGIT}[-./—–\d]*"
    return re.compile(rf"{listed}|{year}|[-–—－·]\s*{DIGIT}{{1,3}}\s*[-–—－·]")


@cache
def _jumble() -> re.Pattern[str]:
    """Digits, with nothing between and around them but signs, units and words for more or less: 增加8/9, 5-1, 1O."""
    words, numbers = cell_words(), number_words()
    around = [word for table in (numbers.before, numbers.after) for listed in table.values() for word in listed]
    counted = rf"{DIGIT}[{words.mistaken}]*+(?:\s*{_MULTIPLE})?+[余多]?+(?:\s*[（(]?{unit_pattern()}[)）]?)?+"
    date = rf"{DIGIT}{{1,2}}月{DIGIT}{{1,2}}日"
    signs = rf"[\s{re.escape(words.signs + words.dashes + words.between + words.mistaken)}]"
    return re.compile(
        rf"(?!(?:{_list_mark()})\s)(?=.*{DIGIT})(?:{date}|{counted}|{any_of(around)}|{_sign()}|{signs})++", re.DOTALL
    )


def _value(match: re.Match[str]) -> Decimal | None:
    """The number with its magnitude and sign, or None where it is several or malformed."""
    if match["rest"]:
        value = mixed(match["rest"])
    elif match["chinese"]:
        value = chinese(match["chinese"]) if match["chinese"][0] not in "百千万亿" else None
    else:
        plain = re.sub(rf"{_BLANK}+", " ", match["arabic"].translate(NARROW)).replace("’", "'")
        value = Decimal(re.sub("[ ,']", "", plain)) if _PLAIN.fullmatch(plain) else None
    multiples = [match[name] for name in ("multiple", "multiple_inside", "multiple_before") if match[name]]
    signs = [match[name] for name in ("sign", "sign_inside", "sign_behind") if match[name]]
    lowered = {sign.strip(" （）()") in cell_words().lowered for sign in signs}
    if value is None or len(multiples) > 1 or len(lowered) > 1:
        return None
    value = times(value, "".join(multiples))
    return -value if lowered == {True} else value


def _aside_agrees(aside: str | None, value: Decimal) -> bool:
    """5（含上年1） and 0（无） are one number, 5（3） is two."""
    if aside is None:
        return True
    told = parse_cell(aside)
    return (
        told.value == value
        if told.state == "given"
        else not _jumble().fullmatch(aside) or aside.endswith(tuple(_RATES | {"％"}))
    )


def _suits(printed: str | None, unit: str | None) -> bool:
    """Whether a printed unit can stand in a cell of the form's: no share where a count stands, no count for money."""
    if printed is None:
        return True
    if printed in _RATES or (unit and unit in _RATES):
        return printed == unit
    return unit is None or (printed == _MONEY) == unit.endswith(_MONEY)


def _in_unit(value: Decimal, printed: str | None, unit: str | None, multiplied: bool) -> tuple[Decimal, str | None]:
    """The value in the form's unit; money that is printed with its own magnitude is brought to it."""
    if unit is None or not unit.endswith(_MONEY):
        return value, unit or printed
    stated = times(Decimal(1), unit.removesuffix(_MONEY))
    return (value / stated if printed == _MONEY or multiplied else value), unit
