import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from extraction.numbers import find_numbers
from extraction.resources.files import data_path

PASSAGES = Path(__file__).parents[1] / "annotations" / "passages"
MARK = re.compile(r"\[\[(?P<text>.*?)\|(?P<label>\w+)\]\]", re.S)
PROBLEMS = {
    "staff_shortage",
    "staff_turnover",
    "staff_capability",
    "awareness",
    "timeliness",
    "content_quality",
    "interpretation",
    "channels",
    "platform",
    "institution",
    "application_handling",
    "supervision",
    "publicity_interaction",
    "standardisation",
}


def passages() -> list[dict[str, Any]]:
    files = (path.read_text(encoding="utf-8") for path in sorted(PASSAGES.glob("*.jsonl")))
    return [json.loads(line) for text in files for line in text.splitlines()]


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, spans, position = "", [], 0
    for mark in MARK.finditer(marked):
        text += marked[position : mark.start()]
        spans.append((len(text), len(text) + len(mark["text"]), mark["label"]))
        text, position = text + mark["text"], mark.end()
    return text + marked[position:], spans


@pytest.fixture(scope="module")
def metrics() -> set[str]:
    return {metric["id"] for metric in yaml.safe_load(data_path("metrics.yaml").read_text(encoding="utf-8"))["metrics"]}


def test_ids_and_texts_are_unique() -> None:
    found = passages()
    assert len(found) == len({passage["id"] for passage in found}) == len({passage["marked"] for passage in found}) > 0


@pytest.mark.parametrize("passage", passages(), ids=lambda passage: passage["id"])
def test_marks_name_what_exists_and_figures_are_numbers(passage: dict[str, Any], metrics: set[str]) -> None:
    assert set(passage) == {"id", "agency_kind", "year", "form", "marked"}
    assert passage["form"] == ("pre2019" if passage["year"] < 2019 else "2019" if passage["year"] < 2021 else "2021")
    text, spans = unmark(passage["marked"])
    assert "[[" not in text
    assert {label for _, _, label in spans} <= metrics | PROBLEMS
    numbers = {(found.start, found.end) for found in find_numbers(text)}
    assert {(start, end) for start, end, label in spans if label in metrics} <= numbers
