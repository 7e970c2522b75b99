"""Makers of files that cannot be read as reports, or that are hard to read, each with what is to be said of it."""

import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

import pypdfium2 as pdfium
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from extraction.errors import NianbaoError, UnreadableFile, UnsupportedFile
from extraction.readers import MAX_TEXT_BYTES
from extraction.readers.docx import MAX_MEMBERS, MAX_PART_BYTES
from extraction.readers.pdf import MAX_PAGES

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@dataclass(frozen=True)
class Hostile:
    """A file by name, the maker of its bytes, the error it must raise and words of the message."""

    name: str
    make: Callable[[], bytes]
    error: type[NianbaoError]
    words: tuple[str, ...]


def zipped(members: dict[str, bytes | str]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def word(body: str) -> bytes:
    return zipped({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"})


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + bytes(512)


def pdf(pages: int = 1, draw: Callable[[Canvas], object] = lambda canvas: None, password: str | None = None) -> bytes:
    stream = BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption(password) if password else None)
    for _ in range(pages):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def some_text(canvas: Canvas) -> None:
    canvas.drawString(72, 720, "12 applications")


def many_rulings(canvas: Canvas) -> None:
    canvas.grid([x * 1.7 for x in range(340)], [y * 2.3 for y in range(340)])


def pdf_without_pages() -> bytes:
    stream = BytesIO()
    pdfium.PdfDocument.new().save(stream)
    return stream.getvalue()


def noise(size: int = 40_000) -> bytes:
    """The same bytes on every run, that look like chance."""
    values, state = bytearray(), 12345
    for _ in range(size):
        state = (state * 1103515245 + 12345) % 2**31
        values.append(state >> 16 & 0xFF)
    return bytes(values)


def encrypted_member() -> bytes:
    """A document whose members are marked as encrypted."""
    data = bytearray(word("<w:p/>"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def entities() -> bytes:
    """A document whose one entity would unfold to gigabytes."""
    names = [f"e{i}" for i in range(12)]
    inner = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    doctype = f'<!DOCTYPE d [<!ENTITY e0 "公开公开">{inner}]>'
    body = f"<w:document {W}><w:body><w:p><w:r><w:t>&e11;</w:t></w:r></w:p></w:body></w:document>"
    return zipped({"word/document.xml": doctype + body})


def bmp() -> bytes:
    return b"BM" + struct.pack("<IHHI", 1000, 0, 0, 54) + bytes(986)


def big_part() -> bytes:
    return zipped({"word/document.xml": b" " * (MAX_PART_BYTES + 1)})


REFUSED = [
    Hostile("empty.txt", lambda: b"", UnreadableFile, ("is empty",)),
    Hostile("noise.txt", noise, UnsupportedFile, ("binary data", ".pdf, .docx, .html or .txt")),
    Hostile("noise.pdf", noise, UnsupportedFile, ("binary data",)),
    Hostile("zeros.txt", lambda: bytes(5000), UnsupportedFile, ("binary data",)),
    Hostile("huge.txt", lambda: b"a" * (MAX_TEXT_BYTES + 1), UnreadableFile, ("over the limit of 20 MB",)),
    Hostile("huge.html", lambda: b"<html>" + b"<p>" * (MAX_TEXT_BYTES // 3), UnreadableFile, ("over the limit",)),
    Hostile("lines.txt", lambda: b"1\n" * 400_000, UnreadableFile, ("400000 lines, over the limit of 300000",)),
    Hostile("tags.html", lambda: b"<html>" + b"<p>1" * 400_000, UnreadableFile, ("tags, over the limit of 300000",)),
    Hostile("script.html", lambda: b"<html><body><script>load()</script></body></html>", UnsupportedFile, ("scripts",)),
    Hostile("frames.html", lambda: b"<html><frameset><frame src=a></frameset></html>", UnsupportedFile, ("frames",)),
    Hostile("bare.mht", lambda: b"MIME-Version: 1.0\n\ntext/html", UnreadableFile, ("web archive",)),
    Hostile("scan.png", lambda: b"\x89PNG\r\n\x1a\n" + noise(), NianbaoError, ("image",)),
    Hostile("scan.jpg", lambda: b"\xff\xd8\xff\xe0" + noise(), NianbaoError, ("image",)),
    Hostile("scan.tif", lambda: b"II*\x00" + noise(), NianbaoError, ("image",)),
    Hostile("scan.gif", lambda: b"GIF89a" + noise(), UnsupportedFile, ("GIF", "OCR")),
    Hostile("scan.bmp", bmp, UnsupportedFile, ("BMP", "OCR")),
    Hostile("image.pdf", lambda: b"\xff\xd8\xff\xe0" + noise(), NianbaoError, ("image",)),
    Hostile("old.doc", lambda: ole("WordDocument"), NianbaoError, (".doc", "save it as .docx")),
    Hostile("old.xls", lambda: ole("Workbook"), UnsupportedFile, ("Excel",)),
    Hostile("secret.docx", lambda: ole("EncryptedPackage"), UnreadableFile, ("password", "save it without one")),
    Hostile("report.rtf", lambda: b"{\\rtf1 text}", UnsupportedFile, ("RTF", "save it as .docx")),
    Hostile("flat.xml", lambda: b'<?mso-application progid="Word.Document"?>', UnsupportedFile, ("save it as .docx",)),
    Hostile("table.xlsx", lambda: zipped({"xl/workbook.xml": "<a/>"}), UnsupportedFile, ("Excel",)),
    Hostile("report.ofd", lambda: zipped({"OFD.xml": "<a/>"}), UnsupportedFile, ("OFD", ".pdf")),
    Hostile("report.odt", lambda: zipped({"content.xml": "<a/>"}), UnsupportedFile, ("OpenDocument",)),
    Hostile("reports.zip", lambda: zipped({"a.txt": "a"}), UnsupportedFile, ("zip", "unpack it")),
    Hostile("reports.rar", lambda: b"Rar!\x1a\x07\x00" + noise(), UnsupportedFile, ("RAR", "unpack it")),
    Hostile("reports.7z", lambda: b"7z\xbc\xaf\x27\x1c" + noise(), UnsupportedFile, ("7z", "unpack it")),
    Hostile("reports.gz", lambda: b"\x1f\x8b\x08" + noise(), UnsupportedFile, ("gzip", "unpack it")),
    Hostile("cut.docx", lambda: word("<w:p/>" * 900)[:-60], UnreadableFile, ("cut short", "again")),
    Hostile("lost.docx", lambda: zipped({"word/styles.xml": "<a/>"}), UnreadableFile, ("damaged",)),
    Hostile("broken.docx", lambda: zipped({"word/document.xml": "<a><b></a>"}), UnreadableFile, ("damaged",)),
    Hostile("deep.docx", lambda: word("<w:sdt>" * 9_000 + "</w:sdt>" * 9_000), UnreadableFile, ("damaged",)),
    Hostile("bomb.docx", big_part, UnreadableFile, ("unpacks to more than 64 MB",)),
    Hostile("entities.docx", entities, UnreadableFile, ("damaged",)),
    Hostile("locked.docx", encrypted_member, UnreadableFile, ("password",)),
    Hostile("blank.docx", lambda: word("<w:p/>"), UnsupportedFile, ("without text", "OCR")),
    Hostile(
        "many.docx",
        lambda: zipped({f"word/{number}": "" for number in range(MAX_MEMBERS + 1)}),
        UnreadableFile,
        ("over the limit of 10000",),
    ),
    Hostile("scan.pdf", lambda: pdf(3), UnsupportedFile, ("no text on 3 of 3 pages", "OCR")),
    Hostile("secret.pdf", lambda: pdf(1, some_text, "secret"), UnreadableFile, ("password", "save it without one")),
    Hostile("cut.pdf", lambda: pdf(3, some_text)[:400], UnreadableFile, ("damaged, cut short",)),
    Hostile("tail.pdf", lambda: pdf(3, some_text)[:-40], UnreadableFile, ("damaged, cut short",)),
    Hostile("head.pdf", lambda: b"%PDF-1.7\n", UnreadableFile, ("damaged, cut short",)),
    Hostile("noise2.pdf", lambda: b"%PDF-1.7\n" + noise(), UnreadableFile, ("damaged, cut short",)),
    Hostile("none.pdf", pdf_without_pages, UnreadableFile, ("without pages",)),
    Hostile(
        "long.txt", lambda: (b"12 applications " * 80 + b"\n") * 10_000, UnreadableFile, ("over the limit of 600,000",)
    ),
    Hostile("long.pdf", lambda: pdf(MAX_PAGES + 1, some_text), UnreadableFile, ("over the limit of 500",)),
]

READ = {
    "pdf.docx": lambda: pdf(1, some_text),
    "word.txt": lambda: word("<w:p><w:r><w:t>12 applications</w:t></w:r></w:p>"),
    "page.doc": lambda: b"<html><body>12 applications</body></html>",
    "page.pdf": lambda: b"<!DOCTYPE html><html><body>12 applications</body></html>",
    "text.docx": lambda: b"12 applications",
    "text.html": lambda: b"12 applications",
    "text.pdf": lambda: b"12 applications",
    "rulings.pdf": lambda: pdf(1, lambda canvas: (many_rulings(canvas), some_text(canvas))),
    "title.pdf": lambda: pdf(1, some_text).replace(b"(untitled)", b"<FEFFD800>"),
    "long.txt": lambda: (b"12 applications " * 80 + b"\n") * 400,
    "nul.html": lambda: b"<html><body>12 appli\x00cations</body></html>",
    "comments.html": lambda: b"12 applications<p>" + b"<div>" * 3_000 + b"<!--" * 90_000 + b"<script>" * 90_000,
    "blanks.html": lambda: b"12 applications<table><tr><td>a" + b"&nbsp;" * 90_000 + b"<br>b<td>c<tr><td>d<td>e",
    "links.html": lambda: b"<html><body>12 applications" + b"<div class=nav><a href=1>a</a>" * 60_000,
}
"""Files that are read, whatever their name says or however large their parts, with the text ``12 applications``."""
