"""DOCX to a Document: the text that Word would print, in order, and its tables as grids.

The XML is read by local names, so that the strict and the transitional format, and what WPS writes, are one.
Headers, footers, notes, comments and automatic list numbers are left out.
"""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from lxml import etree

from extraction.document import Document, DocumentBuilder, PlacedCell
from extraction.errors import UnreadableFile, UnsupportedFile
from extraction.readers.grids import add_table
from extraction.readers.notes import is_note_mark

MAX_PART_BYTES = 64 * 2**20
"""Largest unpacked text of a document; a report has under 2 MB."""
MAX_MEMBERS = 10_000
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DAMAGE = (BadZipFile, KeyError, EOFError, OSError, NotImplementedError, ValueError, zlib.error, etree.XMLSyntaxError)

_LEFT_OUT = frozenset(
    """annotation annotationRef comment del delInstrText delText endnoteReference footnoteReference instrText moveFrom
    pPr rPr rt sdtPr tblPr tcPr trPr""".split()  # noqa: SIM905 (a list of one word a line reads worse)
)
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = ("0", "false", "off")

Element = Any
"""An lxml element; lxml has no types of its own."""
Block = str | list[PlacedCell]


def read(data: bytes, *, name: str) -> Document:
    """Read a Word document.

    :raises UnreadableFile: the file is damaged, encrypted or unpacks to more than the limits.
    :raises UnsupportedFile: there is no text in it, as in a document of scanned pages.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            _check_members(archive, name)
            body = _parse(_part(archive, _main_part(archive, name), name))
            title = _title(archive, name)
    except _DAMAGE as error:
        raise UnreadableFile(name, "a .docx file that is damaged or cut short", "fetch or save it again") from error
    except RuntimeError as error:  # what ZipFile raises for a member under a password
        remedy = "unpack it with the password and save it as .docx"
        raise UnreadableFile(name, "a .docx file protected by a password", remedy) from error
    builder = DocumentBuilder()
    for block in _blocks(body):
        if isinstance(block, list):
            add_table(builder, block)
        else:
            builder.paragraph(block)
    document = builder.build(media_type=_MEDIA_TYPE, title=title)
    if not document.text.strip():
        raise UnsupportedFile(name, "a document without text (its pages may be images)", "run OCR and pass the text")
    return document


def _check_members(archive: ZipFile, name: str) -> None:
    if len(archive.infolist()) > MAX_MEMBERS:
        found = f"{len(archive.infolist())} files packed in it, over the limit of {MAX_MEMBERS}"
        raise UnreadableFile(name, found, "open it in Word and save it again")


def _part(archive: ZipFile, part: str, name: str) -> bytes:
    """The bytes of one packed file; what else is packed is never unpacked."""
    with archive.open(part) as packed:
        content = packed.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES:
        found = f"its text unpacks to more than {MAX_PART_BYTES // 2**20} MB"
        raise UnreadableFile(name, found, "open it in Word and save the report alone")
    return content


def _parse(content: bytes) -> Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))


def _main_part(archive: ZipFile, name: str) -> str:
    if "_rels/.rels" in archive.namelist():
        for relation in _parse(_part(archive, "_rels/.rels", name)):
            if (relation.get("Type") or "").endswith("/officeDocument"):
                return (relation.get("Target") or "").lstrip("/")
    return "word/document.xml"


def _title(archive: ZipFile, name: str) -> str | None:
    if "docProps/core.xml" not in archive.namelist():
        return None
    for each in _parse(_part(archive, "docProps/core.xml", name)):
        if _local(each) == "title":
            return (each.text or "").strip() or None
    return None


def _local(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(element: Element, names: str) -> Iterator[Element]:
    """The children of these names, also within content controls and kept insertions, but for deleted ones."""
    for child in element:
        local = _local(child)
        if local in names.split():
            yield child
        elif local in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _children(child, names)
        elif local == "AlternateContent":
            yield from _children(_chosen(child), names)


def _chosen(alternatives: Element) -> Element:
    """The first of several forms of one content: Word writes a text box as a drawing and again for old readers."""
    return alternatives[0] if len(alternatives) else alternatives


def _blocks(container: Element) -> Iterator[Block]:
    """The paragraphs of a body, cell or text box, and the cells of each table, in order."""
    root = next((child for child in container if _local(child) == "body"), container)
    for child in _children(root, "p tbl"):
        if _local(child) == "tbl":
            yield from _table(child)
            continue
        boxes: list[Element] = []
        yield "".join(_text(child, boxes, []))
        for box in boxes:
            yield from _blocks(box)


def _text(element: Element, boxes: list[Element], fields: list[bool]) -> Iterator[str]:
    """The printed text below an element; text boxes go to ``boxes``.

    ``fields`` holds, for each field that is open, whether its result has begun.
    """
    for child in element:
        local = _local(child)
        if local == "t":
            if all(fields):
                yield child.text or ""
        elif local in _BREAKS:
            yield _BREAKS[local]
        elif local == "txbxContent":
            boxes.append(child)
        elif local == "fldChar":
            _follow(child, fields)
        elif local == "AlternateContent":
            yield from _text(_chosen(child), boxes, fields)
        elif local and local not in _LEFT_OUT and not (local == "r" and _is_left_out(child)):
            yield from _text(child, boxes, fields)


def _follow(mark: Element, fields: list[bool]) -> None:
    kind = _attribute(mark, "fldCharType")
    if kind == "begin":
        fields.append(False)
    elif fields and kind == "separate":
        fields[-1] = True
    elif fields and kind == "end":
        fields.pop()


def _is_left_out(run: Element) -> bool:
    """Whether a run is hidden, struck out or the raised mark of a note."""
    if any(_is_on(_find(run, "rPr", each)) for each in ("vanish", "strike", "dstrike")):
        return True
    position = _find(run, "rPr", "vertAlign")
    if position is None or _attribute(position, "val") != "superscript":
        return False
    runs = (each for each in run.itersiblings(preceding=True) if _local(each) == "r")
    return is_note_mark(next(filter(None, map(_characters, runs)), ""), _characters(run))


def _is_on(switch: Element | None) -> bool:
    return switch is not None and _attribute(switch, "val") not in _OFF


def _characters(run: Element) -> str:
    return "".join(child.text or "" for child in run if _local(child) == "t")


def _table(table: Element) -> Iterator[Block]:
    """The cells of a table, or the blocks of all its cells where one of them holds a table of its own."""
    rows = [row for row in _children(table, "tr") if _find(row, "trPr", "del") is None]
    if any(_local(each) == "tbl" for row in rows for each in row.iterdescendants()):
        for row in rows:
            for cell in _children(row, "tc"):
                yield from _blocks(cell)
        return
    placed: list[PlacedCell] = []
    above: dict[int, int] = {}  # column -> index of the cell that a merged cell below it continues
    for number, row in enumerate(rows):
        column = _number(_find(row, "trPr", "gridBefore"), 0)
        for cell in _children(row, "tc"):
            width = _number(_find(cell, "tcPr", "gridSpan"), 1)
            merge = _find(cell, "tcPr", "vMerge")
            if merge is not None and _attribute(merge, "val") != "restart" and column in above:
                index = above[column]
                placed[index] = replace(placed[index], row_span=number - placed[index].row + 1)
            else:
                text = "\n".join(block for block in _blocks(cell) if isinstance(block, str))
                placed.append(PlacedCell(number, column, text, 1, width))
                above[column] = len(placed) - 1
            column += width
    yield placed


def _find(element: Element, *path: str) -> Element | None:
    for local in path:
        element = next((child for child in element if _local(child) == local), None)
        if element is None:
            return None
    return element


def _attribute(element: Element, local: str) -> str | None:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == local), None)


def _number(element: Element | None, default: int) -> int:
    value = "" if element is None else _attribute(element, "val") or ""
    return min(int(value), 200) if value.isdecimal() and len(value) < 6 else default
