"""The command ``nianbao``: a verb a job, thin over the library."""

import gc
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from extraction.errors import NianbaoError
from extraction.loading import import_spacy

if TYPE_CHECKING:
    from extraction.checking import Examined
    from extraction.pipeline import Extractor
    from extraction.schema import Report

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
        metavar="FILE", help="A report: txt, md, html, docx, pdf; scans with the extra ocr. - reads standard input."
    ),
]
ModelFolder = Annotated[
    Path | None, typer.Option("--model", help="Folder of a trained model. Default: the one that comes with nianbao.")
]
NoModel = Annotated[bool, typer.Option("--no-model", help="Read the narrative by the rules alone.")]


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


def _extractor(model: Path | None, no_model: bool) -> "Extractor":
    # What is loaded here stays; to search it for garbage again and again takes a fifth of the time to start.
    gc.disable()
    import_spacy()
    from extraction.pipeline import DEFAULT_MODEL, Extractor

    extractor = Extractor.load(None if no_model else model or DEFAULT_MODEL)
    gc.freeze()
    gc.enable()
    return extractor


def _read(extractor: "Extractor", file: str) -> "Report":
    if file == "-":
        return extractor.extract_bytes(sys.stdin.buffer.read(), name="standard input")
    return extractor.extract_file(file)


def _reports(extractor: "Extractor", files: Sequence[str]) -> Iterator["Report"]:
    """The reports of files and folders; a file of a folder that cannot be read is a line on standard error."""
    from extraction.batch.inputs import SUFFIXES

    for file in files:
        if file == "-" or not Path(file).is_dir():
            yield _read(extractor, file)
            continue
        paths = sorted(path for path in Path(file).rglob("*") if path.suffix.lower() in SUFFIXES)
        if not paths:
            raise NianbaoError(
                file, "no report in this folder", f"give one with files of {', '.join(sorted(SUFFIXES))}"
            )
        for path in paths:
            try:
                yield _read(extractor, str(path))
            except NianbaoError as error:
                print(f"nianbao: {error}", file=sys.stderr)


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
    report = _read(_extractor(model, no_model), file)
    record = report.model_dump_json(by_alias=True, indent=2 if pretty else None, exclude={"text"} if no_text else None)
    sys.stdout.buffer.write(record.encode() + b"\n")


@app.command()
def check(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Reports, or folders of them; - reads one from standard input."),
    ],
    prior: Annotated[
        list[Path] | None,
        typer.Option(help="The report of the year before, or a folder in which it is found by body and year."),
    ] = None,
    aliases: Annotated[
        Path | None, typer.Option(help="YAML file of bodies' earlier names: `name today: [earlier name, …]`.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print checks and findings as lines of JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with the tables and all findings; a folder for several reports.")
    ] = None,
    model: ModelFolder = None,
    no_model: NoModel = False,
) -> None:
    """Print what contradicts itself in reports and what to correct; exit status 1 when there is an error.

    Reports of folders are compared with those of the year before that stand there too.

    Example: nianbao check annotations/reports/qinghe-county-2022.html
    """
    extractor = _extractor(model, no_model)
    from extraction.checking import examine, year_before
    from extraction.resources.bodies import Aliases
    from extraction.terminal import file_name, print_findings

    names = Aliases.load(aliases) if aliases else Aliases()
    reports = list(_reports(extractor, files))
    last = list(_reports(extractor, [str(path) for path in prior or ()]))
    alone = len(reports) == 1 and len(last) == 1
    several = len(reports) > 1
    if several and html:
        html.mkdir(parents=True, exist_ok=True)
    failed = False
    for number, report in enumerate(reports):
        before = last[0] if alone else year_before(report, [*last, *reports], names)
        examined = examine(report, prior=before, aliases=names)
        failed |= any(finding.severity == "error" for finding in examined.checked.findings)
        if html:
            from extraction.page import page

            place = html / f"{number + 1:04}-{Path(file_name(report)).stem}.html" if several else html
            place.write_text(page(examined.report, examined.checked.findings), encoding="utf-8")
        if as_json:
            _print_json(examined)
        else:
            print_findings(Console(highlight=False, soft_wrap=True), examined.report, examined.checked.findings)
    if failed:
        raise typer.Exit(1)


def _print_json(examined: "Examined") -> None:
    from extraction.corrections import corrections

    report, found = examined.report, examined.checked
    record = {
        **report.model_dump(mode="json", by_alias=True, include={"source", "report", "findings"}),
        "checks": [check.model_dump(mode="json") for check in found.checks],
        "corrections": corrections(report, found.findings),
        "prior": examined.prior.source.path if examined.prior else None,
    }
    sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")


