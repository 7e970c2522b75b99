"""The words of findings, in the language of those who read them."""

from functools import cache

from extraction.resources.files import Resource, load


class Messages(Resource):
    """Templates of findings, and the names of checks and sections."""

    sum_broken: str
    repair_open: str
    sum_of_nothing: str
    sums_open: str
    table_missing: str
    section_missing: str
    row_missing: str
    period_differs: str
    total_blank: str
    total_open: str
    cells_missing: str
    recognised_otherwise: str
    cells_unreadable: str
    narrative_differs: str
    no_report: str
    no_tables: str
    second_report: str
    years: dict[str, str]
    years_differ: str
    change_differs: str
    prior_other_body: str
    prior_other_year: str
    falls: tuple[str, ...]
    rollup_formula: str
    rollup_differs: str
    rollup_because: str
    rollup_slip: str
    rollup_own: str
    rollup_or: str
    rollup_missing: str
    rollup_form: str
    parts_differ: str
    rate_differs: str
    checks: dict[str, str]
    sections: tuple[str, ...]
    numerals: str


@cache
def load_messages() -> Messages:
    """The messages of ``data/messages.yaml``."""
    return load("messages.yaml", Messages)
