"""Sections are found by their titles, whatever they are numbered; the head by what stands above and below them."""

import json
from datetime import date
from pathlib import Path

import pdfplumber
import pytest

from extraction.document import Document, DocumentBuilder, PlacedCell
from extraction.sections import find_sections, split

SIX = """一、总体情况
本年平稳。
二、主动公开政府信息情况
公开30条。
三、收到和处理政府信息公开申请情况
收到1件。
四、政府信息公开行政复议、行政诉讼情况
没有。
五、存在的主要问题及改进情况
人手不足。
六、其他需要报告的事项
无。"""


def document(text: str, title: str | None = None) -> Document:
    builder = DocumentBuilder()
    builder.paragraph(text)
    return builder.build(media_type="text/plain", title=title)


def numbers(text: str) -> list[int | None]:
    return [section.number for section in find_sections(document(text))]


def test_sections_reach_from_heading_to_heading() -> None:
    found = document("某局2023年政府信息公开工作年度报告\n" + SIX)
    sections = find_sections(found)
    assert [section.number for section in sections] == [1, 2, 3, 4, 5, 6]
    assert [section.end for section in sections[:-1]] == [section.start for section in sections[1:]]
    assert found.text[sections[0].start : sections[0].end] == "一、总体情况\n本年平稳。\n"
    assert sections[4].title == "五、存在的主要问题及改进情况"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("一、总体情况", "**一、总体情况**"), [1, 2, 3, 4, 5, 6]),
        (("四、政府", "三、政府"), [1, 2, 3, 4, 5, 6]),
        (("一、总体", "一 、 总 体"), [1, 2, 3, 4, 5, 6]),
        (("一、总体情况", "一、总休情况"), [1, 2, 3, 4, 5, 6]),
        (("一、总体情况\n", "一、总体情况。"), [1, 2, 3, 4, 5, 6]),
        (("三、收到和处理政府信息公开申请情况", "三、收到和处理政府信息公开申\n请情况"), [1, 2, 3, 4, 5, 6]),
        (("五、存在的主要问题及改进情况\n", "五、存在的主要问题及改进情况："), [1, 2, 3, 4, 5, 6]),
        (("四、政府信息公开行政复议、行政诉讼情况\n没有。\n", ""), [1, 2, 3, 5, 6]),
        (("\n六、其他需要报告的事项\n无。", ""), [1, 2, 3, 4, 5]),
        (("无。", "无。\n五、存在的主要问题及改进情况"), [1, 2, 3, 4, 5, 6, 5]),
        (
            ("收到1件。", "一、本年新收政府信息公开申请数量\n三、本年度办理结果\n四、结转下年度继续办理"),
            [1, 2, 3, 4, 5, 6],
        ),
        (("本年平稳。", "（一）主动公开情况。共30条。\n(二)依申请公开情况全年没有。"), [1, 2, 3, 4, 5, 6]),
        (("人手不足。", "一、存在的问题\n人手不足。\n二、改进措施\n增人。"), [1, 2, 3, 4, 5, 6]),
        (
            ("无。", "无。\n附件：统计表\n一、主动公开情况\n二、回应解读情况\n三、依申请公开情况"),
            [1, 2, 3, 4, 5, 6, None],
        ),
    ],
)
def test_a_layout_in_which_the_six_are_found(change: tuple[str, str], expected: list[int | None]) -> None:
    assert change[0] in SIX
    assert numbers(SIX.replace(*change)) == expected


def test_without_numerals_and_with_arabic_ones() -> None:
    bare = "\n".join(line.split("、", 1)[-1] if line[1] == "、" else line for line in SIX.splitlines())
    arabic = "\n".join(
        f"{'一二三四五六'.index(line[0]) + 1}.{line[2:]}" if line[1] == "、" else line for line in SIX.splitlines()
    )
    assert numbers(bare) == [1, 2, 3, 4, 5, 6]
    assert numbers(arabic) == [1, 2, 3, 4, 5, 6]


def test_a_table_of_contents_is_not_the_sections() -> None:
    contents = "\n".join(line for line in SIX.splitlines() if line[1] == "、")
    text = "目录\n" + contents + "\n" + SIX
    sections = find_sections(document(text))
    assert [section.number for section in sections] == [1, 2, 3, 4, 5, 6]
    assert sections[0].start == len("目录\n" + contents + "\n")


def test_an_older_report_with_other_sections() -> None:
    text = """一、概述
某县概述。
二、主动公开政府信息情况
公开20条。
三、依申请公开政府信息办理情况
没有申请。
四、政府信息公开的收费及减免情况
没有收费。
五、因政府信息公开申请行政复议、提起行政诉讼情况
没有。
六、政府信息公开数字平台
平台运行。
七、主要问题和改进措施
人手不足。
八、其他需要说明的事项
无。"""
    assert numbers(text) == [1, 2, 3, None, 4, None, 5, 6]


def test_short_titles_of_2008_and_a_merged_last_section() -> None:
    titles = ["一、概述", "二、主动公开", "三、依申请公开", "四、复议诉讼申诉", "五、存在问题及改进措施、其他事项"]
    assert numbers("\n甲。\n".join(titles)) == [1, 2, 3, 4, 5]


def test_problems_and_improvements_in_two_sections() -> None:
    titles = ["一、工作概述", "二、主动公开情况", "三、依申请公开情况", "四、存在的主要问题", "五、下一步工作打算"]
    assert numbers("\n甲。\n".join(titles)) == [1, 2, 3, 5, 5]


