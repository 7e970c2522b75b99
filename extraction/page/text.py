"""The narrative with its figures and problems marked; what belongs to the tables is left out."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extraction.corrections import table_name
from extraction.page.markup import NOTHING, Html, joined, tag
from extraction.page.shown import Shown

_FINAL = ("。", "！", "？", "；")
_OPENING = "："
_NUMBERING = 4
_PAGES = ("application/pdf", "image/")


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    figure: int | None = None
    problem: str | None = None


def narrative(shown: Shown) -> Html:
    """The paragraphs of the report, with a link in the place of each table."""
    words, text = shown.words, shown.report.text
    lines = list(_lines(text))
    marks = sorted(_marks(shown), key=lambda mark: mark.start)
    skipped = _of_tables(shown, lines, marks)
    # The lines of a PDF or a scan end where the paper does.
    broken = shown.report.source.media_type.startswith(_PAGES)
    titles = {section.start: section.title for section in shown.report.sections}
    parts, paragraph, waiting, active, done = list[Html](), list[str](), 0, list[_Mark](), set[str]()
    for number, (start, end) in enumerate(lines):
        active = [mark for mark in active if mark.end > start]
        while waiting < len(marks) and marks[waiting].start < end:
            active.append(marks[waiting])
            waiting += 1
        line = text[start:end]
        inner = start + len(line) - len(line.lstrip()), end - len(line) + len(line.rstrip())
        title = next((titles[i] for i in range(start, end) if i in titles), None)
        is_title = title is not None and len(line.strip()) <= len(title) + _NUMBERING
        if paragraph and (not broken or is_title or number in skipped or inner[0] > start or not line.strip()):
            parts.append(_paragraph(paragraph))
        if number in skipped:
            parts.append(_see(shown, skipped[number], done))
        elif is_title:
            parts.append(tag("h3", joined(_marked(shown, *inner, active))))
        elif line.strip():
            paragraph += _marked(shown, *inner, active)
            if not broken or line.rstrip().endswith(_FINAL):
                parts.append(_paragraph(paragraph))
    if paragraph:
        parts.append(_paragraph(paragraph))
    body = tag("div", joined(parts), class_="text")
    return tag("section", tag("h2", words.narrative), tag("p", words.marks_hint, class_="hint"), body, id="text")


def _paragraph(pieces: list[str]) -> Html:
    made = tag("p", joined(pieces))
    pieces.clear()
    return made


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _marks(shown: Shown) -> Iterator[_Mark]:
    for index in sorted(shown.figures):
        figure = shown.report.figures[index]
        yield _Mark(figure.start, figure.end, figure=index)
    for problem in shown.report.problems:
        yield _Mark(problem.start, problem.end, problem=problem.type)


def _of_tables(shown: Shown, lines: Sequence[tuple[int, int]], marks: Sequence[_Mark]) -> dict[int, str]:
    """The lines between a table's first and last cell and its headers before them; no line of prose and none marked."""
    text, starts = shown.report.text, [start for start, _ in lines]

    def line_of(offset: int) -> int:
        return bisect_right(starts, offset) - 1

    kept = {n for mark in marks for n in range(line_of(mark.start), line_of(mark.end - 1) + 1)}
    kept |= {line_of(section.start) for section in shown.report.sections}
    kept |= {n for n, (start, end) in enumerate(lines) if text[start:end].rstrip().endswith((*_FINAL, _OPENING))}
    found: dict[int, str] = {}
    for table in shown.form.tables if shown.form else ():
        spans = [(c.start, c.end) for c in shown.report.cells if c.table == table.id and c.start is not None and c.end]
        if spans:
            first, last = line_of(min(start for start, _ in spans)), line_of(max(end for _, end in spans) - 1)
            while first > 0 and first - 1 not in kept and first - 1 not in found:
                first -= 1
            found.update({n: table.id for n in range(first, last + 1) if n not in kept})
    return found


def _see(shown: Shown, name: str, done: set[str]) -> Html:
    if name in done or shown.form is None:
        return NOTHING
    done.add(name)
    table = shown.form.table(name)
    text = shown.words.see_table.format(table=table_name(table), title=table.title)
    return tag("p", tag("a", text, href=f"#t-{name}"), class_="see")


def _marked(shown: Shown, start: int, end: int, marks: Sequence[_Mark]) -> Iterator[str]:
    """The pieces of a line, cut wherever a mark begins or ends."""
    text = shown.report.text
    cuts = sorted({start, end, *(cut for mark in marks for cut in (mark.start, mark.end) if start < cut < end)})
    for first, last in pairwise(cuts):
        piece = text[first:last]
        over = [mark for mark in marks if mark.start <= first and last <= mark.end]
        for mark in over:
            if mark.problem is not None:
                problem = next(
                    (name for kind, name in shown.words.problems.items() if kind == mark.problem), mark.problem
                )
                piece = tag("span", piece, class_="problem", title=shown.words.problem.format(type=problem))
        for mark in over:
            if mark.figure is not None:
                piece = _figure(shown, mark.figure, piece, is_first=first == mark.start)
        yield piece
        for mark in over:
            if mark.figure is not None and mark.end == last:
                yield shown.refs(shown.at_figure.get(mark.figure, []))


def _figure(shown: Shown, index: int, piece: str, *, is_first: bool) -> Html:
    kind = "figure broken" if index in shown.at_figure else "figure"
    return tag("span", piece, class_=kind, id=f"g{index}" if is_first else None, title=shown.meaning(index))
