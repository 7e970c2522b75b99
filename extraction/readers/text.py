"""Plain text and Markdown to a Document: a line is a paragraph, with its tabs."""

import re

from extraction.document import Document, DocumentBuilder
from extraction.errors import UnreadableFile

MAX_LINES = 300_000
"""Most lines of a text; a report has under 5,000."""

_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]{0,80}\]")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.M)


def read(content: str, *, name: str, media_type: str, encoding: str | None) -> Document:
    """Take every line as it stands but for the marks that converters leave; tables in it are the next stage's.

    :raises UnreadableFile: the text has more lines than the limit.
    """
    if (lines := content.count("\n")) > MAX_LINES:
        raise UnreadableFile(name, f"{lines} lines, over the limit of {MAX_LINES}", "pass the report alone")
    content = _BOOKMARK.sub("", content)
    if "*" in content or "_" in content:
        content = _BOLD.sub(r"\2", content)
    if media_type == "text/markdown":
        content = _HEADING.sub("", content)
    builder = DocumentBuilder()
    builder.paragraph(content)
    return builder.build(media_type=media_type, encoding=encoding)
