"""The narrative as stretches of running text with their numbers, each with the words that say what it counts."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from extraction.checks.rounding import rounded_by
from extraction.numbers import find_numbers
from extraction.resources.within import load_within
from extraction.schema import Qualifier, Report

PERCENT = "%"
_CHANGES = ("change_rate", "change_amount")
_FULL_LINE = 20
_OPEN, _FINAL = "，,、（(", "。；;：:！？!?"
_LIST_MARK = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．](?!\d)|[①-⑳])")
_STRONG = re.compile(r"[。！？]|\n")
_COUNTED = re.compile(
    r"[\d０-９]|[一二两三四五六七八九十百千万](?:[十百千万]|件|条|份|人|名|次|项|宗|起|个|期|封)|分之"
)
_DELIMITER = re.compile(r"[，,、；;。：:（）()！？\n]")
_REMARK = re.compile(r"[（(][^（()）\d]*[）)]")
_ORDINAL = "第"
_BEGIN = re.compile(r"[，,；;。：:（()）！？\n]")
_CLAUSE = re.compile(r"[，,；;。：:（）()！？\n]")
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_LOOK_BACK = 40
_FEW = 2


@dataclass(frozen=True, slots=True)
class Number:
    """A number at ``start`` to ``end`` of its stretch; ``before`` and ``after`` are the words of its own clause.

    ``slack`` is by how much it may have been rounded. What is ``aside`` is a growth or of another year.
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str | None
    qualifier: Qualifier | None
    slack: Decimal
    figure: int | None
    metric: str | None
    sentence: int
    depth: int
    before: str
    after: str
    aside: bool


@dataclass(frozen=True)
class Stretch:
    """Running text between tables and sections, the breaks of the page taken out; ``origins`` maps it to the report."""

    text: str
    origins: Sequence[tuple[int, int]]
    numbers: Sequence[Number]

    def place(self, offset: int) -> int:
        """Where a character of the stretch stands in the report."""
        here, there = self.origins[bisect_right(self.origins, (offset, 1 << 60)) - 1]
        return there + offset - here


def stretches(report: Report) -> Iterator[Stretch]:
    """The narrative in order, without its tables."""
    figures = {figure.start: index for index, figure in enumerate(report.figures)}
    for start, end in _free(report):
        text, origins = _joined(report.text, start, end)
        stretch = Stretch(text, origins, ())
        numbers = list(_numbers(report, stretch, figures))
        if numbers:
            yield Stretch(text, origins, numbers)


def _free(report: Report) -> Iterator[tuple[int, int]]:
    """The spans between tables and the starts of sections."""
    tables: dict[str, tuple[int, int]] = {}
    for cell in report.cells:
        if cell.start is not None and cell.end is not None:
            first, last = tables.get(cell.table, (cell.start, cell.end))
            tables[cell.table] = min(first, cell.start), max(last, cell.end)
    taken = sorted(tables.values())
    cuts = {0, len(report.text), *(section.start for section in report.sections), *(each for t in taken for each in t)}
    for start, end in pairwise(sorted(cuts)):
        if not any(first < end and start < last for first, last in taken):
            yield start, end


def _joined(text: str, start: int, end: int) -> tuple[str, list[tuple[int, int]]]:
    """Lines that the page broke, joined; pairs of where a piece stands there and here."""
    pieces: list[str] = []
    origins: list[tuple[int, int]] = []
    length, at, above = 0, start, ""
    for line in text[start:end].split("\n"):
        content = line.strip()
        if content and content.count("\t") < _FEW:
            goes_on = above and (above[-1] in _OPEN or (len(above) >= _FULL_LINE and above[-1] not in _FINAL))
            if above and not (goes_on and not _LIST_MARK.match(content)):
                origins.append((length, at - 1))
                pieces.append("\n")
                length += 1
            origins.append((length, at + line.index(content[0])))
            pieces.append(content)
            length += len(content)
            above = content
        at += len(line) + 1
    return "".join(pieces), origins or [(0, start)]


def _numbers(report: Report, stretch: Stretch, figures: dict[int, int]) -> Iterator[Number]:
    text, sentence, start = stretch.text, 0, 0
    for stop in (*_STRONG.finditer(text), None):
        end = stop.end() if stop else len(text)
        # A line of a list goes on with the sentence; a new paragraph begins one.
        if stop and stop.group() == "\n" and not _LIST_MARK.match(text, end) and text[end - 2] not in "。！？":
            continue
        piece = text[start:end]
        if _COUNTED.search(piece):
            yield from _of_sentence(report, stretch, figures, start, end, sentence)
        sentence, start = sentence + 1, end


def _of_sentence(
    report: Report, stretch: Stretch, figures: dict[int, int], start: int, end: int, sentence: int
) -> Iterator[Number]:
    piece = stretch.text[start:end]
    mentions = [mention for mention in find_numbers(piece) if not piece[: mention.start].endswith(_ORDINAL)]
    depth = last = 0
    for place, mention in enumerate(mentions):
        between = piece[last : mention.start]
        depth = max(0, depth + sum((c in "（(") - (c in "）)") for c in between))
        following = mentions[place + 1].start if place + 1 < len(mentions) else len(piece)
        stop = _DELIMITER.search(piece, mention.end)
        after = piece[mention.end : stop.start()] if stop and stop.start() <= following else ""
        after = piece[mention.end : following] if stop is None else after
        clause = _CLAUSE.split(piece[max(0, mention.start - _LOOK_BACK) : mention.start])[-1]
        index = figures.get(stretch.place(start + mention.start))
        figure = None if index is None else report.figures[index]
        year = report.report.year
        aside = bool(figure and (figure.metric in _CHANGES or (figure.year and year and figure.year != year)))
        yield Number(
            start + mention.start, start + mention.end, mention.text, mention.value, mention.unit, mention.qualifier,
            rounded_by(mention.text), index, figure.metric if figure else None, sentence, depth,
            _BEGIN.split(_REMARK.sub("", between))[-1].lstrip("、"), after,
            aside or _is_aside(clause, piece[mention.end : following], year),
        )  # fmt: skip
        last = mention.end


def _is_aside(clause: str, behind: str, year: int | None) -> bool:
    """Whether a number is a growth or of another year, by its clause: 「比上年增加5件」, 「由9件变为12件」."""
    known = load_within()
    words = clause.rstrip()
    if words.endswith(known.change) or any(word in words for word in known.compared):
        return True
    if any(word in words for word in known.elsewhere):
        return True
    if any(word in words for word in known.last_year) and not any(word in words for word in known.carried):
        return True
    if re.match(known.became, behind):
        return True
    named = _YEAR.findall(words)
    return bool(named) and year is not None and int(named[-1]) != year
