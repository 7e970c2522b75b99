"""A truth in a style -> the page: title, paragraphs and tables in order, before any format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from tests.rendering.style import Printed, Printer, Style
from tests.rendering.tables import FOREIGN, Cell, Table, build_tables
from tests.rendering.truth import Truth
from tests.rendering.words import WORDS


@dataclass(frozen=True)
class Break:
    """The end of a page."""

    page: int


@dataclass
class Page:
    """A whole report; ``navigation`` stands before it, ``footer`` behind."""

    title: str
    blocks: list[str | Table | Break] = field(default_factory=list)
    navigation: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)


def compose(
    truth: Truth,
    style: Style,
    *,
    loses: bool,
    wrong: Mapping[str, Decimal] | None = None,
    narrative: Mapping[int, Sequence[str]] | None = None,
) -> tuple[Page, dict[str, Printed]]:
    """Write a report. ``loses`` says that the layout is one in which single cells can get lost.

    ``narrative`` holds the paragraphs of sections that are to say something else than those of every report.
    """
    printer = Printer(style, Random(f"printer {style.seed}"))
    printer.wrong = {**_wrong(truth, style, printer.random), **(wrong or {})}
    pieces = build_tables(truth, style, printer)
    if loses and style.lost_cells:
        _lose_cells(pieces, printer, style.lost_cells)
    facts = {"agency": truth.agency, "year": truth.year}
    page = Page(WORDS["title"].format(**facts), [WORDS["opening"].format(**facts)])
    numbers = iter(WORDS["numerals"])
    for section, title in enumerate(WORDS["sections"], 1):
        name = {2: "disclosure", 3: "applications", 4: "disputes"}.get(section, "")
        if name and name not in pieces:
            continue
        page.blocks += [f"{next(numbers)}、{title}", *_narrative(truth, section, narrative or {})]
        page.blocks += [piece or Break(2) for piece in pieces.get(name, ())]
        if section == 2 and "own" in style.foreign:
            page.blocks.append(_own_table(printer.random))
    if "statistics" in pieces:
        page.blocks += [WORDS["appendix"], *(piece or Break(2) for piece in pieces["statistics"])]
    page.navigation = FOREIGN["nav"] if "nav" in style.foreign else []
    page.footer = FOREIGN["links"] + FOREIGN["footer"] if "links" in style.foreign else []
    return page, printer.printed


def _narrative(truth: Truth, section: int, own: Mapping[int, Sequence[str]]) -> Sequence[str]:
    if section in own:
        return own[section]
    if section == 1:
        cells = {
            "2014": {"disclosed": "disclosed_total", "received": "received", "meetings": "meetings"},
            "2019": {"review": "review.total"},
            "2021": {"permits": "permits.decisions"},
        }[truth.form]
        table = {"2014": "statistics", "2019": "disputes", "2021": "disclosure"}[truth.form]
        facts = {name: truth.cells[f"{table}.{cell}"] for name, cell in cells.items()}
        if truth.form != "2014":
            facts |= {row: truth.cells[f"applications.{row}.total"] for row in ("received", "total")}
        return [sentence.format(**facts) for sentence in WORDS["narrative"][truth.form]]
    return [{5: WORDS["problems"], 6: WORDS["nothing"]}[section]] if section > 4 else []


def _own_table(random: Random) -> Table:
    rows = [[Cell(row), Cell(str(random.randint(0, 400)))] for row in FOREIGN["own_rows"]]
    return Table("own", [list(map(Cell, FOREIGN["own_head"])), *rows], header=1)


def _wrong(truth: Truth, style: Style, random: Random) -> dict[str, Decimal]:
    cells = [cell for cell in truth.cells if cell.startswith(("applications.", "disputes.", "statistics.re"))]
    return {cell: truth.cells[cell] + 1 for cell in random.sample(cells, style.broken_sums)}


def _lose_cells(pieces: dict[str, list[Table | None]], printer: Printer, count: int) -> None:
    """Drop values out of the tables of sums, as a page does whose cells are paragraphs."""
    rows = [
        row
        for name in ("applications", "disputes", "statistics")
        for table in pieces.get(name, ())
        for row in (table.rows if table else ())
    ]
    places = [(row, column) for row in rows for column, cell in enumerate(row) if cell.id]
    for row, column in printer.random.sample(places, count):
        printer.lose(row[column].id)
        row[column] = replace(row[column], lost=True)
