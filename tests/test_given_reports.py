"""The real reports that stand beside the checkout: every value a reader sees, and nothing that he does not."""

import json
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from extraction import Extractor, Finding, Report

NAMES = ("000", "001", "002", "003", "004", "hongze-2023")
IN_ALL = 1010
# SHA-256 of the titles, whose words are the publishers'.
TITLES = {
    "000": "635b065dd843974238a57225ea13fc5939dc079ac3809db66226dc3bb745f0d0",
    "001": "64f22b297fd5fdabe2348b79ff290ea8266d36f94269dd71524baa20e46b90f9",
    "002": "9b8e5c6e85e778a78b8676b108e965c692f783c3655ff6f02ddc3c64bd49a935",
    "003": "8ec53fef0eb3069fd5a21969620402bd3325d777180f30ce92422fbcae784972",
    "004": "2b909d977c6d4f692dc164416eb35249583d900799dc3e0ad99ea4785b5d8efe",
    "hongze-2023": "d9388f7ca51274169e755bc595c7253d552e7b81530b1567c6d5cc94892279dc",
}
# The sums that do not hold in print, as (check, the cell that they come to).
BROKEN = {
    "004": {
        ("applications.balance", "applications.carried_out.natural_person"),
        ("applications.balance", "applications.carried_out.total"),
        ("applications.outcomes", "applications.total.natural_person"),
        ("applications.outcomes", "applications.total.total"),
        ("disputes.sum", "disputes.direct.total"),
    },
    "hongze-2023": {("disputes.sum", "disputes.review.total"), ("disputes.sum", "disputes.after_review.total")},
}


@pytest.fixture(scope="module")
def gold(shared: Path) -> dict[str, dict[str, Any]]:
    """What a reader sees, by the first part of the file's name."""
    lines = (shared / "gold" / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    read = [json.loads(line, parse_float=Decimal) for line in lines]
    return {Path(each["file"]).stem.split("_")[0]: each for each in read}


@pytest.fixture(scope="module")
def reports(shared: Path, gold: dict[str, dict[str, Any]]) -> dict[str, Report]:
    extractor = Extractor.load()
    return {name: extractor.extract_file(shared / "reports" / each["file"]) for name, each in gold.items()}


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_a_reader_sees_has_its_value(
    name: str, reports: dict[str, Report], gold: dict[str, dict[str, Any]]
) -> None:
    given = {cell.id: cell.value for cell in reports[name].cells if cell.state == "given"}
    seen = gold[name]["cells"]
    other = {cell: (value, given.get(cell)) for cell, value in seen.items() if given.get(cell) != value}
    assert not other, "cell: (on the page, in the record)"


def test_the_cells_are_all_of_them(gold: dict[str, dict[str, Any]]) -> None:
    assert tuple(gold) == NAMES
    assert sum(len(each["cells"]) for each in gold.values()) == IN_ALL


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_given_that_the_page_does_not_print(
    name: str, reports: dict[str, Report], gold: dict[str, dict[str, Any]]
) -> None:
    seen = gold[name]["cells"]
    given = {cell.id: cell.value for cell in reports[name].cells if cell.state == "given" and cell.value}
    assert {cell: value for cell, value in given.items() if cell not in seen} == {}


@pytest.mark.parametrize("name", NAMES)
def test_head_is_that_of_the_page(name: str, reports: dict[str, Report], gold: dict[str, dict[str, Any]]) -> None:
    head = reports[name].report
    expected = gold[name]["agency"], gold[name]["year"], gold[name]["form"], TITLES[name]
    assert (head.agency, head.year, head.form, sha256((head.title or "").encode()).hexdigest()) == expected


def errors(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity == "error"]


@pytest.mark.parametrize("name", NAMES)
def test_errors_are_the_faults_in_print(name: str, reports: dict[str, Report]) -> None:
    assert {(finding.check, finding.cells[-1]) for finding in errors(reports[name])} == BROKEN.get(name, set())


def test_cells_that_the_layout_lost_are_missing_and_said_to_be(reports: dict[str, Report]) -> None:
    """Table four of 001 prints eight values for fifteen cells: none of two groups can be told."""
    report = reports["001"]
    lost = {cell.id for cell in report.cells if cell.row in ("direct", "after_review")}
    assert {cell.state for cell in report.cells if cell.id in lost} == {"missing"}
    assert any(finding.check == "form.complete" and lost <= set(finding.cells) for finding in report.findings)
    assert any(finding.check == "disputes.sum" and finding.severity == "info" for finding in report.findings)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_found_stands_where_the_record_says(name: str, reports: dict[str, Report]) -> None:
    report = reports[name]
    assert [figure for figure in report.figures if report.text[figure.start : figure.end] != figure.text] == []
    # The line breaks of the page are taken out of a problem's text, and the ends of a cell's are trimmed.
    found = [(problem.text, problem.start, problem.end) for problem in report.problems]
    stated = [(cell.raw or "", cell.start, cell.end) for cell in report.cells if cell.start is not None]
    assert len(stated) > len(report.cells) / 5
    other = [
        each for each in found + stated if "".join(report.text[slice(*each[1:])].split()) != "".join(each[0].split())
    ]
    assert other == []
