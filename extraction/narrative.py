"""A document's paragraphs to sentences, with the breaks of the page taken out."""

import re
from collections.abc import Iterable, Iterator, Sequence

from extraction.document import Document, Paragraph, Sentence, lines
from extraction.schema import Section

_LIST_MARK = re.compile(
    "|".join(
        (
            r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]",
            r"[（(]?\d{1,2}(?:[）)、．]|\.(?!\d))",
            r"[①-⑳]",
            r"第[一二三四五六七八九十]+[章节部]",
        )
    )
)
_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’」』）)]*|[^。！？!?]+$")
_FINAL = "。！？!?；;：:…”"
_OPEN = "，,、（(《“"
_HEADING_LENGTH = 30
_HEADING_WIDTH = 40
_INNER = re.compile(r"[，,。；;：:]")
_FULL_LINE = 0.6
_MIN_WRAP = 18
_LONGEST = 800


def sentences(
    document: Document, *, taken: Iterable[tuple[int, int]] = (), sections: Sequence[Section] = ()
) -> list[Sentence]:
    """The sentences of the narrative, in order; spans ``taken`` (tables) and grids are left out.

    Lines of one paragraph that the page broke are joined; a heading stands alone.
    """
    text, spans = document.text, sorted(taken)
    free = [
        line
        for line in lines(document.blocks)
        if not any(line.start < end and start < line.end for start, end in spans)
    ]
    found: list[Sentence] = []
    titles = {section.start: section.title for section in sections}
    for number, group in enumerate(_paragraphs(text, free, titles)):
        offsets = _offsets(text, group)
        joined = "".join(text[i] for i in offsets)
        section = next((s.number for s in sections if s.start <= group[0].start < s.end), None)
        found.extend(
            Sentence(joined[start:end], offsets[start:end], section, number)
            for match in _SENTENCE.finditer(joined)
            for start, end in _pieces(joined, *match.span())
            if joined[start:end].strip()
        )
    return found


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence, or parts of one that never seems to end, parted at semicolons or else commas."""
    while end - start > _LONGEST:
        cut = max(text.rfind(mark, start, start + _LONGEST) for mark in "；;") + 1
        cut = cut or max(text.rfind(mark, start, start + _LONGEST) for mark in "，,、") + 1 or start + _LONGEST
        yield start, cut
        start = cut
    yield start, end


def _paragraphs(text: str, free: Sequence[Paragraph], titles: dict[int, str]) -> Iterator[list[Paragraph]]:
    """Lines grouped into paragraphs: a line joins the one before where the page, not the writer, broke it.

    ``titles`` are those of the sections, each under the offset where its section starts.
    """
    width = max((_width(text[line.start : line.end]) for line in free), default=0)
    group: list[Paragraph] = []
    for line in free:
        if not text[line.start : line.end].strip():
            continue
        if group and (_is_title(text, group[-1], titles) or not _continues(text, group[-1], line, width)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _is_title(text: str, line: Paragraph, titles: dict[int, str]) -> bool:
    """Whether a line begins a section and holds its title alone, with or without a number before it."""
    content = text[line.start : line.end].strip()
    title = next((title for start, title in titles.items() if line.start <= start < line.end), "").strip()
    return bool(title) and content in (title, (_LIST_MARK.match(content) or [""])[0] + title)


def _continues(text: str, above: Paragraph, line: Paragraph, width: int) -> bool:
    before, after = text[above.start : above.end].rstrip(), text[line.start : line.end]
    if before[-1] in _FINAL or _LIST_MARK.match(after.lstrip()) or "\t" in before + after:
        return False
    if before[-1] in _OPEN:
        return True
    if _LIST_MARK.match(before.lstrip()) and len(before.strip()) <= _HEADING_LENGTH:
        # 「五、存在的主要问题及改进情况」: a numbered line of few words is a heading in narrow text as well.
        widest = _FULL_LINE * width if _INNER.search(before) else max(_FULL_LINE * width, _HEADING_WIDTH)
        if _width(before) < widest:
            return False
    near = text.count("\n", above.end, line.start) <= 1 or above.page != line.page
    # 「……，2022 年 / 办理并答复……」: the line is full, so the page broke it.
    return near and _width(before) >= max(_MIN_WRAP, _FULL_LINE * width) and not after.startswith("  ")


def _width(line: str) -> int:
    """Columns that a line fills: two a Chinese character, one a letter or digit."""
    return sum(2 if char > "\u2e7f" else 1 for char in line.strip())


def _offsets(text: str, group: Sequence[Paragraph]) -> tuple[int, ...]:
    """Places of the characters that remain when breaks, and spaces next to Chinese characters, are taken out."""
    kept: list[int] = []
    for number, line in enumerate(group):
        content = text[line.start : line.end]
        first = line.start + len(content) - len(content.lstrip())
        last = line.start + len(content.rstrip())
        if number and kept and text[kept[-1]] < "\u2e80" and text[first] < "\u2e80":
            kept.append(line.start - 1)
        kept.extend(i for i in range(first, last) if not _idle_space(text, i, first, last))
    return tuple(kept)


def _idle_space(text: str, i: int, first: int, last: int) -> bool:
    return text[i] == " " and first < i < last - 1 and text[i - 1] > "\u2e7f" and text[i + 1] > "\u2e7f"
