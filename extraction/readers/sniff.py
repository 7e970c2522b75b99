"""What kind of file some bytes are, by their content."""

import re
from enum import Enum
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from extraction.errors import UnreadableFile, UnsupportedFile
from extraction.readers import ocr


class Kind(Enum):
    """The kinds that readers take; text and HTML are told apart after decoding."""

    PDF = "pdf"
    DOCX = "docx"
    MHTML = "mhtml"
    IMAGE = "image"
    DOC = "doc"
    TEXT = "text"


_OCR = "save it as .png, or run OCR on it and pass the text or the searchable PDF"
_SAVE_AS = "open it in Word or WPS and save it as .docx"
_UNPACK = "unpack it and pass the report in it"
_NO_REPORT = "pass the report as .pdf, .docx, .html or .txt"
_AS_PDF = "open it in its reader and save it as .pdf"

_IMAGES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"II*\x00", "an image (TIFF)"),
    (b"MM\x00*", "an image (TIFF)"),
)
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"GIF8", "an image (GIF)", _OCR),
    (b"RIFF", "an image, sound or film (RIFF)", _OCR),
    (b"\x00\x00\x01\x00", "an image (ICO)", _OCR),
    (b"AT&TFORM", "a scan (DjVu)", _OCR),
    (b"Rar!\x1a\x07", "an archive (RAR)", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", _UNPACK),
    (b"\x1f\x8b", "an archive (gzip)", _UNPACK),
    (b"BZh", "an archive (bzip2)", _UNPACK),
    (b"\xfd7zXZ\x00", "an archive (xz)", _UNPACK),
    (b"{\\rtf", "a rich text file (RTF)", _SAVE_AS),
    (b"\x7fELF", "a program", _NO_REPORT),
    (b"MZ\x90", "a program", _NO_REPORT),
    (b"%!PS", "a PostScript file", "convert it to .pdf"),
    (b"SQLite format 3", "a database (SQLite)", _NO_REPORT),
)
_ZIPPED: tuple[tuple[str, str, str], ...] = (
    ("xl/", "an Excel workbook", _NO_REPORT),
    ("ppt/", "a PowerPoint presentation", _NO_REPORT),
    ("OFD.xml", "an OFD file", _AS_PDF),
    ("content.xml", "an OpenDocument file", _SAVE_AS),
    ("META-INF/container.xml", "an e-book (EPUB)", _AS_PDF),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED, _WORD = "EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le")
_OLE_STREAMS: tuple[tuple[str, str, str], ...] = (
    ("Workbook", "an old Excel file (.xls)", _NO_REPORT),
    ("Book", "an old Excel file (.xls)", _NO_REPORT),
    ("PowerPoint Document", "an old PowerPoint file (.ppt)", _NO_REPORT),
)
_PDF_WITHIN = 1024
_COMMENT = re.compile(r"<!--.*?-->|<\?xml[^>]*>", re.S)
_HTML_START = re.compile(r"\s*<(!doctype\s+html|html|head|body)\b", re.I)
_HTML_TAG = re.compile(r"<(html|body|head|table|div|p|br|span|h[1-6]|td|meta|section|article)[\s/>]", re.I)
_MHTML = re.compile(rb"^(MIME-Version|Content-Type:\s*multipart/related|From: <Saved by)", re.I | re.M)


def recognise(data: bytes, name: str) -> Kind:
    """The kind of a file; everything without a binary mark is text.

    :raises UnreadableFile: a container that is damaged or encrypted.
    :raises UnsupportedFile: a kind that is recognised and not read; images are not where the extra ``ocr`` is missing.
    """
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return Kind.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(data, name)
    if data.startswith(_OLE):
        if _is_word(data):
            return Kind.DOC
        raise _ole(data, name)
    for magic, found in _IMAGES:
        if data.startswith(magic):
            if not ocr.is_installed():
                raise UnsupportedFile(name, found, ocr.REMEDY)
            return Kind.IMAGE
    for magic, found, remedy in _REFUSED:
        if data.startswith(magic):
            raise UnsupportedFile(name, found, remedy)
    if data.startswith(b"BM") and len(data) > 14 and data[6:10] == b"\0\0\0\0":
        raise UnsupportedFile(name, "an image (BMP)", _OCR)
    if data[4:8] == b"ftyp":
        raise UnsupportedFile(name, "an image or film (HEIC, MP4)", _OCR)
    if b'progid="Word.Document"' in data[:2000]:
        raise UnsupportedFile(name, "a Word document in one XML file", _SAVE_AS)
    if _MHTML.match(data.lstrip()[:400]) and b"text/html" in data[:20_000]:
        return Kind.MHTML
    return Kind.TEXT


def looks_like_html(text: str, name: str) -> bool:
    """Whether decoded text is HTML: it begins so, or its name says so and it has a tag."""
    if _HTML_START.match(_COMMENT.sub("", text[:5000].lstrip("\ufeff"))):
        return True
    if name.lower().endswith((".html", ".htm", ".xhtml", ".shtml", ".jhtml", ".aspx", ".jsp", ".doc", ".xls")):
        return _HTML_TAG.search(text) is not None
    if name.lower().endswith((".md", ".markdown")):
        return False
    # A fragment copied from a page, such as `<p>…</p>\n<table>…`, under another ending.
    return text.lstrip().startswith("<") and len(_HTML_TAG.findall(text[:5000])) > 2


def _zipped(data: bytes, name: str) -> Kind:
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, OSError, NotImplementedError, OverflowError) as error:
        found = "a .docx or zip file that is damaged or cut short"
        raise UnreadableFile(name, found, "fetch or save it again") from error
    if any(member.lower().startswith("word/") for member in names):
        return Kind.DOCX
    for member, found, remedy in _ZIPPED:
        if any(each.startswith(member) for each in names):
            raise UnsupportedFile(name, found, remedy)
    raise UnsupportedFile(name, "an archive (zip)", _UNPACK)


def _is_word(data: bytes) -> bool:
    return _WORD in data and _ENCRYPTED not in data


def _ole(data: bytes, name: str) -> UnreadableFile | UnsupportedFile:
    """The refusal of a file in Microsoft's compound format, by the streams that its directory names."""
    if _ENCRYPTED in data:
        found = "an Office file protected by a password"
        return UnreadableFile(name, found, "open it with the password and save it without one")
    for stream, found, remedy in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return UnsupportedFile(name, found, remedy)
    return UnsupportedFile(name, "an old Office file", _SAVE_AS)
