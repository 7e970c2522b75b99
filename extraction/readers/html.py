"""HTML to a Document: text by lines as a browser breaks them, data tables as grids, page chrome left out."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from extraction.document import Document, DocumentBuilder, PlacedCell
from extraction.errors import UnreadableFile, UnsupportedFile
from extraction.readers.grids import LAYOUT, add_table, place
from extraction.readers.notes import is_note_mark
from extraction.resources.chrome import Chrome, chrome

MAX_TAGS = 300_000
"""Most tags of a page that is parsed; a report has under 20,000."""
_BLOCKS = frozenset(
    """address article aside blockquote body br caption center dd details dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table tbody td
    tfoot th thead tr ul""".split()  # noqa: SIM905 (a list of one word a line reads worse)
)
_HIDDEN = re.compile(r"display:none|visibility:hidden|mso-hide:all")
_STRUCK = re.compile(r"text-decoration[a-z-]*:[^;]*line-through")
_RAISED = re.compile(r"vertical-align:(super|text-top)")
_PREFORMATTED = re.compile(r"white-space:\s*(pre|break-spaces)", re.I)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_INNER_SPACE = re.compile(r"(?<=[\u2e80-\uffff])[ \t\r\f]*\n[ \t\r\n\f]*(?=[\u2e80-\uffff])")
_EMBEDDED = re.compile(r"data:[a-z/+.\-]{1,40};base64,[A-Za-z0-9+/=\s]*", re.I)
_UNSEEN_PARTS = tuple(
    (re.compile(start, re.I), re.compile(end, re.I))
    for start, end in ((r"<script\b", r"</script\s*>"), (r"<style\b", r"</style\s*>"), ("<!--", "-->"))
)
_BREAKING_TAG = re.compile(r"</?(?:p|div|li|h[1-6]|br|section|article)\b[^<>]*>", re.I)
_TABLE_TAG = re.compile(r"<(?!/?(?:table|t[rdh]|br)\b)/?[a-z][^<>]*>", re.I)
_ANY_TAG = re.compile(r"</?[a-z][^<>]*>", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_STEP = re.compile("[>\uff1e\u203a\u00bb]")
_LONGEST_TRAIL = 200
_LIST_DEPTH = 6

Element = Any
"""An lxml element; lxml has no types of its own."""


def read(content: str, *, name: str, encoding: str | None) -> Document:
    """Read a page that is already decoded.

    :raises UnreadableFile: the page cannot be parsed.
    :raises UnsupportedFile: there is no text in it, as in a page that scripts fill.
    """
    root = _parse(content, name)
    words = chrome()
    said = [*_titles(root), *_prune(root, words)]
    builder = DocumentBuilder()
    for block in _blocks(root):
        if isinstance(block, list):
            add_table(builder, block)
        elif not words.line(block):
            builder.paragraph(block)
        elif _is_trail(block):
            said.append(block)
    title = " | ".join(dict.fromkeys(filter(None, said)))
    document = builder.build(media_type="text/html", encoding=encoding, title=title or None)
    if not document.text.strip():
        remedy = "open it in a browser and save it from there as .html or .txt"
        raise UnsupportedFile(name, "a page without text (scripts or frames fill it)", remedy)
    return document


def _titles(root: Element) -> Iterator[str]:
    """What the page names itself: its title, its headings of level 1, and the title that public sites declare."""
    for each in root.iter("title", "h1"):
        yield " ".join("".join(each.itertext()).split())
    for each in root.iter("meta"):
        if each.get("name", "").lower() == "articletitle":
            yield " ".join(each.get("content", "").split())


def _is_trail(line: str) -> bool:
    """Whether a line is the way to the page through its site, which may name the body: 首页 > 水利局 > 年报."""
    return len(line) < _LONGEST_TRAIL and len(_STEP.findall(line)) > 1


def fragment(content: str, *, name: str) -> Iterator[str | list[PlacedCell]]:
    """The lines of a piece of a page, and the cells of each data table in it, in order.

    :raises UnreadableFile: the piece cannot be parsed.
    """
    root = _parse(content, name)
    _prune(root, chrome())
    return _blocks(root)


def _parse(content: str, name: str) -> Element:
    content = _EMBEDDED.sub("", _DECLARATION.sub("", content.replace("\0", "")))
    if (tags := content.count("<")) > MAX_TAGS:
        raise UnreadableFile(name, f"{tags} tags, over the limit of {MAX_TAGS}", "save the report alone, or as .txt")
    for flatten in (_as_it_is, _only_tables, _only_text):
        parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
        try:
            root = etree.fromstring(flatten(content).encode("utf-8", errors="replace"), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnreadableFile(name, "not a page that can be parsed", "save it again as .html or .txt") from error
        # The parser stops at a depth of 2,048 elements and forgets the rest.
        if root is not None and not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            return root
    raise UnreadableFile(name, "not a page that can be parsed", "save it again as .html or .txt")


def _as_it_is(content: str) -> str:
    return content


def _only_tables(content: str) -> str:
    for start, end in _UNSEEN_PARTS:
        content = "".join(_outside(content, start, end))
    return _TABLE_TAG.sub("", _BREAKING_TAG.sub("<br>", content))


def _outside(content: str, start: re.Pattern[str], end: re.Pattern[str]) -> Iterator[str]:
    """What stands outside the parts from a start to the next end; one pattern for both would be slow on bad pages."""
    position = 0
    while first := start.search(content, position):
        yield content[position : first.start()]
        last = end.search(content, first.end())
        if last is None:
            return
        position = last.end()
    yield content[position:]


def _only_text(content: str) -> str:
    return f"<pre>{_ANY_TAG.sub(chr(10), _only_tables(content))}</pre>"


def _prune(root: Element, words: Chrome) -> list[str]:
    """Take hidden elements and page chrome out of the tree; the trails to the page among them come back."""
    unwanted = [
        *root.iter(*words.unseen),
        *(each for each in root.xpath("//*[@style or @hidden]") if _is_hidden(each)),
        *(each for each in root.iter(*words.tags) if _is_chrome(each, words)),
        *(each for each in root.xpath("//*[@class or @id or @role]") if _is_named_so(each, words)),
        *_link_lists(root, words),
        *(each for each in root.xpath("//sup | //*[@style]") if _is_note_mark(each)),
    ]
    trails = []
    for element in unwanted:
        if element.tag not in ("html", "body"):
            if _is_shorter(element.itertext(), _LONGEST_TRAIL) and _is_trail(text := "".join(element.itertext())):
                trails.append(" ".join(text.split()))
            _drop(element)
    return trails


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
    parent.remove(element)


def _is_hidden(element: Element) -> bool:
    style = element.get("style", "").lower().replace(" ", "")
    return "hidden" in element.attrib or bool(_HIDDEN.search(style) or _STRUCK.search(style))


def _is_note_mark(element: Element) -> bool:
    if element.tag != "sup" and not _RAISED.search(element.get("style", "").lower().replace(" ", "")):
        return False
    return is_note_mark(_before(element), "".join(element.itertext()))


def _before(element: Element) -> str:
    """The text right before an element in its block."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return previous.tail or ("" if previous.tag in _BLOCKS else "".join(previous.itertext()))
    if parent is None or parent.text or parent.tag in _BLOCKS:
        return (parent.text or "") if parent is not None else ""
    return _before(parent)