@app.command()
def rollup(
    parent: Annotated[str, typer.Argument(metavar="PARENT", help="The report of the body.")],
    children: Annotated[
        list[str], typer.Argument(metavar="CHILDREN...", help="Reports of its subordinates, or folders of them.")
    ],
    bodies: Annotated[
        Path | None, typer.Option(help="The subordinates' names, a line each: those without a report are named.")
    ] = None,
    aliases: Annotated[
        Path | None, typer.Option(help="YAML file of bodies' earlier names: `name today: [earlier name, …]`.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print checks and findings as JSON.")] = False,
    model: ModelFolder = None,
    no_model: NoModel = False,
) -> None:
    """Check a body's tables against the sums of its subordinates'; exit status 1 when a cell differs.

    Example: nianbao rollup annotations/reports/qinghe-county-2022.html annotations/reports/lianxi-street-2022.txt
    """
    extractor = _extractor(model, no_model)
    from extraction import checks
    from extraction.resources.bodies import Aliases
    from extraction.terminal import print_findings

    names = Aliases.load(aliases) if aliases else Aliases()
    report = _read(extractor, parent)
    below = [each for each in _reports(extractor, children) if each.source.sha256 != report.source.sha256]
    expected = _lines(bodies) if bodies else []
    missing = [name for name in expected if not any(names.same(name, each.report.agency) for each in below)]
    checked = checks.against_children(report, below, missing=missing)
    if as_json:
        record = {
            "parent": report.source.path,
            "children": [each.source.path for each in below],
            "findings": [finding.model_dump(mode="json") for finding in checked.findings],
            "checks": [check.model_dump(mode="json") for check in checked.checks],
        }
        sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    else:
        console = Console(highlight=False, soft_wrap=True)
        print_findings(console, report, checked.findings)
        answers = Counter(check.answer for check in checked.checks)
        console.print(", ".join(f"{answers[name]} cells {name}" for name in ("holds", "broken", "open")))
    if any(finding.severity == "error" for finding in checked.findings):
        raise typer.Exit(1)


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise NianbaoError(str(path), f"cannot be read ({error})", "give a text file in UTF-8") from error


@app.command()
def batch(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[INPUT]...", help="Files, folders (with those below), patterns in quotes, ZIPs."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help=".jsonl, .parquet, .duckdb, .xlsx or .csv; a folder by year.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="CSV or JSON lines with path and, where known, agency, year, region.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core if not given.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an earlier run stopped.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="With --resume: read the files again that failed.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Begin anew where the output is there.")] = False,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave out the text that offsets point into.")] = False,
    seconds: Annotated[float, typer.Option(min=1, help="The longest that one file may take.")] = 120,
    memory: Annotated[int, typer.Option(min=100, help="The most MB that one file may take.")] = 1500,
    engine: Annotated[str, typer.Option(help="local, or dask for a cluster.")] = "local",
    scheduler: Annotated[str | None, typer.Option(help="Address of dask's scheduler; one here if not given.")] = None,
    model: ModelFolder = None,
    no_model: NoModel = False,
) -> None:
    """Read many reports into one output; a file that cannot be read is a line among its failures.

    Exit status 1 when a file failed, 130 when it was stopped; --resume goes on then.

    Example: nianbao batch annotations/reports -o reports.jsonl --overwrite
    """
    from extraction.batch import Item, Settings, find_items, read_manifest, run_batch
    from extraction.batch.engines import engine_named
    from extraction.batch.screen import progress, summary

    if out is None or not (inputs or manifest):
        raise NianbaoError("batch", "no input or no output", "give files or folders and -o OUT; see --help")
    unread: list[tuple[str, str]] = []
    found: list[Item] = list(find_items(inputs or [], unread=lambda place, reason: unread.append((place, reason))))
    found += read_manifest(manifest) if manifest else []
    chosen = None if no_model else str(model) if model else "default"
    settings = Settings(model=chosen, text=not no_text, seconds=seconds, memory=memory)
    console = Console(stderr=True)
    with progress(console, len(found) + len(unread)) as watch:
        done = run_batch(
            found, out, engine_named(engine, workers=workers, scheduler=scheduler), settings, unread=unread,
            resume=resume, retry=retry, overwrite=overwrite, watch=watch,
        )  # fmt: skip
    summary(console, done)
    if not done.is_whole:
        raise typer.Exit(130)
    if done.failed:
        raise typer.Exit(1)


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
    report = _read(_extractor(model, no_model), file)
    from extraction.terminal import explain_cell, explain_figure, file_name

    console = Console(highlight=False, soft_wrap=True)
    cells = [cell for cell in report.cells if name in (cell.id, f"{cell.table}.{cell.row}")]
    figures = [figure for index, figure in enumerate(report.figures) if name in (f"figures.{index}", figure.metric)]
    if not cells and not figures:
        raise NianbaoError(
            name, f"no cell or figure of {file_name(report)} has this id", "`nianbao extract` lists those there are"
        )
    for cell in cells:
        explain_cell(console, report, cell)
    for figure in figures:
        explain_figure(console, report, figure)


if __name__ == "__main__":
    main()
