"""The page on which a report is corrected: what stands on it, that it harms nobody, and that it works in a browser."""

import html
import time
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from browser import CHROMIUM, Tab, browser
from lxml import html as lxml_html

from extraction import Extractor
from extraction.corrections import corrections, place
from extraction.page import page
from extraction.resources.forms import load_forms
from extraction.resources.page import load_page
from extraction.schema import Figure, Finding, Problem, Repair, Report

EXAMPLES = Path(__file__).parents[1] / "annotations" / "reports"
FORMS = {"2014": "hewan-city-2016.html", "2019": "shipan-transport-2019.txt", "2021": "qinghe-county-2022.html"}
HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>&amp;"""
MENDED = Repair(cell="applications.granted.total", old=Decimal(23), new=Decimal(22), slip="digit")
OTHER = Repair(cell="applications.total.total", old=Decimal(47), new=Decimal(48))


@cache
def read(name: str = FORMS["2021"]) -> Report:
    return Extractor.load(None).extract_file(EXAMPLES / name)


def findings(report: Report) -> tuple[Finding, ...]:
    """Two broken sums with a repair of ours, and two figures that the tables do not state."""
    return tuple(
        f.model_copy(update={"repair": (MENDED,), "alternatives": ((OTHER,),)}) if f.severity == "error" else f
        for f in report.findings
        if f.check in ("applications.outcomes", "applications.applicants", "narrative.table")
    )


def fifty(report: Report) -> tuple[Finding, ...]:
    """Fifty findings, each with cells of its own."""
    ids = [cell.id for cell in report.cells]
    return tuple(
        findings(report)[i % 4].model_copy(update={"id": str(i), "cells": tuple(ids[i * 3 : i * 3 + 5])})
        for i in range(50)
    )


def tree(report: Report, found: tuple[Finding, ...]) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(page(report, found))


def text_of(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


KINDS = {
    "four findings": lambda: (read(), findings(read())),
    "none": lambda: (read(), ()),
    "fifty": lambda: (read(), fifty(read())),
    "the appendix of 2014": lambda: (read(FORMS["2014"]), read(FORMS["2014"]).findings),
    "the form of 2019": lambda: (read(FORMS["2019"]), read(FORMS["2019"]).findings),
    "no tables": lambda: (read("anlan-county-2010.txt"), read("anlan-county-2010.txt").findings),
}
each_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.mark.parametrize("form", FORMS)
def test_every_cell_of_the_form_is_there_once_with_what_is_printed(form: str) -> None:
    report = read(FORMS[form])
    whole = tree(report, ())
    shown = [cell.get("id") for cell in whole.xpath("//td[starts-with(@id, 'c-')]")]
    assert sorted(shown) == sorted(f"c-{cell.id}" for cell in report.cells)
    for cell in report.cells:
        if cell.state == "given":
            assert text_of(whole.get_element_by_id(f"c-{cell.id}")) == " ".join((cell.raw or "").split())


@pytest.mark.parametrize("form", FORMS)
def test_lines_of_a_table_are_equally_wide(form: str) -> None:
    for table in tree(read(FORMS[form]), ()).xpath("//table"):
        widths, reaching = [], list[int]()
        for row in table.iter("tr"):
            cells = list(row)
            widths.append(len(reaching) + sum(int(cell.get("colspan", 1)) for cell in cells))
            reaching = [rows - 1 for rows in reaching if rows > 1]
            for cell in cells:
                reaching += [int(cell.get("rowspan", 1)) - 1] * int(cell.get("colspan", 1))
            reaching = [rows for rows in reaching if rows]
        assert len(set(widths)) == 1


def test_groups_of_the_form_span_what_they_hold() -> None:
    whole = tree(read(), ())
    spans = {text_of(th): (th.get("colspan"), th.get("rowspan")) for th in whole.xpath("//th")}
    assert spans["法人或其他组织"] == ("5", None)
    assert spans["（三）不予公开"] == (None, "8")
    assert spans["三、本年度办理结果"] == (None, "22")
    assert spans["行政诉讼"] == ("10", None)
    assert spans["未经复议直接起诉"] == ("5", None)
    assert spans["第二十条第（六）项"] == ("4", None)


def test_cells_and_figures_of_findings_are_marked_and_lead_back() -> None:
    report, found = read(), findings(read())
    whole = tree(report, found)
    for number, finding in enumerate(found, 1):
        card = whole.get_element_by_id(f"f{number}")
        assert finding.message in text_of(card)
        assert (finding.formula or "") in text_of(card)
        targets = {link.get("href") for link in card.iter("a")}
        for place_id in [f"c-{cell}" for cell in finding.cells] + [f"g{index}" for index in finding.figures]:
            assert f"#{place_id}" in targets
            element = whole.get_element_by_id(place_id)
            assert {"broken", "changed"} & set(element.get("class").split())
            refs = element if place_id.startswith("c-") else element.getnext()
            assert f"#f{number}" in {link.get("href") for link in refs.iter("a")}


def test_a_formula_stands_below_its_table_with_its_difference() -> None:
    whole = tree(read(), findings(read()))
    notes = [text_of(note) for note in whole.xpath("//*[@id='t-applications']//ol[@class='notes']/li")]
    assert any("相差 1" in note and "自然人 + 商业企业" in note and "= 总计（予以公开）" in note for note in notes)


def test_a_repair_is_shown_in_its_cell_and_its_finding() -> None:
    whole = tree(read(), findings(read()))
    cell = whole.get_element_by_id("c-applications.granted.total")
    assert text_of(cell).startswith("23 → 22")
    assert text_of(cell.find(".//del")) == "23"
    card = text_of(whole.get_element_by_id("f1"))
    assert "表三 第三项（一）予以公开 总计：23 → 22" in card
    assert "一位数字不同" in card
    assert "其他改法表三 第三项（七）总计 总计：47 → 48" in card
    assert "与第 1 条相同" in text_of(whole.get_element_by_id("f2"))


def test_states_of_cells_are_told_apart() -> None:
    report = read()
    states = {
        "applications.received.research": {"state": "imputed", "raw": "", "value": Decimal(0)},
        "applications.received.other": {"state": "blank", "raw": "", "value": None},
        "disputes.review.other": {"state": "missing", "raw": None, "value": None},
        "disputes.review.upheld": {"state": "unreadable", "raw": "1/2", "value": None},
    }
    changed = tuple(cell.model_copy(update=states.get(cell.id, {})) for cell in report.cells)
    whole = tree(report.model_copy(update={"cells": changed}), ())
    imputed, blank, missing, unreadable = (whole.get_element_by_id(f"c-{cell}") for cell in states)
    assert (text_of(imputed), text_of(blank), text_of(missing), text_of(unreadable)) == ("（0）", "", "缺", "1/2")
    assert (missing.get("class"), unreadable.get("class")) == ("missing", "unreadable")
    assert imputed.find(".//span[@class='imputed']") is not None
    assert [text_of(each) for each in whole.xpath("//*[@class='legend']/div")] == [
        "（0）空白，括号内为推定值", "缺版面中缺失", "1/2不是一个数",
    ]  # fmt: skip


@each_kind
def test_links_resolve_and_ids_are_unique(kind: str) -> None:
    whole = tree(*KINDS[kind]())
    ids = whole.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = whole.xpath("//a/@href")
    assert {target for target in targets if not (target.startswith("#") and target[1:] in ids)} == set()


@each_kind
def test_nothing_is_fetched(kind: str) -> None:
    whole = page(*KINDS[kind]())
    assert "http://" not in whole
    assert "https://" not in whole
    assert set(lxml_html.document_fromstring(whole).xpath("//@src | //link/@href")) == {"data:,"}


@each_kind
def test_every_figure_is_marked_in_the_text_and_no_table_is_repeated(kind: str) -> None:
    report, found = KINDS[kind]()
    text = tree(report, found).get_element_by_id("text")
    for index, figure in enumerate(report.figures):
        assert text_of(text.xpath(f".//*[@id='g{index}']")[0]) in " ".join(figure.text.split())
    assert "\t" not in text.text_content()
    assert "本年新收政府信息公开申请数量" not in text.text_content()
    assert report.report.title in text.text_content()


def test_marks_may_overlap_and_cross_lines() -> None:
    text = "一二三四五\n六七八。"
    figure = Figure(metric="meetings", value=Decimal(3), unit="次", text="三四", start=2, end=4, confidence=1)
    across = Figure(metric="unknown", value=Decimal(5), unit=None, text="五\n六", start=4, end=7, confidence=1)
    problem = Problem(type="timeliness", text="二三", start=1, end=3, confidence=1)
    report = read().model_copy(
        update={"text": text, "cells": (), "sections": (), "figures": (figure, across), "problems": (problem,)}
    )
    whole = tree(report, ())
    assert [text_of(each) for each in whole.xpath("//*[contains(@class, 'figure')]")] == ["三", "四", "五", "六"]
    assert [text_of(each) for each in whole.xpath("//*[@class='problem']")] == ["二", "三"]
    assert text_of(whole.xpath("//*[@class='text']")[0]) == "一二三四五六七八。"
    assert whole.get_element_by_id("g1").get("title") == "unknown：5"


def hostile() -> tuple[Report, tuple[Finding, ...]]:
    """A report every word of which would be markup, and findings on places that it does not have."""
    report = read()
    head = report.report.model_copy(update={"title": HOSTILE, "agency": HOSTILE})
    cells = tuple(cell.model_copy(update={"raw": HOSTILE}) for cell in report.cells)
    figures = (Figure(metric=HOSTILE, value=Decimal(1), unit=HOSTILE, text=HOSTILE, start=0, end=9, confidence=1),)
    problem = Problem(type=HOSTILE, text=HOSTILE, start=3, end=20, confidence=1)
    finding = Finding(
        check=HOSTILE, severity="error", message=HOSTILE, formula=HOSTILE, difference=Decimal(1),
        cells=(HOSTILE, "applications.total.total"), figures=(0, 7),
        repair=(Repair(cell=HOSTILE, old=None, new=Decimal(1)),),
    )  # fmt: skip
    return report.model_copy(
        update={
            "source": report.source.model_copy(update={"path": HOSTILE.replace("/", "")}),
            "report": head, "cells": cells, "text": HOSTILE, "figures": figures, "problems": (problem,), "sections": (),
        }
    ), (finding,)  # fmt: skip


def test_no_word_of_a_report_becomes_markup() -> None:
    whole = tree(*hostile())
    assert len(whole.xpath("//script")) == 1
    assert whole.xpath("//img | //@onerror") == []
    assert text_of(whole.find(".//h1")) == HOSTILE
    assert html.escape(HOSTILE) in page(*hostile())


def test_corrections_say_where_in_the_words_of_the_form() -> None:
    def repaired(report: Report, cell: str, old: int | None, new: int, **more: object) -> list[str]:
        repair = Repair(cell=cell, old=None if old is None else Decimal(old), new=Decimal(new))
        finding = Finding(check="x", severity="error", message="x", repair=(repair,)).model_copy(update=more)
        return corrections(report, [finding, finding])

    form_2021, form_2014 = read(), read(FORMS["2014"])
    for cell, words in {
        "applications.partial.natural_person": "表三 第三项（二）部分公开 自然人",
        "applications.received.total": "表三 第一项 本年新收政府信息公开申请数量 总计",
        "applications.denied_law.other": "表三 第三项（三）不予公开 2.其他法律行政法规禁止公开 其他",
        "disputes.direct.upheld": "表四 行政诉讼 未经复议直接起诉 结果维持",
        "disputes.review.total": "表四 行政复议 总计",
        "disclosure.permits.decisions": "表二 第二十条第（五）项 行政许可 本年处理决定数量",
    }.items():
        assert repaired(form_2021, cell, 15, 0) == [f"{words}：15 → 0"]
    assert repaired(form_2014, "statistics.review_other", None, 2) == ["附表 第四项（三）其他情形数：空白 → 2"]
    assert repaired(form_2014, "statistics.denied_law", 1, 2) == [
        "附表 第三项（三）申请答复数 4.不同意公开答复数 6.法律法规规定的其他情形：1 → 2"
    ]
    (line,) = repaired(form_2021, "disputes.review.total", 4, 5, cause="reading")
    assert line.endswith(load_page().doubtful)
    (line,) = repaired(form_2021, "disputes.review.total", 4, 5, alternatives=((OTHER,), (MENDED,)))
    assert line.endswith("（另有 2 种改法）")
    assert repaired(form_2021.model_copy(update={"report": form_2021.report.model_copy(update={"form": None})}),
                    "disputes.review.total", 4, 5) == []  # fmt: skip


def test_no_two_cells_of_a_form_have_the_same_place() -> None:
    for form in load_forms():
        places = [place(form, cell) for cell in form.cell_ids()]
        assert len(places) == len(set(places))


def test_a_sound_report_is_told_so() -> None:
    whole = tree(read(), ())
    assert load_page().sound in text_of(whole)
    assert whole.xpath("//aside | //*[@class='corrections']") == []
    assert load_page().sound_untold in page(read("anlan-county-2010.txt"), ())


def test_the_page_takes_no_time() -> None:
    report, found = read(), fifty(read())
    page(report, found)
    start = time.perf_counter()
    page(report, found)
    assert time.perf_counter() - start < 0.1


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed to open the page in")
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def opened(tab: Tab, tmp_path: Path) -> Tab:
    """A tab with the page of four findings, 1280 wide."""
    file = tmp_path / "page.html"
    file.write_text(page(read(), findings(read())), encoding="utf-8")
    tab.open(file)
    return tab


def in_view(tab: Tab, name: str) -> bool:
    box = f"document.getElementById({name!r}).getBoundingClientRect()"
    return bool(tab.evaluate(f"(b => b.top >= 0 && b.bottom <= innerHeight && b.left >= 0)({box})"))


@each_kind
@pytest.mark.parametrize("width", [1280, 400])
def test_a_browser_opens_it_without_complaint_or_network(tab: Tab, tmp_path: Path, kind: str, width: int) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(*KINDS[kind]()), encoding="utf-8")
    tab.open(file, width=width)
    assert tab.complaints == []
    assert [url for url in tab.requests if not url.startswith(("file:", "data:", "about:"))] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert len(tab.screenshot()) > 15_000, "a blank picture is much smaller"


def test_a_hostile_report_runs_nothing(tab: Tab, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(*hostile()), encoding="utf-8")
    tab.open(file)
    assert tab.complaints == []
    assert tab.evaluate("document.scripts.length") == 1


def test_a_click_leads_to_the_place_and_lights_all_of_its_finding(opened: Tab) -> None:
    assert not in_view(opened, "c-applications.granted.total")
    opened.click("#f2 .where a")
    assert in_view(opened, "c-applications.granted.total")
    lit = opened.evaluate("[...document.querySelectorAll('.lit')].map((e) => e.id)")
    assert {name for name in lit if name.startswith("c-")} == {f"c-{cell}" for cell in findings(read())[1].cells}
    opened.click("#g14 + .refs a")
    assert opened.evaluate("location.hash") == "#f4"
    assert opened.evaluate("document.querySelector('.current').id") == "f4"
    assert in_view(opened, "f4")


def test_the_keyboard_is_enough(opened: Tab) -> None:
    opened.evaluate("document.querySelector('#f3 summary').focus()")
    opened.press("Enter")
    assert opened.evaluate("document.getElementById('f3').open") is False
    opened.press("Tab")
    assert opened.evaluate("document.activeElement.getAttribute('href')") == "#g12"
    opened.press("Enter")
    assert in_view(opened, "g12")


def test_fifty_findings_are_closed_and_open_when_led_to(tab: Tab, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(read(), fifty(read())), encoding="utf-8")
    tab.open(file, anchor="#f40")
    assert tab.evaluate("[...document.querySelectorAll('.finding')].filter((e) => e.open).map((e) => e.id)") == ["f40"]
    assert in_view(tab, "f40")
    assert tab.evaluate("document.querySelector('.side').offsetHeight") <= 900


def test_on_paper_all_findings_are_open_and_no_page_is_cut(opened: Tab) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    paper = pdfium.PdfDocument(opened.printed())
    text = "".join(sheet.get_textpage().get_text_range() for sheet in paper).replace("\r\n", "")
    assert 3 <= len(paper) <= 7
    assert {round(size) for size in paper[0].get_size()} == {595, 842}
    assert text.count("相差 1") >= len(findings(read()))
