"""Plain text and Markdown to a Document: a line is a paragraph, with its tabs."""

import re

from extraction.document import Document, DocumentBuilder

_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]{0,80}\]")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.M)


def read(content: str, *, media_type: str, encoding: str | None) -> Document:
    """Take every line as it stands but for the marks that converters leave; tables in it are the next stage's."""
    content = _BOOKMARK.sub("", content)
    if "*" in content or "_" in content:
        content = _BOLD.sub(r"\2", content)
    if media_type == "text/markdown":
        content = _HEADING.sub("", content)
    builder = DocumentBuilder()
    builder.paragraph(content)
    return builder.build(media_type=media_type, encoding=encoding)
