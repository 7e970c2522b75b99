import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.numbers import find_numbers, looks_like_cell, parse_cell
from extraction.resources.forms import load_forms


def read(text: str) -> list[tuple[str, float, str | None, str | None]]:
    return [(found.text, float(found.value), found.unit, found.qualifier) for found in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收到３件，答复28 条", [("３件", 3, "件", None), ("28 条", 28, "条", None)]),
        (
            "13,612条、１３，６１２条、13 612条",
            [(text, 13612, "条", None) for text in ("13,612条", "１３，６１２条", "13 612条")],
        ),
        ("访问23.9847万次", [("23.9847万次", 239847, "次", None)]),
        ("共3.4万余条，9千余件", [("3.4万余条", 34000, "条", "about"), ("9千余件", 9000, "件", "about")]),
        ("近3亿次，3万5千条", [("3亿次", 3e8, "次", "about"), ("3万5千条", 35000, "条", None)]),
        (
            "经费255余万元，收费589484.00元",
            [("255余万元", 2550000, "元", "about"), ("589484.00元", 589484, "元", None)],
        ),
        (
            "推文2500多篇（条、次），1853篇(条)",
            [("2500多篇（条、次）", 2500, "篇", "about"), ("1853篇(条)", 1853, "篇", None)],
        ),
        (
            "十二件，两万零三百条，三十余次",
            [("十二件", 12, "件", None), ("两万零三百条", 20300, "条", None), ("三十余次", 30, "次", "about")],
        ),
        (
            "百分之九十七点六，97.6％，3个百分点",
            [("百分之九十七点六", 97.6, "%", None), ("97.6％", 97.6, "%", None), ("3个百分点", 3, "百分点", None)],
        ),
        ("近三成可网办，半数以上", [("三成", 30, "%", "about"), ("半数", 50, "%", "at_least")]),
        (
            "千余件，近百条，上千次",
            [("千余件", 1000, "件", "about"), ("百条", 100, "条", "about"), ("千次", 1000, "次", "about")],
        ),
        (
            "超过300人次，不超过20个工作日",
            [("300人次", 300, "人次", "at_least"), ("20个工作日", 20, "工作日", "at_most")],
        ),
        ("预约12人次，最近3次", [("12人次", 12, "人次", None), ("3次", 3, "次", None)]),
        ("同比增长-5.2%", [("-5.2%", -5.2, "%", None)]),
        ("查阅点一个，专职人员两名", [("一个", 1, "个", None), ("两名", 2, "名", None)]),
        ("全区12部门", [("12", 12, None, None)]),
    ],
)
def test_a_number_is_found_with_its_unit_and_how_exact_it_is(
    text: str, expected: list[tuple[str, float, str, str]]
) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "截至2019 年 12 月 31 日，1-12月份，二〇二三年，2019.12.31，9:00",
        "〔2021〕30号、[2018]52号、第711号、第二十条、第三、四季度、90号",
        "一、总体情况\n（三）公开情况\n1. 概述\n2．制度",
        "拨打12345热线、“88908890”或114，电话：0971-8230000，邮编810000",
        "“六稳”“六保”、“3+21”、三公经费、三审三校、一网通办、一次性告知、“最多跑一次”、进一步统一部署、十分重视",
        "县十七届人大三次会议、二十届三中全会、前10名、列第3位",
        "见http://www.example.gov.cn/2020/12.html，5G、H5、t20200115_12.html",
        "数百条、几十次、三五个、一成不变、单位：万元、3-5人、7×24小时",
    ],
)
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("0", None, 0),
        ("—", None, 0),
        ("无", None, 0),
        ("／", None, 0),
        ("１３，６１２", None, 13612),
        ("13 612", None, 13612),
        ("1’087", None, 1087),
        ("1 234 567", None, 1234567),
        ("十二", None, 12),
        ("3件", "件", 3),
        ("增加8", None, 8),
        ("减少 3 项", "项", -3),
        ("－5", None, -5),
        ("↑5", None, 5),
        ("约20", None, 20),
        ("(3)", None, 3),
        ("[3]", None, 3),
        ("“3”", None, 3),
        ("12*", None, 12),
        ("1531①", None, 1531),
        ("0、", None, 0),
        ("'0", None, 0),
        ("＝0", None, 0),
        ("————", None, 0),
        ("无收费", "万元", 0),
        ("18（件）", "件", 18),
        ("18件（次）", "件", 18),
        ("（件）5", "件", 5),
        ("共6件", "件", 6),
        ("12（减）", None, -12),
        ("减：12", None, -12),
        ("（—12）", None, -12),
        ("12↓", None, -12),
        ("1531（其中新增12）", "件", 1531),
        ("12件（其中3件）", "件", 12),
        ("0（无）", None, 0),
        ("132.50万元整", "万元", Decimal("132.5")),
        ("人民币132.5（万元）", "元", 1325000),
        ("132万5千元", "万元", Decimal("132.5")),
        ("310 万", "元", 3100000),
        ("310 万", "万元", 310),
        ("613.64万元", "元", 6136400),
        ("50000元", "万元", 5),
        ("16197.02", "万元", Decimal("16197.02")),
    ],
)
def test_a_cell_is_read_in_the_unit_of_the_form(raw: str, unit: str | None, value: Decimal) -> None:
    cell = parse_cell(raw, unit=unit)
    assert (cell.state, cell.value, cell.unit) == ("given", value, unit)


