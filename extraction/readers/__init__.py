"""Readers: a file of one format to a Document."""

import os
import stat
from pathlib import Path

from extraction.document import Document
from extraction.errors import UnreadableFile
from extraction.readers import text
from extraction.readers.encodings import decode
from extraction.readers.sniff import Kind, looks_like_html, recognise

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "MAX_TEXT_BYTES", "read", "read_bytes", "read_text"]

MAX_BYTES = 200 * 2**20
"""Largest PDF or DOCX that is opened; scans and photographs make some reports large."""
MAX_CHARACTERS = 600_000
"""Longest text that is read, so that the time a file takes is bounded."""
MAX_TEXT_BYTES = 20 * 2**20
"""Largest text or HTML that is opened; a report is rarely over 0.2 MB."""


def read(path: Path) -> Document:
    """Read a text, Markdown, HTML, MHTML, DOCX, DOC, PDF or image file; its content decides which, not its ending.

    :raises UnreadableFile: the file is missing, empty, damaged, encrypted or over the limits.
    :raises UnsupportedFile: the file is of a kind that holds no text we can read.
    """
    name = str(path)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise UnreadableFile(
                name, "a folder", "pass the files in it; a page that a browser saved is its .html or .htm file"
            )
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableFile(name, "not a regular file", "save its content to a file and pass that")
        _check_size(found.st_size, MAX_BYTES, name)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(name, "no such file", "check the path") from error
    except PermissionError as error:
        raise UnreadableFile(name, "no permission to read it", "change its permissions or copy it") from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(name, f"cannot be opened ({_reason(error)})", "check the path and the disk") from error
    return read_bytes(data, name=name)


def read_bytes(data: bytes, *, name: str) -> Document:
    """Read the content of a file; ``name`` stands in messages, and its ending tells Markdown from plain text.

    :raises UnreadableFile: see :func:`read`.
    :raises UnsupportedFile: see :func:`read`.
    """
    if not data:
        raise UnreadableFile(name, "the file is empty", "fetch or save it again")
    _check_size(len(data), MAX_BYTES, name)
    return _within_length(_parse(data, recognise(data, name), name), name)


def _parse(data: bytes, kind: Kind, name: str) -> Document:
    # Each of these formats needs libraries that the others do without.
    if kind is Kind.PDF:
        from extraction.readers import pdf

        return pdf.read(data, name=name)
    if kind is Kind.DOCX:
        from extraction.readers import docx

        return docx.read(data, name=name)
    if kind is Kind.DOC:
        from extraction.readers import doc

        return doc.read(data, name=name)
    if kind is Kind.IMAGE:
        from extraction.readers import scan

        return scan.read(data, name=name)
    _check_size(len(data), MAX_TEXT_BYTES, name)
    if kind is Kind.MHTML:
        from extraction.readers import mhtml

        data = mhtml.page(data, name=name)
    content, encoding = decode(data, name=name)
    if kind is Kind.MHTML or looks_like_html(content, name):
        from extraction.readers import html

        return html.read(content, name=name, encoding=encoding)
    media_type = "text/markdown" if name.lower().endswith((".md", ".markdown")) else "text/plain"
    return text.read(content, name=name, media_type=media_type, encoding=encoding)


def read_text(content: str) -> Document:
    """Take a string as the plain text of a report; tags in it are not interpreted."""
    document = text.read(content, name="text", media_type="text/plain", encoding=None)
    return _within_length(document, "text")


def _within_length(document: Document, name: str) -> Document:
    if len(document.text) > MAX_CHARACTERS:
        found = f"{len(document.text):,} characters of text, over the limit of {MAX_CHARACTERS:,}"
        raise UnreadableFile(name, found, "cut out the report; one is rarely over 100,000")
    return document


def _check_size(size: int, limit: int, name: str) -> None:
    if size > limit:
        found = f"{size / 2**20:.0f} MB, over the limit of {limit // 2**20} MB"
        raise UnreadableFile(name, found, "take out its images or split it")


def _reason(error: Exception) -> str:
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