def test_a_heading_in_a_row_of_a_table() -> None:
    builder = DocumentBuilder()
    builder.paragraph("一、总体情况\n平稳。\n二、主动公开政府信息情况")
    builder.grid(
        [
            PlacedCell(0, 0, "规章"),
            PlacedCell(0, 1, "0"),
            PlacedCell(1, 0, "三、收到和处理政府信息公开申请情况", column_span=2),
            PlacedCell(2, 0, "三、本年度办理结果"),
            PlacedCell(2, 1, "0"),
        ]
    )
    assert [section.number for section in find_sections(builder.build(media_type="text/html"))] == [1, 2, 3]


HEADS = [
    ("云水县教育局2023年政府信息公开工作年度报告", "云水县教育局", 2023),
    ("云水县教育局\n二〇二三年政府信息公开工作年度报告", "云水县教育局", 2023),
    ("云水县教育局 2 0 2 3 年 政府信息公开工作年度报告", "云水县教育局", 2023),
    ("首页>信息公开>年报\n云水县2023年度政府信息公开工作年度报告\n县政府编制本报告。", "云水县人民政府", 2023),
    ("政府信息公开工作年度报告（2023年度）\n本报告由云水县教育局编制。", "云水县教育局", 2023),
    ("2023年度云水县教育局政府信息公开年报", "云水县教育局", 2023),
    ("云水县发改委2023年政务公开工作年度报告", "云水县发展和改革委员会", 2023),
    ("县教育局2023年政府信息公开工作年度报告\n云水县教育局编制。", "云水县教育局", 2023),
    ("云水县教育局政府信息公开年度报告\n统计期限自2023年1月1日至2023年12月31日。", "云水县教育局", 2023),
    ("云水县教育局政府信息公开年度报告\n发布日期：2024-01-20", "云水县教育局", 2023),
    ("2023年度云水县教育局政府信息公开年度报告（2024年1月发布）", "云水县教育局", 2023),
    ("云水县教育局关于2023年政府信息公开工作年度报告的公示", "云水县教育局", 2023),
    ("云水县教育局2023年政府信息公开工作总结和2024年工作计划", "云水县教育局", 2023),
    ("政府信息公开工作年度报告-2023-云水县教育局", "云水县教育局", 2023),
    ("★云水县第二中学★2023年政府信息公开工作年度报告", "云水县第二中学", 2023),
]


@pytest.mark.parametrize(("above", "agency", "year"), HEADS)
def test_agency_and_year(above: str, agency: str, year: int) -> None:
    head = split(document(above + "\n" + SIX)).head
    assert (head.agency, head.year) == (agency, year)


def test_the_own_title_of_a_page_comes_before_those_it_lists() -> None:
    above = "云水县财政局2023年政府信息公开工作年度报告\n云水县教育局2023年政府信息公开工作年度报告\n"
    head = split(document(above + SIX, title="年报 | 云水县教育局2023年政府信息公开工作年度报告")).head
    assert head.agency == "云水县教育局"
    head = split(document("2023年政府信息公开工作年度报告\n" + SIX, title="年报 | 首页 > 云水县水利局 > 年报")).head
    assert head.agency == "云水县水利局"


def test_period_publication_and_region() -> None:
    text = "长沙市岳麓区教育局2023年政府信息公开工作年度报告\n所列数据自2023年1月1日起至2023年12月31日止。\n"
    head = split(document(text + SIX + "\n长沙市岳麓区教育局\n2024年1月18日")).head
    assert head.title == "长沙市岳麓区教育局2023年政府信息公开工作年度报告"
    assert head.period == (date(2023, 1, 1), date(2023, 12, 31))
    assert head.published == date(2024, 1, 18)
    assert head.region == "湖南省长沙市岳麓区"


def test_places_above_are_added_only_where_the_text_names_them() -> None:
    title = "岳麓区教育局2023年政府信息公开工作年度报告\n"
    assert split(document(title + SIX)).head.agency == "岳麓区教育局"
    assert split(document(title + "地址：长沙市岳麓区某路。\n" + SIX)).head.agency == "长沙市岳麓区教育局"


def test_what_is_no_report_has_no_head() -> None:
    found = split(document("关于召开会议的通知\n各科室：\n定于2023年5月1日开会。\n某局办公室"))
    assert found.sections == ()
    assert found.head.model_dump(exclude_none=True) == {}


def test_the_given_reports(shared: Path) -> None:
    for line in (shared / "gold" / "reports.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        path = shared / "reports" / gold["file"]
        if path.suffix == ".pdf":
            with pdfplumber.open(path) as pdf:
                text = "\n".join(page.extract_text() for page in pdf.pages)
        else:
            text = path.read_text(encoding="utf-8")
        found = split(document(text), path.name)
        assert (found.head.agency, found.head.year) == (gold["agency"], gold["year"])
        assert {section.number for section in found.sections} >= {1, 2, 3, 4, 5}


def test_a_list_of_titles_in_a_sentence_is_not_the_sections() -> None:
    listed = "；".join(line for line in SIX.splitlines() if line[1] == "、")
    assert numbers(f"本报告包括：{listed}。\n{SIX}") == [1, 2, 3, 4, 5, 6]


def test_a_report_on_one_line() -> None:
    found = document("某县教育局2023年政府信息公开工作年度报告 " + SIX.replace("\n", " "))
    assert [section.number for section in split(found).sections] == [1, 2, 3, 4, 5, 6]
    assert split(found).head.agency == "某县教育局"
