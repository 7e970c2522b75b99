"""Scans: pictures of pages, read by OCR where the extra is installed."""

import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest

from extraction import Extractor, Report
from extraction.errors import NianbaoError, UnreadableFile, UnsupportedFile
from extraction.readers import ocr, read_bytes

needs_ocr = pytest.mark.skipif(
    not ocr.is_installed(), reason="the extra ocr (rapidocr, OpenCV, Pillow) is not installed"
)


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """The beginning of a PNG of that size; ``data`` is its compressed content."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


@pytest.fixture(scope="module")
def scanned(chinese_font: None, extractor: Extractor) -> Report:
    """A report of two pages with skew, noise and a stamp; its truth is that of the seed."""
    if not ocr.is_installed():
        pytest.skip("the extra ocr is not installed")
    rendered = rendering()
    return extractor.extract_bytes(rendered.data, name=rendered.name)


def rendering():
    from tests.rendering import Style, draw_truth
    from tests.rendering.scans import Faults, scan

    return scan(draw_truth(11, "2021", 2), Style(seed=11, zero="/"), Faults(skew=True, noise=True, stamp=True))


@needs_ocr
def test_the_tables_of_a_scan_are_read(scanned: Report):
    printed = rendering().printed
    cells = {cell.id: cell for cell in scanned.cells}
    values = {name: each.value for name, each in printed.items() if each.kind == "value"}
    wrong = {name: cells[name].raw for name, value in values.items() if cells[name].value not in (None, value)}
    read = sum(cells[name].state == "given" for name in values)
    assert wrong == {}
    assert read >= 0.97 * len(values)
    assert all(cells[name].value == 0 for name, each in printed.items() if each.text == "/" and cells[name].raw)


@needs_ocr
def test_values_of_a_scan_say_so_and_are_trusted_less(scanned: Report):
    assert scanned.source.media_type == "image/tiff"
    assert scanned.source.pages == 2
    assert {cell.source for cell in scanned.cells} == {"ocr"}
    assert {figure.source for figure in scanned.figures} == {"ocr"}
    assert max(cell.confidence for cell in scanned.cells) < 0.96
    for cell in scanned.cells:
        if cell.start is not None:
            assert scanned.text[cell.start : cell.end] == cell.raw


@needs_ocr
def test_sections_and_figures_of_a_scan_are_read(scanned: Report):
    assert [section.number for section in scanned.sections if section.number] == [1, 2, 3, 4, 5, 6]
    received = next(cell.value for cell in scanned.cells if cell.id == "applications.received.total")
    assert ("applications_received", received) in {(figure.metric, figure.value) for figure in scanned.figures}


@needs_ocr
@pytest.mark.usefixtures("chinese_font")
def test_pages_without_text_of_a_pdf_are_read_and_those_with_text_are_not():
    from PIL import Image, ImageDraw, ImageFont
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    page = Image.new("L", (1240, 1754), "white")
    draw = ImageDraw.Draw(page)
    draw.text((120, 200), "34 applications granted", font=ImageFont.load_default(32), fill=0)
    canvas = Canvas(stream := BytesIO(), pagesize=(595, 842))
    canvas.drawString(72, 720, "12 applications")
    canvas.showPage()
    canvas.drawImage(ImageReader(page), 0, 0, 595, 842)
    canvas.drawString(290, 30, "- 2 -")
    canvas.save()
    document = read_bytes(stream.getvalue(), name="mixed.pdf")
    first, second = document.blocks
    assert document.text[first.start : first.end] == "12 applications"
    assert document.text[second.start : second.end].replace(" ", "").strip() == "34applicationsgranted"
    assert (first.recognised, second.page, document.media_type) == (None, 2, "application/pdf")
    assert second.recognised is not None
    assert second.recognised.score > 0.8


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut.png": (lambda: png(800, 600, zlib.compress(bytes(801 * 600))[:40]), "damaged or cut short"),
    "noise.png": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "damaged or cut short"),
    "noise.tif": (lambda: b"II*\x00" + bytes(range(256)) * 20, "damaged or cut short"),
    "noise.jpg": (lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "damaged or cut short"),
    "bomb.png": (lambda: png(60_000, 60_000), "over 80 million pixels"),
    "wide.png": (lambda: png(10_000, 9_000, zlib.compress(bytes(10_001 * 9_000))), "over 80 million pixels"),
    "blank.png": (lambda: png(800, 600, zlib.compress((b"\0" + b"\xff" * 800) * 600)), "no text found by OCR"),
    "dot.png": (lambda: png(1, 1, zlib.compress(b"\0\0")), "no text found by OCR"),
}


@needs_ocr
@pytest.mark.parametrize("name", BAD)
def test_a_bad_image_is_refused_on_one_line(name: str):
    make, words = BAD[name]
    with pytest.raises((UnreadableFile, UnsupportedFile), match=words) as caught:
        read_bytes(make(), name=name)
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)


@needs_ocr
def test_an_image_cut_anywhere_raises_only_our_errors():
    from PIL import Image

    for kind in ("PNG", "JPEG", "TIFF"):
        Image.effect_noise((64, 48), 90).save(stream := BytesIO(), kind)
        data = stream.getvalue()
        for end in range(12, len(data) - 20, max(1, len(data) // 25)):
            with pytest.raises(NianbaoError):
                read_bytes(data[:end], name=f"cut.{kind.lower()}")


@needs_ocr
def test_an_image_of_too_many_pages_and_one_that_takes_too_long_are_given_up(monkeypatch: pytest.MonkeyPatch):
    from PIL import Image

    from extraction.readers import scan

    pages = [Image.new("L", (40, 40), "white") for _ in range(4)]
    pages[0].save(stream := BytesIO(), "TIFF", save_all=True, append_images=pages[1:])
    monkeypatch.setattr(scan, "MAX_PAGES", 3)
    with pytest.raises(UnreadableFile, match="4 pages, over the limit of 3"):
        read_bytes(stream.getvalue(), name="long.tif")
    monkeypatch.setattr(scan, "MAX_PAGES", 4)
    monkeypatch.setattr(scan, "MAX_SECONDS", -1)
    with pytest.raises(UnreadableFile, match="OCR of 0 of 4 pages took over"):
        read_bytes(stream.getvalue(), name="slow.tif")


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    remedy = r"; install the ocr extra \(pip install 'nianbao\[ocr\]'\) or run OCR first"
    with pytest.raises(UnsupportedFile, match=r"scan\.png: an image \(PNG\)" + remedy):
        read_bytes(png(10, 10), name="scan.png")
    from hostile import pdf

    with pytest.raises(UnsupportedFile, match=r"scan\.pdf: no text on 3 of 3 pages" + remedy):
        read_bytes(pdf(3), name="scan.pdf")


def test_readers_of_other_files_load_nothing_of_the_extra():
    code = (
        "import sys, extraction.readers.pdf, extraction.readers.sniff; print({'cv2', 'rapidocr'} & sys.modules.keys())"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"
