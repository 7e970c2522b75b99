"""Whole example reports: what a person reads from the page, and the golden record of what the program makes of it."""

import json
import re
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

from extraction import Extractor, Report

FOLDER = Path(__file__).parents[1] / "annotations" / "reports"
_MARK = re.compile(r"\[\[(.*?)\|[a-z_]+\]\]")
_SPACE = re.compile(r"[\s*#]+")  # Markdown's signs of emphasis are no text either.
NAMES = sorted(path.name.removesuffix(".gold.json") for path in FOLDER.glob("*.gold.json"))


def source(name: str) -> Path:
    """The report itself, beside its gold."""
    (path,) = (path for path in FOLDER.glob(f"{name}.*") if path.name.removeprefix(f"{name}.").count(".") == 0)
    return path


@pytest.fixture(autouse=True)
def _readable(request: pytest.FixtureRequest) -> None:
    if "wangping-county-2024" in request.node.name:
        request.getfixturevalue("chinese_font")


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    extractor = Extractor.load()
    paths = {name: source(name) for name in NAMES}
    return {name: extractor.extract_bytes(path.read_bytes(), name=path.name) for name, path in paths.items()}


def gold(name: str) -> dict[str, Any]:
    """What a person reads."""
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.gold.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_those_a_reader_sees(name: str, reports: dict[str, Report]) -> None:
    given = {
        cell.id: float(cell.value) for cell in reports[name].cells if cell.state == "given" and cell.value is not None
    }
    seen = gold(name)["cells"]
    other = {cell: (value, given.get(cell)) for cell, value in seen.items() if given.get(cell) != value}
    assert not other, "cell: (on the page, in the record)"
    assert not {cell: value for cell, value in given.items() if cell not in seen and value}, "not on the page"


@pytest.mark.parametrize("name", NAMES)
def test_head_is_that_of_the_page(name: str, reports: dict[str, Report]) -> None:
    head = reports[name].report.model_dump(mode="json")
    head["title"] = _SPACE.sub("", head["title"] or "")
    assert head == gold(name)["report"]


@pytest.mark.parametrize("name", NAMES)
def test_marked_passages_stand_in_the_text(name: str, reports: dict[str, Report]) -> None:
    text = _SPACE.sub("", reports[name].text)
    passages = [_SPACE.sub("", _MARK.sub(r"\1", passage)) for passage in gold(name)["marked"]]
    assert passages
    assert [passage for passage in passages if passage not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_record_is_the_golden_one(name: str, reports: dict[str, Report], pytestconfig: pytest.Config) -> None:
    path = FOLDER / f"{name}.record.json"
    lines = record_lines(reports[name])
    if pytestconfig.getoption("--update-golden"):
        path.write_text("".join(lines), encoding="utf-8")
    if not path.is_file():
        pytest.skip(f"{path.name} is not there yet: pytest tests/test_golden.py --update-golden writes it")
    golden = path.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = list(unified_diff(golden, lines, "golden", "now", n=0))
    assert not changed, f"{len(changed)} lines:\n{''.join(changed[:40])}"


def record_lines(report: Report) -> list[str]:
    """The record as JSON, an item of a list a line so that a change shows as one, without what varies by processor."""
    # A model's confidence differs in its last digits from processor to processor.
    unsure = {"__all__": {"confidence"}}
    left_out: dict[str, Any] = {"text": True, "figures": unsure, "problems": unsure, "model": True}
    fields = report.model_dump(mode="json", by_alias=True, exclude=left_out)
    parts = []
    for key, value in fields.items():
        if isinstance(value, list) and value:
            items = ",\n".join(f"  {json.dumps(item, ensure_ascii=False)}" for item in value)
            parts.append(f'"{key}": [\n{items}\n]')
        else:
            parts.append(f'"{key}": {json.dumps(value, ensure_ascii=False)}')
    return ("{\n" + ",\n".join(parts) + "\n}\n").splitlines(keepends=True)
