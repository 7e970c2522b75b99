"""Parts against their whole, rates against their two figures, by small passages."""

import pytest

from extraction import Extractor, checks

PARTS = [
    ("办理64993件，其中网上62797件、窗口2196件。", "holds"),
    ("办理64993件，分为网上62797件、窗口2169件两类。", "broken"),
    ("收到申请35件，其中自然人30件、法人5件。", "holds"),
    ("主动公开388条，其中网站100条，微信20条。", "open"),
    ("主动公开388条，其中网站100条，微信20条等。", "open"),
    ("四个街道共报送信息130条，依次为：永安街道40条、长乐街道30条、福宁街道20条、泰和街道40条。", "holds"),
    ("四个街道共报送信息130条，依次为：永安街道40条、长乐街道30条、福宁街道20条、泰和街道30条。", "broken"),
    ("收件：网上24件，来信13件，当面7件，合计44件。", "holds"),
    ("收件：网上24件，来信13件，当面7件，合计42件。", "broken"),
    ("复议6件：维持3件、纠正1件、其他结果2件。", "holds"),
    ("复议6件：维持3件、纠正1件、其他结果3件。", "broken"),
    ("配备专职人员2人、兼职人员3人。", None),
    ("举办培训约30期，其中线上20期、线下12期。", None),
]
RATES = [
    ("受理5685件，办结5550件，办结率97.6%。", "holds"),
    ("受理5685件，办结5550件，办结率96.7%。", "broken"),
    ("受理5685件，办结5550件，办结率98%。", "holds"),
    ("受理12件，办结12件，办结率100%。", "holds"),
    ("公开信息600条，其中网站203条，占33.9%。", "broken"),
    ("公开信息600条，其中网站203条，占33.8%。", "holds"),
    ("公开信息600条，其中网站203条，占总数的33.83%。", "holds"),
    ("公开信息600条，同比增长33.9%。", None),
    ("办结率达97.6%。", None),
    ("群众满意率99%，收到申请3件。", None),
    ("受理100件，办结97件，办结率超过96%。", "holds"),
]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load(None)


def answers(extractor: Extractor, text: str, check: str) -> set[str]:
    checked = checks.run(extractor.extract_text(text))
    broken = {finding.id for finding in checked.findings if finding.check == check}
    assert broken == {each.id for each in checked.checks if each.check == check and each.answer == "broken"}
    return {each.answer for each in checked.checks if each.check == check}


@pytest.mark.parametrize(("text", "answer"), PARTS)
def test_parts_add_up_to_the_whole(extractor: Extractor, text: str, answer: str | None) -> None:
    assert answers(extractor, text, "narrative.parts") == ({answer} if answer else set())


@pytest.mark.parametrize(("text", "answer"), RATES)
def test_a_rate_is_the_ratio_of_two_figures(extractor: Extractor, text: str, answer: str | None) -> None:
    assert answers(extractor, text, "narrative.rate") == ({answer} if answer else set())


def test_the_finding_quotes_the_report_and_gives_the_formula(extractor: Extractor) -> None:
    [finding] = checks.run(extractor.extract_text("受理5685件，办结5550件，办结率96.7%。")).findings[-1:]
    assert finding.formula == "5550 ÷ 5685 = 96.7%"
    assert "办结5550件，办结率96.7%" in finding.message
