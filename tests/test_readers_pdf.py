from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table
from shown import shown

from extraction.document import Document, Grid
from extraction.readers import read, read_bytes

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
BODY = ParagraphStyle("body", fontName=FONT, fontSize=14, leading=24, wordWrap="CJK", firstLineIndent=28)


def laid_out(
    *parts: Flowable, heads: Callable[[Canvas, SimpleDocTemplate], None] = lambda canvas, layout: None
) -> Document:
    stream = BytesIO()
    SimpleDocTemplate(stream, title="某县年报").build(list(parts), onFirstPage=heads, onLaterPages=heads)
    return read_bytes(stream.getvalue(), name="report.pdf")


def drawn(draw: Callable[[Canvas], object], rotation: int = 0) -> Document:
    stream = BytesIO()
    # The size that is asked for is that of the turned page.
    canvas = Canvas(stream, pagesize=(600, 800) if rotation % 180 == 0 else (800, 600))
    canvas.setPageRotation(rotation)
    canvas.setFont(FONT, 12)
    draw(canvas)
    canvas.save()
    return read_bytes(stream.getvalue(), name="report.pdf")


def ruled(rows: list[list[str]], *spans: tuple[int, int, int, int], width: float = 60, **options: object) -> Table:
    """A table with lines; a span is first column, first row, last column, last row."""
    style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), FONT, 10)]
    return Table(rows, colWidths=width, style=style + [("SPAN", s[:2], s[2:]) for s in spans], **options)


def test_lines_and_tables_come_in_reading_order_with_pages_and_indents():
    text = Paragraph("全年收到申请12件，办结12件，均在法定期限内答复，没有结转下一年度办理的申请，没有收取费用。", BODY)
    document = laid_out(text, ruled([["规章", "0"], ["许可", "5"]]), Paragraph("无。", BODY))
    first, second, *rest = shown(document)
    assert first.startswith("  全年收到申请12件，")
    assert not second.startswith(" ")
    assert rest == ["规章 | 0", "许可 | 5", "  无。"]
    assert (document.pages, document.title, {block.page for block in document.blocks}) == (1, "某县年报", {1})


@pytest.mark.usefixtures("chinese_font")
def test_merged_cells_and_upright_headers_are_one_cell():
    rows = [["三\n、\n结\n果", "项目", "数量", ""], ["", "", "上年", "本年"], ["", "公开", "1", "2"]]
    document = laid_out(ruled(rows, (0, 0, 0, 2), (1, 0, 1, 1), (2, 0, 3, 0)))
    assert shown(document) == ["三、结果^3×1 | 项目^2×1 | 数量^1×2", "上年 | 本年", "公开 | 1 | 2"]


@pytest.mark.usefixtures("chinese_font")
def test_a_number_broken_in_a_narrow_cell_is_joined_and_two_numbers_are_not():
    document = laid_out(ruled([["收费", "16197\n.02"], ["其他", "10\n5"]], width=38))
    assert shown(document) == ["收费 | 16197.02", "其他 | 10；5"]
    assert shown(laid_out(ruled([["收", "1\n136"], ["其", "1"]], width=23))) == ["收 | 1136", "其 | 1"]


def test_a_table_over_a_page_break_is_one_grid():
    rows = [["结果", f"（{number}）公开", str(number)] for number in range(60)]
    rows[39:] = [["", *row[1:]] for row in rows[39:]]
    document = laid_out(Paragraph("三、申请情况", BODY), ruled(rows), Paragraph("四、其他", BODY))
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    assert [(grid.rows, grid.columns) for grid in grids] == [(60, 3)]
    assert shown(document)[40].endswith("（39）公开 | 39")
    assert shown(document)[-1].strip() == "四、其他"


def test_a_table_goes_on_with_fewer_columns():
    def draw(canvas: Canvas) -> None:
        canvas.grid([100, 200, 300, 400], [60, 90, 120])
        for x, y, text in (
            (110, 100, "规章"),
            (210, 100, "1"),
            (310, 100, "2"),
            (110, 70, "文件"),
            (210, 70, "3"),
            (310, 70, "4"),
        ):
            canvas.drawString(x, y, text)
        canvas.showPage()
        canvas.setFont(FONT, 12)
        canvas.grid([100, 200, 400], [700, 730])
        canvas.drawString(110, 710, "许可")
        canvas.drawString(310, 710, "5")

    assert shown(drawn(draw)) == ["规章 | 1 | 2", "文件 | 3 | 4", "许可 | 5^1×2"]


