"""A report as one HTML page for whoever must correct it: findings, corrections, the forms filled in, the narrative."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from string import Template

from extraction.corrections import corrected, table_name
from extraction.page.findings import findings as list_of_findings
from extraction.page.markup import NOTHING, Html, joined, tag
from extraction.page.shown import SEVERITIES, Shown
from extraction.page.tables import tables
from extraction.page.text import narrative
from extraction.resources.page import page_file
from extraction.schema import Finding, Report

_MANY = 10


def page(report: Report, findings: Sequence[Finding]) -> str:
    """The page of a report with its findings: one file, without anything from elsewhere."""
    shown = Shown(report, findings)
    style, script = page_file("page.css"), page_file("page.js")
    main = tag("div", tables(shown), narrative(shown), class_="main")
    return Template(page_file("page.html")).substitute(
        title=escape(report.report.title or shown.words.untitled),
        style=style, style_hash=_hash(style), script=script, script_hash=_hash(script),
        body=tag("div", _head(shown), list_of_findings(shown), main, class_="page"),
    )  # fmt: skip


def _hash(content: str) -> str:
    return b64encode(sha256(content.encode()).digest()).decode()


def _head(shown: Shown) -> Html:
    words, head = shown.words, shown.report.report
    year = words.year.format(year=head.year) if head.year else ""
    about = [tag("span", text) for text in (head.agency or "", year) if text]
    counts = []
    for severity in SEVERITIES:
        count = sum(finding.severity == severity for finding in shown.findings)
        text = words.count.format(severity=words.severities[severity], count=count)
        counts.append(tag("span", text, class_=f"count {severity if count else 'none'}"))
    parts = [
        tag("h1", head.title or words.untitled),
        tag("div", joined(about), class_="about"),
        tag("div", joined(counts), tag("span", _summary(shown)), class_="summary"),
    ]
    if not shown.findings:
        parts.append(tag("p", words.sound if shown.form else words.sound_untold, class_="sound"))
    return tag("header", joined(parts), _corrections(shown), class_="head")


def _summary(shown: Shown) -> str:
    if not shown.findings or shown.form is None:
        return shown.words.summary_placeless.format(count=len(shown.findings)) if shown.findings else ""
    concerned = {cell.partition(".")[0] for finding in shown.findings for cell in finding.cells}
    places = [table_name(table) for table in shown.form.tables if table.id in concerned]
    places += [shown.words.narrative_place] if shown.at_figure else []
    if not places:
        return shown.words.summary_placeless.format(count=len(shown.findings))
    return shown.words.summary.format(count=len(shown.findings), places=shown.words.list_mark.join(places))


def _corrections(shown: Shown) -> Html:
    found = list(corrected(shown.report, shown.findings))
    if not found:
        return NOTHING
    items = [tag("li", Html('<input type="checkbox">'), shown.to_cell(each.cell, each.text)) for each in found]
    words = shown.words
    return tag(
        "section", tag("h2", words.corrections), tag("p", words.corrections_hint, class_="hint"),
        tag("ol", joined(items), class_="many" if len(items) > _MANY else None), class_="corrections",
    )  # fmt: skip
