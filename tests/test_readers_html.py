import pytest
from shown import shown

from extraction.readers import read_bytes


def page(body: str, encoding: str = "utf-8", head: str = "") -> list[str]:
    content = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return shown(read_bytes(content.encode(encoding), name="report.html"))


def test_blocks_break_lines_and_inline_elements_join():
    body = "<div>收到申请<span>1</span><b>2</b>件<br>办结<font>12</font>件</div>其他\n情况<p>&nbsp;&nbsp;无。</p>"
    assert page(body) == ["收到申请12件", "办结12件", "其他情况", "  无。"]


def test_spans_of_a_table_are_kept():
    body = """<table><tr><td rowspan="2">项目</td><td colspan=2>数量</td></tr>
    <tr><td>上年</td><td><p>本</p><p>年</p></td></tr><tr><td>规章<td>0<td></table>"""
    assert page(body) == ["项目^2×1 | 数量^1×2", "上年 | 本年", "规章 | 0 | "]


def test_a_layout_table_is_paragraphs_around_the_inner_table():
    body = "<table><tr><td>栏目<td><p>正文</p><table><tr><td>规章<td>0<tr><td>许可<td>5</table><p>完</p></table>"
    assert page(body) == ["栏目", "正文", "规章 | 0", "许可 | 5", "完"]


def test_a_table_of_one_cell_or_of_long_text_is_paragraphs():
    long = "公开工作有序推进。" * 60
    assert page(f"<table><tr><td>说明</table><table><tr><td>一<td>{long}</table>") == ["说明", "一", long]


def test_prose_over_the_width_of_a_table_parts_it():
    long = "公开工作有序推进。" * 20
    rows = f"<tr><td>规章<td>0<tr><td>许可<td>5<tr><td colspan=2>{long}<tr><td>处罚<td>7<tr><td>强制<td>1"
    assert page(f"<table>{rows}</table>") == ["规章 | 0", "许可 | 5", long, "处罚 | 7", "强制 | 1"]


def test_text_between_cells_is_not_lost():
    assert page("<table><tr>合计<td>规章<td>0</table>") == ["合计", "规章", "0"]


def test_tables_in_parts_stay_parts_and_cells_of_lists_are_paragraphs():
    table = "<table><tr><td>规章<td>0<tr><td>许可<td>5</table>"
    assert page(table * 2) == ["规章 | 0", "许可 | 5"] * 2
    assert page("<ul><li>规章</li><li>0</li></ul><div><div>许可</div><div>5</div></div>") == ["规章", "0", "许可", "5"]


def test_what_a_browser_does_not_show_is_left_out():
    body = """<script>var a = "收到3件";</script><style>p{}</style><!-- 草稿 --><p style="display: none">隐藏</p>
    <p hidden>隐藏</p><p style='MSO-HIDE:all'>隐藏</p><select><option>选项</select><p>公开</p>"""
    assert page(body) == ["公开"]


@pytest.mark.parametrize(
    "chrome",
    [
        "<nav>首页 机构 <a href=/a>公开</a></nav>",
        "<div class='topNav'><a href=/>首页</a></div>",
        "<div id=dqwz>您的位置：<a href=/>首页</a> &gt; 某县2022年政府信息公开工作年度报告</div>",
        "<p>您当前的位置：首页 > 政务公开 > 年报</p>",
        "<div class=footer>主办单位：某县人民政府 备案号12345</div>",
        "<p>扫一扫在手机打开当前页</p>",
        "<p>微博 公开信箱 智能问答</p>",
        "<p>技术支持:某公司 浏览次数: 12</p>",
        "<p>【打印】【关闭窗口】 字体：大 中 小</p>",
        "<ul><li><a href=1>发改委</a><li><a href=2>教育局</a><li><a href=3>科技局</a><li><a href=4>公安局</a></ul>",
        "<div role=navigation>机构设置</div>",
        "<div class='share-box'>微信</div>",
    ],
)
def test_page_chrome_is_left_out(chrome):
    body = f"{chrome}<h1>某县2022年政府信息公开工作年度报告</h1><p>发布日期：2023-01-20</p><p>一、总体情况</p>{chrome}"
    assert page(body) == ["某县2022年政府信息公开工作年度报告", "发布日期：2023-01-20", "一、总体情况"]


