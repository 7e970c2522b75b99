"""Records that a person corrected, as labelled passages."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pydantic import ValidationError

from extraction.document import DocumentBuilder
from extraction.errors import BadResource
from extraction.narrative import sentences
from extraction.resources.metrics import load_metrics
from extraction.resources.problems import PROBLEM_TYPES
from extraction.schema import Figure, Problem, Report
from training.gold import Mark, Passage

_NARRATIVE = {1, 5, 6, None}


def read_record(path: Path) -> Iterator[Passage]:
    """The passages of a record's file, as ``nianbao extract`` writes it.

    :raises BadResource: the file is no record, lacks the text, or labels what the text does not hold.
    """
    try:
        report = Report.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        what = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        place = ".".join(str(part) for part in what["loc"])
        found = f"no record ({place}: {what['msg']})" if place else f"no record ({what['msg']})"
        raise BadResource(str(path), found, "give what `nianbao extract` prints, with its text") from error
    yield from passages_of(report, name=path.name.removesuffix(".record.json"))


def passages_of(report: Report, *, name: str) -> Iterator[Passage]:
    """Each paragraph of the narrative, and each other one that holds a mark, with the marks in it.

    :param name: what the passages' ids begin with.
    :raises BadResource: a figure or problem has an unknown label, or its text does not stand where it says.
    """
    marks = _marks(report, name)
    for number, (start, end) in enumerate(_spans(report, marks)):
        inside = (mark for mark in marks if start <= mark.start < end)
        moved = tuple(Mark(mark.start - start, mark.end - start, mark.label) for mark in inside)
        yield Passage(f"{name}#{number}", report.report.year, report.report.form, report.text[start:end], moved)


def _marks(report: Report, name: str) -> list[Mark]:
    """The marks in order; a figure inside a problem gives way to it, since marks do not nest."""
    found: list[Mark] = []
    labels = {*PROBLEM_TYPES, *load_metrics()}
    entries: list[tuple[str, Problem | Figure]] = [(problem.type, problem) for problem in report.problems]
    entries += [(figure.metric, figure) for figure in report.figures]
    for label, entry in entries:
        if label not in labels:
            raise BadResource(name, f"unknown label {label!r} at {entry.text!r}", "take one of the guide")
        if not entry.text or report.text[entry.start : entry.end] != entry.text:
            raise BadResource(name, f"{entry.text!r} does not stand at {entry.start}", "keep text and offsets together")
        if not any(mark.start < entry.end and entry.start < mark.end for mark in found):
            found.append(Mark(entry.start, entry.end, label))
    return sorted(found, key=lambda mark: mark.start)


def _spans(report: Report, marks: list[Mark]) -> Iterator[tuple[int, int]]:
    """Where the paragraphs stand; two that share a mark are one."""
    builder = DocumentBuilder()
    builder.paragraph(report.text)
    cells = [(cell.start, cell.end) for cell in report.cells if cell.start is not None and cell.end is not None]
    found = sentences(builder.build(media_type="text/plain"), sections=report.sections)
    start = end = -1
    for _, group in groupby(found, key=lambda sentence: sentence.paragraph):
        paragraph = [*group]
        first, last = paragraph[0].offsets[0], paragraph[-1].offsets[-1] + 1
        shared = any(mark.start < end and first < mark.end for mark in marks)
        if not shared and start >= 0:
            yield start, end
        start, end = (start if shared else first), last
        marked = any(mark.start < last and first < mark.end for mark in marks)
        tabular = any(a < last and first < b for a, b in cells) or paragraph[0].section not in _NARRATIVE
        if tabular and not marked:
            start = -1
    if start >= 0:
        yield start, end
