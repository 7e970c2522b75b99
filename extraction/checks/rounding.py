"""What a printed number stands for: one rounded as printed, and one with 余, 近, 约 or 超过."""

import re
from decimal import Decimal
from typing import Protocol

from extraction.resources.comparison import load_comparison_words
from extraction.resources.within import load_within
from extraction.schema import Qualifier

HUNDRED = Decimal(100)
NOTHING = Decimal(0)
HALF = Decimal("0.5")
_LOT = Decimal(10)
_HARDLY_MORE = Decimal("0.501")
_ROUNDED = re.compile(r"(?:[.．](\d+))?[余多]?([万亿])[^\d一二三四五六七八九]*$")
_HALVES = {"万": Decimal(5000), "亿": Decimal(50_000_000)}


class Printed(Protocol):
    """A number with its words."""

    @property
    def text(self) -> str:
        """The number as printed, with its unit."""

    @property
    def value(self) -> Decimal:
        """What it comes to, in units."""

    @property
    def qualifier(self) -> Qualifier | None:
        """What 余, 近, 约 or 超过 makes of it."""


def rounded_by(text: str) -> Decimal:
    """Half of the last digit that is printed of a rounded number: 500 for 3.4万."""
    rounded = _ROUNDED.search(text)
    return _HALVES[rounded[2]].scaleb(-len(rounded[1] or "")) if rounded else NOTHING


def last_digit(value: Decimal) -> Decimal:
    """One of the last digit that is printed: 0.1 for 97.6, 1 for 29000."""
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)


def agrees(before: str, said: Printed, value: Decimal) -> bool:
    """Whether a number says the value, its qualifier honoured: 29000余 holds for 29000 to 29999, 超过 for no less.

    :param before: the text that the number ends.
    """
    if said.qualifier == "at_least":
        return value >= said.value
    if said.qualifier == "at_most":
        return value <= said.value
    if said.qualifier == "about":
        words = load_comparison_words()
        exponent = said.value.normalize().as_tuple().exponent
        step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
        if any(word in said.text for word in words.more):
            return said.value <= value < said.value + step
        if before.endswith(words.nearly):
            return said.value - step < value <= said.value
        return abs(value - said.value) < step
    return abs(value - said.value) <= rounded_by(said.text)


def fits(rate: Printed, part: Decimal, whole: Decimal, slack: tuple[Decimal, Decimal] = (NOTHING, NOTHING)) -> bool:
    """Whether a rate is a ratio within rounding as printed: 97.6 % is 97.55 to 97.65, 100 % is of equal numbers.

    :param slack: by how much part and whole may have been rounded.
    """
    if whole - slack[1] <= 0:
        return False
    low = (part - slack[0]) / (whole + slack[1]) * HUNDRED
    high = (part + slack[0]) / (whole - slack[1]) * HUNDRED
    if load_within().lot in rate.text:
        return low - _LOT <= rate.value <= high + _LOT * HALF
    if rate.qualifier == "at_least":
        return high >= rate.value
    if rate.qualifier == "at_most":
        return low <= rate.value
    step = last_digit(rate.value)
    if rate.qualifier == "about":
        step = 2 * max(step, Decimal(1))
    elif rate.value == HUNDRED:
        step = NOTHING
    # 99.87 stands for 99.87501 as well.
    return low - step * _HARDLY_MORE <= rate.value <= high + step * _HARDLY_MORE


def grew_by(change: Printed, real: Decimal) -> bool:
    """Whether a growth is as stated: a rate within rounding as printed, an amount exactly."""
    step = last_digit(change.value) if change.text.rstrip().endswith(("%", "％", "点")) else NOTHING
    if change.qualifier == "at_least":
        return real >= change.value
    if change.qualifier == "about":
        return abs(real - change.value) <= max(step, Decimal(1))
    return abs(real - change.value) <= step * HALF
