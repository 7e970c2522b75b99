"""Figures of the narrative against the tables: what each is compared with, and what is not compared at all."""

import pytest

from extraction import checks
from extraction.numbers import find_numbers
from extraction.schema import Figure, Report
from tests.filled import balanced, filled
from training.gold import parse

# Received 23 and carried in 2, closed 20, carried out 5; refused 4 + 3, not to be provided 6 + 5.
OUTCOMES = {
    "granted": {"natural_person": 2},
    "denied_law": {"natural_person": 4},
    "denied_enforcement": {"natural_person": 3},
    "unavailable_not_held": {"natural_person": 6},
    "unavailable_needs_creation": {"natural_person": 5},
}
CELLS = balanced(OUTCOMES, carried_in=2, carried_out=5) | {
    "disclosure.permits.decisions": 29_400,
    "disputes.direct.upheld": 4, "disputes.direct.total": 4,
    "disputes.after_review.upheld": 1, "disputes.after_review.total": 1,
}  # fmt: skip

CASES = [
    ("收到申请[[23件|applications_received]]。", "holds"),
    ("受理申请[[25件|applications_received]]。", "holds"),
    ("收到申请[[32件|applications_received]]。", "broken"),
    # 新收 is without what was carried in, 含上年结转 with it.
    ("新收申请[[25件|applications_received]]。", "broken"),
    ("收到申请[[25件|applications_received]]（含上年结转2件）。", "holds"),
    ("收到申请[[23件|applications_received]]（含上年结转2件）。", "broken"),
    # A sum of cells, or the one row that the words name.
    ("不予公开[[7件|outcome_denied]]。", "holds"),
    ("不予公开[[4件|outcome_denied]]。", "broken"),
    ("属于行政执法案卷的[[3件|outcome_denied]]。", "holds"),
    ("属于行政执法案卷的[[7件|outcome_denied]]。", "broken"),
    ("合并统计为无法提供，共[[11件|outcome_unavailable]]。", "holds"),
    ("行政诉讼[[5件|litigations]]。", "holds"),
    ("直接起诉的行政诉讼[[4件|litigations]]。", "holds"),
    ("直接起诉的行政诉讼[[1件|litigations]]。", "broken"),
    # Qualifiers, each to its side.
    ("行政许可[[29000余件|permits]]。", "holds"),
    ("行政许可[[30000余件|permits]]。", "broken"),
    ("行政许可近[[30000件|permits]]。", "holds"),
    ("行政许可近[[29000件|permits]]。", "broken"),
    ("行政许可超过[[29000件|permits]]。", "holds"),
    ("行政许可超过[[30000件|permits]]。", "broken"),
    # Another part, year, span of years, or a plan.
    ("市本级收到申请[[9件|applications_received]]。", "open"),
    ("下属单位收到申请[[9件|applications_received]]。", "open"),
    ("云台县仅收到[[9件|applications_received]]。", "open"),
    ("2021年收到申请[[9件|applications_received]]。", "open"),
    ("去年收到申请[[9件|applications_received]]。", "open"),
    ("五年来收到申请[[9件|applications_received]]。", "open"),
    ("力争把申请控制在[[9件|applications_received]]。", "open"),
    ("2021年开通网上平台，今年收到申请[[9件|applications_received]]。", "broken"),
    ("仅7月至9月就收到[[9件|applications_received]]。", "open"),
    ("自《条例》施行以来累计收到申请[[90件|applications_received]]。", "open"),
    ("上一年度许可项目[[26件|permits]]。", "open"),
    # Less than all, or of several things at once.
    ("收到申请[[23件|applications_received]]，其中涉及征地的收到[[9件|applications_received]]。", "open"),
    ("以县政府为被告的诉讼[[3件|litigations]]，全县合计5件。", "open"),
    ("复议和诉讼总量[[9件|litigations]]。", "open"),
    ("公开和部分公开合计[[9件|outcome_granted]]。", "broken"),
    ("公开和部分公开合计[[2件|outcome_granted]]。", "holds"),
    ("村民和企业收到[[9件|applications_business]]。", "open"),
    ("其余[[9件|applications_closed]]均已答复。", None),
    # Of other cases, or counted otherwise.
    ("代表建议中不予公开[[3件|outcome_denied]]。", None),
    ("行政许可项目[[26项|permits]]。", None),
    # Rounded as printed.
    ("行政许可[[2.9万件|permits]]。", "holds"),
    ("行政许可[[3.1万件|permits]]。", "broken"),
]


def report(marked: str) -> Report:
    text, marks = parse(marked)
    numbers = {(number.start, number.end): number for number in find_numbers(text)}
    figures = [
        Figure(
            metric=m.label, value=numbers[m.start, m.end].value, unit=numbers[m.start, m.end].unit,
            text=text[m.start : m.end], start=m.start, end=m.end, section=1, confidence=0.99, source="both",
            qualifier=numbers[m.start, m.end].qualifier,
        )
        for m in marks
    ]  # fmt: skip
    return filled(CELLS, text=text, figures=figures)


@pytest.mark.parametrize(("marked", "answer"), CASES, ids=[text for text, _ in CASES])
def test_a_figure_is_compared_with_what_its_words_say(marked: str, answer: str | None) -> None:
    checked = checks.run(report(marked))
    found = [each for each in checked.checks if each.check == "narrative.table"]
    last = max(range(len(report(marked).figures)))
    own = [each for each in found if each.figures == (last,)]
    assert [each.answer for each in own] == ([answer] if answer else [])
    findings = [each for each in checked.findings if each.check == "narrative.table"]
    assert [each.id for each in findings] == ([own[0].id] if answer == "broken" else [])


NAMED = [
    ("结转下年16件。", "applications.carried_out.total", "broken"),
    ("结转下年5件。", "applications.carried_out.total", "holds"),
    ("不予公开8件。", "applications.denied_secret.total", "broken"),
    ("属于行政执法案卷的4件。", "applications.denied_enforcement.total", "broken"),
    ("属于行政执法案卷的3件。", "applications.denied_enforcement.total", "holds"),
    ("行政诉讼中经复议后起诉的，结果维持2件。", "disputes.after_review.upheld", "broken"),
    ("收到商业企业申请3件。", "applications.received.business", "broken"),
    ("被提起行政诉讼6件。", "disputes.direct.total", "broken"),
    ("去年结转下年16件。", None, None),
    # Words of weight between, another body, other cases: nothing is said.
    ("行政执法案卷之外的4件。", None, None),
    ("县教育局不予公开8件。", None, None),
    ("代表建议答复不予公开8件。", None, None),
    ("行政执法案卷4次。", None, None),
]


@pytest.mark.parametrize(("text", "cell", "answer"), NAMED, ids=[text for text, *_ in NAMED])
def test_a_number_that_is_no_figure_is_compared_where_words_right_before_it_name_cells(
    text: str, cell: str | None, answer: str | None
) -> None:
    checked = checks.run(filled(CELLS, text=text))
    found = [each for each in checked.checks if each.check == "narrative.table"]
    assert [(each.cells[0], each.answer, each.figures) for each in found] == ([(cell, answer, ())] if cell else [])
    assert [each.found for each in checked.findings if each.check == "narrative.table"] == [
        each.left for each in found if answer == "broken"
    ]


def test_a_cell_that_was_lost_leaves_the_figure_open() -> None:
    lost = filled(
        {**CELLS, "applications.received.total": None}, text="收到申请9件。",
        figures=report("收到申请[[9件|applications_received]]。").figures,
    )  # fmt: skip
    answers = [each.answer for each in checks.run(lost).checks if each.check == "narrative.table"]
    assert answers == ["open"]
