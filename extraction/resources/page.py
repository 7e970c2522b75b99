"""The words of the page on which a report is corrected."""

from functools import cache
from typing import Literal

from extraction.resources.files import Resource, data_path, load
from extraction.resources.problems import ProblemType
from extraction.schema import Cause, Severity, Slip, State

_FILE = "page.yaml"
Sign = Literal["broken", "noted", "changed", "imputed", "missing", "unreadable"]


class PageWords(Resource):
    """Words and templates of the page."""

    severities: dict[Severity, str]
    causes: dict[Cause, str]
    states: dict[State, str]
    slips: dict[Slip, str]
    problems: dict[ProblemType, str]
    table: str
    table_numerals: str
    appendix: str
    item: str
    between: str
    change: str
    nothing: str
    doubtful: str
    by_table: str
    by_rate: str
    alternatives: str
    untitled: str
    year: str
    count: str
    sound: str
    sound_untold: str
    narrative_place: str
    quoted: str
    list_mark: str
    summary: str
    summary_sound: str
    corrections: str
    corrections_hint: str
    findings: str
    tables: str
    narrative: str
    no_tables: str
    no_rows: str
    difference: str
    expected: str
    found: str
    repair: str
    same_repair: str
    alternative: str
    places: str
    figure: str
    problem: str
    back: str
    see_table: str
    unit: str
    legend: dict[Sign, str]
    legend_samples: dict[Sign, str]
    unit_header: str
    missing: str
    imputed: str
    changed: str
    marks_hint: str
    footer: str


@cache
def load_page() -> PageWords:
    """The words of ``data/page.yaml``."""
    return load(_FILE, PageWords)


@cache
def page_file(name: Literal["page.html", "page.css", "page.js"]) -> str:
    """The text of a file that the page is made of."""
    return data_path(name).read_text(encoding="utf-8")
