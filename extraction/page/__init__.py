"""A report as one page for whoever must correct it: corrections, findings, the forms filled in, and the narrative."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from pathlib import PurePath
from string import Template

from extraction.corrections import corrected
from extraction.page.findings import findings as list_of
from extraction.page.markup import NOTHING, Html, joined, tag, void
from extraction.page.shown import SEVERITIES, Shown
from extraction.page.tables import tables
from extraction.page.text import narrative
from extraction.resources.page import page_file
from extraction.schema import Finding, Report

_FEW = 8


def page(report: Report, findings: Sequence[Finding]) -> str:
    """A whole HTML file that needs no other and no network; all words of the report are escaped in it.

    :param findings: those to show, in the order of the checks; the page numbers them, errors first.
    """
    shown = Shown(report, findings)
    head = tag("header", joined(_head(shown)), class_="head")
    main = tag("main", tables(shown), narrative(shown), tag("p", shown.words.footer, class_="foot"), class_="main")
    style, script = page_file("page.css"), page_file("page.js")
    return Template(page_file("page.html")).substitute(
        title=escape(report.report.title or shown.words.untitled),
        style=style, style_hash=_hash(style), script=script, script_hash=_hash(script),
        body=tag("div", head, list_of(shown), main, class_="page" if findings else "page alone"),
    )  # fmt: skip


def _head(shown: Shown) -> Iterator[Html]:
    words, head, form = shown.words, shown.report.report, shown.form
    yield tag("h1", head.title or words.untitled)
    known = [
        head.agency,
        words.year.format(year=head.year) if head.year else None,
        form.title if form else None,
        PurePath(shown.report.source.path).name if shown.report.source.path else None,
    ]
    yield tag("p", joined(tag("span", part) for part in known if part), class_="about")
    if not shown.findings:
        yield tag("p", words.sound if form else words.sound_untold, class_="sound")
        return
    counts = [sum(finding.severity == severity for finding in shown.findings) for severity in SEVERITIES]
    chips = [
        tag("span", words.count.format(severity=words.severities[severity], count=count),
            class_=f"count {severity if count else 'none'}")
        for severity, count in zip(SEVERITIES, counts, strict=True)
    ]  # fmt: skip
    yield tag("p", joined(chips), tag("span", _summary(shown), class_="hint"), class_="summary")
    yield _corrections(shown)


def _summary(shown: Shown) -> str:
    """Where the findings are."""
    words = shown.words
    broken = sum(shown.is_broken([n]) for n in shown.numbered)
    return words.summary.format(broken=broken, changes=len(shown.changes)) if broken else words.summary_sound


def _corrections(shown: Shown) -> Html:
    words = shown.words
    items = [
        tag("li", void("input", type="checkbox", aria_label=each.text), shown.to_correction(each))
        for each in corrected(shown.report, shown.findings)
    ]
    if not items:
        return NOTHING
    title, hint = tag("h2", words.corrections), tag("p", words.corrections_hint, class_="hint")
    return tag("section", title, hint, tag("ol", joined(items), class_="many" if len(items) > _FEW else None),
               class_="corrections")  # fmt: skip


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
