"""The page on which a report is corrected: whole, escaped, its links leading somewhere, and open in a browser."""

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from extraction import Extractor, Report, checks
from extraction.checking import examine
from extraction.corrections import corrections
from extraction.page import page
from extraction.schema import Finding
from tests.filled import filled

ROOT = Path(__file__).parents[1]
EXAMPLES = ("qinghe-county-2022.html", "shipan-transport-2019.txt", "hewan-city-2016.html")


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    extractor = Extractor.load(None)
    read = {name: extractor.extract_file(ROOT / "annotations" / "reports" / name) for name in EXAMPLES}
    return {name: examine(report).report for name, report in read.items()}


def ids(html: str) -> Counter[str]:
    return Counter(re.findall(r'\sid="([^"]+)"', html))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_cell_is_there_once_and_every_link_leads_somewhere(name: str, reports: dict[str, Report]) -> None:
    report = reports[name]
    html = page(report, report.findings)
    found = ids(html)
    assert [name for name, count in found.items() if count > 1] == []
    assert {f"c-{cell.id}" for cell in report.cells} <= found.keys()
    assert set(re.findall(r'href="#([^"]+)"', html)) <= found.keys()
    assert all(f"f{number}" in found for number in range(1, len(report.findings) + 1))


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_needs_nothing_from_elsewhere(name: str, reports: dict[str, Report]) -> None:
    html = page(reports[name], reports[name].findings)
    assert not re.search(r'(?:src|href)="(?!#|data:)', html)
    assert "@import" not in html
    assert "url(" not in html


def test_cells_of_a_broken_sum_are_marked_and_those_to_change_show_how(reports: dict[str, Report]) -> None:
    report = reports["qinghe-county-2022.html"]
    html = page(report, report.findings)
    cell = re.search(r'<td[^>]*id="c-applications\.granted\.total"[^>]*>.*?</td>', html)
    assert cell
    assert "changed" in cell.group()
    assert "<del><span>23</span></del>" in cell.group()
    assert re.search(r"<ins>\D*22</ins>", cell.group())
    other = re.search(r'<td[^>]*id="c-applications\.granted\.natural_person"[^>]*>', html)
    assert other
    assert "broken" in other.group()


def test_what_a_report_says_is_text_and_no_markup() -> None:
    attack = "<script>alert(1)</script>\"'&"
    report = filled({}, agency=attack, text=attack)
    finding = Finding(id="x", check="form.complete", severity="error", message=attack, formula=attack)
    html = page(report, [finding])
    assert "<script>alert" not in html
    assert html.count("<script>") == 1
    assert "&lt;script&gt;alert(1)" in html


def test_a_report_without_findings_says_so() -> None:
    report = filled({})
    assert not checks.run(report).findings
    html = page(report, ())
    assert 'class="sound"' in html
    assert 'class="finding' not in html


def test_corrections_are_in_the_words_of_the_form(reports: dict[str, Report]) -> None:
    report = reports["qinghe-county-2022.html"]
    assert corrections(report, report.findings) == ["表三 第三项（一）予以公开 总计：23 → 22"]


@pytest.mark.parametrize("count", [0, 1, 50])
def test_a_browser_opens_it_without_complaint(count: int, reports: dict[str, Report], tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    if browser is None:
        pytest.skip("no Chromium is installed")
    report = reports["qinghe-county-2022.html"]
    file = tmp_path / "report.html"
    file.write_text(page(report, [report.findings[0]] * count), encoding="utf-8")
    seen = tmp_path / "page.png"
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--window-size=1280,900")
    # The address of a finding: the script opens and marks it.
    address = f"{file.as_uri()}#f{count}"
    made = subprocess.run(
        [browser, *options, f"--screenshot={seen}", "--dump-dom", address], capture_output=True, text=True, timeout=120
    )
    assert made.returncode == 0
    assert "CONSOLE" not in made.stderr
    shot = subprocess.run([browser, *options, f"--screenshot={seen}", address], capture_output=True, timeout=120)
    assert shot.returncode == 0
    assert seen.stat().st_size > 20_000
    assert made.stdout.count('class="finding') == count
    assert bool(re.search(r'class="finding[^"]* current', made.stdout)) == (count > 0)
    if count:
        assert re.search(r'<td [^>]*class="[^"]*\blit\b', made.stdout)
