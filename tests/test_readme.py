"""What the READMEs show is what the program does."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extraction import Extractor
from extraction.batch import Settings, find_items, run_batch
from extraction.batch.job import do
from extraction.cli import app

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
EXAMPLE = ROOT / "annotations" / "reports" / "qinghe-county-2022.html"


def blocks(name: str, language: str) -> list[str]:
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [content for kind, content in fences if kind == language]


@pytest.fixture(scope="module")
def record() -> dict[str, list[dict[str, object]]]:
    report = Extractor.load().extract_file(EXAMPLE)
    return json.loads(report.model_dump_json(by_alias=True))


@pytest.mark.parametrize("name", READMES)
def test_the_excerpt_is_of_the_record(name: str, record: dict[str, list[dict[str, object]]]) -> None:
    shown = json.loads(blocks(name, "json")[0])
    assert set(shown) == {"cells", "figures", "problems", "findings"}
    for key, entries in shown.items():
        for entry in entries:
            assert any(entry.items() <= real.items() for real in record[key]), f"{key}: {entry}"


@pytest.mark.parametrize("name", READMES)
def test_the_findings_are_those_of_check(name: str) -> None:
    printed = CliRunner().invoke(app, ["check", str(EXAMPLE)]).output
    assert blocks(name, "")[0].splitlines() == [line for line in printed.splitlines() if not line.startswith("    ")]


@pytest.mark.parametrize("name", READMES)
def test_the_python_example_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    scope: dict[str, object] = {}
    exec(blocks(name, "python")[0], scope)
    assert len(scope["values"]) == 200  # type: ignore[arg-type]
    assert len(scope["errors"]) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("name", READMES)
def test_links_and_commands_name_files_that_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^)#:]+)\)", text) + re.findall(r"annotations/[\w./-]+\.html", text)
    assert named
    assert all((ROOT / path).exists() for path in named)


@pytest.mark.parametrize("name", READMES)
def test_the_queries_run_on_a_batch(name: str, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed (extra duckdb)")
    items = list(find_items([ROOT / "annotations" / "reports"], unread=lambda place, reason: None))
    run_batch(
        items, tmp_path / "reports.duckdb", lambda own, settings: (do(i, settings) for i in own), Settings(model=None)
    )
    queries = blocks(name, "sql")
    assert len(queries) == 3
    with duckdb.connect(str(tmp_path / "reports.duckdb")) as database:
        items_by_year, staff, never = (database.sql(query).fetchall() for query in queries)
        assert sum(row[2] for row in items_by_year) >= 10
        assert sum(row[1] for row in staff) == len(items)
        assert never == []
        # A body that carried 2 over and took 3 in.
        for year, cell, value in ((2021, "carried_out", 2), (2022, "carried_in", 3)):
            database.execute(
                "INSERT INTO cells (agency, year, id, value, state) VALUES (?, ?, ?, ?, 'given')",
                ["甲县", year, f"applications.{cell}.total", value],
            )
        assert database.sql(queries[2]).fetchall() == [("甲县", 1, [2021])]


def test_both_have_the_same_commands() -> None:
    commands = [
        re.findall(r"^    (python3 .*)$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE) for name in READMES
    ]
    assert commands[0] == commands[1]
    assert len(commands[0]) == 2
    assert "--version" not in commands[0][0]
