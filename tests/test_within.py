"""The narrative against itself: marked-up cases of parts and rates, by the words alone and with figures."""

from functools import cache

import pytest

from extraction.checks.stretches import stretches
from extraction.checks.within import within
from extraction.pipeline import Extractor
from extraction.resources.messages import load_messages
from extraction.schema import Check, Figure, Finding, Report


@cache
def extractor() -> Extractor:
    return Extractor.load(None)


def checked(report: Report) -> list[Check | Finding]:
    return list(within(report, load_messages(), tuple(stretches(report))))


def answers(text: str) -> tuple[list[Check], list[Finding]]:
    found = checked(extractor().extract_text(text))
    return [f for f in found if isinstance(f, Check)], [f for f in found if isinstance(f, Finding)]


def of(text: str, check: str) -> list[tuple[str, str]]:
    return [(each.answer, each.formula) for each in answers(text)[0] if each.check == check]


PARTS = [
    # A family that exhausts its whole.
    ("办理64993件，其中网上62797件、窗口2196件。", "holds", "62797 + 2196 = 64993"),
    ("全年办件64993件，其中网上62797件、窗口2169件。", "broken", "62797 + 2169 = 64993"),
    ("全年收到申请35件，其中自然人30件、法人5件。", "holds", "30 + 5 = 35"),
    ("全年收到申请35件，其中自然人30件、法人3件。", "broken", "30 + 3 = 35"),
    ("收到申请三十五件，其中自然人三十件，法人或其他组织六件。", "broken", "30 + 6 = 35"),
    ("共有工作人员48人，其中专职2人、兼职46人。", "holds", "2 + 46 = 48"),
    ("共有工作人员48人，其中专职2人、兼职44人。", "broken", "2 + 44 = 48"),
    ("收到申请50件，网络30件、信函15件、当面5件。", "holds", "30 + 15 + 5 = 50"),
    ("收到申请50件，网络30件、信函15件、当面3件、传真0件。", "broken", "30 + 15 + 3 + 0 = 50"),
    ("办结40件：予以公开20件，部分公开5件，不予公开5件，无法提供6件，不予处理2件，其他处理2件。", "holds", None),
    ("办结40件：予以公开20件，部分公开5件，不予公开5件，无法提供6件，不予处理2件，其他处理3件。", "broken", None),
    ("行政复议9件，其中维持5件，纠正2件，其他结果1件，未审结1件。", "holds", "5 + 2 + 1 + 1 = 9"),
    ("行政复议9件，其中维持5件，纠正2件，其他结果1件，未审结3件。", "broken", "5 + 2 + 1 + 3 = 9"),
    # The words say that the parts are all.
    ("两个街道共受理120件，分别为：东街80件、西街40件。", "holds", "80 + 40 = 120"),
    ("全市三个县共公开3607条，其中甲县1200条、乙县1300条、丙县1007条。", "broken", "1200 + 1300 + 1007 = 3607"),
    ("公开环境信息2715条，其中环评类407条，空气类366条，监管类1080条，其余862条。", "holds", None),
    ("公开环境信息2715条，其中环评类407条，空气类366条，监管类680条，其余862条。", "broken", None),
    ("公开政策文件120条，由规章20条、通知70条、批复40条组成。", "broken", "20 + 70 + 40 = 120"),
    ("发放资料12000份，分为宣传单10000份、折页3000份两部分。", "broken", "10000 + 3000 = 12000"),
    ("办件64.9万件，其中网上62.7万件、窗口2.2万件。", "holds", "627000 + 22000 = 649000"),
    ("办件64.9万件，其中网上62.8万件、窗口2.2万件。", "holds", "628000 + 22000 = 649000"),
    ("受理咨询300件，其中电话200件、来访150件。", "broken", "200 + 150 = 300"),
    ("收到申请20件，其中自然人25件。", "broken", "25 = 20"),
    ("网站发布5340条、公众号1210条、展板160条，合计6710条。", "holds", "5340 + 1210 + 160 = 6710"),
    ("网站发布5340条、公众号1210条、展板160条，合计7660条。", "broken", "5340 + 1210 + 160 = 7660"),
    ("网站公开100条、展板公开50条，两者合计160条。", "broken", "100 + 50 = 160"),
    # A list that follows as a sentence, in brackets, or in lines.
    ("收到申请27件。其中自然人24件，法人3件。", "holds", "24 + 3 = 27"),
    ("收到申请27件。从申请人看，自然人24件，法人2件。", "broken", "24 + 2 = 27"),
    ("收到申请6件（自然人4件、法人2件）。", "holds", "4 + 2 = 6"),
    ("收到申请6件（自然人4件、法人3件）。", "broken", "4 + 3 = 6"),
    # Parts of a part are no parts of the whole.
    ("收到申请35件，其中自然人30件，法人5件，其中企业3件、律所2件。", "holds", "30 + 5 = 35"),
    ("办结50件：予以公开30件；不予公开8件，其中商业秘密5件、个人隐私3件；无法提供12件。", "holds", "30 + 8 + 12 = 50"),
    ("收到申请41件，自然人37件，法人4件（企业2件，公益组织1件，律所1件）。", "holds", "37 + 4 = 41"),
    # Cannot be told: parts that do not exhaust, that overlap, that are vague, another whole, what was carried over.
    ("主动公开388条，其中网站100条。", "open", "100 = 388"),
    ("主动公开388条，其中网站300条、微信200条。", "open", "300 + 200 = 388"),
    ("公布事项118项，其中马上办62项、一次办117项。", "open", "62 + 117 = 118"),
    ("接受咨询300件，主要有电话100件、来访50件等。", None, None),
    ("收到申请35件，其中涉及征地20件、拆迁5件。", "open", "20 + 5 = 35"),
    ("收到申请35件，办结33件，结转2件。答复中予以公开20件，部分公开5件，不予公开5件，无法提供3件。", "holds", None),
    ("行政复议9件、诉讼5件，维持、驳回分别为7件、4件。", None, None),
    ("行政复议9件，其中维持5件，纠正2件。", "open", "5 + 2 = 9"),
    ("收到申请10件，比上年增加3件，其中自然人8件，法人2件。", "holds", "8 + 2 = 10"),
    ("微信发布1027条，微博发布968条，较上年分别增加512条和203条。", None, None),
    ("收到申请30余件，其中自然人25件，法人4件。", None, None),
    ("文件6件（废止4件，存22件）。", "open", "4 + 22 = 6"),
    ("投诉83件，涉及停车41件、导游19件、购物17件、其他6件。", "holds", "41 + 19 + 17 + 6 = 83"),
    ("办理64993件，分为网上62797件、窗口2169件两类。", "broken", None),
    ("收到申请35件，其中自然人30件、法人5件。", "holds", None),
    ("主动公开388条，其中网站100条，微信20条。", "open", None),
    ("主动公开388条，其中网站100条，微信20条等。", "open", None),
    ("四个街道共报送信息130条，依次为：永安街道40条、长乐街道30条、福宁街道20条、泰和街道40条。", "holds", None),
    ("四个街道共报送信息130条，依次为：永安街道40条、长乐街道30条、福宁街道20条、泰和街道30条。", "broken", None),
    ("收件：网上24件，来信13件，当面7件，合计44件。", "holds", None),
    ("收件：网上24件，来信13件，当面7件，合计42件。", "broken", None),
    ("复议6件：维持3件、纠正1件、其他结果2件。", "holds", None),
    ("复议6件：维持3件、纠正1件、其他结果3件。", "broken", None),
    ("配备专职人员2人、兼职人员3人。", None, None),
    ("举办培训约30期，其中线上20期、线下12期。", None, None),
    # Said to be all, one by one, by season, by rank, by verdict.
    ("公开905条：网站610条、微信187条、微博118条，无其他渠道。", "broken", "610 + 187 + 118 = 905"),
    ("宣传活动11场，分别是进社区4场，进企业5场，进校园3场。", "broken", "4 + 5 + 3 = 11"),
    ("开展督导16次，上半年7次，三季度4次，四季度6次。", "broken", "7 + 4 + 6 = 16"),
    ("报送信息318条，其中梅园社区102条，兰亭社区96条，竹溪社区130条。", "broken", None),
    ("对32个单位考评，评定为优秀11个、良好14个、合格9个。", "broken", "11 + 14 + 9 = 32"),
    ("来信402件，其中咨询类215件，投诉类148件，建议类69件。", "broken", "215 + 148 + 69 = 402"),
    ("来信402件，其中咨询类215件，涉及噪声148件，拆迁69件。", "open", None),
    ("公开64篇，包括文字解读39篇、图文解读18篇、视频解读15篇，部分兼具多种形式。", "open", None),
    ("综合科128条、业务科203条、执法队76条，三个科室加在一块总计489条。", "broken", "128 + 203 + 76 = 489"),
    ("新收46件，连同上年结转的4件共51件。", "broken", "46 + 4 = 51"),
    ("甲乡收到31件，乙乡收到17件，全县共收到46件。", "broken", "31 + 17 = 46"),
    # One whole parted in two ways.
    ("收到107件，按方式分：网络66件，信函29件，现场8件，传真6件；按主体分：自然人95件，法人12件。", "broken",
     "66 + 29 + 8 + 6 = 107"),
    ("被申请复议12件，其中维持8件、纠正1件、其他结果2件，其余尚在审理。", "open", None),
]  # fmt: skip
RATES = [
    ("受理5685件，办结5550件，办结率97.6%。", "holds", "5550 ÷ 5685 = 97.6%"),
    ("受理5685件，办结5550件，办结率96.7%。", "broken", "5550 ÷ 5685 = 96.7%"),
    ("受理五千件，办结四千九百件，办结率百分之九十八。", "holds", "4900 ÷ 5000 = 百分之九十八"),
    ("受理五千件，办结四千九百件，办结率百分之八十九。", "broken", "4900 ÷ 5000 = 百分之八十九"),
    ("受理诉求4.87万件，办结4.85万件，办结率99.5%。", "holds", "48500 ÷ 48700 = 99.5%"),
    ("受理诉求4.87万件，办结4.85万件，办结率95.9%。", "broken", "48500 ÷ 48700 = 95.9%"),
    ("受理200件，办结195件，办结率98%。", "holds", "195 ÷ 200 = 98%"),
    ("受理200件，办结195件，办结率97%。", "holds", "195 ÷ 200 = 97%"),
    ("受理200件，办结195件，办结率96%。", "broken", "195 ÷ 200 = 96%"),
    ("受理200件，办结200件，办结率100%。", "holds", "200 ÷ 200 = 100%"),
    ("受理20000件，办结19999件，办结率100%。", "broken", "19999 ÷ 20000 = 100%"),
    ("受理200件，办结190件，办结率超过90%。", "holds", "190 ÷ 200 = 90%"),
    ("受理200件，办结190件，办结率超过98%。", "broken", "190 ÷ 200 = 98%"),
    ("受理200件，办结191件，办结率95%左右。", "holds", "191 ÷ 200 = 95%"),
    ("收到来信286封，回复280封，回复率97.9%。", "holds", "280 ÷ 286 = 97.9%"),
    ("收到来信286封，回复280封，回复率99.7%。", "broken", "280 ÷ 286 = 99.7%"),
    ("收到申请27件，其中网络19件，占70.4%。", "holds", "19 ÷ 27 = 70.4%"),
    ("收到申请27件，其中网络19件，占74.0%。", "broken", "19 ÷ 27 = 74.0%"),
    ("收到申请27件，其中网络19件，占70.4%；信函6件，占22.2%；当面2件，占7.4%。", "holds", None),
    ("收到申请27件，其中网络19件，占70.4%；信函6件，占25.2%；当面2件，占7.4%。", "broken", "6 ÷ 27 = 25.2%"),
    ("检查企业300家，抽查率与上年持平；其中重点企业102家，占总数的34%。", "holds", "102 ÷ 300 = 34%"),
    ("收到来信1000封，占来信总量1250封的80%。", "holds", "1000 ÷ 1250 = 80%"),
    ("全年政务服务事项400项，最多跑一次事项380项，占比95%。", "holds", "380 ÷ 400 = 95%"),
    ("全年政务服务事项400项，最多跑一次事项380项，占比85%。", "broken", "380 ÷ 400 = 85%"),
    # What a rate is of cannot be told: nothing is said then.
    ("办理事项120项，群众满意率99.2%。", None, None),
    ("收到申请244件，办结239件，按时办结率100%。", None, None),
    ("收到申请96件，答复94件，答复率100%，结转下年2件。", None, None),
    ("主动公开500条，同比增长25%，其中网站300条。", None, None),
    ("上年受理100件，办结率95%，今年受理120件。", None, None),
    ("办理建议4件、提案2件，办复率100%。", None, None),
    ("公开信息5603条，占子站群当年总量的12%。", None, None),
    ("一是县长信箱来信587封，办结585封；二是留言板来件249件，回复率100%。", None, None),
    ("开发事项2318项，可网办2027项，要求办结率不低于99%。", None, None),
    ("接到申请6件，其中自然人占八成。", None, None),
    ("采购预算486亿元，节约52亿元，节约率9.7%。", None, None),
    ("受理5685件，办结5550件，办结率98%。", "holds", None),
    ("受理12件，办结12件，办结率100%。", "holds", None),
    ("公开信息600条，其中网站203条，占33.9%。", "broken", None),
    ("公开信息600条，其中网站203条，占33.8%。", "holds", None),
    ("公开信息600条，其中网站203条，占总数的33.83%。", "holds", None),
    ("公开信息600条，同比增长33.9%。", None, None),
    ("办结率达97.6%。", None, None),
    ("群众满意率99%，收到申请3件。", None, None),
    ("受理100件，办结97件，办结率超过96%。", "holds", None),
    ("办理事项480项，网办451项，480项里面占到94.9%。", "broken", "451 ÷ 480 = 94.9%"),
    ("收到84件，办结78件，予以公开35件；予以公开占办结的41.7%。", "broken", "35 ÷ 78 = 41.7%"),
    ("收到申请80件，自然人64件，占80%，企业16件，占25%。", "broken", "16 ÷ 80 = 25%"),
    ("收到申请110件，通过网上提交88件，网上申请占比达88%。", "broken", "88 ÷ 110 = 88%"),
    ("部分公开答复47件，予以公开答复236件，两者占全部答复589件的58%。", "broken", "283 ÷ 589 = 58%"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answer", "formula"), PARTS)
def test_parts(text: str, answer: str | None, formula: str | None) -> None:
    _is_answered(text, "narrative.parts", answer, formula)


@pytest.mark.parametrize(("text", "answer", "formula"), RATES)
def test_rates(text: str, answer: str | None, formula: str | None) -> None:
    _is_answered(text, "narrative.rate", answer, formula)


def _is_answered(text: str, check: str, answer: str | None, formula: str | None) -> None:
    found = of(text, check)
    broken = [each for each in found if each[0] == "broken"]
    assert bool(broken) == (answer == "broken"), found
    if answer:
        assert [each for each in found if each[0] == answer and formula in (None, each[1])], found
    else:
        assert "holds" not in [each[0] for each in found], found
    assert len([f for f in answers(text)[1] if f.check == check]) == len(broken)


def test_a_check_says_what_was_added_and_quotes_the_report() -> None:
    text = "一、总体情况\n全年收到申请35件，其中自然人30件、法人3件。"
    checks, [finding] = answers(text)
    [check] = checks
    assert check.id == finding.id == f"narrative.parts:{text.index('35件')}"
    assert (check.left, check.right, check.difference) == (33, 35, 2)
    assert (finding.expected, finding.found) == (33, 35)
    assert "收到申请35件，其中自然人30件、法人3件" in finding.message


def test_a_rate_says_what_was_divided() -> None:
    text = "受理5685件，办结5550件，办结率96.7%。"
    [check], [finding] = answers(text)
    assert check.id == finding.id == f"narrative.rate:{text.index('96.7%')}"
    assert check.left is not None
    assert round(float(check.left), 2) == 97.63
    assert "5550 ÷ 5685 = 97.63%" in finding.message


def test_figures_of_one_family_that_are_sure_make_an_error() -> None:
    report = extractor().extract_text("全年收到申请35件，其中自然人申请30件、法人申请3件。")
    sure = [figure.model_copy(update={"source": "both", "confidence": 0.95}) for figure in report.figures]
    if len(sure) < 3:
        marks = (("35件", "applications_received"), ("30件", "applications_natural_person"),
                 ("3件", "applications_legal_person"))  # fmt: skip
        sure = [_figure(report, text, metric) for text, metric in marks]
    found = checked(report.model_copy(update={"figures": tuple(sure)}))
    [finding] = [f for f in found if isinstance(f, Finding)]
    assert finding.severity == "error"
    assert finding.figures == (0, 1, 2)
    doubtful = [figure.model_copy(update={"source": "rule"}) for figure in sure]
    found = checked(report.model_copy(update={"figures": tuple(doubtful)}))
    assert [f.severity for f in found if isinstance(f, Finding)] == ["warning"]


def _figure(report: Report, text: str, metric: str) -> Figure:
    start = report.text.index(text)
    mention = int(text.removesuffix("件"))
    return Figure(
        metric=metric, value=mention, unit="件", text=text, start=start, end=start + len(text), source="both",
        confidence=0.95,
    )  # fmt: skip


def test_a_line_that_the_page_broke_is_one_sentence() -> None:
    text = "全年通过各种渠道受理群众递交的信息公开申请35\n件，其中来自自然人的申请30件、来自法人的申请3\n件，均已答复。"
    assert of(text, "narrative.parts") == [("broken", "30 + 3 = 35")]


def test_tables_are_no_narrative() -> None:
    text = "收到申请\t自然人\t法人\n35件\t30件\t3件\n"
    assert of(text, "narrative.parts") == []