def _is_named_so(element: Element, words: Chrome) -> bool:
    if element.tag in words.text_tags:
        return False
    named = element.get("role") in words.roles or words.names(f"{element.get('class')} {element.get('id')}")
    return named and _is_chrome(element, words)


def _is_chrome(element: Element, words: Chrome) -> bool:
    return not any(True for _ in element.iter("h1", "h2")) and not words.report(_text_outside_links(element))


def _text_outside_links(element: Element) -> Iterator[str]:
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, each in walk:
        if event == "end":
            if each is not element and each.tail:
                yield each.tail
        elif each.tag == "a" and each.get("href"):
            walk.skip_subtree()
        elif each.text:
            yield each.text


def _link_lists(root: Element, words: Chrome) -> list[Element]:
    """Elements that hold short links and almost nothing else."""
    links: dict[Element, list[int]] = {}
    for link in root.xpath("//a[@href]"):
        length = len("".join(link.itertext()).strip())
        for above in islice(link.iterancestors(), _LIST_DEPTH):
            links.setdefault(above, []).append(length)
    return [
        element
        for element, lengths in links.items()
        if len(lengths) >= words.list_links
        and sum(lengths) <= words.link_most * len(lengths)
        and _is_shorter(element.itertext(), 1.25 * sum(lengths))
    ]


def _is_shorter(pieces: Iterable[str], limit: float) -> bool:
    length = 0
    for piece in pieces:
        length += len(piece.strip())
        if length > limit:
            return False
    return True


def _blocks(root: Element) -> Iterator[str | list[PlacedCell]]:
    """The lines of an element, and the cells of each data table in it, in order."""
    pieces: list[str] = []
    preformatted = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if tag in _BLOCKS:
            yield from _lines(pieces, preformatted > 0)
            pieces.clear()
            if tag == "pre" or _PREFORMATTED.search(element.get("style", "")):
                preformatted += 1 if event == "start" else -1
        if event == "end":
            if element is not root and element.tail:
                pieces.append(element.tail)
            continue
        if tag == "table" and element is not root and (cells := _data_table(element)):
            yield cells
            walk.skip_subtree()
        elif element.text:
            pieces.append(element.text)
    yield from _lines(pieces, preformatted > 0)


def _lines(pieces: list[str], preformatted: bool) -> Iterator[str]:
    text = "".join(pieces)
    if preformatted:
        yield from (line for line in text.splitlines() if line.strip())
    elif text and not text.isspace():
        text = text.strip(" \t\r\n\f")
        # A line break of the source between two Chinese characters is no space.
        yield text if text.isprintable() and "  " not in text else _SPACE.sub(" ", _INNER_SPACE.sub("", text))


def _data_table(table: Element) -> list[PlacedCell] | None:
    """The cells of a table, or ``None`` where it lays out a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return None
    rows: list[list[tuple[str, int, int]]] = []
    for row in table.iter("tr"):
        cells = []
        for cell in row.iterchildren("td", "th"):
            spans = (_span(cell, "rowspan"), _span(cell, "colspan")) if cell.attrib else (1, 1)
            cells.append((_cell_text(cell), *spans))
        rows.append(cells)
    if len(rows) == 1 and any(len(text) > LAYOUT // 4 for text, _, _ in rows[0]):
        return None
    if any(len(text) > LAYOUT and len(cells) > 1 for cells in rows for text, _, _ in cells):
        return None
    # Text between the cells would be lost: `<table><tr>text<td>`.
    in_cells = "".join(text for cells in rows for text, _, _ in cells)
    if len("".join(in_cells.split())) < len("".join("".join(table.itertext()).split())):
        return None
    return place(rows)


def _cell_text(cell: Element) -> str:
    pieces = [piece for piece in cell.itertext() if not piece.isspace()]
    if not pieces:
        return ""
    if len(pieces) == 1:
        return "\n".join(_lines(pieces, False))
    return "\n".join(block for block in _blocks(cell) if isinstance(block, str))


def _span(cell: Element, attribute: str) -> int:
    value = (cell.get(attribute) or "1").strip()
    return int(value) if value.isdecimal() and len(value) < 6 else 1
