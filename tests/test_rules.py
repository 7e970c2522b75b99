"""Every rule finds what its examples mark and leaves the rest; and what no single rule can show."""

import pytest

from extraction.document import DocumentBuilder
from extraction.errors import BadResource
from extraction.figures import resolve
from extraction.narrative import sentences
from extraction.resources.metrics import load_metrics
from extraction.resources.rules import Rule, _check, load_rules
from extraction.rules import Rules
from training.gold import Mark, parse, render

EXAMPLES = [(rule, text) for rule in load_rules() for text in (*rule.finds, *rule.leaves)]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.load()


def marked(rules: Rules, text: str, *, year: int | None = 2022) -> str:
    """The text with the figures that the rules find marked in it."""
    builder = DocumentBuilder()
    builder.paragraph(text)
    document = builder.build(media_type="text/plain")
    figures = resolve(rules.find(sentences(document), year=year, form=None), document.text)
    return render(text, [Mark(figure.start, figure.end, figure.metric) for figure in figures])


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=[f"{rule.id}-{text[:16]}" for rule, text in EXAMPLES])
def test_examples_of_every_rule(rules: Rules, rule: Rule, text: str) -> None:
    year = 2015 if rule.before_year else 2022
    assert marked(rules, parse(text)[0], year=year) == text


def test_every_metric_has_a_rule_with_an_example_of_it() -> None:
    shown = {rule.metric for rule in load_rules() if any(f"|{rule.metric}]]" in text for text in rule.finds)}
    assert shown == load_metrics().keys()


@pytest.mark.parametrize(
    "text",
    [
        # The words of the k-th item belong to the k-th number.
        "政府网站、政务微博、政务微信分别发布[[90条|disclosed_website]]、[[40条|disclosed_weibo]]、[[60条|disclosed_wechat]]。",
        # The number may stand before its noun, and the verb after both.
        "[[6件|reconsiderations_upheld]]复议和[[2件|litigations_upheld]]诉讼得到维持。",
        # What the talk is of carries on over commas and sentences.
        "全年收到公开申请[[9件|applications_received]]。网上[[7件|applications_online]]，信函[[2件|applications_by_mail]]。",
        # A heading says what its paragraph is of.
        "（二）依申请公开情况\n全年共受理[[12件|applications_received]]，均已答复。",
        # Parts of a whole by topic are none of the metric; a metric of its own among them is.
        "县政府网站发布信息[[500条|disclosed_website]]，其中财政类20条、政策解读[[8篇|policy_interpretations]]。",
        # Plans, averages and what the year before had are not the year's figures.
        "下一步，将举办培训班3期。",
        "平均每月发布信息20条。",
        "上年收到申请5件。",
        # One percentage of several rates has the first one's metric.
        "办理政协提案[[3件|proposals]]，办结率和满意率均为[[100%|proposal_reply_rate]]。",
        # A year other than the report's own, unless something moves between the years.
        "2021年收到申请5件，2022年收到申请[[8件|applications_received]]，2021年结转[[1件|applications_carried_in]]。",
    ],
)
def test_context_decides(rules: Rules, text: str) -> None:
    assert marked(rules, parse(text)[0]) == text


def test_a_part_of_the_body_is_a_scope_and_no_figure_next_to_the_whole(rules: Rules) -> None:
    whole = "全市收到申请[[20件|applications_received]]，其中市本级收到申请5件。"
    assert marked(rules, parse(whole)[0]) == whole
    builder = DocumentBuilder()
    builder.paragraph("市本级收到申请5件。")
    [candidate] = rules.find(sentences(builder.build(media_type="text/plain")), year=2022, form=None)
    assert candidate.scope == "市本级"


@pytest.mark.parametrize(("year", "metric"), [(2016, "outcome_other"), (2021, "outcome_unavailable")])
def test_an_unclear_request_counts_by_the_form_of_its_year(rules: Rules, year: int, metric: str) -> None:
    text = f"受理申请[[4件|applications_received]]，申请内容不明确[[1件|{metric}]]。"
    assert marked(rules, parse(text)[0], year=year) == text


def test_the_form_tells_the_time_where_the_year_is_unknown(rules: Rules) -> None:
    builder = DocumentBuilder()
    builder.paragraph("受理申请4件，申请内容不明确1件。")
    found = rules.find(sentences(builder.build(media_type="text/plain")), year=None, form="2014")
    assert [candidate.metric for candidate in found] == ["applications_received", "outcome_other"]


@pytest.mark.parametrize("change", [{"metric": "visitors"}, {"units": ["公里"]}, {"where": {"left": "NOWHERE"}}])
def test_a_rule_that_names_the_unknown_is_refused(change: dict[str, object]) -> None:
    rule = Rule.model_validate({"id": "made-up", "metric": "proposals", **change})
    with pytest.raises(BadResource, match="made-up"):
        _check(rule, "made-up")
