"""The words of a form as a body prints them: shortened, misspelt, broken over lines, numbered its own way."""

from random import Random

from tests.rendering.style import Style
from tests.rendering.words import WORDS

_HALF = str.maketrans("（）：，；", "():,;")
_VERTICAL = "\n"


class Labels:
    """Prints the labels of one report; equal words come out equal."""

    def __init__(self, style: Style, random: Random) -> None:
        self._style, self._random = style, random
        self._damaged = set(random.sample(_damageable(), style.misspelt))

    def plain(self, text: str) -> str:
        """A line that is not a label: brackets only."""
        return text.translate(_HALF) if self._style.half_width else text

    def header(self, text: str) -> str:
        """The head of a column: broken into lines of two characters where the style breaks labels, airy as 总 计."""
        text = self._recognised(text)
        if self._style.broken and len(text) >= 4:
            text = "\n".join(text[start : start + 2] for start in range(0, len(text), 2))
        elif self._style.airy and len(text) < 4:
            text = " ".join(text)
        return self.plain(text)

    def vertical(self, text: str) -> str:
        """The label of many rows, one character a line where the style says so."""
        text = self._recognised(text)
        return self.plain(_VERTICAL.join(text) if self._style.vertical else text)

    def label(self, text: str, number: str = "") -> str:
        """The label of a row, behind its number."""
        if self._style.short:
            text = WORDS["short"].get(text, text)
        text = self._recognised(self._misspelt(text))
        middle = len(text) // 2
        if self._style.airy and middle < 2:
            text = " ".join(text)
        if self._style.broken and middle > 2:
            text = f"{text[:middle]}\n{text[middle:]}"
        return self.plain(number + text)

    def group(self, number: int, text: str) -> str:
        """The label of a group of outcomes, or of an outcome that is not divided."""
        return self.label(text, self._style.group_numbers.format(WORDS["numerals"][number - 1]))

    def row(self, number: int, text: str, group: str) -> str:
        """The label of a row in a group; it carries the group's words where they have no cell of their own."""
        if self._style.grouped:
            return self.plain(f"{group}—{self.label(text)}")
        return self.label(text, self._style.row_numbers.format(number))

    def _misspelt(self, text: str) -> str:
        """Without two characters that stand together, or with two exchanged."""
        if text not in self._damaged:
            return text
        place = len(text) // 2 - 1
        if len(text) > 8:
            return text[:place] + text[place + 2 :]
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]

    def _recognised(self, text: str) -> str:
        """As optical recognition gives it, a character in four wrong where it has a lookalike."""
        if not self._style.lookalikes:
            return text
        return "".join(WORDS["lookalikes"].get(char, char) if self._random.random() < 0.25 else char for char in text)


def _damageable() -> list[str]:
    """Labels long enough to be known again when they are misspelt."""
    groups = WORDS["applications"]["groups"]
    labels = [label for group in groups for label in group.get("rows", {}).values()]
    labels += [label for items in ("2019", "2021") for one in WORDS["tables"][items] for label in one["rows"].values()]
    labels += [row[0] for row in WORDS["statistics"]["rows"]]
    return sorted({label for label in labels if len(label) >= 6})
