import time
from pathlib import Path

import pytest
from shown import shown

from extraction.readers import read, read_bytes, read_text

REPORT = "某县2022年政府信息公开工作年度报告\n一、总体情况\n全年收到申请12件，办结12件，“零投诉”。\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encodings_of_chinese_text_are_told_by_the_bytes(encoding, found):
    document = read_bytes(REPORT.encode(encoding), name="report.txt")
    assert document.text == REPORT + "\n"
    assert document.encoding == found


def test_traditional_text_in_big5():
    document = read_bytes("本縣政府資訊公開年度報告，全年收到申請十二件。".encode("big5"), name="report.txt")
    assert shown(document) == ["本縣政府資訊公開年度報告，全年收到申請十二件。"]


def test_a_damaged_byte_does_not_cost_the_report():
    assert read_bytes(REPORT.encode() * 9 + b"\xe4\xb8", name="report.txt").encoding == "utf-8"


def test_lines_keep_their_tabs_and_empty_cells():
    document = read_text("\t规章\n\t0\n\t\n\n行政许可\t5\t\t7")
    assert shown(document) == ["\t规章", "\t0", "\t", "行政许可\t5\t\t7"]


def test_marks_of_converters_are_taken_out():
    text = "[bookmark: _GoBack]（六）**一是**公\u00ad开\ue000工作\f下页__三是__"
    assert shown(read_text(text)) == ["（六）一是公开工作", "下页三是"]


def test_markdown_headings_lose_their_signs_and_its_tables_stay_text():
    document = read_bytes("## 一、总体情况\n\n| 规章 | 0 |\n".encode(), name="report.md")
    assert shown(document) == ["一、总体情况", "| 规章 | 0 |"]
    assert document.media_type == "text/markdown"


def test_tags_in_a_string_are_text():
    assert shown(read_text("<p>公开</p>")) == ["<p>公开</p>"]


def test_tables_in_html_within_markdown_are_grids_and_the_lines_between_them_stay():
    table = (
        "<table><tr><td>项目</td><td>数量</td></tr>\n<tr><td rowspan=2>规章</td><td>12<sup>1</sup></td></tr></table>"
    )
    text = f"## 一、情况\n甲。\n\n{table}\n\n乙。\n丙<table>"
    assert shown(read_text(text))[1:] == ["甲。", "项目 | 数量", "规章 | 12", "乙。", "丙<table>"]
    assert shown(read_bytes(f"{table}\n甲。\n乙。".encode(), name="report.md"))[2:] == ["甲。", "乙。"]


def test_marks_of_notes_and_struck_text_in_markdown_are_left_out():
    text = "| 规章 | 12<sup>1</sup> | 3[^2] |\n<p>公开~~5~~6件</p>\n[^2]: 注"
    assert shown(read_bytes(text.encode(), name="report.md")) == ["| 规章 | 12 | 3 |", "公开6件", "[^2]: 注"]


def test_real_text_reports_are_read_within_five_milliseconds(shared: Path):
    files = sorted((shared / "reports").glob("*.txt"))
    for file in files:
        read(file)
    started = time.perf_counter()
    documents = [read(file) for file in files]
    assert (time.perf_counter() - started) / len(files) < 0.005
    assert all(d.text[b.start : b.end] == d.text[b.start : b.end].strip("\n") for d in documents for b in d.blocks)