def test_cells_that_a_page_break_leaves_open_are_closed():
    def draw(canvas: Canvas) -> None:
        canvas.lines([(x, 500, x, 700) for x in (100, 200, 300)] + [(100, 600, 300, 600)])
        for x, y, text in ((110, 650, "规章"), (210, 650, "1"), (110, 550, "许可"), (210, 550, "5")):
            canvas.drawString(x, y, text)

    assert shown(drawn(draw)) == ["规章 | 1", "许可 | 5"]


def test_a_table_without_lines_at_its_sides_is_whole():
    def draw(canvas: Canvas) -> None:
        canvas.lines([(100, y, 400, y) for y in (600, 630, 660)] + [(200, 600, 200, 660), (300, 600, 300, 660)])
        for x, y, text in (
            (110, 640, "项目"),
            (210, 640, "上年"),
            (310, 640, "本年"),
            (110, 610, "规章"),
            (310, 610, "2"),
        ):
            canvas.drawString(x, y, text)

    assert shown(drawn(draw)) == ["项目 | 上年 | 本年", "规章 |  | 2"]


def test_a_watermark_across_the_page_is_left_out():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "收到申请12件")
        canvas.translate(100, 600)
        canvas.rotate(45)
        canvas.drawString(0, 0, "内部资料")

    assert shown(drawn(draw)) == ["收到申请12件"]


