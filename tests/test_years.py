"""A report against the year before, and against those of its subordinates."""

from decimal import Decimal
from pathlib import Path

import pytest

from extraction import checks
from extraction.checking import examine, year_before
from extraction.errors import BadResource
from extraction.resources.bodies import Aliases
from extraction.schema import Figure
from tests.filled import balanced, filled

LAST = balanced({"granted": {"natural_person": 9}}, carried_out=3)
THIS = balanced({"granted": {"natural_person": 14}}, carried_in=3)


def figure(metric: str, value: str, text: str, start: int, unit: str | None = "条") -> Figure:
    return Figure(
        metric=metric, value=Decimal(value), unit=unit, text=text, start=start, end=start + len(text), section=1,
        confidence=0.99,
    )  # fmt: skip


def documents(issued: int, repealed: int, in_force: int) -> dict[str, int]:
    row = "disclosure.normative_documents"
    return {f"{row}.issued": issued, f"{row}.repealed": repealed, f"{row}.in_force": in_force}


def test_what_was_carried_out_is_carried_in() -> None:
    checked = checks.against_prior(filled(THIS), filled(LAST, year=2021))
    assert {check.answer for check in checked.checks if check.check == "years.carried"} == {"holds"}
    assert not checked.findings
    lost = filled({**THIS, "applications.carried_in.total": 5, "applications.carried_in.business": None})
    checked = checks.against_prior(lost, filled(LAST, year=2021))
    [finding] = checked.findings
    assert (finding.id, finding.severity, finding.expected, finding.found) == ("years.carried:total", "error", 3, 5)
    answers = {check.id: check.answer for check in checked.checks}
    assert answers["years.carried:business"] == "open"


@pytest.mark.parametrize(("in_force", "answer"), [(45, "holds"), (47, "broken")])
def test_in_force_follows_from_last_year(in_force: int, answer: str) -> None:
    last, now = filled(documents(1, 0, 40), year=2021), filled(documents(7, 2, in_force))
    checked = checks.against_prior(now, last)
    [check] = [check for check in checked.checks if check.id == "years.in_force:normative_documents"]
    assert (check.answer, check.left, check.right) == (answer, 45, in_force)


def test_cases_that_were_pending_are_among_those_of_the_next_year() -> None:
    last = filled({"disputes.review.pending": 4, "disputes.review.total": 4}, year=2021)
    now = filled({"disputes.review.upheld": 2, "disputes.review.total": 2})
    assert [f.id for f in checks.against_prior(now, last).findings] == ["years.pending:review"]


@pytest.mark.parametrize(
    ("said", "rate", "answer"),
    [("同比增长25%", "25", "holds"), ("同比增长52%", "52", "broken"), ("同比下降25%", "25", "broken")],
)
def test_growth_is_computed_from_both_years(said: str, rate: str, answer: str) -> None:
    text = f"主动公开500条，{said}。"
    now = [
        figure("disclosed_total", "500", "500条", 4),
        figure("change_rate", rate, f"{rate}%", text.index(rate, 8), "%"),
    ]
    last = [figure("disclosed_total", "400", "400条", 4)]
    checked = checks.against_prior(
        filled({}, text=text, figures=now), filled({}, year=2021, text="主动公开400条。", figures=last)
    )
    assert [check.answer for check in checked.checks if check.check == "narrative.change"] == [answer]


def test_another_year_or_body_is_said() -> None:
    [finding] = checks.against_prior(filled(THIS), filled(LAST, year=2020)).findings
    assert "2020" in finding.message
    [finding] = checks.against_prior(filled(THIS), filled(LAST, year=2021, agency="安澜县农业局")).findings
    assert "安澜县农业局" in finding.message


def test_bodies_are_matched_by_name_with_and_without_their_region_and_by_aliases(tmp_path: Path) -> None:
    names = Aliases()
    assert names.same("江州市安澜县人民政府办公室", "安澜县人民政府")
    assert not names.same("安澜县水利局", "安澜县水务局")
    assert not names.same(None, "安澜县水利局")
    path = tmp_path / "aliases.yaml"
    path.write_text("安澜县水务局: [安澜县水利局]\n", encoding="utf-8")
    assert Aliases.load(path).same("安澜县水利局", "安澜县水务局")
    path.write_text("- nothing", encoding="utf-8")
    with pytest.raises(BadResource, match="no list of names"):
        Aliases.load(path)


def test_the_year_before_is_found_among_reports_and_its_findings_stand_with_the_others() -> None:
    now, last, other = filled(THIS), filled(LAST, year=2021), filled(LAST, year=2021, agency="安澜县农业局")
    assert year_before(now, [other, now, last], Aliases()) is last
    assert year_before(last, [other, now, last], Aliases()) is None
    examined = examine(filled({**THIS, "applications.carried_in.total": 5}), prior=last)
    assert {"years.carried:total", "applications.applicants:carried_in"} <= {f.id for f in examined.report.findings}


def test_a_body_is_the_sum_of_its_subordinates() -> None:
    first, second = (balanced({"granted": {"natural_person": n}}) for n in (4, 9))
    parent = balanced({"granted": {"natural_person": 13}})
    children = [filled(first, agency="安澜县东镇"), filled(second, agency="安澜县西镇")]
    checked = checks.against_children(filled(parent, agency="安澜县"), children)
    assert not checked.findings
    assert {check.answer for check in checked.checks} == {"holds"}
    without = balanced({"granted": {"natural_person": 4}})
    checked = checks.against_children(filled(without, agency="安澜县"), children)
    blamed = {finding.id: finding.message for finding in checked.findings}
    assert "安澜县西镇" in blamed["rollup.sum:applications.granted.total"]
    assert "安澜县东镇" not in blamed["rollup.sum:applications.granted.total"]


def test_a_missing_subordinate_is_named_and_what_it_would_add_is_open() -> None:
    parent = filled(balanced({"granted": {"natural_person": 13}}), agency="安澜县")
    child = filled(balanced({"granted": {"natural_person": 4}}), agency="安澜县东镇")
    checked = checks.against_children(parent, [child], missing=["安澜县西镇"])
    [finding] = checked.findings
    assert "安澜县西镇" in finding.message
    answers = {check.id: check.answer for check in checked.checks}
    assert answers["rollup.sum:applications.granted.total"] == "open"
    smaller = filled({}, agency="安澜县")
    assert any(
        f.severity == "error" for f in checks.against_children(smaller, [child], missing=["安澜县西镇"]).findings
    )
