"""The command ``nianbao``: a verb a job, thin over the library."""

import gc
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from rich.markup import escape

from extraction.errors import NianbaoError

if TYPE_CHECKING:
    from extraction.schema import Cell, Figure, Report

app = typer.Typer(
    name="nianbao",
    help="Figures, tables and checks of government information disclosure annual reports (政府信息公开工作年度报告).",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
File = Annotated[
    str,
    typer.Argument(
        metavar="FILE", help="A report: txt, md, html, docx or pdf with a text layer; - reads standard input."
    ),
]
ModelFolder = Annotated[
    Path | None, typer.Option("--model", help="Folder of a trained model. Default: the one that comes with nianbao.")
]
NoModel = Annotated[bool, typer.Option("--no-model", help="Read the narrative by the rules alone.")]
_AROUND = 40
_SHOWN = 24
_STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}


def main() -> None:
    """Run the command; what is wrong with a file is one line on standard error and exit status 2."""
    try:
        app()
    except NianbaoError as error:
        print(f"nianbao: {error}", file=sys.stderr)
        sys.exit(2)
    except UnicodeEncodeError as error:
        print(f"nianbao: output: {error.encoding} cannot print Chinese; set PYTHONIOENCODING=utf-8", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output has gone, as in `nianbao extract FILE | head`.
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        print(f"nianbao: output: {error.strerror}; write to a place with room", file=sys.stderr)
        sys.exit(2)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"nianbao {version('nianbao')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Figures, tables and checks of government information disclosure annual reports (政府信息公开工作年度报告)."""


def import_spacy() -> None:
    """Import spaCy without torch, which it would import along wherever that is installed."""
    # thinc, below spaCy, tries `import torch` and goes without where that fails; it has no setting against it. What is
    # used of spaCy needs none, and torch takes a second and 180 MB. After None in sys.modules an import fails.
    torch = sys.modules.setdefault("torch", cast(ModuleType, None))
    try:
        import spacy  # noqa: F401
    finally:
        # A model that is a transformers checkpoint imports torch later, for itself.
        if torch is None:
            del sys.modules["torch"]


def _read(file: str, model: Path | None, no_model: bool) -> "Report":
    # What is loaded here stays; to search it for garbage again and again takes a fifth of the time to start.
    gc.disable()
    import_spacy()
    from extraction.pipeline import DEFAULT_MODEL, Extractor

    extractor = Extractor.load(None if no_model else model or DEFAULT_MODEL)
    gc.freeze()
    gc.enable()
    if file == "-":
        return extractor.extract_bytes(sys.stdin.buffer.read(), name="standard input")
    return extractor.extract_file(file)


@app.command()
def extract(
    file: File,
    pretty: Annotated[bool, typer.Option("--pretty", help="Indent the JSON.")] = False,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave out the text that offsets point into.")] = False,
    model: ModelFolder = None,
    no_model: NoModel = False,
) -> None:
    """Print the record of a report as JSON.

    Example: nianbao extract annotations/reports/qinghe-county-2022.html --pretty --no-text
    """
    report = _read(file, model, no_model)
    record = report.model_dump_json(by_alias=True, indent=2 if pretty else None, exclude={"text"} if no_text else None)
    sys.stdout.buffer.write(record.encode() + b"\n")


@app.command()
def check(
    file: File,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    model: ModelFolder = None,
    no_model: NoModel = False,
) -> None:
    """Print what contradicts itself in a report; exit status 1 when there is an error.

    Example: nianbao check annotations/reports/qinghe-county-2022.html
    """
    report = _read(file, model, no_model)
    if as_json:
        record = report.model_dump_json(by_alias=True, include={"source", "report", "findings"}, indent=2)
        sys.stdout.buffer.write(record.encode() + b"\n")
    else:
        _print_findings(report)
    if any(finding.severity == "error" for finding in report.findings):
        raise typer.Exit(1)


def _print_findings(report: "Report") -> None:
    console = Console(highlight=False, soft_wrap=True)
    head = report.report
    console.print(f"[bold]{escape(head.title or _file_name(report))}[/bold]")
    known = [head.agency, str(head.year) if head.year else None, f"form {head.form}" if head.form else None]
    console.print(escape(" · ".join(part for part in known if part)), style="dim")
    cells = {cell.id: cell for cell in report.cells}
    for finding in report.findings:
        console.print(f"[{_STYLES[finding.severity]}]{finding.severity}[/] {finding.check}  {escape(finding.message)}")
        for index in finding.figures:
            console.print(f"    {escape(_quoted(report.text, report.figures[index].start, report.figures[index].end))}")
        if finding.severity == "error":
            # The last cells of a sum are what the others add up to.
            shown = [
                cell for cell in map(cells.__getitem__, finding.cells) if cell.value or cell.id == finding.cells[-1]
            ]
            for cell in shown if len(shown) <= _SHOWN else [*shown[: _SHOWN - 1], shown[-1]]:
                value = "no value" if cell.value is None else f"{cell.value:f}"
                console.print(f"    {cell.id} = {value} ({cell.state})", style="dim")
    counts = {level: sum(each.severity == level for each in report.findings) for level in _STYLES}
    states = {
        state: sum(cell.state == state for cell in report.cells) for state in ("given", "imputed", "blank", "missing")
    }
    console.print(
        f"{counts['error']} errors, {counts['warning']} warnings, {counts['info']} notes; cells: "
        + ", ".join(f"{count} {state}" for state, count in states.items() if count)
        + f"; {len(report.figures)} figures"
    )


def _file_name(report: "Report") -> str:
    """What to call a report without a title."""
    return Path(report.source.path).name if report.source.path else "report"


def _quoted(text: str, start: int, end: int) -> str:
    """The words around a span, the span between 「 and 」, on one line."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return " ".join(f"…{before}「{text[start:end]}」{after}…".split())


@app.command()
def explain(
    file: File,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="A cell id, a metric id, or figures.N for the Nth figure (from 0).")
    ],
    model: ModelFolder = None,
    no_model: NoModel = False,
) -> None:
    """Say where a cell or a figure comes from: the words it stands in, the layout or rule that found it.

    Example: nianbao explain annotations/reports/qinghe-county-2022.html applications.total.total
    """
    report = _read(file, model, no_model)
    console = Console(highlight=False, soft_wrap=True)
    cells = [cell for cell in report.cells if name in (cell.id, f"{cell.table}.{cell.row}")]
    figures = [figure for index, figure in enumerate(report.figures) if name in (f"figures.{index}", figure.metric)]
    if not cells and not figures:
        raise NianbaoError(
            name, f"no cell or figure of {_file_name(report)} has this id", "`nianbao extract` lists those there are"
        )
    for cell in cells:
        _explain_cell(console, report, cell)
    for figure in figures:
        _explain_figure(console, report, figure)


_LAYOUTS = {
    "grid": "a table of the file's own format",
    "fields": "a line of fields parted by tabs or bars",
    "run": "cells that follow each other, told apart by their labels",
}


def _explain_cell(console: Console, report: "Report", cell: "Cell") -> None:
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


def _explain_figure(console: Console, report: "Report", figure: "Figure") -> None:
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


if __name__ == "__main__":
    main()