TOLD = ["不涉及", "见附件", "以统计年鉴为准", "空", "_", "×", "……", "O", "l"]
SEVERAL = ["增加8/9", "1 0 0", "2 1", "0 123", "11\n36", "8；9", "1，13", "5（3）", "+12（减）"]


@pytest.mark.parametrize("raw", [*TOLD, *SEVERAL, "1O", "l2", "97%", "￥132.5"])
def test_what_is_not_one_number_is_unreadable_and_says_why(raw: str) -> None:
    cell = parse_cell(raw)
    assert (cell.value, cell.state) == (None, "unreadable")
    assert cell.note
    assert looks_like_cell(raw)


@pytest.mark.parametrize(("raw", "unit"), [("0%", "件"), ("3万元", "件"), ("12项", "万元")])
def test_a_value_in_a_unit_that_is_not_of_the_cell_is_unreadable(raw: str, unit: str) -> None:
    assert parse_cell(raw, unit=unit).state == "unreadable"


def test_an_empty_cell_is_blank() -> None:
    assert {parse_cell(raw).state for raw in ("", " ", "\u3000\n")} == {"blank"}


def test_labels_are_told_from_values() -> None:
    values = [
        raw
        for raw in ("1.属于国家秘密", "三、", "（3）其他", "2019年", "1.", "（三）", "12", "增加3", "无", "310 万")
        if looks_like_cell(raw)
    ]
    assert values == ["12", "增加3", "无", "310 万"]


@pytest.mark.parametrize(
    "raw", ["1.次数", "1次）", "（3） 0", "共计 6", "件 12", "增加值", "- 3 -", "2023-01-15", "2023（年）"]
)
def test_labels_dates_and_folios_with_a_number_are_no_cells(raw: str) -> None:
    assert not looks_like_cell(raw)


def test_no_label_of_a_form_looks_like_a_cell() -> None:
    blocks = [block for form in load_forms() for table in form.tables for block in table.all_blocks]
    named = [item for block in blocks for item in (*block.rows, *block.columns)]
    labels = {label for item in named for label in (item.label, *item.variants)}
    assert len(labels) > 300
    assert [label for label in labels if looks_like_cell(label)] == []


PROSE = st.text(
    alphabet="0129３.,，万亿余多约近百千十二三两条件个人次元%％成年月日-至（）()、第号“”增减 \nA点〇", max_size=40
) | st.text(max_size=40)


@given(PROSE)
def test_mentions_are_ordered_and_point_at_their_text(text: str) -> None:
    end = 0
    for found in find_numbers(text):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text == found.text.strip()
        end = found.end


@given(PROSE)
def test_any_cell_is_read_and_has_a_value_only_when_given(raw: str) -> None:
    cell = parse_cell(raw)
    assert (cell.value is not None) == (cell.state == "given")
    assert not (looks_like_cell(raw) and cell.state == "blank")


def test_a_page_of_prose_takes_milliseconds() -> None:
    text = "全年主动公开信息3.4万余条，其中网站公开1200条，进一步统一标准，受理申请十二件，均按时答复。" * 65
    find_numbers(text)
    started = time.perf_counter()
    found = find_numbers(text)
    assert time.perf_counter() - started < 0.05
    assert len(found) == 3 * 65
