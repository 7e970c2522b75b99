"""Altered copies of passages, passages set together, and labels of rows and columns: more to learn from, seeded.

A copy keeps the marks and changes what they do not depend on: figures, years, units that count the same, what the body
calls itself, the order of a plain enumeration, punctuation, spaces, characters that look alike. Never applied to what
a model is judged on.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from pathlib import Path

import cn2an
import yaml

from extraction.numbers import Mention, find_numbers
from extraction.resources.files import Resource
from extraction.resources.forms import load_forms
from extraction.resources.metrics import load_metrics
from training.gold import Mark, Passage

_NOISE = Path(__file__).parent / "data" / "noise.yaml"
_YEAR = re.compile(r"(?<!\d)20[012]\d(?=年)")
_ARABIC = re.compile(r"\d+(?:\.\d+)?")
_LISTED = re.compile(r"[^，。；：、（）()\d]{2,12}")
_ERAS = {"pre2019": range(2008, 2019), "2019": range(2019, 2021), "2021": range(2021, 2026)}
_WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")


class Noise(Resource):
    """What copies are made with: see ``data/noise.yaml``."""

    alike: tuple[str, ...]
    selves: tuple[str, ...]
    towns: tuple[str, ...]
    units: dict[str, tuple[str, ...]]
    punctuation: dict[str, tuple[str, ...]]


@cache
def load_noise() -> Noise:
    """The words and characters of ``data/noise.yaml``."""
    return Noise.model_validate(yaml.safe_load(_NOISE.read_text(encoding="utf-8")))


@cache
def _alike() -> dict[str, str]:
    groups = [frozenset(group) - {" "} for group in load_noise().alike]
    return {char: "".join(sorted(group - {char})) for group in groups for char in sorted(group) if len(group) > 1}


@dataclass(frozen=True)
class Edit:
    """``text[start:end]`` to become ``new``."""

    start: int
    end: int
    new: str


def edited(passage: Passage, edits: Sequence[Edit]) -> Passage:
    """The passage after edits that do not overlap; a mark grows or shrinks with what is changed inside it."""
    parts: list[str] = []
    last, moved = 0, []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < last:
            continue
        parts += [passage.text[last : edit.start], edit.new]
        last = edit.end
        moved.append((edit, len(edit.new) - (edit.end - edit.start)))
    text = "".join([*parts, passage.text[last:]])

    def start(offset: int) -> int:
        return offset + sum(change for edit, change in moved if edit.end <= offset)

    def end(offset: int) -> int:
        return offset + sum(change for edit, change in moved if edit.end <= offset and edit.start < offset)

    marks = tuple(Mark(start(m.start), end(m.end), m.label) for m in passage.marks)
    return replace(passage, text=text, marks=marks)


class Synthesizer:
    """Makes copies; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def copy(self, passage: Passage) -> Passage:
        """An altered copy of a passage."""
        for change in (self._reordered, self._figures, self._years, self._names, self._noise):
            passage = change(passage)
        return passage

    def joined(self, passages: Sequence[Passage], count: int) -> Iterator[Passage]:
        """Two or three passages of one form and year after each other: a report has more to say than one of them."""
        like: dict[tuple[str | None, int | None], list[Passage]] = {}
        for passage in passages:
            like.setdefault((passage.form, passage.year), []).append(passage)
        for _ in range(count if passages else 0):
            first = self._random.choice(passages)
            others = self._random.choices(like[first.form, first.year], k=self._random.choice((1, 1, 2)))
            yield reduce(self._after, others, first)

    def _after(self, first: Passage, second: Passage) -> Passage:
        text = first.text + self._random.choice(("", "\n"))
        marks = (replace(mark, start=mark.start + len(text), end=mark.end + len(text)) for mark in second.marks)
        return replace(first, text=text + second.text, marks=(*first.marks, *marks))

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _figures(self, passage: Passage) -> Passage:
        labels = {(mark.start, mark.end): mark.label for mark in passage.marks}
        inside = [(m.start, m.end) for m in passage.marks if m.is_problem]
        edits: list[Edit] = []
        for mention in find_numbers(passage.text):
            if self._chance(0.75) and not any(a <= mention.start < b for a, b in inside):
                new = self._figure(mention, labels.get((mention.start, mention.end)))
                # The number must still be read as one, or the mark would stand on nothing.
                around = passage.text[: mention.start] + new + passage.text[mention.end :]
                span = (mention.start, mention.start + len(new))
                if any((m.start, m.end) == span for m in find_numbers(around)):
                    edits.append(Edit(mention.start, mention.end, new))
        return edited(passage, edits)

    def _figure(self, mention: Mention, label: str | None) -> str:
        text = mention.text
        if match := _ARABIC.search(text):
            digits = match.group()
            if mention.unit == "%":
                new = f"{self._random.uniform(0, 100):.{self._random.choice((0, 1, 2))}f}"
            elif "." in digits:
                new = f"{float(digits) * self._random.uniform(0.3, 3):.{len(digits.split('.')[1])}f}"
            else:
                size = max(1, len(digits) + self._random.choice((-1, 0, 0, 0, 1)))
                new = str(self._random.randrange(10 ** (size - 1) if size > 1 else 0, 10**size))
                if len(new) > 3 and self._chance(0.08):
                    new = f"{int(new):,}"
                elif self._chance(0.04) and text[match.end() : match.end() + 1] not in ("万", "亿"):
                    new = cn2an.an2cn(new)
            text = text[: match.start()] + new + text[match.end() :]
        elif len(text) < 4 and self._chance(0.5):
            text = cn2an.an2cn(self._random.randrange(3, 60)) + (mention.unit or "")
        group = load_metrics()[label].group if label in load_metrics() else None
        kind = "disclosed" if (label or "").startswith("disclosed_") else group
        units = load_noise().units.get(kind or "", ())
        if mention.unit in units and text.endswith(mention.unit or " ") and self._chance(0.2):
            text = text[: -len(mention.unit or "")] + self._random.choice(units)
        return text

    def _years(self, passage: Passage) -> Passage:
        if passage.year is None or passage.form not in _ERAS or not self._chance(0.6):
            return passage
        year = self._random.choice(_ERAS[passage.form])
        edits = [
            Edit(*match.span(), str(int(match.group()) + year - passage.year))
            for match in _YEAR.finditer(passage.text)
            if abs(int(match.group()) - passage.year) < 3
        ]
        return replace(edited(passage, edits), year=year)

    def _names(self, passage: Passage) -> Passage:
        edits: list[Edit] = []
        for names in (load_noise().selves, load_noise().towns):
            new = self._random.choice(names)
            edits += [
                Edit(*match.span(), new)
                for match in re.finditer("|".join(names), passage.text)
                if not any(m.start < match.end() and match.start() < m.end for m in passage.marks)
            ]
        return edited(passage, edits) if self._chance(0.5) else passage

    def _reordered(self, passage: Passage) -> Passage:
        """The items of an enumeration in another order: 网上7件、信函3件 to 信函3件、网上7件."""
        if not self._chance(0.4):
            return passage
        for run in _enumerations(passage):
            order = list(range(len(run)))
            self._random.shuffle(order)
            start, end = run[0][0], run[-1][2]
            parts, marks, at = [], [], start
            for place in order:
                first, mark, last = run[place]
                parts.append(passage.text[first:last])
                marks.append(Mark(at + mark.start - first, at + mark.end - first, mark.label))
                at += last - first + 1
            moved = {mark for _, mark, _ in run}
            text = passage.text[:start] + "、".join(parts) + passage.text[end:]
            kept = [mark for mark in passage.marks if mark not in moved]
            passage = replace(passage, text=text, marks=tuple(sorted([*kept, *marks], key=lambda m: m.start)))
        return passage

    def _noise(self, passage: Passage) -> Passage:
        figures = [(m.start, m.end) for m in find_numbers(passage.text)]
        edits: list[Edit] = []
        sloppy, ocr = self._random.choice((0, 0, 0.08, 0.3)), self._random.choice((0, 0, 0.01, 0.03))
        wide, spaced = self._chance(0.08), self._chance(0.12)
        for i, char in enumerate(passage.text):
            if any(a <= i < b for a, b in figures):
                continue
            if char in load_noise().punctuation and self._chance(sloppy):
                edits.append(Edit(i, i + 1, self._random.choice(load_noise().punctuation[char])))
            elif char in _alike() and self._chance(ocr):
                edits.append(Edit(i, i + 1, self._random.choice(_alike()[char])))
        for start, end in figures:
            if wide:
                edits.append(Edit(start, end, passage.text[start:end].translate(_WIDE)))
            if spaced and self._chance(0.6):
                edits.append(Edit(start, start, " "))
        return edited(passage, edits)


