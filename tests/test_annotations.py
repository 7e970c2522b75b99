"""The project's own marked passages: each file is sound, and no split knows another."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from training import annotations
from training.gold import read_lines, read_passages
from training.split import PLAN, Plan, Split

FOLDER = Path(__file__).parents[1] / "annotations"
SPLITS: Mapping[str, Sequence[Path]] = Plan.load(FOLDER).files(FOLDER)
KEYS = {"id", "agency_kind", "year", "form", "marked"}
FILES = [path for paths in SPLITS.values() for path in paths]


@pytest.fixture(scope="module")
def checked() -> annotations.Checked:
    return annotations.check(SPLITS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_file_is_sound(path: Path, checked: annotations.Checked) -> None:
    assert [fault for fault in checked.faults if fault.place.startswith(f"{path.name}:")] == []
    assert {frozenset(json.loads(line)) for _, line in read_lines(path)} == {frozenset(KEYS)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_the_form_is_that_of_the_year(path: Path) -> None:
    forms = {(p.form, "pre2019" if p.year < 2019 else "2019" if p.year < 2021 else "2021") for p in read_passages(path)}  # type: ignore[operator]
    assert [pair for pair in forms if pair[0] != pair[1]] == []


def test_no_fault_of_any_kind(checked: annotations.Checked) -> None:
    assert checked.faults == []


def test_every_label_can_be_learnt(checked: annotations.Checked) -> None:
    assert checked.rare == []
    assert sum(held.unmarked_numbers for held in checked.passages.values()) >= 400


def test_the_guide_explains_every_label(checked: annotations.Checked) -> None:
    guide = (FOLDER / "guide.md").read_text(encoding="utf-8")
    assert [label for label in checked.labels if f"`{label}`" not in guide] == []


def test_the_splits_are_those_of_the_plan() -> None:
    split = Split.load(FOLDER)
    sizes = {name: sum(1 for path in paths for _ in read_passages(path)) for name, paths in SPLITS.items()}
    assert {name: len(getattr(split, name)) for name in sizes} == sizes
    assert {passage.id for passage in split.train} > split.read_for_rules > set()
    assert len(split.unread) == len(split.train) - len(split.read_for_rules)
    assert (FOLDER / PLAN).is_file()
