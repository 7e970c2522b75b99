"""Plain text and Markdown to a Document: a line is a paragraph, with its tabs; tables in HTML are grids."""

import re
from collections.abc import Iterator

from extraction.document import Document, DocumentBuilder
from extraction.errors import UnreadableFile
from extraction.readers.grids import add_table

MAX_LINES = 300_000
"""Most lines of a text; a report has under 5,000."""

_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]{0,80}\]")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.M)
_STRUCK = re.compile(r"~~[^~\n]+~~|<(del|s|strike)>[^<\n]*</\1>", re.I)
_NOTE = re.compile(r"(?<=[^\sA-Za-z|])(?:<sup>[^<\n]{1,4}</sup>|\[\^\w{1,8}\](?!:))")
_PAGE_TAG = re.compile(r"</?(?:p|div|center|span|font|u|b|strong|h\d)\b[^<>\n]*>", re.I)
_TABLE = re.compile(r"<table\b", re.I)
_TABLE_END = re.compile(r"</table\s*>", re.I)


def read(content: str, *, name: str, media_type: str, encoding: str | None) -> Document:
    """Take every line as it stands but for the marks that converters leave; tables in HTML become grids.

    Tables in other manners, as of tabs or bars, are the next stage's.

    :raises UnreadableFile: the text has more lines than the limit.
    """
    if (lines := content.count("\n")) > MAX_LINES:
        raise UnreadableFile(name, f"{lines} lines, over the limit of {MAX_LINES}", "pass the report alone")
    content = _BOOKMARK.sub("", content)
    if "*" in content or "_" in content:
        content = _BOLD.sub(r"\2", content)
    is_marked = media_type == "text/markdown"
    if is_marked:
        content = _HEADING.sub("", content)
    builder = DocumentBuilder()
    for piece, is_table in _pieces(content):
        if is_table:
            _add_tables(builder, piece, name)
        else:
            builder.paragraph(_PAGE_TAG.sub("", _NOTE.sub("", _STRUCK.sub("", piece))) if is_marked else piece)
    return builder.build(media_type=media_type, encoding=encoding)


def _pieces(content: str) -> Iterator[tuple[str, bool]]:
    """The text between tables in HTML, and each of these; converters of pages to Markdown leave them as they are."""
    position = 0
    while start := _TABLE.search(content, position):
        end = _TABLE_END.search(content, start.end())
        if end is None:
            break
        yield content[position : start.start()], False
        yield content[start.start() : end.end()], True
        position = end.end()
    yield content[position:], False


def _add_tables(builder: DocumentBuilder, piece: str, name: str) -> None:
    from extraction.readers import html  # takes lxml, which other texts do without

    for block in html.fragment(piece, name=name):
        if isinstance(block, list):
            add_table(builder, block)
        else:
            builder.paragraph(block)
