"""All layouts by name, and the rendering of a truth in one of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tests.rendering import text_layouts as text
from tests.rendering.binary_layouts import docx, pdf_plain, pdf_ruled
from tests.rendering.html_layouts import html_divs, html_flat, html_layout_table, html_spans, html_viewer
from tests.rendering.page import Page, compose
from tests.rendering.style import Printed, Style
from tests.rendering.truth import Truth


@dataclass(frozen=True)
class Layout:
    """A way to write a page. ``keeps_blanks``: a blank cell leaves a trace; ``loses``: single cells can get lost."""

    write: Callable[[Page, Style], str | bytes]
    suffix: str
    keeps_blanks: bool = True
    loses: bool = False


@dataclass(frozen=True)
class Rendered:
    """A file with what stands in it: ``printed`` holds every cell that the truth's form has in this style."""

    data: bytes
    name: str
    truth: Truth
    printed: dict[str, Printed]
    layout: str
    style: Style


def _text(table_text: text.TableText, gap: int = 0) -> Callable[[Page, Style], str]:
    return lambda page, style: text.as_text(page, style, table_text, gap=gap)


LAYOUTS = {
    "tab_lines": Layout(_text(text.tab_lines), ".txt"),
    "paragraphs": Layout(_text(text.paragraphs, gap=1), ".txt", keeps_blanks=False, loses=True),
    "pipe_lines": Layout(_text(text.pipe_lines), ".txt"),
    "pipe_rows": Layout(_text(text.pipe_rows), ".txt"),
    "markdown": Layout(_text(text.markdown), ".md"),
    "tab_rows": Layout(_text(text.tab_rows), ".txt"),
    "spaced_rows": Layout(_text(text.spaced_rows), ".txt", keeps_blanks=False, loses=True),
    "viewer_lines": Layout(text.viewer_lines, ".txt", keeps_blanks=False, loses=True),
    "html_spans": Layout(html_spans, ".html"),
    "html_flat": Layout(html_flat, ".html"),
    "html_layout_table": Layout(html_layout_table, ".html"),
    "html_divs": Layout(html_divs, ".html", keeps_blanks=False),
    "html_viewer": Layout(html_viewer, ".html", keeps_blanks=False, loses=True),
    "docx": Layout(docx, ".docx"),
    "pdf_ruled": Layout(pdf_ruled, ".pdf"),
    "pdf_plain": Layout(pdf_plain, ".pdf", keeps_blanks=False),
}


def fit(style: Style, layout: str) -> Style:
    """The style without what the layout cannot print so that a person could still read it."""
    if not LAYOUTS[layout].keeps_blanks and style.digits == "spaced":
        # `13 612 0 0` is three values or four: nobody could tell.
        style = replace(style, digits="ascii")
    if layout == "pdf_plain" and style.digits == "chinese":
        # A long numeral goes on in a second line, which without rules may as well be another row.
        style = replace(style, digits="ascii")
    if not LAYOUTS[layout].keeps_blanks and style.extra_column == "serial":
        # Where cells have no places, a number before a label may as well belong to the row above.
        style = replace(style, extra_column="")
    return style


def render(
    truth: Truth,
    style: Style,
    layout: str,
    *,
    wrong: Mapping[str, Decimal] | None = None,
    narrative: Mapping[int, Sequence[str]] | None = None,
) -> Rendered:
    """Write a truth in a style and layout; ``wrong`` are cells that are printed with another value than they have.

    ``narrative`` holds the paragraphs of sections that are to say something else than those of every report.
    """
    style = fit(style, layout)
    page, printed = compose(truth, style, loses=LAYOUTS[layout].loses, wrong=wrong, narrative=narrative)
    data = LAYOUTS[layout].write(page, style)
    raw = data.encode() if isinstance(data, str) else data
    return Rendered(raw, f"{layout}-{style.seed}{LAYOUTS[layout].suffix}", truth, printed, layout, style)
