"""What model, rule and tables say of a number, weighed against each other."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from extraction.candidates import Candidate
from extraction.combination import FEATURES, Combination, features
from extraction.errors import BadModel
from extraction.figures import combine
from extraction.guesses import Guess

WEIGHTS = dict.fromkeys(FEATURES, 0.0) | {"model": 1.0, "precision": 1.0, "stated": 2.0, "differs": -1.0}
COMBINATION = Combination(bias=-0.5, weights=WEIGHTS, precision={"good": 0.95, "bad": 0.3}, any_rule=0.6)
TEXT = "主动公开12条"


def guess(*metrics: tuple[str, float]) -> Guess:
    outside = 1 - sum(chance for _, chance in metrics)
    return Guess(4, 7, Decimal(12), "条", None, None, metrics, outside)


def candidate(metric: str, rule: str) -> Candidate:
    return Candidate(metric, Decimal(12), "条", None, 4, 7, None, 2022, None, rule, 0.9)


def figures(*metrics: tuple[str, float], rule: Candidate | None = None, stated: dict[str, list[Decimal]] | None = None):
    rules = [rule] if rule else []
    return combine([guess(*metrics)], rules, COMBINATION, stated=stated or {}, year=2022, text=TEXT)


def test_both_say_the_same() -> None:
    [figure] = figures(("disclosed_total", 0.9), rule=candidate("disclosed_total", "good"))
    assert (figure.metric, figure.source, figure.rule, figure.rival) == ("disclosed_total", "both", "good", None)
    assert figure.confidence > 0.95


def test_where_they_differ_the_record_says_who_said_what() -> None:
    [figure] = figures(("disclosed_website", 0.9), rule=candidate("disclosed_total", "bad"))
    assert (figure.metric, figure.source, figure.rival) == ("disclosed_website", "model", "disclosed_total")
    [figure] = figures(("disclosed_website", 0.7), rule=candidate("disclosed_total", "good"))
    assert (figure.metric, figure.source, figure.rival) == ("disclosed_website", "model", "disclosed_total")
    stated = {"disclosed_total": [Decimal(12)], "disclosed_website": [Decimal(3)]}
    [figure] = figures(
        ("disclosed_website", 0.45), ("disclosed_total", 0.4), rule=candidate("disclosed_total", "good"), stated=stated
    )
    assert (figure.metric, figure.source, figure.rival) == ("disclosed_total", "rule", "disclosed_website")


def test_what_nobody_trusts_is_no_figure() -> None:
    assert figures(("disclosed_total", 0.3)) == []
    assert figures(("permits", 0.01), rule=candidate("disclosed_total", "bad")) == []


def test_the_tables_can_tip_the_scale() -> None:
    assert figures(("permits", 0.4)) == []
    [figure] = figures(("permits", 0.4), stated={"permits": [Decimal(12)]})
    assert figure.source == "model"


def test_a_figure_that_the_tables_contradict_stays_one_unless_another_agrees_with_them() -> None:
    differs = {"permits": [Decimal(30)]}
    sure, doubtful = figures(("permits", 0.75)), figures(("permits", 0.75), stated=differs)
    assert sure[0].confidence > 0.5 > doubtful[0].confidence
    assert figures(("permits", 0.4), stated=differs) == []
    other = replace(guess(("permits", 0.75)), start=8, end=11, value=Decimal(30))
    [kept] = combine(
        [guess(("permits", 0.75)), other], [], COMBINATION, stated=differs, year=2022, text="主动公开12条，共30条"
    )
    assert (kept.start, kept.value) == (8, 30)


def test_every_feature_has_a_value() -> None:
    values = features("permits", guess(("permits", 0.7)), None, 0.5, {"permits": [Decimal(9)]})
    assert len(values) == len(FEATURES)
    named = dict(zip(FEATURES, values, strict=True))
    assert named["rule"] == named["agree"] == named["stated"] == 0
    assert named["unit"] == named["differs"] == 1
    assert named["model"] > 0 > named["none"]


def test_weights_are_saved_and_those_of_something_else_refused(tmp_path: Path) -> None:
    path = tmp_path / "combination.json"
    COMBINATION.save(path)
    assert Combination.load(path) == COMBINATION
    path.write_text('{"bias": 0, "weights": {}, "precision": {}, "any_rule": 0.5}', encoding="utf-8")
    with pytest.raises(BadModel, match="other features"):
        Combination.load(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(BadModel, match="no weights"):
        Combination.load(path)
