"""Findings, cells and figures as lines of a terminal."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from extraction.corrections import corrections
from extraction.schema import Cell, Figure, Finding, Report

_AROUND = 40
_SHOWN = 24
_STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}
_LAYOUTS = {
    "grid": "a table of the file's own format",
    "fields": "a line of fields parted by tabs or bars",
    "run": "cells that follow each other, told apart by their labels",
}


def print_findings(console: Console, report: Report, findings: Sequence[Finding]) -> None:
    """A line a finding, with the words and cells that it is of, then what to correct, then a summary."""
    head = report.report
    console.print(f"[bold]{escape(head.title or file_name(report))}[/bold]")
    known = [head.agency, str(head.year) if head.year else None, f"form {head.form}" if head.form else None]
    console.print(escape(" · ".join(part for part in known if part)), style="dim")
    cells = {cell.id: cell for cell in report.cells}
    for finding in findings:
        console.print(f"[{_STYLES[finding.severity]}]{finding.severity}[/] {finding.check}  {escape(finding.message)}")
        for index in finding.figures:
            console.print(f"    {escape(_quoted(report.text, report.figures[index].start, report.figures[index].end))}")
        if finding.severity == "error":
            # The last cells of a sum are what the others add up to.
            own = [cells[name] for name in finding.cells if name in cells]
            shown = [cell for cell in own if cell.value or cell.id == finding.cells[-1]]
            for cell in shown if len(shown) <= _SHOWN else [*shown[: _SHOWN - 1], shown[-1]]:
                value = "no value" if cell.value is None else f"{cell.value:f}"
                console.print(f"    {cell.id} = {value} ({cell.state})", style="dim")
    if lines := corrections(report, findings):
        console.print("[bold]corrections[/bold] (the fewest changes under which all sums hold)")
        for line in lines:
            console.print(f"    {escape(line)}")
    counts = {level: sum(each.severity == level for each in findings) for level in _STYLES}
    states = {
        state: sum(cell.state == state for cell in report.cells) for state in ("given", "imputed", "blank", "missing")
    }
    console.print(
        f"{counts['error']} errors, {counts['warning']} warnings, {counts['info']} notes; cells: "
        + ", ".join(f"{count} {state}" for state, count in states.items() if count)
        + f"; {len(report.figures)} figures"
    )


def file_name(report: Report) -> str:
    """What to call a report without a title."""
    return Path(report.source.path).name if report.source.path else "report"


def _quoted(text: str, start: int, end: int) -> str:
    """The words around a span, the span between 「 and 」, on one line."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return " ".join(f"…{before}「{text[start:end]}」{after}…".split())


def explain_cell(console: Console, report: Report, cell: Cell) -> None:
    """Where a cell's value comes from, and the findings that it is of."""
    value = "no value" if cell.value is None else f"{cell.value:f} {cell.unit or ''}".strip()
    console.print(f"[bold]{cell.id}[/bold]  {value}  {cell.state}, confidence {cell.confidence:.2f}")
    if cell.raw:
        console.print(f"  printed    {escape(cell.raw)}")
    if cell.start is not None and cell.end is not None:
        console.print(f"  stands at  {cell.start}–{cell.end}: {escape(_quoted(report.text, cell.start, cell.end))}")
    if cell.label:
        console.print(f"  row        read from the label {escape(cell.label)}")
    if cell.layout:
        console.print(f"  layout     {_LAYOUTS[cell.layout]}")
    if cell.note:
        console.print(f"  because    {escape(cell.note)}")
    for finding in report.findings:
        if cell.id in finding.cells:
            console.print(f"  {finding.severity:10} {escape(finding.message)}")


def explain_figure(console: Console, report: Report, figure: Figure) -> None:
    """Where a figure comes from, who found it, and the findings that it is of."""
    qualifier = f" ({figure.qualifier})" if figure.qualifier else ""
    console.print(
        f"[bold]{figure.metric}[/bold]  {figure.value:f} {figure.unit or ''}{qualifier}  "
        f"by {figure.source}, confidence {figure.confidence:.2f}"
    )
    console.print(f"  stands at  {figure.start}–{figure.end}: {escape(_quoted(report.text, figure.start, figure.end))}")
    if figure.rule:
        console.print(f"  rule       {escape(figure.rule)}")
    if figure.rival:
        console.print(
            f"  but        {'the model' if figure.source == 'rule' else 'a rule'} takes it for {figure.rival}"
        )
    if report.model:
        console.print(f"  model      {escape(report.model)}")
    if figure.section:
        console.print(f"  section    {figure.section}")
    index = report.figures.index(figure)
    for finding in report.findings:
        if index in finding.figures:
            console.print(f"  {finding.severity:10} {escape(finding.message)}")
