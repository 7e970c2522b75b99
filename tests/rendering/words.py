"""The words of the forms, read once from words.yaml."""

from pathlib import Path
from typing import Any

import yaml

WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))

APPLICANTS = tuple(WORDS["applications"]["columns"])[:-1]
RESULTS = tuple(WORDS["disputes"]["columns"])[:-1]


def outcome_rows(form: str) -> list[str]:
    """The rows of table three that add up to its total, in the order of the form."""
    rows: list[str] = []
    for group in WORDS["applications"]["groups"]:
        divided = "rows" in group and not (form == "2019" and group.get("id") == "other")
        rows += list(group["rows"]) if divided else [group["id"]]
    return rows[:-1]


def application_rows(form: str) -> list[str]:
    """All rows of table three, in the order of the form."""
    return ["received", "carried_in", *outcome_rows(form), "total", "carried_out"]


def disclosure_cells(form: str) -> list[str]:
    """The cell ids of table two, in the order of the form."""
    return [
        f"disclosure.{row}.{column}"
        for item in WORDS["tables"][form]
        for row in item["rows"]
        for column in item["columns"]
    ]
