"""What is wrong with marked passages, and what they hold: the checks behind ``nianbao annotations check``."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from extraction.errors import NianbaoError
from extraction.numbers import find_numbers
from extraction.resources.metrics import load_metrics
from extraction.resources.problems import PROBLEM_TYPES
from training.gold import Passage, read_line, read_lines
from training.records import read_record
from training.split import TEST, bare

ERAS = ("2008-13", "2014-18", "2019-20", "2021-")
NO_YEAR = "no year"
SIMILAR = 85
"""From how many of 100 points two texts without their numbers are near duplicates."""
_LEAST_FIGURES, _LEAST_PROBLEMS = 25, 50
_YEARS = range(2008, 2100)
_FORMS = ("pre2019", "2008", "2014", "2019", "2021")
_ROWS = 100

Advance = Callable[[int], object]
"""Told how much more of a long work is done."""
Watch = Callable[[str, int], AbstractContextManager[Advance]]
"""Given the name of a work and how much of it there is, gives what is told how far it has come."""


@contextmanager
def _silent(_name: str, _total: int) -> Iterator[Advance]:
    yield lambda _: None


@dataclass(frozen=True)
class Placed:
    """A passage and where it stands: ``FILE:LINE ID``."""

    place: str
    passage: Passage


@dataclass(frozen=True)
class Fault:
    """What is wrong at a place."""

    place: str
    message: str


@dataclass(frozen=True)
class Holdings:
    """How many passages a split holds, how many with marks, and how many with numbers of which none is marked."""

    passages: int
    marked: int
    unmarked_numbers: int


@dataclass(frozen=True)
class LabelCount:
    """How often a label is marked in each split and, by era, in the first, which is the one that is learnt from.

    ``least`` is how often it should be there; None where the files are not split.
    """

    eras: dict[str, int]
    splits: dict[str, int]
    least: int | None

    @property
    def is_rare(self) -> bool:
        """Whether a model has too few examples of it to learn from."""
        return self.least is not None and next(iter(self.splits.values())) < self.least


@dataclass(frozen=True)
class Checked:
    """All that a check of marked passages gives."""

    faults: list[Fault]
    passages: dict[str, Holdings]
    labels: dict[str, LabelCount]
    disagreements: list[str]

    @property
    def rare(self) -> list[str]:
        """The labels below their least number."""
        return [label for label, count in self.labels.items() if count.is_rare]


def check(files: Mapping[str, Sequence[Path]], *, with_disagreements: bool = False, watch: Watch = _silent) -> Checked:
    """What is wrong with the passages of each split's files, and what they hold.

    :param with_disagreements: also compare the marks with the rules, but those of the test split: nothing may be
        changed because of an error there.
    :raises BadResource: a file cannot be opened or is no UTF-8.
    """
    splits, faults = read(files, watch=watch)
    faults += near_duplicates(splits, watch=watch)
    passages = {name: [entry.passage for entry in entries] for name, entries in splits.items()}
    lines: list[str] = []
    if with_disagreements:
        lines = disagreements([p for name in passages if name != TEST for p in passages[name]], watch=watch)
    held = {name: holdings(of_split) for name, of_split in passages.items()}
    return Checked(faults, held, label_counts(passages), lines)


def read(files: Mapping[str, Sequence[Path]], *, watch: Watch = _silent) -> tuple[dict[str, list[Placed]], list[Fault]]:
    """The passages of each split's files (JSON lines, or records), and the faults of every line.

    A line that cannot be read is a fault, and the next one is tried.

    :raises BadResource: a file cannot be opened or is no UTF-8.
    """
    splits: dict[str, list[Placed]] = {name: [] for name in files}
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    with watch("reading", sum(map(len, files.values()))) as advance:
        for name, path in ((name, path) for name, paths in files.items() for path in paths):
            for place, load in _entries(path):
                try:
                    entries = [Placed(_place(place, passage), passage) for passage in load()]
                except NianbaoError as error:
                    faults.append(Fault(error.place, f"{error.found}; {error.remedy}"))
                    continue
                splits[name] += entries
                faults += [
                    Fault(entry.place, message)
                    for entry in entries
                    for message in (*_faults(entry.passage), *_repeated(entry, seen))
                ]
            advance(1)
    return splits, faults


def _entries(path: Path) -> Iterator[tuple[str, Callable[[], Iterator[Passage]]]]:
    """Each line of a file, or a whole record, with its place and what reads it."""
    if path.suffix == ".json":
        yield path.name, lambda: read_record(path)
        return
    for place, line in read_lines(path):
        yield place, partial(read_line, line, place=place)


def _place(place: str, passage: Passage) -> str:
    return place if passage.id.startswith(place) else f"{place} {passage.id}"


def _faults(passage: Passage) -> Iterator[str]:
    if not passage.text.strip():
        yield "no text; remove the line"
    if passage.year is not None and passage.year not in _YEARS:
        yield f"year is {passage.year!r}; give a year from 2008 on as a number, or leave it out"
    if passage.form is not None and passage.form not in _FORMS:
        yield f"form is {passage.form!r}; give one of {', '.join(_FORMS)}, or leave it out"
    numbers = {(number.start, number.end) for number in find_numbers(passage.text)}
    for mark in passage.marks:
        if mark.is_problem or (mark.start, mark.end) in numbers:
            continue
        near = [passage.text[start:end] for start, end in sorted(numbers) if start < mark.end and mark.start < end]
        marked = passage.text[mark.start : mark.end]
        remedy = f"mark {near[0]!r}" if near else "unmark it"
        yield f"{marked!r} ({mark.label}) is no number with its unit; {remedy}"


def _repeated(entry: Placed, seen: dict[str, str]) -> Iterator[str]:
    """What another entry has as well; ``seen`` knows who had it first."""
    for what, key in (("id", f"id {entry.passage.id}"), ("text", f"text {entry.passage.text}")):
        if key in seen:
            yield f"the same {what} as {seen[key]}; change or remove it"
        else:
            seen[key] = entry.place


def label_counts(splits: Mapping[str, Sequence[Passage]]) -> dict[str, LabelCount]:
    """How often each known label is marked."""
    marks = Counter(
        (mark.label, name, _era(passage.year))
        for name, passages in splits.items()
        for passage in passages
        for mark in passage.marks
    )
    first, eras = next(iter(splits)), sorted({*ERAS, *(era for _, _, era in marks)})
    found: dict[str, LabelCount] = {}
    for label in (*load_metrics(), *sorted(PROBLEM_TYPES)):
        least = _LEAST_PROBLEMS if label in PROBLEM_TYPES else _LEAST_FIGURES
        found[label] = LabelCount(
            eras={era: marks[label, first, era] for era in eras},
            splits={name: sum(marks[label, name, era] for era in eras) for name in splits},
            least=least if len(splits) > 1 else None,
        )
    return found


def _era(year: int | None) -> str:
    return ERAS[sum(year > last for last in (2013, 2018, 2020))] if isinstance(year, int) else NO_YEAR


def holdings(passages: Sequence[Passage]) -> Holdings:
    """How many passages there are, with marks, and with numbers but no mark."""
    unmarked = [passage for passage in passages if not passage.marks]
    numbers = sum(bool(find_numbers(passage.text)) for passage in unmarked)
    return Holdings(len(passages), len(passages) - len(unmarked), numbers)


def near_duplicates(splits: Mapping[str, Sequence[Placed]], *, watch: Watch = _silent) -> list[Fault]:
    """Passages of two splits that are alike but for their numbers: who learns the one knows the other."""
    faults: list[Fault] = []
    texts = {name: [bare(entry.passage.text) for entry in entries] for name, entries in splits.items()}
    pairs = [*combinations(splits, 2)]
    with watch("near duplicates", len(pairs)) as advance:
        for one, other in pairs:
            for i, j, score in _alike(texts[one], texts[other]):
                what = f"{score} % the same as {splits[other][j].place} ({other}) apart from numbers; keep one of them"
                faults.append(Fault(f"{splits[one][i].place} ({one})", what))
            advance(1)
    return faults


def _alike(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Places of texts that are near duplicates, with how much of 100 they have in common."""
    # A block at a time: the scores of all pairs of a large set would not fit into memory.
    for start in range(0, len(ours) if theirs else 0, _ROWS):
        rows = ours[start : start + _ROWS]
        scores = process.cdist(rows, theirs, scorer=fuzz.ratio, score_cutoff=SIMILAR, dtype=np.uint8)
        for i, j in np.argwhere(scores).tolist():
            yield start + i, j, int(scores[i, j])


def disagreements(passages: Sequence[Passage], *, watch: Watch = _silent) -> list[str]:
    """Each mark that the rules miss and each find of theirs that is not marked."""
    # The stages take a second to load, and a check without them should not wait for them.
    from extraction.pipeline import Extractor
    from training.scores import finder, score

    extractor = Extractor.load(None)
    figures, problems = finder(extractor, "rules", "figures"), finder(extractor, "rules", "problems")
    found: list[str] = []
    with watch("rules", len(passages)) as advance:
        for passage in passages:
            found += score([passage], figures).errors
            found += score([passage], problems, kind="problems").errors
            advance(1)
    return found