@pytest.mark.parametrize(
    "wrapper", ["<div class='nav-content'>", "<div class=main-footer-wrap>", "<footer>", "<div id='bottom'>", "<nav>"]
)
def test_an_element_named_like_chrome_is_kept_when_it_holds_the_report(wrapper):
    assert page(f"{wrapper}<p>一、总体情况</p><p>收到申请12件。</p>") == ["一、总体情况", "收到申请12件。"]


@pytest.mark.parametrize(
    "line",
    [
        "<div class='tools'>日期：2023-03-31 来源：县政府办</div>",
        "<div class=share>发布时间：2023年3月31日</div>",
        "<div class='nav-title'><h2>某县2022年政府信息公开工作年度报告</h2></div>",
    ],
)
def test_the_line_of_the_date_and_the_title_stay_in_elements_named_like_chrome(line):
    assert len(page(f"{line}<p>一、总体情况</p>")) == 2


@pytest.mark.parametrize(
    "line",
    ["<p class=links>无。</p>", "技术支持力度不足。", "微信", "点击数达到3万次", "浏览次数较上年增加", "<p>中"],
)
def test_lines_of_the_report_stay(line):
    assert len(page(f"<p>一、总体情况</p><div>{line}</div>")) == 2


def test_links_in_the_text_and_attachments_stay():
    body = "<p>见<a href=1>县政府网站</a>公告。</p><p>附件：<a href=2>年报.pdf</a></p>"
    assert page(body) == ["见县政府网站公告。", "附件：年报.pdf"]


def test_the_real_bytes_count_and_not_the_declared_charset():
    head = '<meta charset="gb2312"><title>某县年报</title>'
    assert page("<p>总体情况</p>", "utf-8", head) == ["总体情况"]
    assert page("<p>总体情况</p>", "gbk", head.replace("gb2312", "utf-8")) == ["总体情况"]


def test_preformatted_lines_and_the_title_are_kept():
    content = "<html><head><title> 某县\n年报 </title></head><body><pre>规章\t0\n许可\t5</pre></body></html>"
    document = read_bytes(content.encode(), name="report.html")
    assert shown(document) == ["规章\t0", "许可\t5"]
    assert document.title == "某县 年报"
    assert page("<p style='white-space: pre-wrap'>规章\n许可</p>") == ["规章", "许可"]


def test_a_page_is_read_under_any_ending_and_from_a_web_archive():
    content = "<html><body><p>收到申请12件</p></body></html>"
    assert shown(read_bytes(content.encode(), name="report.doc")) == ["收到申请12件"]
    head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n"
    archive = f"{head}\n--x\nContent-Type: text/html\n\n{content}\n--x--"
    assert shown(read_bytes(archive.encode(), name="report.mht")) == ["收到申请12件"]


@pytest.mark.parametrize(
    "content",
    [
        "<div>" * 100_000 + "收到申请12件" + "</div>" * 100_000,
        "<p>公开<b>" * 20_000 + "<p>收到申请12件",
        "<table><tr><td>" * 20_000 + "收到申请12件",
        "<table>" + "<tr><td rowspan=9999 colspan=999>1" * 3_000 + "</table><p>收到申请12件",
    ],
    ids=["deep", "unclosed", "tables", "spans"],
)
def test_broken_pages_lose_no_text(content):
    document = read_bytes(f"<html><body>{content}".encode(), name="report.html")
    assert shown(document)[-1] == "收到申请12件"


def test_marks_of_notes_and_struck_text_are_left_out():
    raised = '<span style="vertical-align: super">注1</span>'
    body = (
        f"<table><tr><td>规章<sup>[1]</sup><td>12<sup>1</sup><tr><td>许可{raised}<td><sup>5</sup> m<sup>2</sup></table>"
    )
    assert page(body) == ["规章 | 12", "许可 | 5 m2"]
    body = '<p><del>旧</del>1<s>2</s>3<span style="text-decoration: line-through red">4</span>5件</p>'
    assert page(body) == ["135件"]


def test_numbers_one_above_the_other_in_a_cell_stay_apart():
    assert page("<table><tr><td>公开<br>情况<td>1<br>0<p>0</p></table>") == ["公开情况 | 1；0；0"]


def test_a_page_names_itself_in_its_title_its_heading_and_the_way_to_it():
    head = '<title>政务公开</title><meta name="ArticleTitle" content="某县年报">'
    body = '<div class="crumbs"><a href="/">首页</a> &gt; 水利局 &gt; 年报</div><h1>某县年报</h1><p>无。</p>'
    document = read_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(), name="report.html")
    assert document.title == "政务公开 | 某县年报 | 首页 > 水利局 > 年报"
