"""Marked text, ``主动公开[[12条|disclosed_total]]``, to plain text with marks and back."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extraction.document import DocumentBuilder, Sentence
from extraction.errors import BadResource
from extraction.narrative import sentences
from extraction.resources.metrics import load_metrics
from extraction.resources.problems import PROBLEM_TYPES

_MARK = re.compile(r"\[\[([^\[\]|]*)\|([^\[\]|]*)\]\]")


@dataclass(frozen=True)
class Mark:
    """A labelled span of plain text; ``label`` is a metric id or a type of problem."""

    start: int
    end: int
    label: str

    @property
    def is_problem(self) -> bool:
        """Whether the label is a type of problem, not a metric."""
        return self.label in PROBLEM_TYPES


@dataclass(frozen=True)
class Passage:
    """A labelled passage with the year and the form of the report that it stands in."""

    id: str
    year: int | None
    form: str | None
    text: str
    marks: tuple[Mark, ...]


def sentences_of(passage: Passage) -> list[Sentence]:
    """The sentences of a passage, as those of a report that consists of it."""
    builder = DocumentBuilder()
    builder.paragraph(passage.text)
    return sentences(builder.build(media_type="text/plain"))


def parse(marked: str, *, place: str = "marked text") -> tuple[str, tuple[Mark, ...]]:
    """Plain text and its marks, in order.

    :raises BadResource: a mark is empty, not closed or nested, or its label is unknown.
    """
    text, marks, last = "", list[Mark](), 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        content, label = match.groups()
        if not content:
            raise BadResource(place, f"empty mark {match.group()!r}", "mark the number with its unit")
        if label not in load_metrics() and label not in PROBLEM_TYPES:
            raise BadResource(place, f"unknown label {label!r} in {match.group()!r}", "take one of the guide")
        marks.append(Mark(len(text), len(text) + len(content), label))
        text, last = text + content, match.end()
    text += marked[last:]
    if (rest := text.find("[[")) >= 0 or (rest := text.find("]]")) >= 0:
        raise BadResource(place, f"malformed mark at {text[rest : rest + 20]!r}", "write [[words|label]]")
    return text, tuple(marks)


def render(text: str, marks: Iterable[Mark]) -> str:
    """Plain text with its marks written in; the inverse of `parse`."""
    parts, last = [], 0
    for mark in sorted(marks, key=lambda m: m.start):
        parts += [text[last : mark.start], f"[[{text[mark.start : mark.end]}|{mark.label}]]"]
        last = mark.end
    return "".join([*parts, text[last:]])


def read_passages(path: Path) -> Iterator[Passage]:
    """The passages of a JSON lines file: a line a passage, or a line a report with its passages in a list ``marked``.

    :raises BadResource: a line is not JSON, lacks ``marked``, or holds a bad mark.
    """
    for place, line in read_lines(path):
        yield from read_line(line, place=place)


def write_passages(passages: Iterable[Passage], path: Path) -> None:
    """Write a line a passage, as `read_passages` reads them."""
    rows = ({"id": p.id, "year": p.year, "form": p.form, "marked": render(p.text, p.marks)} for p in passages)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """The lines of a file that are not blank, each after its place, ``NAME:NUMBER``.

    :raises BadResource: the file cannot be opened or is no UTF-8.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadResource(str(path), f"cannot be read ({error})", "give a JSON lines file in UTF-8") from error
    # Only a line feed ends a line of JSON: U+2028 may stand inside a string.
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield f"{path.name}:{number}", line


def read_line(line: str, *, place: str) -> Iterator[Passage]:
    """The passages of one line.

    :raises BadResource: the line is not JSON, lacks ``marked``, or holds a bad mark.
    """
    try:
        record: dict[str, Any] = json.loads(line)
        marked = record["marked"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadResource(place, f"not a passage ({error!r:.60})", "give an object with `marked`") from error
    several = [marked] if isinstance(marked, str) else marked
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        raise BadResource(place, f"not a passage ({marked!r:.60})", "give text, or a list of texts, as `marked`")
    name = str(record.get("id") or record.get("file") or "")
    for index, one in enumerate(several):
        text, marks = parse(one, place=f"{place} {name}".rstrip())
        number = "" if isinstance(marked, str) else f"#{index}"
        yield Passage((name or place) + number, record.get("year"), record.get("form"), text, marks)
