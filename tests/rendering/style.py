"""How a report is printed: everything that varies between reports that state the same."""

from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from random import Random
from typing import Any, Literal

import cn2an

from tests.rendering.words import WORDS

SAID: dict[str, str] = WORDS["said"]
Kind = Literal["value", "blank", "lost", "unreadable"]


@dataclass(frozen=True)
class Printed:
    """What stands on the page for a cell: its value as read from there, ``None`` where no number can be read."""

    kind: Kind
    value: Decimal | None
    text: str = ""


@dataclass(frozen=True)
class Style:
    """The variations, each with the plain form first; lists of choices are in ``CHOICES``."""

    zero: str = "0"
    blank: str = ""
    digits: str = "ascii"
    change: str = "plain"
    money: str = "plain"
    page_break: str = ""
    extra_column: str = ""
    two: str = "one"
    four: int = 1
    other: str = "divided"
    group_numbers: str = "（{}）"
    row_numbers: str = "{}."
    half_width: bool = False
    short: bool = False
    grouped: bool = False
    broken: bool = False
    airy: bool = False
    vertical: bool = False
    lookalikes: bool = False
    misspelt: int = 0
    foreign: tuple[str, ...] = ()
    continued: str = "blank"
    lost_rows: int = 0
    lost_cells: int = 0
    broken_sums: int = 0
    official: bool = False
    seed: int = 0

    def said(self) -> str:
        """The variations that are not plain, for a message."""
        plain = Style()
        names = [one.name for one in fields(self) if getattr(self, one.name) != getattr(plain, one.name)]
        return " ".join(f"{name}={getattr(self, name)!r}" for name in names)


CHOICES: dict[str, tuple[Any, ...]] = {
    "zero": ("", "\xa0", "-", "—", "/", SAID["nothing"], "mixed"),
    "blank": ("total row", "total column", "applicants"),
    "digits": ("fullwidth", "spaced", "comma", "chinese", "counted", "split"),
    "change": ("words", "sign", "slash"),
    "money": ("unit", "yuan", "bare_unit"),
    "page_break": ("repeated", "bare"),
    "extra_column": ("serial", "remark"),
    "two": ("split",),
    "four": (2, 3),
    "other": ("undivided",),
    "group_numbers": ("({})", "", "{}、"),
    "row_numbers": ("（{}）", "{}、", "{}. ", ""),
    "half_width": (True,),
    "short": (True,),
    "grouped": (True,),
    "broken": (True,),
    "airy": (True,),
    "vertical": (True,),
    "lookalikes": (True,),
    "misspelt": (1, 2, 3),
    "foreign": (("nav",), ("links",), ("own",), ("nav", "links", "own")),
    "continued": ("none", "repeated"),
    "lost_rows": (1, 2),
    "lost_cells": (1, 2, 4),
    "broken_sums": (1, 2),
    "official": (True,),
}


def draw_style(seed: int, *, chance: float = 0.15, without: tuple[str, ...] = ()) -> Style:
    """Draw a style in which each variation has ``chance`` of being there, but for those named in ``without``."""
    random = Random(f"style {seed}")
    style = Style(seed=seed)
    for name, choices in CHOICES.items():
        choice = random.choice(choices)
        if random.random() < chance and name not in without:
            style = replace(style, **{name: choice})
    if style.lost_rows or style.lost_cells or style.blank or style.zero != "0":
        # A sum broken in print may well lead to another value for a cell that is not there: not a fault of the reader.
        style = replace(style, broken_sums=0)
    return style


@dataclass
class Printer:
    """Prints values in a style and keeps what stands on the page for every cell."""

    style: Style
    random: Random
    printed: dict[str, Printed] = field(default_factory=dict)
    wrong: dict[str, Decimal] = field(default_factory=dict)
    """Cells that are printed with another value than they have, so that a sum is broken."""

    def print(self, cell: str, value: Decimal, *, unit: str = "") -> str:
        """The text of a cell. ``unit`` is that of the column's header (万元), in which the text is then given."""
        table, _, column = cell.split(".") if cell.count(".") == 2 else (*cell.split("."), "")
        row = cell.split(".")[1]
        value = self.wrong.get(cell, value)
        if self._is_left_blank(table, row, column):
            return self._keep(cell, Printed("blank", None))
        if value == 0:
            zero = self._zero()
            if zero != "0":
                return self._keep(cell, Printed("blank", None, zero))
        if column == "change":
            return self._keep(cell, self._change(value))
        if column == "amount" or unit:
            return self._keep(cell, self._money(cell, value, unit))
        return self._keep(cell, Printed("value", value, self._digits(value)))

    def lose(self, cell: str) -> None:
        """Note that the layout dropped a cell."""
        self.printed[cell] = Printed("lost", None)

    def _keep(self, cell: str, printed: Printed) -> str:
        self.printed[cell] = printed
        return printed.text

    def _is_left_blank(self, table: str, row: str, column: str) -> bool:
        """Some bodies fill in no totals, some nothing but totals."""
        if table != "applications":
            return False
        is_blank = {"total row": row == "total", "total column": column == "total", "applicants": column != "total"}
        return is_blank.get(self.style.blank, False)

    def _zero(self) -> str:
        if self.style.zero != "mixed":
            return self.style.zero
        return self.random.choice(("0", "0", "", "-", "/"))

    def _change(self, value: Decimal) -> Printed:
        if self.style.change == "slash":
            return Printed("unreadable", None, f"{SAID['more']}{abs(value)}/{abs(value) + 1}")
        if self.style.change == "words":
            return Printed("value", value, f"{SAID['less' if value < 0 else 'more']}{abs(value)}")
        if self.style.change == "sign":
            return Printed("value", value, f"{value:+}")
        return Printed("value", value, str(value))

    def _money(self, cell: str, value: Decimal, unit: str) -> Printed:
        """The amount in 万元 under a header in 万元, else in 元; with a unit of its own in some styles."""
        in_wan = cell == "disclosure.fees.amount"
        yuan = value * 10_000 if in_wan else value
        wan = yuan / 10_000
        texts = {
            "plain": _plain(wan if unit else yuan),
            "unit": f"{_plain(wan)}{SAID['wan_yuan']}",
            "yuan": f"{_plain(yuan)}{SAID['yuan']}",
            "bare_unit": f"{_plain(wan)} {SAID['wan']}",
        }
        return Printed("value", value, texts[self.style.money])

    def _digits(self, value: Decimal) -> str:
        text = _plain(value)
        match self.style.digits:
            case "fullwidth":
                return "".join(chr(ord(digit) + 0xFEE0) if digit.isdigit() else digit for digit in text)
            case "spaced":
                return f"{value:,}".replace(",", " ")
            case "comma":
                return f"{value:,}"
            case "chinese":
                return str(cn2an.an2cn(text))
            case "counted":
                return f"{text}{SAID['pieces']}"
        return text


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
