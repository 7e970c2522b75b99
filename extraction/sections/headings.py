"""A document -> its sections, by their titles."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.document import Document, Grid, GridCell
from extraction.resources.sections import SectionWords, TitleMatch, section_words
from extraction.schema import Section

CHINESE_DIGITS = "〇一二三四五六七八九十"
_MARKUP = re.compile(r"^(?:[\s*#>]|\[[^\]\u4e00-\u9fff]*\])+")
_NUMERAL = re.compile(
    "|".join(
        (
            r"(?P<part>第[一二三四五六七八九十]{1,2}[^\W\d][^\W\d]?)\s",
            r"(?P<bracket>[(（]\s*[一二三四五六七八九十\d]{1,3}\s*[)）]\s*[、.]?)",
            r"(?P<chinese>[一二三四五六七八九十]{1,2}\s*[、.．,，:：\s])",
            r"(?P<arabic>\d{1,2}\s*[、.．](?!\d))",
        )
    )
)
_INNER = re.compile(r"(?<=[。！;；\s])[一二三四五六七八九十]{1,2}\s?、")
_LISTED = ("、", "；", ";")
_DIGIT = re.compile(r"[一二三四五六七八九十]+|\d+")
_LEADER = re.compile(r"[.．…·\-_]{3,}\s*\d*\s*$|\s\d{1,3}\s*$")
_FULL_STOP = re.compile(r"[:：。]")
SENTENCE = re.compile(r"[。；;！？，,：:]")


@dataclass(frozen=True)
class Line:
    """A paragraph, or a row of a grid with a single filled cell; ``barrier`` is any other row of a grid."""

    text: str
    start: int
    end: int
    barrier: bool = False


@dataclass(frozen=True)
class _Heading:
    """A line that may open a section; ``style`` is the manner of its numeral, ``at`` the number of its line."""

    at: int
    start: int
    title: str
    style: str
    numeral: int | None
    match: TitleMatch | None
    alone: bool


def find_sections(document: Document) -> tuple[Section, ...]:
    """The sections in order of the text, each from its heading to the next; what stands before them belongs to none."""
    words = section_words()
    lines = [part for line in filled_lines(document) for part in _parted(line, words)]
    found = [heading for at in range(len(lines)) if (heading := _heading(lines, at, words))]
    kept = _choose(_without_contents(found, lines))
    kept = _with_appendix(_with_unknown(kept, found), lines, words)
    if not kept:
        return ()
    ends = [heading.start for heading in kept[1:]] + [len(document.text)]
    return tuple(
        Section(number=h.match.number if h.match else None, title=h.title, start=h.start, end=end)
        for h, end in zip(kept, ends, strict=True)
    )


def filled_lines(document: Document) -> Iterator[Line]:
    """The lines of a document that print something."""
    for block in document.blocks:
        if not isinstance(block, Grid):
            text = document.text[block.start : block.end]
            if text.strip():
                yield Line(text, block.start, block.end, barrier="\t" in text.strip())
            continue
        rows: dict[int, list[GridCell]] = {}
        for cell in block.cells:
            if document.text[cell.start : cell.end].strip():
                rows.setdefault(cell.row, []).append(cell)
        for row in sorted(rows):
            first = rows[row][0]
            alone = len(rows[row]) == 1 and first.column == 0
            yield Line(document.text[first.start : first.end], first.start, first.end, barrier=not alone)


def _parted(line: Line, words: SectionWords) -> list[Line]:
    """A line cut where, after a full stop or a space, a numbered title stands in the middle of it."""
    inner = [m for m in _INNER.finditer(line.text) if not line.barrier and words.opens_surely(line.text[m.end() :])]
    # 「共六部分：一、总体情况；二、主动公开政府信息情况；」 only lists the titles.
    if any(line.text[: match.start()].rstrip().endswith(_LISTED) for match in inner):
        return [line]
    starts = [0, *(match.start() for match in inner)]
    ends = [*starts[1:], len(line.text)]
    return [
        Line(line.text[start:end], line.start + start, line.start + end, line.barrier)
        for start, end in zip(starts, ends, strict=True)
        if line.text[start:end].strip()
    ]


def _heading(lines: Sequence[Line], at: int, words: SectionWords) -> _Heading | None:
    """What the line ``at`` may be the heading of, or None for a line that cannot be one."""
    line = lines[at]
    if line.barrier:
        return None
    markup = _MARKUP.match(line.text)
    skipped = markup.end() if markup else 0
    text = line.text[skipped:].rstrip(" *\t")
    found = _NUMERAL.match(text)
    style, numeral, body = "none", None, text
    if found:
        style, numeral, body = str(found.lastgroup), small_number(found.group()), text[found.end() :]
    if not body.strip() or body.endswith(_LISTED) or _LEADER.search(body):
        return None

    def heading(length: int, match: TitleMatch | None, *, alone: bool) -> _Heading:
        title = text[: len(text) - len(body) + length].strip(" *:：。")
        return _Heading(at, line.start + skipped, title, style, numeral, match, alone)

    if match := words.match(body, numeral):
        return heading(len(body), match, alone=True)
    after = lines[at + 1] if at + 1 < len(lines) else None
    if found and after and not after.barrier and len(body) <= 40 and len(after.text.strip()) <= 20:
        # A title broken over two lines of a page.
        match = None if _NUMERAL.match(after.text.strip()) else words.match(body + after.text.strip(), numeral)
        if match and match.strength == "sure":
            return heading(len(body), match, alone=True)
    stop = _FULL_STOP.search(body)
    if stop and (match := words.match(body[: stop.start()], numeral)):
        return heading(stop.start(), match, alone=False)
    if style != "none" and (opening := words.opening(body)) and (match := words.match(opening, numeral)):
        return heading(len(opening), match, alone=False)
    if style in ("chinese", "part") and len(body) <= 30 and not SENTENCE.search(body) and not words.is_row(body):
        return heading(len(body), None, alone=True)
    return None


def small_number(numeral: str) -> int | None:
    """A printed number below a hundred, Chinese or Arabic, brackets and marks around it."""
    found = _DIGIT.search(numeral)
    if found is None:
        return None
    if found.group().isdigit():
        return int(found.group())
    tens, ten, ones = found.group().rpartition("十")
    tens_value = CHINESE_DIGITS.find(tens or "一") if ten else 0
    return 10 * max(tens_value, 0) + max(CHINESE_DIGITS.find(ones), 0)


def _without_contents(found: Sequence[_Heading], lines: Sequence[Line]) -> list[_Heading]:
    """Drop a table of contents: three or more titles line on line that all come again below."""
    titled = [h for h in found if h.match]
    dropped: set[int] = set()
    run: list[_Heading] = []
    for index, heading in enumerate(titled):
        if run and heading.at != run[-1].at + 1:
            run = []
        run.append(heading)
        later = {h.match.number for h in titled[index + 1 :] if h.match}
        if len(run) >= 3 and all(h.match and h.match.number in later for h in run):
            dropped.update(h.at for h in run)
    for index, heading in enumerate(titled):
        number = heading.match.number if heading.match else None
        after = [h.match.number or 0 for h in titled[index + 1 :] if h.match and h.match.strength == "sure"]
        # What comes again below, after lower numbers, was one of a list of titles.
        if number in after and any(between < number for between in after[: after.index(number)]):
            dropped.add(heading.at)
    return [h for h in titled if h.at not in dropped]


def _choose(titled: Sequence[_Heading]) -> list[_Heading]:
    """The headings that open sections: sure ones, and likely ones like them where no sure one names the section."""
    weight: Counter[str] = Counter()
    for style, number, is_sure in {(h.style, h.match.number, h.match.strength == "sure") for h in titled if h.match}:
        if number is not None:
            # Brackets number the parts of a section, so on a tie the other manner is that of the sections.
            weight[style] += (4 if is_sure else 2) - (1 if style == "bracket" else 0)
    top = max(weight, key=lambda style: weight[style], default=None)
    sure = [h for h in titled if h.match and h.match.strength == "sure" and h.style == top]
    numbers = {h.match.number for h in sure if h.match}
    kept = list(sure)
    for heading in titled:
        match = heading.match
        if match is None or heading in sure or (match.number in numbers and match.strength != "other"):
            continue
        if match.strength == "sure":
            fits = heading.alone
        else:
            fits = heading.style == top and (match.strength == "likely" or heading.style != "none")
        if fits and (match.number is None or _in_order(heading, match.number, sure)):
            kept.append(heading)
    return sorted(kept, key=lambda h: h.at)


def _in_order(heading: _Heading, number: int, sure: Sequence[_Heading]) -> bool:
    """Whether sections before ``heading`` have lower numbers; those after it may be repeats, so one higher will do."""
    before = [h.match.number or 0 for h in sure if h.match and h.at < heading.at]
    after = [h.match.number or 0 for h in sure if h.match and h.at > heading.at]
    return max(before, default=0) <= number <= max(after, default=6)


def _with_unknown(kept: Sequence[_Heading], found: Sequence[_Heading]) -> list[_Heading]:
    """Add the titles that no list knows, where they are numbered on from the section before and in the same manner."""
    whole = list(kept)
    for heading in found:
        before = [h for h in whole if h.at < heading.at]
        after = [h for h in whole if h.at > heading.at]
        if heading.match or not before or heading.style != before[-1].style or heading.numeral is None:
            continue
        follows = before[-1].numeral is not None and heading.numeral == before[-1].numeral + 1
        if follows and (not after or (after[0].numeral or 0) > heading.numeral):
            whole = [*before, heading, *after]
    return whole


def _with_appendix(kept: Sequence[_Heading], lines: Sequence[Line], words: SectionWords) -> list[_Heading]:
    """Part off an appendix; the tables in it repeat the titles of sections."""
    for at, line in enumerate(lines):
        text = line.text.strip(" *#\t《")
        before = [h for h in kept if h.at < at]
        if len(before) < 3 or len(text) > 40 or not text.startswith(words.appendix) or "。" in text:
            continue
        highest = max(h.match.number or 0 for h in before if h.match)
        after = [
            h for h in kept if h.at > at and h.match and h.match.strength == "sure" and (h.match.number or 0) > highest
        ]
        return [*before, _Heading(at, line.start, text, "none", None, None, True), *after]
    return list(kept)
