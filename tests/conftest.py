"""What all tests share."""

from io import BytesIO
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
_SUMMARY = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden records anew instead of comparing")
    parser.addoption("--rendering-seed", default="", help="draw other reports than those of every run")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_SUMMARY, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def summary(pytestconfig: pytest.Config) -> list[str]:
    """Lines that are shown at the end of the run, whether or not tests failed."""
    return pytestconfig.stash.setdefault(_SUMMARY, [])


@pytest.fixture(scope="session")
def chinese_font() -> None:
    """Skips where the system has no Chinese font: PDFium then drops a character that stands alone
    and is not embedded."""
    reportlab = pytest.importorskip("reportlab.pdfgen.canvas")
    from pypdfium2 import PdfDocument
    from reportlab.pdfbase import cidfonts, pdfmetrics

    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont("STSong-Light"))
    canvas = reportlab.Canvas(stream := BytesIO())
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(100, 100, "收")
    canvas.save()
    if not PdfDocument(stream.getvalue())[0].get_textpage().get_text_range():
        pytest.skip("no Chinese font is installed, without which PDFium drops characters that stand alone")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of given real reports and gold, which stands beside the checkout and is not part of it."""
    if not (SHARED / "gold" / "reports.jsonl").is_file():
        pytest.skip("../shared with the real reports and their gold is not here")
    return SHARED
