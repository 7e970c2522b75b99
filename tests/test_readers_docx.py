from collections.abc import Callable
from io import BytesIO

import docx
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from shown import shown

from extraction.readers import read_bytes

MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def saved(write: Callable[[Word], object]) -> bytes:
    word = docx.Document()
    write(word)
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def lines(write: Callable[[Word], object]) -> list[str]:
    return shown(read_bytes(saved(write), name="report.docx"))


def paragraph(xml: str) -> list[str]:
    """The lines of a document with one paragraph of this content."""

    def write(word: Word) -> None:
        word.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')} {MC}>{xml}</w:p>"))

    return lines(write)


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_paragraphs_and_tables_stand_in_order_with_their_spans():
    def write(word: Word) -> None:
        word.add_paragraph("一、总体情况")
        table = word.add_table(3, 3)
        for number, cell in enumerate(table._cells):
            cell.text = str(number)
        table.cell(0, 0).merge(table.cell(1, 0)).text = "项目"
        table.cell(0, 1).merge(table.cell(0, 2)).text = "数量"
        word.add_paragraph("二、其他")

    assert lines(write) == ["一、总体情况", "项目^2×1 | 数量^1×2", "4 | 5", "6 | 7 | 8", "二、其他"]


def test_a_table_within_a_table_makes_the_outer_one_layout():
    def write(word: Word) -> None:
        outer = word.add_table(1, 2)
        outer.cell(0, 0).text = "栏目"
        inner = outer.cell(0, 1).add_table(2, 2)
        for number, cell in enumerate(inner._cells):
            cell.text = str(number)

    assert lines(write) == ["栏目", "0 | 1", "2 | 3"]


def test_revisions_are_resolved():
    moved = f"<w:moveFrom>{run('移')}</w:moveFrom><w:moveTo>{run('移')}</w:moveTo>"
    deleted = "<w:del><w:r><w:delText>旧3件</w:delText></w:r></w:del>"
    assert paragraph(f"{run('收到')}{deleted}<w:ins>{run('12件')}</w:ins>{moved}") == ["收到12件移"]


def test_hidden_text_is_left_out_and_breaks_and_tabs_are_kept():
    assert paragraph(run("公开") + run("暗", "<w:vanish/>") + run("12", '<w:vanish w:val="0"/>')) == ["公开12"]
    assert paragraph("<w:r><w:t>规章</w:t><w:tab/><w:t>0</w:t><w:br/><w:t>许可</w:t></w:r>") == ["规章\t0", "许可"]


def test_struck_text_and_marks_of_notes_are_left_out():
    raised = '<w:vertAlign w:val="superscript"/>'
    struck = run("3", "<w:strike/>") + run("4", "<w:dstrike/>") + run("5", '<w:strike w:val="0"/>')
    assert paragraph(run("12") + run("1", raised) + run("件") + struck) == ["12件5"]
    assert paragraph(run("2", raised) + run("5m") + run("2", raised)) == ["25m2"]


def test_fields_give_their_result_and_links_their_text():
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    field = (
        mark("begin") + "<w:r><w:instrText>=SUM(ABOVE)</w:instrText></w:r>" + mark("separate") + run("12") + mark("end")
    )
    assert paragraph(f"{field}<w:hyperlink>{run('件')}</w:hyperlink>") == ["12件"]


def test_a_text_box_is_read_once_and_content_controls_are_seen_through():
    box = f"<w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent>"
    both = f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
    assert paragraph(run("正文") + both) == ["正文", "框内"]
    assert paragraph(f"<w:sdt><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>") == ["控件"]


def test_headers_and_footers_are_left_out_and_the_title_is_given():
    def write(word: Word) -> None:
        word.core_properties.title = "某县年报"
        word.sections[0].header.paragraphs[0].text = "页眉"
        word.sections[0].footer.paragraphs[0].text = "页脚"
        word.add_paragraph("正文")

    document = read_bytes(saved(write), name="report.docx")
    assert shown(document) == ["正文"]
    assert document.title == "某县年报"


def test_a_document_is_read_under_another_ending():
    assert shown(read_bytes(saved(lambda word: word.add_paragraph("正文")), name="report.pdf")) == ["正文"]
