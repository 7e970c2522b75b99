"""Whatever comes in, the record keeps its promises: evidence stands where it says, values parse, JSON round-trips."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from extraction import Extractor, NianbaoError, Report
from extraction.resources.forms import load_forms
from extraction.resources.metrics import load_metrics

TITLES = """某县2023年政府信息公开工作年度报告
一、总体情况
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
六、其他需要报告的事项""".splitlines()
ROWS = [
    "第二十条第（一）项\n信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数",
    "规章\t0\t0\t3",
    "| 行政规范性文件 | 12 | 1 | 40 |",
    "行政许可 1,286",
    "行政处罚\n\n55\n\n",
    "行政强制|3|",
    "\t收费金额\t3.5万元",
    "自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计",
    "一、本年新收政府信息公开申请数量\t5\t1\t0\t0\t0\t0\t6",
    "二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0",
    "（一）予以公开|5|1|0|0|0|0|",
    "（二）部分公开\n1\n\n0\n0",
    "（七）总计\t\t\t\t\t\t",
    "四、结转下年度继续办理 0 - — / 无 0 0",
    "结果维持 结果纠正 其他结果 尚未审结 总计 " * 2,
    "1 0 0 0 1 0 2",
    "统计指标\t单位\t统计数",
    "（一）收到申请数 件 12",
    "1.当面申请数\t件\t7",
    "|---|---|",
    "+----+----+",
]
CLAUSES = [
    "全年主动公开政府信息",
    "其中网站",
    "收到依申请公开",
    "比上年增加",
    "同比下降",
    "按时办结率",
    "上年结转",
    "行政复议",
    "维持",
    "不予公开",
    "2022年",
    "截至",
    "累计",
    "共",
    "约",
    "超过",
    "，",
    "。",
    "；",
    "一是",
    "二是人手不足",
    "更新不够及时",
    "下一步将加强培训",
    "有待提高",
    "存在",
]
NUMBERS = [
    "0",
    "12件",
    "29000余条",
    "3.4万件",
    "１２条",
    "百分之九十七点六",
    "100%",
    "十二件",
    "1,286",
    "-3",
    "增加8/9",
    "〇",
    "½",
    "٣件",
    "①",
    "1.2.3",
    "亿",
    "1e9件",
    "0.0",
    "二〇二二",
    "万万万",
    "00012件",
    "９９．９％",
    "兆",
    "1 286件",
    "9" * 40,
]
MARKS = [*"\n\t\r|｜ \u3000（）()#/…", "\n\n", "\r\n", "**", "<td>", "&nbsp;"]
STRANGE = [*"\0\x0b\x0c\x1c\x85\u2028\ud800\udfff\ufeff\u200b𠀀😀\U0010ffff", "e\u0301"]

fragments = st.sampled_from(TITLES + ROWS + CLAUSES + NUMBERS + MARKS + STRANGE) | st.text(max_size=6)
mixtures = st.lists(fragments, max_size=60).map("".join)
tables = st.lists(st.sampled_from(TITLES + ROWS) | st.sampled_from(NUMBERS + MARKS), max_size=60).map("\n".join)
narratives = st.lists(st.sampled_from(CLAUSES + NUMBERS + CLAUSES), max_size=60).map("".join)

within_seconds = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@cache
def extractor() -> Extractor:
    return Extractor.load()


@cache
def known_cells() -> dict[str, set[str]]:
    return {form.id: set(form.cell_ids()) for form in load_forms()}


def holds(report: Report) -> None:
    """All that record.md promises of any record."""
    text = report.text
    assert text.isascii() or text.encode("utf-8")
    for figure in report.figures:
        assert text[figure.start : figure.end] == figure.text != ""
        assert figure.metric in load_metrics()
        assert figure.value.is_finite()
    for problem in report.problems:
        assert text[problem.start : problem.end] == problem.text != ""
    cells_hold(report)
    sections_hold(report)
    for finding in report.findings:
        assert finding.message
        assert set(finding.cells) <= {cell.id for cell in report.cells}
        assert all(index < len(report.figures) for index in finding.figures)
    assert Report.model_validate_json(report.model_dump_json(by_alias=True)) == report


def cells_hold(report: Report) -> None:
    ids = [cell.id for cell in report.cells]
    assert len(set(ids)) == len(ids)
    assert not ids or set(ids) <= known_cells()[report.report.form or ""]
    for cell in report.cells:
        assert (cell.value is not None) == (cell.state in ("given", "imputed"))
        assert cell.value is None or cell.value.is_finite()
        assert (cell.start is None) == (cell.end is None)
        if cell.start is not None:
            assert without_space(report.text[cell.start : cell.end]) == without_space(cell.raw or "") != ""


def sections_hold(report: Report) -> None:
    ends = [0]
    for section in report.sections:
        assert ends[-1] <= section.start < section.end <= len(report.text)
        ends.append(section.end)
    narrative = [figure.start for figure in report.figures]
    assert narrative == sorted(narrative)


def without_space(text: str) -> str:
    return "".join(text.split())


def extracted(text: str) -> Report:
    try:
        return extractor().extract_text(text)
    except NianbaoError:
        assume(False)
        raise


@settings(within_seconds, max_examples=150)
@given(mixtures)
def test_any_mixture_of_fragments(text: str) -> None:
    holds(extracted(text))


@settings(within_seconds, max_examples=150)
@given(tables)
def test_any_rows_of_tables(text: str) -> None:
    holds(extracted(text))


@settings(within_seconds, max_examples=200)
@given(narratives)
def test_any_narrative(text: str) -> None:
    holds(extracted(text))


@settings(within_seconds, max_examples=200)
@given(st.text(st.characters(), max_size=300))
def test_any_text(text: str) -> None:
    holds(extracted(text))


EXAMPLES = Path(__file__).parents[1] / "annotations" / "reports"
WHOLE = ["donglu-education-2023.txt", "liutang-district-2021.txt", "xipu-market-2020.txt", "yunxiu-town-2020.txt"]
cuts = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3), fragments), min_size=1, max_size=12)


@pytest.mark.parametrize("name", WHOLE)
@settings(within_seconds, max_examples=40)
@given(cuts)
def test_any_damage_to_a_report(name: str, cuts: list[tuple[int, int, str]]) -> None:
    """Some lines taken out, others put in their place."""
    lines = (EXAMPLES / name).read_text(encoding="utf-8").splitlines()
    for at, count, fragment in cuts:
        lines[at : at + count] = [fragment]
    report = extracted("\n".join(lines))
    assert report.cells
    holds(report)


PAGE = "<html><body><p>{}</p><table><tr><td>规章<td>1<td>{}</table>"
NAMES = ["report.txt", "report.md", "report.html", "report.mht", "report.docx", "report.pdf", "report", ""]
BEGINNINGS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"\xff\xfe", b"\xfe\xff", b"MIME-Version: 1.0\n\n"]


def read(data: bytes, name: str) -> Report | str:
    """The record, or what is said of a file that is none."""
    try:
        return extractor().extract_bytes(data, name=name)
    except NianbaoError as error:
        return str(error)


def holds_or_is_refused(outcome: Report | str) -> None:
    if isinstance(outcome, Report):
        holds(outcome)
    else:
        assert "\n" not in outcome


@settings(within_seconds, max_examples=200)
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=400), st.sampled_from(NAMES))
def test_any_bytes_under_any_name(beginning: bytes, data: bytes, name: str) -> None:
    holds_or_is_refused(read(beginning + data, name))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@settings(within_seconds, max_examples=40)
@given(mixtures, st.sampled_from(NAMES), st.booleans())
def test_any_page_in_any_encoding(encoding: str, text: str, name: str, is_page: bool) -> None:
    content = PAGE.format(text, text[:9]) if is_page else text
    holds_or_is_refused(read(content.encode(encoding, "replace"), name))
