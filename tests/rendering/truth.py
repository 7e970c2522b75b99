"""Invented reports: what a body did in a year, as the cells of a form that keep the form's sums."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Literal

from tests.rendering.words import APPLICANTS, RESULTS, WORDS, application_rows, disclosure_cells, outcome_rows

Form = Literal["2014", "2019", "2021"]
YEARS = {"2014": (2014, 2018), "2019": (2019, 2021), "2021": (2020, 2025)}  # Bodies are late or early with a form.
SUMS_2014 = {
    "received": ("received_in_person", "received_fax", "received_online", "received_mail"),
    "closed": ("closed_on_time", "closed_extended"),
    "replied_denied": (
        *("denied_secret", "denied_commercial", "denied_privacy", "denied_safety"),
        *("denied_not_information", "denied_law"),
    ),
    "replied": (
        *("replied_public", "replied_granted", "replied_partial", "replied_denied"),
        *("replied_not_ours", "replied_not_existing", "replied_amend", "replied_other_way"),
    ),
    "review": ("review_upheld", "review_corrected", "review_other"),
    "litigation": ("litigation_upheld", "litigation_corrected", "litigation_other"),
    "staff": ("staff_full_time", "staff_part_time"),
}


@dataclass(frozen=True)
class Truth:
    """A body, a year and the cells of its form by id; money in yuan but ``disclosure.fees.amount``."""

    form: Form
    agency: str
    year: int
    cells: dict[str, Decimal]

    def value(self, cell: str) -> Decimal:
        """The value of a cell; the three rows of 2021's last outcome also give the undivided row they come from."""
        if cell.startswith("applications.other.") and self.form == "2021":
            column = cell.rpartition(".")[2]
            return sum((self.cells[f"applications.{row}.{column}"] for row in _rest()), Decimal())
        return self.cells[cell]


def _rest() -> list[str]:
    return next(list(group["rows"]) for group in WORDS["applications"]["groups"] if group.get("id") == "other")


def draw_truth(seed: int, form: Form, size: int = 1) -> Truth:
    """Draw a report; ``size`` 0 is a village with almost nothing, 3 a city."""
    random = Random(f"truth {seed} {form} {size}")
    agency = random.choice(WORDS["places"]) + random.choice(WORDS["agencies"])
    year = random.randint(*YEARS[form])
    if form == "2014":
        cells = _statistics(random, size)
    else:
        cells = _disclosure(random, form, size)
        cells |= _applications(random, form, size)
        cells |= _disputes(random, size)
    return Truth(form, agency, year, {cell: Decimal(value) for cell, value in cells.items()})


def _count(random: Random, size: int, zeros: float) -> int:
    return 0 if random.random() < zeros else random.randint(1, (3, 12, 90, 2500)[size])


def _money(random: Random, size: int) -> Decimal:
    if random.random() < 0.4:
        return Decimal()
    return Decimal(random.randint(100, (9_000, 90_000, 900_000, 9_000_000)[size])) / random.choice((1, 100))


def _disclosure(random: Random, form: Form, size: int) -> dict[str, Decimal | int]:
    cells: dict[str, Decimal | int] = {}
    for cell in disclosure_cells(form):
        column = cell.rpartition(".")[2]
        if column == "amount":
            cells[cell] = _money(random, size)
            if form == "2019":  # In yuan, to a hundred, so that it can be printed in 万元 too.
                cells[cell] = Decimal(int(cells[cell])) * 100
        elif column == "change":
            cells[cell] = _count(random, size, 0.5) * random.choice((1, 1, 1, -1))
        else:
            cells[cell] = _count(random, min(3, size + (column == "decisions")), (0.9, 0.5, 0.3, 0.2)[size])
    return cells


def _applications(random: Random, form: Form, size: int) -> dict[str, int]:
    zeros = (0.98, 0.85, 0.6, 0.35)[size]
    weights = dict(zip(APPLICANTS, (0.0, 0.3, 0.6, 0.6, 0.5, 0.5), strict=True))
    cells: dict[str, int] = {}
    for column in APPLICANTS:
        rows = {
            row: _count(random, size, min(0.99, zeros + weights[column] * (1 - zeros))) for row in outcome_rows(form)
        }
        rows["total"] = sum(rows.values())
        rows["carried_out"] = _count(random, max(0, size - 1), max(zeros, 0.6))
        due = rows["total"] + rows["carried_out"]
        rows["carried_in"] = min(due, _count(random, max(0, size - 1), max(zeros, 0.6)))
        rows["received"] = due - rows["carried_in"]
        cells |= {f"applications.{row}.{column}": value for row, value in rows.items()}
    for row in application_rows(form):
        cells[f"applications.{row}.total"] = sum(cells[f"applications.{row}.{column}"] for column in APPLICANTS)
    return cells


def _disputes(random: Random, size: int) -> dict[str, int]:
    cells: dict[str, int] = {}
    for group in WORDS["disputes"]["groups"]:
        results = {result: _count(random, min(size, 2), (0.97, 0.7, 0.4, 0.2)[size]) for result in RESULTS}
        cells |= {f"disputes.{group}.{result}": value for result, value in results.items()}
        cells[f"disputes.{group}.total"] = sum(results.values())
    return cells


def _statistics(random: Random, size: int) -> dict[str, Decimal | int]:
    rows = [row[2] for row in WORDS["statistics"]["rows"] if len(row) == 3]
    values: dict[str, Decimal | int] = {row: _count(random, size, (0.8, 0.5, 0.3, 0.2)[size]) for row in rows}
    for whole, parts in SUMS_2014.items():
        values[whole] = sum(values[part] for part in parts)
    for whole in ("press_conferences", "interviews"):
        values[f"{whole}_head"] = min(values[f"{whole}_head"], values[whole])
    values["disclosed_total"] = (
        max(values[row] for row in rows if row.startswith("via_")) + values["normative_disclosed"]
    )
    for money in ("fees", "budget"):
        values[money] = random.choice((0, 0, random.randint(1, 900) * 100, random.randint(1, 90) * 10_000))
    return {f"statistics.{row}": value for row, value in values.items()}
