"""Marked text to marks and back, and the scores of what is found."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extraction.errors import BadResource
from training.cli import app
from training.gold import Mark, Passage, parse, read_passages, render
from training.scores import Find, better, score

MARKED = "公开[[12条|disclosed_total]]，[[人手不足|staff_shortage]]。"


def test_marks_to_spans_and_back() -> None:
    text, marks = parse(MARKED)
    assert text == "公开12条，人手不足。"
    assert marks == (Mark(2, 5, "disclosed_total"), Mark(6, 10, "staff_shortage"))
    assert [mark.is_problem for mark in marks] == [False, True]
    assert render(text, marks) == MARKED


@pytest.mark.parametrize("marked", ["[[12条|visitors]]", "[[|permits]]", "[[12条|permits]", "[[12条]]", "12条]]"])
def test_a_bad_mark_is_refused(marked: str) -> None:
    with pytest.raises(BadResource, match="line 3"):
        parse(marked, place="line 3")


def test_passages_of_a_report_are_read_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "reports.jsonl"
    file.write_text('{"file": "a.txt", "year": 2020, "form": "2019", "marked": ["甲", "乙"]}\n', encoding="utf-8")
    assert [(p.id, p.text, p.year) for p in read_passages(file)] == [("a.txt#0", "甲", 2020), ("a.txt#1", "乙", 2020)]


def test_a_line_that_is_no_passage_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "passages.jsonl"
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(BadResource, match=r"passages\.jsonl:1"):
        list(read_passages(file))


def test_scores_count_metric_and_value_together() -> None:
    passage = Passage("a", 2022, "2021", *parse("收到[[3件|applications_received]]，办结[[2件|applications_closed]]。"))
    found = [Find("applications_received", "3", "3件"), Find("applications_closed", "9", "9件")]
    result = score([passage], lambda _passage: found)
    row = result.of(result.labels)
    assert (row["gold"], row["precision"], row["recall"], row["f1"]) == (2, 0.5, 0.5, 0.5)
    assert row["low"] <= row["f1"] <= row["high"]
    assert [line.split()[1] for line in result.errors] == ["missed", "spurious"]


def test_the_interval_is_narrower_with_more_passages() -> None:
    passages = [Passage(str(n), 2022, "2021", *parse("收到[[3件|permits]]。")) for n in range(200)]

    def find(passage: Passage) -> list[Find]:
        return [Find("permits", "3", "3件")] if int(passage.id) % 2 else []

    few, many = score(passages[:10], find).of(["permits"]), score(passages, find).of(["permits"])
    assert few["high"] - few["low"] > many["high"] - many["low"] > 0


def test_the_better_of_two_is_told_by_paired_resamples() -> None:
    passages = [Passage(str(n), 2022, "2021", *parse("收到[[3件|permits]]。")) for n in range(50)]
    right = score(passages, lambda _passage: [Find("permits", "3", "3件")])
    wrong = score(passages, lambda _passage: [])
    assert better(right, wrong) == 1
    assert better(wrong, right) == 0
    assert better(right, right) == 1


def test_the_command_prints_a_table_and_errors(tmp_path: Path) -> None:
    file = tmp_path / "passages.jsonl"
    file.write_text('{"id": "a", "year": 2022, "marked": "收到申请[[3件|permits]]。"}\n', encoding="utf-8")
    result = CliRunner().invoke(app, ["evaluate", "--no-model", str(file), "--errors"])
    assert result.exit_code == 0
    assert "missed permits 3件" in result.output
    assert "spurious applications_received 3件" in result.output


def test_the_command_prints_json_and_markdown(tmp_path: Path) -> None:
    file = tmp_path / "passages.jsonl"
    file.write_text(
        '{"id": "a", "year": 2022, "marked": "收到申请[[3件|applications_received]]。"}\n', encoding="utf-8"
    )
    printed = CliRunner().invoke(app, ["evaluate", "--no-model", str(file), "--json"]).output
    assert json.loads(printed)["scores"]["figures/rules"]["applications_received"]["f1"] == 1
    printed = CliRunner().invoke(app, ["evaluate", "--no-model", str(file), "--markdown"]).output
    assert "| figures | rules | all | 1 | 1.000 | 1.000 | 1.000 |" in printed
