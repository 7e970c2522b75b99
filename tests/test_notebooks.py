"""The notebooks run, and their named cells give what the record says."""

import os
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from extraction import Extractor, Report

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
FIRST, SECOND, THIRD = "1-one-report.ipynb", "2-training-and-errors.ipynb", "3-many-reports.ipynb"
NEEDS = {SECOND: ("torch", "transformers", "datasets")}
KIBI = 1024


def stored(name: str) -> NotebookNode:
    return nbformat.read(FOLDER / name, as_version=4)


def skip_without_a_model(name: str) -> None:
    if name in NEEDS and not (ROOT / "models" / "default").is_dir():
        pytest.skip(f"{name} starts from models/default, and there is none")


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """The notebook executed in a folder; a cell that raises fails the test."""
    # On a machine that is busy with other work two threads of torch wait for each other longer than one computes.
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute(env=environment)


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs)


def shown(notebook: NotebookNode, cell: str, kind: str = "text/html") -> str:
    """What the cell of that id displays."""
    (found,) = (each for each in notebook.cells if each.id == cell)
    (data,) = (output.data[kind] for output in found.outputs if kind in output.get("data", {}))
    return str(data)


class Executed(dict[str, NotebookNode]):
    """The notebooks after a run, each run once, when it is asked for."""

    def __missing__(self, name: str) -> NotebookNode:
        if lacking := [package for package in NEEDS.get(name, ()) if find_spec(package) is None]:
            pytest.skip(f"{name} trains a model, and {', '.join(lacking)} of the extra `train` is not installed")
        skip_without_a_model(name)
        self[name] = run(stored(name), FOLDER)
        return self[name]


@pytest.fixture(scope="module")
def executed() -> Executed:
    return Executed()


@pytest.fixture(scope="module")
def report() -> Report:
    return Extractor.load().extract_file(ROOT / "annotations" / "reports" / "qinghe-county-2022.html")


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_notebook_was_run_from_top_to_bottom_without_an_error(name: str) -> None:
    skip_without_a_model(name)
    cells = [cell for cell in stored(name).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    kinds = [(each.output_type, each.get("name")) for each in outputs(stored(name))]
    assert kinds
    assert not [kind for kind in kinds if "error" in kind or "stderr" in kind]


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_notebook_is_small_and_names_no_place_of_a_machine(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert len(text.encode()) < 300 * KIBI
    assert str(ROOT) not in text
    assert "/home/" not in text
    assert "/Users/" not in text


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_displays_now_what_it_displays_as_stored(name: str, executed: Executed) -> None:
    def kinds(notebook: NotebookNode) -> list[list[str]]:
        return [sorted(output.data) for output in outputs(notebook) if "data" in output]

    assert kinds(executed[name]) == kinds(stored(name))


def test_every_figure_problem_and_section_is_marked_in_the_text(executed: Executed, report: Report) -> None:
    html = shown(executed[FIRST], "highlighted")
    assert html.count("<mark ") == html.count("</mark>") == len(report.figures)
    assert html.count("<u ") == len(report.problems)
    assert html.count('title="section ') == len(report.sections)
    assert all(f">{figure.text}</mark>" in html for figure in report.figures)


def test_every_cell_is_in_the_tables_and_framed_where_a_sum_is_broken(executed: Executed, report: Report) -> None:
    html = shown(executed[FIRST], "tables")
    assert html.count("<td ") == len(report.cells)
    # The row of 予以公开 with its seven columns, and the 22 rows of the column 总计, which meet in one cell.
    assert html.count("solid #c00") == 7 + 22 - 1


def test_what_is_no_number_and_what_follows_from_the_sums_are_told_apart(executed: Executed) -> None:
    html = shown(executed[FIRST], "other-states")
    assert "增加8/9</td>" in html
    assert "(0)</td>" in html


def test_every_finding_is_told_with_its_places(executed: Executed, report: Report) -> None:
    html = shown(executed[FIRST], "findings")
    assert report.findings
    assert all(finding.message in html for finding in report.findings)
    assert html.count("<b>") == len(report.findings)
    assert "不予公开<mark>5件</mark>" in html


def test_figures_that_a_finding_contradicts_are_told_beside_the_tables(executed: Executed, report: Report) -> None:
    contradicted = {index for finding in report.findings for index in finding.figures}
    (cell,) = (each for each in executed[FIRST].cells if each.id == "pairs")
    assert cell.outputs[0].text.strip().endswith(f", {len(contradicted)} of them contradicted")
    assert shown(executed[FIRST], "plot-narrative", "image/png")


def test_the_plots_are_drawn_from_any_folder_and_without_a_chinese_font() -> None:
    notebook = stored(FIRST)
    (font,) = (cell for cell in notebook.cells if cell.id == "font")
    font.source = font.source.replace("installed = ", "installed = set() and ")
    result = run(notebook, ROOT)
    assert "No Chinese font" in next(cell for cell in result.cells if cell.id == "font").outputs[0].text
    assert shown(result, "plot-outcomes", "image/png")
    # A box for a character that the font lacks would be warned of on stderr.
    assert not [output for output in outputs(result) if output.get("name") == "stderr"]


def test_a_new_metric_is_learnt_and_the_others_are_kept(executed: Executed) -> None:
    lines = shown(executed[SECOND], "curve-table").split("</tr>")
    before, *_, learnt, _without_old, _end = (re.findall(r">(\d\.\d{3})<", line) for line in lines[1:])
    assert before[0] == "0.000"
    assert float(learnt[0]) > 0.75
    assert float(learnt[-1]) > float(before[-1]) - 0.1


def test_the_second_notebook_is_drawn_and_told(executed: Executed) -> None:
    for cell in ("labels", "curve", "systems", "confusions", "calibration", "rare"):
        assert shown(executed[SECOND], cell, "image/png")
    for cell in ("errors", "doubts"):
        html = shown(executed[SECOND], cell)
        assert html.count("<mark>") == html.count("<tr>") - 1 > 0


def test_the_queries_over_many_reports_find_what_was_planted(executed: Executed) -> None:
    lines = shown(executed[THIRD], "planted").split("</tr>")[1:-1]
    counts = {re.findall(r">([^<]+)<", line)[0]: [int(n) for n in re.findall(r">(\d+)<", line)] for line in lines}
    assert all(found > 0.6 * planted > 0 for planted, found, *_ in counts.values())
    assert sum(found for _, found, *_ in counts.values()) > 0.95 * sum(planted for planted, *_ in counts.values())
    assert sum(besides for *_, besides in counts.values()) < 10
    assert shown(executed[THIRD], "jumps").count("<mark>") == counts["ten times too many items"][0]


def test_the_plots_of_many_reports_are_drawn_of_few_from_any_folder_and_without_a_chinese_font() -> None:
    notebook = stored(THIRD)
    for cell in notebook.cells:
        cell.source = cell.source.replace("COUNT = 1, 1000", "COUNT = 1, 60")
        cell.source = cell.source.replace("installed = ", "installed = set() and ")
    result = run(notebook, ROOT)
    assert "60 reports read" in next(cell for cell in result.cells if cell.id == "read").outputs[0].text
    assert "No Chinese font" in next(cell for cell in result.cells if cell.id == "font").outputs[0].text
    for cell in ("disclosed", "outcomes", "problems", "checks", "carried"):
        assert shown(result, cell, "image/png")
    # A box for a character that the font lacks would be warned of on stderr.
    assert not [output for output in outputs(result) if output.get("name") == "stderr"]