def test_shaded_lines_and_frames_are_no_tables():
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        for y in (700, 680, 660):
            canvas.rect(50, y - 4, 500, 20, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.rect(40, 600, 520, 150)
        for y in (700, 680, 660):
            canvas.drawString(50, y, "公开工作有序推进")

    assert shown(drawn(draw)) == ["公开工作有序推进"] * 3


def test_rows_without_lines_are_lines_with_tabs_and_empty_cells():
    rows = [["项目", "本年制发", "本年废止"], ["规章", "0", "1"], ["规范性文件", "", "20"], ["", "上年", "本年"]]
    document = laid_out(Table(rows, colWidths=120, style=[("FONT", (0, 0), (-1, -1), FONT, 10)]))
    assert shown(document) == ["项目\t本年制发\t本年废止", "规章\t0\t1", "规范性文件\t\t20", "\t上年\t本年"]


def test_a_wrapped_label_stands_whole_in_its_row_without_lines_too():
    rows = [
        ["项目", "上年", "本年"],
        ["要求提供\n公开出版物", "1", "2"],
        ["重复申请", "", "13"],
        ["逾期\n补正", "0", "3"],
    ]
    style = [("FONT", (0, 0), (-1, -1), FONT, 10), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    document = laid_out(Table(rows, colWidths=[100, 60, 60], style=style))
    assert shown(document) == ["项目\t上年\t本年", "要求提供公开出版物\t1\t2", "重复申请\t\t13", "逾期补正\t0\t3"]


def placed(*texts: tuple[int, int, str]) -> Callable[[Canvas], None]:
    """Texts by their left ends and heights, 12 points high."""

    def draw(canvas: Canvas) -> None:
        for x, y, text in texts:
            canvas.drawString(x, y, text)

    return draw


def test_a_value_that_touches_its_label_is_a_cell_where_others_stand_below_each_other():
    rows = placed((50, 700, "项目"), (136, 700, "本年"), (200, 700, "上年"), (50, 680, "规章"), (136, 680, "1"))
    touching = placed((200, 680, "4"), (50, 660, "行政规范性文件"), (136, 660, "12"), (200, 660, "87"))
    document = drawn(lambda canvas: (rows(canvas), touching(canvas)))
    assert shown(document) == ["项目\t本年\t上年", "规章\t1\t4", "行政规范性文件\t12\t87"]
    alone = placed((50, 700, "项目"), (136, 700, "本年收费"), (50, 680, "行政事业性收费"), (136, 680, "132.5"))
    assert shown(drawn(alone)) == ["项目\t本年收费", "行政事业性收费\t132.5"]


def test_each_row_has_the_label_beside_it_however_close_the_labels_stand():
    labels = placed((50, 700, "项目"), (50, 684, "1.逾期不补正、"), (50, 671, "不再处理"), (50, 657, "2.逾期未"))
    more = placed((50, 644, "缴费"), (50, 630, "3.其他"), (50, 616, "4.无"), (50, 602, "（七）总计"))
    values = placed((200, 700, "本年"), (200, 677, "9"), (200, 650, "0"), (200, 630, "4"), (200, 602, "13"))
    document = drawn(lambda canvas: (labels(canvas), more(canvas), values(canvas)))
    assert shown(document) == [
        "项目\t本年",
        "1.逾期不补正、不再处理\t9",
        "2.逾期未缴费\t0",
        "3.其他\t4",
        "4.无",
        "（七）总计\t13",
    ]


def test_a_table_without_lines_has_its_columns_on_the_next_page_too():
    def draw(canvas: Canvas) -> None:
        heads = [(50, 100, "项目"), (150, 100, "自然人"), (220, 100, "其他"), (290, 100, "总计")]
        placed(*heads, (50, 80, "新收"), (150, 80, "2"), (220, 80, "3"), (290, 80, "5"))(canvas)
        canvas.showPage()
        canvas.setFont(FONT, 12)
        placed((50, 700, "公开"), (290, 700, "1"), (50, 680, "总计"), (220, 680, "4"))(canvas)

    assert shown(drawn(draw)) == [
        "项目\t自然人\t其他\t总计",
        "新收\t2\t3\t5",
        "公开\t\t\t1",
        "总计\t\t4\t",
    ]


def test_running_heads_and_page_numbers_are_left_out():
    def heads(canvas: Canvas, layout: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawString(72, 810, "某县政府信息公开年报")
        canvas.drawString(280, 40, f"第{layout.page}页 共2页")
        canvas.drawString(480, 20, f"- {layout.page} -")

    text = [Paragraph(f"公开第{number}批", BODY) for number in range(40)]
    assert [line.strip() for line in shown(laid_out(*text, heads=heads))] == [
        f"公开第{number}批" for number in range(40)
    ]


def test_stretched_lines_have_no_spaces_and_numbers_keep_theirs():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "公开工作", charSpace=4)
        canvas.drawString(100, 650, "收到12")
        canvas.drawString(100 + 12 * 2 + 12 + 8, 650, "34件")

    assert shown(drawn(draw)) == ["公开工作", "收到12 34件"]


@pytest.mark.usefixtures("chinese_font")
@pytest.mark.parametrize(("rotation", "origin"), [(0, (0, 0)), (90, (600, 0)), (180, (600, 800)), (270, (0, 800))])
def test_turned_pages_are_read_as_they_are_shown(rotation: int, origin: tuple[int, int]):
    def draw(canvas: Canvas) -> None:
        canvas.translate(*origin)
        canvas.rotate(rotation)
        canvas.drawString(100, 500, "收到申请12件")
        canvas.grid([100, 200, 300], [400, 430, 460])
        for x, y, text in ((105, 440, "规章"), (205, 440, "0"), (105, 410, "许可"), (205, 410, "5")):
            canvas.drawString(x, y, text)

    assert shown(drawn(draw, rotation)) == ["收到申请12件", "规章 | 0", "许可 | 5"]


def test_radicals_that_fonts_give_for_characters_are_folded():
    document = drawn(lambda canvas: canvas.drawString(100, 700, "⼈⺠政府"))
    assert shown(document) == ["人民政府"]


def test_the_real_report_has_its_tables_whole(shared: Path):
    document = read(shared / "reports" / "hongze-2023.pdf")
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    assert [(grid.rows, grid.columns) for grid in grids] == [(14, 4), (26, 10), (4, 15)]
    lines = shown(document)
    assert lines[lines.index("  三、收到和处理政府信息公开申请情况") + 6].startswith(
        "三、本年度办理结果^20×1 | （一）予以公开^1×2 | 0"
    )
    assert "（四）无法提供^3×1 | 1.本机关不掌握相关政府信息 | 10 | 0 | 0 | 0 | 0 | 0 | 10" in lines
    assert "10 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 5 | 0 | 0 | 0 | 0" in lines
    assert not any("- 3 -" in line for line in lines)
