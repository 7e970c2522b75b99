"""Tables to cells: each way in which a page bends the form, in a small table of its own."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest

from extraction import readers, tables
from extraction.errors import BadResource
from extraction.forms import Aligner, Alignment
from extraction.resources import files
from extraction.resources.forms import Form, Table, load_forms
from extraction.schema import Cell

FORMS = {form.id: form for form in load_forms()}
APPLICANTS = "申请人\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计"
RESULTS = "结果维持\t结果纠正\t其他结果\t尚未审结\t总计"
FIVE_AND_ONE = "5 1 0 0 0 0 6"
NOTHING: Mapping[str, str] = MappingProxyType({})


def applications(rows: Mapping[str, str] = NOTHING, *, between: str = " ", without: tuple[str, ...] = ()) -> list[str]:
    """Lines of table three as the form of 2021 prints them; rows that are not given are zero."""
    table = FORMS["2021"].table("applications")
    return [
        between.join([row.label, *rows.get(row.id, "0 0 0 0 0 0 0").split(" ")])
        for row in table.all_rows
        if not row.instead_of and row.id not in without
    ]


def align(lines: list[str] | str, year: int = 2023) -> Alignment:
    text = lines if isinstance(lines, str) else "\n".join(lines)
    return Aligner.load().align(tables.find(readers.read_text(text)), year=year)


def row(alignment: Alignment, name: str) -> list[str]:
    """The values of a row; an imputed one ends in `?`, one without value is its state."""
    return [shown(cell) for cell in alignment.cells if cell.id.startswith(f"{name}.")]


def shown(cell: Cell) -> str:
    if cell.value is None:
        return cell.state
    return f"{cell.value:f}" + ("?" if cell.state == "imputed" else "")


def test_rows_are_found_by_their_labels() -> None:
    found = align(applications({"received": FIVE_AND_ONE, "granted": FIVE_AND_ONE, "total": FIVE_AND_ONE}))
    assert found.form == FORMS["2021"]
    assert found.tables == ("applications",)
    for name in ("received", "granted", "total"):
        assert row(found, f"applications.{name}") == FIVE_AND_ONE.split()
    assert row(found, "applications.partial") == ["0"] * 7


@pytest.mark.parametrize(
    "label",
    [
        "三、补正后申请内容仍不明确",
        "3.补正后仍不明确",
        "（三）补正後申请內容仍不明确",
        "无法提供—补正后申请内容仍不明确",
    ],
)
def test_a_label_may_be_shortened_or_misspelt(label: str) -> None:
    lines = [
        line.replace("3.补正后申请内容仍不明确", label)
        for line in applications({"unavailable_unclear": "2 0 0 0 0 0 2"})
    ]
    assert row(align(lines), "applications.unavailable_unclear") == ["2", "0", "0", "0", "0", "0", "2"]


def test_a_label_is_broken_over_lines_around_its_values() -> None:
    lines = "\n".join(applications({"unavailable_unclear": "2 0 0 0 0 0 2"}))
    broken = lines.replace("3.补正后申请内容仍不明确 2 0 0 0 0 0 2", "3.补正后申请内\n2 0 0 0 0 0 2\n容仍不明确")
    assert broken != lines
    assert row(align(broken), "applications.unavailable_unclear") == ["2", "0", "0", "0", "0", "0", "2"]


def test_one_cell_a_line() -> None:
    lines = "\n".join(applications({"received": FIVE_AND_ONE})).replace(" ", "\n")
    assert row(align(lines), "applications.received") == FIVE_AND_ONE.split()


def test_a_serial_number_before_the_labels_is_no_value() -> None:
    lines = applications({"received": FIVE_AND_ONE}, between="\t")
    numbered = [f"{number}\t{line}" for number, line in enumerate(lines, 1)]
    found = align([f"序号\t{APPLICANTS}", *numbered])
    assert row(found, "applications.received") == FIVE_AND_ONE.split()
    assert row(found, "applications.carried_out") == ["0"] * 7


def test_values_pushed_sideways_are_put_back_by_the_sums() -> None:
    counts = dict.fromkeys(("received", "granted", "total"), FIVE_AND_ONE)
    straight = [APPLICANTS, *applications(counts, between="\t")]
    pushed = [line.replace("予以公开\t5\t1\t0\t0\t0\t0\t6", "予以公开\t\t5\t1\t0\t0\t0\t0\t6") for line in straight]
    assert pushed != straight
    assert row(align(pushed), "applications.granted") == FIVE_AND_ONE.split()


def test_a_blank_total_is_imputed_and_never_given() -> None:
    lines = [
        APPLICANTS,
        *applications({"received": FIVE_AND_ONE, "granted": FIVE_AND_ONE, "total": "      "}, between="\t"),
    ]
    found = align(lines)
    assert row(found, "applications.total") == ["5?", "1?", "0?", "0?", "0?", "0?", "6?"]
    (total,) = [cell for cell in found.cells if cell.id == "applications.total.total"]
    assert (total.raw, total.start, total.state) == ("", None, "imputed")


def test_a_blank_total_stays_blank_where_the_sums_contradict_each_other() -> None:
    counts = {"received": FIVE_AND_ONE, "granted": "4 1 0 0 0 0 5", "total": "      "}
    found = row(align([APPLICANTS, *applications(counts, between="\t")]), "applications.total")
    assert (found[0], found[-1]) == ("blank", "blank")


def test_lost_cells_that_the_sums_decide_are_imputed() -> None:
    counts = {"received": "5 1 0 0 0 6", "granted": FIVE_AND_ONE, "total": FIVE_AND_ONE}
    assert row(align(applications(counts)), "applications.received") == ["5", "1", "0?", "0?", "0?", "0?", "6"]


def test_lost_cells_that_the_sums_do_not_decide_are_missing() -> None:
    counts = {"received": "2 1 3", "granted": "2 1 3", "total": "2 1 3"}
    found = align(applications(counts))
    assert row(found, "applications.received") == ["missing"] * 7
    assert row(found, "applications.partial") == ["0"] * 7


@pytest.mark.parametrize("page", ["- 3 -", "—3—", "第3页", "第 3 页 共 8 页"])
def test_a_page_number_behind_a_short_row_is_none_of_its_values(page: str) -> None:
    lines = applications({"received": "5 1 0 0 0 6", "granted": FIVE_AND_ONE, "total": FIVE_AND_ONE})
    found = align([lines[0], page, *lines[1:]])
    assert row(found, "applications.received") == ["5", "1", "0?", "0?", "0?", "0?", "6"]


def test_a_row_that_the_page_lost_is_not_given() -> None:
    counts = dict.fromkeys(("received", "granted", "total"), FIVE_AND_ONE)
    found = row(align(applications(counts, without=("partial", "rejected_repeat"))), "applications.partial")
    assert set(found) <= {"missing", "0?"}


def test_undivided_other_outcomes_take_the_place_of_the_three_rows() -> None:
    lines = applications({"received": FIVE_AND_ONE, "total": FIVE_AND_ONE})
    divided = [line for line in lines if "逾期" in line or "3.其他" in line]
    at = lines.index(divided[0])
    lines[at : at + 3] = [f"（六）其他处理 {FIVE_AND_ONE}"]
    found = align(lines)
    assert len(divided) == 3
    assert row(found, "applications.other") == FIVE_AND_ONE.split()
    assert row(found, "applications.other_rest") == []


def test_divided_other_outcomes_leave_out_the_row_they_stand_for() -> None:
    found = align(applications({"other_rest": FIVE_AND_ONE}))
    assert row(found, "applications.other") == []
    assert row(found, "applications.other_rest") == FIVE_AND_ONE.split()


DISPUTES = [
    "行政复议\t行政诉讼\t",
    "\t未经复议直接起诉\t复议后起诉",
    f"{RESULTS}\t{RESULTS}\t{RESULTS}",
    "1\t0\t0\t0\t1\t0\t2\t0\t0\t2\t0\t0\t3\t0\t3",
]


def test_three_groups_of_results_stand_beside_each_other() -> None:
    found = align([*applications(), "四、政府信息公开行政复议、行政诉讼情况。本年情况如下，请予监督指导。", *DISPUTES])
    assert row(found, "disputes.review") == ["1", "0", "0", "0", "1"]
    assert row(found, "disputes.direct") == ["0", "2", "0", "0", "2"]
    assert row(found, "disputes.after_review") == ["0", "0", "3", "0", "3"]


def test_the_groups_of_results_may_come_in_two_parts() -> None:
    first = ["行政复议", RESULTS, "1\t0\t0\t0\t1"]
    groups = "未经复议直接起诉\t\t\t\t\t复议后起诉"
    second = ["行政诉讼", groups, f"{RESULTS}\t{RESULTS}", "0\t2\t0\t0\t2\t0\t0\t3\t0\t3"]
    found = align([*applications(), "本年行政复议、行政诉讼的情况如下，请予监督指导。", *first, "", *second])
    assert row(found, "disputes.review") == ["1", "0", "0", "0", "1"]
    assert row(found, "disputes.direct") == ["0", "2", "0", "0", "2"]
    assert row(found, "disputes.after_review") == ["0", "0", "3", "0", "3"]


DISCLOSURE = [
    "信息内容\t本年制发件数\t本年废止件数\t现行有效件数",
    "规章\t1\t0\t4",
    "行政规范性文件\t6\t2\t30",
    "信息内容\t本年处理决定数量",
    "行政许可\t120",
    "信息内容\t本年处理决定数量",
    "行政处罚\t35",
    "行政强制\t0",
    "信息内容\t本年收费金额（单位：万元）",
    "行政事业性收费\t5",
]


@pytest.mark.parametrize(
    ("header", "printed", "amount"),
    [
        ("（单位：万元）", "5", "5"),
        ("（单位：元）", "50000", "5"),
        ("（单位：万元）", "50000元", "5"),
        ("（单位：万元）", "1.25万元", "1.25"),
    ],
)
def test_fees_are_in_ten_thousands_whatever_is_printed(header: str, printed: str, amount: str) -> None:
    lines = [line.replace("（单位：万元）", header) for line in DISCLOSURE[:-1]]
    (fees,) = [cell for cell in align([*lines, f"行政事业性收费\t{printed}"]).cells if cell.row == "fees"]
    assert (fees.value, fees.unit, fees.raw) == (Decimal(amount), "万元", printed)


def test_a_header_glued_of_two_neighbours_names_both_columns() -> None:
    header = "申请人\t自然人\t商业企业科研机构\t\t社会公益组织\t法律服务机构\t其他"
    given = {"received": "7 9 6 4 3 2", "granted": "7 9 6 4 3 2"}
    rows = [line.split("\t") for line in applications(given, between="\t")]
    found = align([header, *("\t".join(cells[:7]) for cells in rows)])
    assert row(found, "applications.received")[:6] == ["7", "9", "6", "4", "3", "2"]
    assert row(found, "applications.granted")[:6] == ["7", "9", "6", "4", "3", "2"]


def test_another_table_that_speaks_of_regulations_is_left_alone() -> None:
    other = ["清理情况\t保留\t修改", "规章\t7\t8", "合计\t7\t8", "以上为本年规章清理的情况，清理结果已经公布。"]
    found = align([*other, *DISCLOSURE])
    assert row(found, "disclosure.regulations") == ["1", "0", "4"]
    assert row(found, "disclosure.normative_documents") == ["6", "2", "30"]
    text = readers.read_text("\n".join([*other, *DISCLOSURE])).text
    assert min(start for start, _ in found.taken) >= text.index("信息内容")


def test_the_year_decides_between_forms_that_fit_alike() -> None:
    lines = [line for line in applications() if "其他处理" not in line]
    lines = [line for line in lines if "逾期" not in line and "3.其他" not in line]
    forms = [align(lines, year=year).form for year in (2019, 2024)]
    assert [form and form.id for form in forms] == ["2019", "2021"]


def test_prose_fills_in_no_form() -> None:
    found = align("全年收到申请12件，予以公开9件，部分公开1件。\n行政许可\n规章")
    assert (found.form, found.cells, found.taken) == (None, (), ())


TABLE = """
id: applications
section: 3
title: 申请
columns: [{id: person, label: 自然人}, {id: total, label: 总计}]
rows: [{id: received, label: 新收}]
identities: [{check: applications.applicants, across: columns, sum: [NAME], equals: [total]}]
"""


def load_table(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    (folder / "table.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(files, "data_path", lambda name: folder / name)
    return files.load("table.yaml", Table)


def test_a_form_that_names_an_unknown_column_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = load_table(TABLE.replace("NAME", "person"), tmp_path, monkeypatch)
    assert [parts for _, _, parts, _ in known.sums()] == [("applications.received.person",)]
    with pytest.raises(
        BadResource, match=r"table\.yaml.*applications\.applicants names persom, unknown to applications"
    ):
        load_table(TABLE.replace("NAME", "persom"), tmp_path, monkeypatch)


def test_a_form_with_a_key_or_cell_it_does_not_know_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadResource, match=r"table\.yaml: rows\.0\.wide"):
        load_table(
            TABLE.replace("label: 新收", "label: 新收, wide: 3").replace("NAME", "person"), tmp_path, monkeypatch
        )
    form = FORMS["2021"].model_dump() | {"states": {"permits": [["disclosure.permit.decisions"]]}}
    with pytest.raises(ValueError, match=r"permits is stated by disclosure\.permit\.decisions"):
        Form.model_validate(form)
