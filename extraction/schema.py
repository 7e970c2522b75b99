"""The record of one report: what the extractor gives and everything else builds on.

Offsets are in characters and point into ``Report.text``; ``None`` means that the report does not say.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[Decimal, PlainSerializer(_number, return_type=int | float, when_used="json-unless-none")]
Offset = Annotated[int, Field(ge=0)]
Confidence = Annotated[float, Field(ge=0, le=1)]

FormId = Literal["2008", "2014", "2019", "2021"]
State = Literal["given", "blank", "missing", "imputed", "unreadable"]
Qualifier = Literal["about", "at_least", "at_most"]
Severity = Literal["error", "warning", "info"]
Answer = Literal["holds", "broken", "open"]
Basis = Literal["form", "words", "balance"]
Cause = Literal["source", "reading"]
Slip = Literal["swapped", "digit", "zero", "dropped", "empty_total", "moved", "copied", "joined"]
Layout = Literal["grid", "fields", "run"]
FoundBy = Literal["model", "rule", "both", "ocr"]
"""Who found a value; ``ocr`` whoever it was, where it was read from an image."""


class Record(BaseModel):
    """Base of all records: frozen, and refusing fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Source(Record):
    """The file that was read; ``encoding`` of a text, ``pages`` of a PDF."""

    path: str | None
    sha256: str
    media_type: str
    encoding: str | None = None
    pages: int | None = None


class Head(Record):
    """What the report says of itself."""

    title: str | None = None
    agency: str | None = None
    region: str | None = None
    year: int | None = None
    form: FormId | None = None
    period: tuple[date, date] | None = None
    published: date | None = None


class Section(Record):
    """A part of the report; ``number`` is that of the six statutory sections, by title, not as printed."""

    number: Annotated[int, Field(ge=1, le=6)] | None
    title: str
    start: Offset
    end: Offset


class Cell(Record):
    """One cell of a statutory table: ``id`` is table.row.column, or statistics.ROW.

    ``raw`` is what is printed, ``value`` a number in ``unit``. ``label`` is the row's label as printed, ``layout`` how
    the table stands on the page, and ``note`` says how the value was placed or why there is none.
    """

    id: str
    table: str
    row: str
    column: str | None
    raw: str | None
    value: Number | None
    unit: str | None
    state: State
    start: Offset | None
    end: Offset | None
    source: FoundBy
    confidence: Confidence
    label: str | None = None
    layout: Layout | None = None
    note: str | None = None


class Figure(Record):
    """One figure of the narrative; ``scope`` is the part of the body it speaks of, ``None`` for the whole.

    ``rule`` is the rule that found it, and ``rival`` the other metric that the model, or else a rule, takes it for.
    """

    metric: str
    value: Number
    unit: str | None
    text: str
    start: Offset
    end: Offset
    section: int | None = None
    qualifier: Qualifier | None = None
    year: int | None = None
    scope: str | None = None
    source: FoundBy = "rule"
    confidence: Confidence
    rule: str | None = None
    rival: str | None = None


class Problem(Record):
    """One shortcoming that the report admits."""

    type: str
    text: str
    start: Offset
    end: Offset
    source: FoundBy = "rule"
    confidence: Confidence
    rule: str | None = None


class Repair(Record):
    """A change of one cell that helps to mend a broken sum; ``slip`` is the kind of slip that would explain it.

    swapped      two digits change places · digit one digit is another · zero a zero too many or too few
    dropped      a digit too many or too few · empty_total a total that was not filled in
    moved        the number stands in the next row or column · copied it is that of the next row or column once more
    joined       two cells were printed as one
    """

    cell: str
    old: Number | None
    new: Number
    slip: Slip | None = None


class Check(Record):
    """One thing that must hold, with its answer: ``open`` where cells are missing or unreadable, never passed then.

    ``id`` stays the same from run to run. ``formula`` says in words what must equal what; ``left`` and ``right`` are
    its two sides, ``difference`` right less left. ``basis`` says what chose the cells that a figure is compared with:
    the form, the words around the figure, or what balances.
    """

    id: str
    check: str
    answer: Answer
    formula: str
    left: Number | None = None
    right: Number | None = None
    difference: Number | None = None
    cells: tuple[str, ...] = ()
    figures: tuple[int, ...] = ()
    basis: Basis = "form"


class Finding(Record):
    """The outcome of a check that is broken, or that could not be told.

    ``id`` and ``formula`` are those of its check. ``cause`` tells a slip of those who wrote the report from a table
    that may have been read wrongly. ``repair`` is the smallest change that mends it, ``alternatives`` others as small.
    """

    id: str | None = None
    check: str
    severity: Severity
    message: str
    expected: Number | None = None
    found: Number | None = None
    cells: tuple[str, ...] = ()
    figures: tuple[int, ...] = ()
    formula: str | None = None
    difference: Number | None = None
    cause: Cause | None = None
    repair: tuple[Repair, ...] = ()
    alternatives: tuple[tuple[Repair, ...], ...] = ()


class Report(Record):
    """The whole record of one report; ``model`` names the model that read it, None where the rules did alone."""

    schema_: Literal["1"] = Field(default="1", alias="schema")
    source: Source
    report: Head
    text: str
    sections: tuple[Section, ...] = ()
    cells: tuple[Cell, ...] = ()
    figures: tuple[Figure, ...] = ()
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    model: str | None = None
