"""Bodies that report year after year: counts are carried over, figures grow, some slip or own up to shortcomings."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.rendering.layouts import LAYOUTS, Rendered, render
from tests.rendering.style import draw_style
from tests.rendering.truth import Form, Truth
from tests.rendering.words import APPLICANTS, RESULTS, WORDS, application_rows, disclosure_cells, outcome_rows

BODIES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("bodies.yaml").read_text(encoding="utf-8"))
YEARS = range(2019, 2025)
SLIPS = {"sum": 0.09, "narrative": 0.07, "parts": 0.06, "carried": 0.05, "jump": 0.012}
"""What goes wrong in a report, by its chance in the first year; in the last it is a third of that."""
_NEW_FORM = 2021
_LAYOUTS = ("tab_rows", "pipe_rows", "markdown", "tab_lines", "html_flat", "html_layout_table")
_APPLICANTS = {"natural_person": 0.84, "business": 0.12, "other": 0.04}
_WITHOUT = ("broken_sums", "foreign", "digits")


@dataclass(frozen=True)
class Body:
    """A body with what does not change: its size beside others, the growth a year, the sentences that it keeps to.

    ``restarts`` says that it begins each year with nothing carried over, whatever the year before left.
    """

    province: str
    name: str
    size: float
    growth: float
    layout: str
    sentences: Mapping[str, str]
    restarts: bool = False


@dataclass
class Yearly:
    """A body's report of a year: the narrative by section, and cells that are printed wrongly.

    ``planted`` are the slips made in it and the shortcomings that it owns up to.
    """

    body: Body
    truth: Truth
    planted: set[str]
    narrative: dict[int, list[str]] = field(default_factory=dict)
    wrong: dict[str, Decimal] = field(default_factory=dict)


def draw_years(seed: int, count: int) -> list[Yearly]:
    """So many reports by body and year; of one in twelve the body's report of that year is not there."""
    random = Random(f"years {seed}")
    bodies = list(_bodies(random, 1 + count * 13 // (12 * len(YEARS))))
    reports = [report for body in bodies for report in _reports(body, random)]
    kept = sorted(random.sample(range(len(reports)), count))
    return [reports[number] for number in kept]


def write_years(reports: Sequence[Yearly], folder: Path, seed: int) -> Path:
    """Print the reports to files, one each; the manifest that lists them with their province."""
    manifest = folder / "manifest.csv"
    with manifest.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(("path", "region"))
        for number, report in enumerate(reports):
            rendered = print_report(report, seed + number)
            name = f"{number:04}{LAYOUTS[rendered.layout].suffix}"
            (folder / name).write_bytes(rendered.data)
            lines.writerow((name, report.body.province))
    return manifest


def print_report(report: Yearly, seed: int) -> Rendered:
    """A report as its body prints it, now and then with a fault of print."""
    style = draw_style(seed, chance=0.04, without=_WITHOUT)
    if report.wrong:
        # A slip that is not printed is none.
        style = replace(style, zero="0", blank="", lost_rows=0, lost_cells=0)
    return render(report.truth, style, report.body.layout, wrong=report.wrong, narrative=report.narrative)


def _bodies(random: Random, count: int) -> Iterator[Body]:
    places = [a + b + random.choice(BODIES["divisions"]) for a in BODIES["first"] for b in BODIES["second"]]
    random.shuffle(places)
    provinces, offices = list(BODIES["provinces"].items()), list(BODIES["offices"].items())
    for number in range(count):
        province, (size, growth) = provinces[number % len(provinces)]
        office, beside = offices[number // len(provinces) % len(offices)]
        yield Body(
            province=province,
            name=places[number % len(places)] + office,
            size=size * beside * random.lognormvariate(0, 0.5),
            growth=growth * random.gauss(1, 0.02),
            layout=random.choice(_LAYOUTS),
            sentences={name: random.choice(BODIES[name]) for name in ("disclosed", "applications", "staff", "opening")},
            restarts=random.random() < 0.04,
        )


def _reports(body: Body, random: Random) -> Iterator[Yearly]:
    """The reports of a body; ``late`` is 0 in the first year and 1 in the last."""
    carried = dict.fromkeys(APPLICANTS, 0)
    in_force = random.randint(4, 40)
    for year in YEARS:
        late = (year - YEARS[0]) / (len(YEARS) - 1)
        form: Form = "2021" if year >= _NEW_FORM else "2019"
        amount = body.size * body.growth ** (year - YEARS[0])
        planted = {name for name, chance in SLIPS.items() if random.random() < chance * (1 - late * 2 / 3)}
        planted -= {"carried"} if year == YEARS[0] or body.restarts else set()
        if "carried" in planted:
            carried["natural_person"] += random.choice((1, 1, 2, 3))
        if body.restarts and any(carried.values()):
            planted.add("carried")
            carried = dict.fromkeys(APPLICANTS, 0)
        applications = _applications(form, amount, late, carried, random, leaves=body.restarts)
        carried = {column: applications[f"carried_out.{column}"] for column in APPLICANTS}
        issued, repealed = random.randint(0, 5), random.randint(0, min(in_force, 3))
        in_force += issued - repealed
        cells = _disclosure(form, amount, (issued, repealed, in_force), random)
        cells |= {f"applications.{cell}": value for cell, value in applications.items()}
        cells |= _disputes(amount, random)
        truth = Truth(form, body.name, year, {cell: Decimal(value) for cell, value in cells.items()})
        report = Yearly(body, truth, planted)
        _tell(report, max(20, round(600 * amount * random.lognormvariate(0, 0.15))), random)
        _own_up(report, late, random)
        yield report


def _applications(
    form: Form, amount: float, late: float, carried: Mapping[str, int], random: Random, *, leaves: bool
) -> dict[str, int]:
    """Table three; ``leaves`` says that persons' applications are left over for the next year in any case."""
    cells: dict[str, int] = {}
    rows = outcome_rows(form)
    weights = {row: a + (b - a) * late for row, (a, b) in BODIES["outcomes"].items() if row in rows}
    for column in APPLICANTS:
        least = int(leaves and column == "natural_person")
        received = least + round(18 * amount * _APPLICANTS.get(column, 0) * random.lognormvariate(0, 0.4))
        left = max(least, round(received * random.uniform(0, 0.25)))
        total = received + carried[column] - left
        outcomes = Counter(random.choices(list(weights), list(weights.values()), k=total))
        values = {row: outcomes[row] for row in rows}
        values |= {"received": received, "carried_in": carried[column], "total": total, "carried_out": left}
        cells |= {f"{row}.{column}": value for row, value in values.items()}
    for row in application_rows(form):
        cells[f"{row}.total"] = sum(cells[f"{row}.{column}"] for column in APPLICANTS)
    return cells


def _disclosure(form: Form, amount: float, documents: tuple[int, int, int], random: Random) -> dict[str, int | Decimal]:
    """Table two; ``documents`` are issued, repealed and in force."""
    issued, repealed, in_force = documents
    values = {
        "issued": issued, "made": issued, "disclosed": issued, "repealed": repealed, "in_force": in_force,
        "total_disclosed": in_force,
    }  # fmt: skip
    cells: dict[str, int | Decimal] = {}
    for cell in disclosure_cells(form):
        _, row, column = cell.split(".")
        if row == "normative_documents":
            cells[cell] = values[column]
        elif column in values or row == "coercions":
            cells[cell] = 0
        elif column == "amount":
            cells[cell] = Decimal(round(amount * random.uniform(1, 90))) * (1 if form == "2021" else 10_000)
        else:
            most = {"decisions": 900, "projects": 40, "previous_items": 90}.get(column, 4)
            cells[cell] = round(min(amount, 3) * random.uniform(0, most))
    return cells


def _disputes(amount: float, random: Random) -> dict[str, int]:
    cells: dict[str, int] = {}
    for group in WORDS["disputes"]["groups"]:
        results = {result: int(random.expovariate(1) * min(amount, 3) * 0.5) for result in RESULTS}
        cells |= {f"disputes.{group}.{result}": value for result, value in results.items()}
        cells[f"disputes.{group}.total"] = sum(results.values())
    return cells


def _tell(report: Yearly, disclosed: int, random: Random) -> None:
    """Write the first section, with the slips in it and in table three."""
    truth, planted, sentences = report.truth, report.planted, report.body.sentences
    if "jump" in planted:
        disclosed *= 10
    website = round(disclosed * random.uniform(0.5, 0.7))
    wechat = round((disclosed - website) * random.uniform(0.4, 0.8))
    facts = {row: int(truth.cells[f"applications.{row}.total"]) for row in application_rows(truth.form)}
    facts |= {"closed": facts["total"], "natural_person": int(truth.cells["applications.received.natural_person"])}
    facts |= {"year": truth.year, "total": disclosed, "website": website, "wechat": wechat, "visits": website * 37}
    facts |= {"rest": disclosed - website - wechat}
    facts |= {"full": random.randint(1, 4), "part": random.randint(2, 30), "trainings": random.randint(1, 6)}
    if "{wechat}" not in sentences["disclosed"]:
        planted.discard("parts")
    if "parts" in planted:
        facts["wechat"] += random.choice((3, 10, 27))
    if "narrative" in planted:
        facts["received"] += random.choice((1, 2, 10))
    if "sum" in planted:
        cell = f"applications.{random.choice(('granted', 'partial', 'total', 'received'))}.natural_person"
        report.wrong[cell] = truth.cells[cell] + random.choice((1, 2, 10))
    report.narrative[1] = [sentences[name].format(**facts) for name in ("disclosed", "applications", "staff")]


def _own_up(report: Yearly, late: float, random: Random) -> None:
    """Write the section on shortcomings."""
    said = []
    for kind, entry in BODIES["problems"].items():
        first, last = entry["share"]
        if random.random() < first + (last - first) * late:
            said.append(random.choice(entry["words"]))
            report.planted.add(kind)
    random.shuffle(said)
    numbers = zip(WORDS["numerals"], said, strict=False)
    items = BODIES["between"].join(BODIES["numbered"].format(numeral=n, words=words) for n, words in numbers)
    measures = random.choice(BODIES["measures"])
    whole = BODIES["shortcomings"].format(opening=report.body.sentences["opening"], items=items, measures=measures)
    report.narrative[5] = [whole if said else measures]