def _enumerations(passage: Passage) -> Iterator[list[tuple[int, Mark, int]]]:
    """Runs of two or more items parted by 、, each words and a marked figure: start, mark, end of each."""
    run: list[tuple[int, Mark, int]] = []
    for mark in passage.marks:
        first = max(passage.text.rfind(stop, 0, mark.start) for stop in "，。；：、（(\n") + 1
        plain = not mark.is_problem and _LISTED.fullmatch(passage.text[first : mark.start])
        if run and first == run[-1][2] + 1 and passage.text[first - 1] == "、" and plain:
            run.append((first, mark, mark.end))
            continue
        if len(run) > 1:
            yield run
        run = [(first, mark, mark.end)] if plain else []
    if len(run) > 1:
        yield run


@dataclass(frozen=True)
class Header:
    """The text of a row's or column's label as a page prints it; ``label`` is ``O`` where it is none."""

    text: str
    label: str


class Headers:
    """Labels of the forms' rows and columns, whole and damaged."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._words = [*_header_words()]

    def draw(self, *, damage: float) -> Header:
        """A label with ``damage`` of its characters (0 to 1) mistaken, dropped or added."""
        text, label = self._random.choice(self._words)
        return Header(self.damaged(text, damage), label)

    def damaged(self, text: str, share: float) -> str:
        """A text with that share of its characters mistaken, dropped or doubled by a stray one."""
        strays = "丨、.·一|'"
        result: list[str] = []
        for char in text:
            if self._random.random() >= share:
                result.append(char)
                continue
            kind = self._random.random()
            if kind < 0.5:
                result.append(self._random.choice(_alike().get(char) or self._any_character()))
            elif kind > 0.8:
                result.append(char + self._random.choice(strays))
        return "".join(result) or text

    def _any_character(self) -> str:
        return self._random.choice(self._words)[0][0]


@cache
def _header_words() -> tuple[tuple[str, str], ...]:
    """Every wording of every label of the forms, with the label's name."""
    found: dict[tuple[str, str], None] = {}
    for form in load_forms():
        for table in form.tables:
            for block in table.all_blocks:
                for row in block.rows:
                    found.update({(word, f"row:{table.id}.{row.id}"): None for word in row.words})
                for column in block.columns:
                    if column.id:
                        found.update({(word, f"column:{table.id}.{column.id}"): None for word in column.words})
    return tuple(found)
