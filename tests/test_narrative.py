"""Paragraphs to sentences."""

from extraction.document import DocumentBuilder, PlacedCell
from extraction.narrative import sentences
from extraction.schema import Section


def split(*lines: str) -> list[str]:
    builder = DocumentBuilder()
    for line in lines:
        builder.paragraph(line)
    return [sentence.text for sentence in sentences(builder.build(media_type="text/plain"))]


def test_a_line_that_the_page_broke_goes_on() -> None:
    assert split("全年通过各渠道主动公开政府信", "息三百余条，其中网站二百条。") == [
        "全年通过各渠道主动公开政府信息三百余条，其中网站二百条。"
    ]


def test_headings_and_list_items_stand_apart() -> None:
    assert split("一、总体情况", "全年工作平稳推进，没有出现差错", "（二）依申请公开", "没有收到申请。") == [
        "一、总体情况",
        "全年工作平稳推进，没有出现差错",
        "（二）依申请公开",
        "没有收到申请。",
    ]


def test_a_heading_stands_apart_in_narrow_text() -> None:
    assert split("五、存在的主要问题及改进情况\n公开不及时。") == ["五、存在的主要问题及改进情况", "公开不及时。"]


def test_the_title_of_a_section_is_a_heading_without_a_number() -> None:
    builder = DocumentBuilder()
    builder.paragraph("存在的主要问题及改进情况\n公开不及时。")
    document = builder.build(media_type="text/plain")
    section = Section(number=5, title="存在的主要问题及改进情况", start=0, end=len(document.text))
    assert [sentence.text for sentence in sentences(document, sections=[section])] == [section.title, "公开不及时。"]


def test_a_comma_at_the_end_of_a_line_never_ends_a_sentence() -> None:
    assert split("公开信息，", "", "范围较广。") == ["公开信息，范围较广。"]


def test_sentences_end_at_full_stops_but_not_at_semicolons() -> None:
    assert split("收到一件；办结一件。无复议！") == ["收到一件；办结一件。", "无复议！"]


def test_offsets_keep_the_place_of_each_character() -> None:
    builder = DocumentBuilder()
    builder.paragraph("本年度全县各单位依申请公开政府信息共 12\n件，全部办结。")
    document = builder.build(media_type="text/plain")
    [sentence] = sentences(document)
    start = sentence.text.index("12件")
    first, last = sentence.span(start, start + 3)
    assert document.text[first:last] == "12\n件"
    assert len(sentence.offsets) == len(sentence.text)


def test_spaces_between_chinese_characters_go() -> None:
    assert split("商业 企业申请 2 件") == ["商业企业申请 2 件"]


def test_tables_are_left_out() -> None:
    builder = DocumentBuilder()
    builder.paragraph("一、总体情况")
    builder.grid([PlacedCell(0, 0, "规章"), PlacedCell(0, 1, "0")])
    builder.paragraph("信息内容")
    document = builder.build(media_type="text/plain")
    taken = (document.text.index("信息内容"), len(document.text))
    assert [sentence.text for sentence in sentences(document, taken=[taken])] == ["一、总体情况"]


def test_a_sentence_knows_its_section_and_paragraph() -> None:
    builder = DocumentBuilder()
    builder.paragraph("甲句。乙句。\n丙句。")
    document = builder.build(media_type="text/plain")
    parts = [Section(number=1, title="总体情况", start=0, end=6), Section(number=5, title="问题", start=6, end=11)]
    found = sentences(document, sections=parts)
    assert [(sentence.section, sentence.paragraph) for sentence in found] == [(1, 0), (1, 0), (5, 1)]
