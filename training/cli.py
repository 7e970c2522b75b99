"""The command ``nianbao``: the verbs of ``extraction.cli`` and those of training."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extraction.cli import app, main
from extraction.errors import BadResource

if TYPE_CHECKING:
    from training.annotations import Checked

__all__ = ["app", "main"]

annotations = typer.Typer(help="Work on marked passages.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(annotations, name="annotations")

_DEFAULT = [Path("annotations")]
_RECOMMENDED = 0.5
_LABEL = 28
"""Columns that the longest label takes."""
_FILE_WIDTH = 100
"""Columns of a table that is not printed on a terminal."""


@annotations.command()
def check(
    data: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FOLDER|FILE]...", help="A folder of annotations, or files.  [default: annotations]"),
    ] = None,
    disagreements: Annotated[
        bool, typer.Option("--disagreements", help="List where rules and marks disagree, but for the test split.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """List what is wrong with marked passages and count their labels by era; exit status 1 when there is an error.

    An error is a malformed line or mark, an unknown label, a figure's mark that is not a number with its unit, an id
    or a text that is there twice, and a passage whose near duplicate stands in another split.

    Example: nianbao annotations check annotations/development/passages.jsonl
    """
    from training import annotations as checks
    from training.split import planned_files

    checked = checks.check(planned_files(data or _DEFAULT), with_disagreements=disagreements, watch=_progress)
    if as_json:
        record = {**asdict(checked), "rare": checked.rare}
        sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    else:
        _print(checked)
    if checked.faults:
        raise typer.Exit(1)


@app.command()
def evaluate(
    data: Annotated[list[Path], typer.Argument(metavar="DATA...", help="Marked passages, corrected records, folders.")],
    model: Annotated[Path | None, typer.Option(help="Folder of the model; the default one if not given.")] = None,
    against: Annotated[Path | None, typer.Option(help="Folder of a second model, to compare with.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Score the rules alone.")] = False,
    labels: Annotated[bool, typer.Option("--labels", help="Print the scores of every label.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="Print each missed and spurious mark.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print the scores as a Markdown table.")] = False,
) -> None:
    """Score rules, model and both on marked passages: precision, recall, F1 with its interval of 95 %.

    Example: nianbao evaluate annotations/held_out/figures.jsonl --labels
    """
    from training.evaluate import Output, evaluate

    output: Output = "json" if as_json else "markdown" if as_markdown else "table"
    evaluate(data, model=model, against=against, no_model=no_model, labels=labels, errors=errors, output=output)


@app.command()
def train(
    data: Annotated[list[Path], typer.Argument(metavar="DATA...", help="Marked passages, corrected records, folders.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the model.")],
    start: Annotated[
        Path | None,
        typer.Option(
            "--from", help="A trained model or pretrained encoder. Default: the model that comes with nianbao."
        ),
    ] = None,
    folds: Annotated[
        int,
        typer.Option(min=0, help="Models that weigh the new one against the rules; 0: weights of the start."),
    ] = 0,
    metrics: Annotated[Path | None, typer.Option(help="YAML file of metrics of your own.")] = None,
    recipe: Annotated[Path | None, typer.Option(help="YAML file of the training's settings.")] = None,
) -> None:
    """Train a model on annotations of your own and say whether it is better than the one it started from.

    A run that was stopped goes on where it was when it is called again. Exit status 1 when the new model is worse.

    Example: nianbao train annotations/passages/01.jsonl --from models/default -o models/mine
    """
    from extraction.pipeline import DEFAULT_MODEL
    from training.build import build
    from training.recipe import DEFAULT

    console = Console(stderr=True)
    begin = start or DEFAULT_MODEL
    if begin is None:
        raise BadResource("--from", "no model to start from", "give a trained model or a pretrained encoder")
    share = build(
        data, start=begin, output=output, recipe=recipe or DEFAULT, folds=folds, metrics=metrics, console=console
    )
    if share is None:
        console.print(f"{output}: trained; its scores are in {output / 'README.md'}", soft_wrap=True)
        return
    said = f"at least as good as {begin} in {share:.0%} of paired resamples of the passages held back"
    if share < _RECOMMENDED:
        console.print(f"{output}: kept, but not recommended: {said}", soft_wrap=True)
        raise typer.Exit(1)
    console.print(f"{output}: recommended: {said}", soft_wrap=True)


@contextmanager
def _progress(name: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, where that is a terminal."""
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=total)
        yield lambda done: bar.advance(task, done)


def _print(checked: "Checked") -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _FILE_WIDTH
    console.print(_labels(checked))
    table = _table("split", "passages", "with marks", "with numbers and no mark")
    for name, held in checked.passages.items():
        table.add_row(name, str(held.passages), str(held.marked), str(held.unmarked_numbers))
    console.print(table)
    for fault in checked.faults:
        console.print(f"[bold red]error[/] {escape(f'{fault.place}: {fault.message}')}", soft_wrap=True)
    for line in checked.disagreements:
        console.print(f"[cyan]rules[/] {escape(line)}", soft_wrap=True)
    if checked.rare:
        console.print(f"[yellow]warning[/] too few to learn from: {', '.join(checked.rare)}", soft_wrap=True)
    disagreements = f", {len(checked.disagreements)} disagreements" if checked.disagreements else ""
    console.print(f"{len(checked.faults)} errors{disagreements}")


def _labels(checked: "Checked") -> Table:
    first = next(iter(checked.labels.values()))
    table = _table("label", *first.eras, *first.splits, *(["least"] if first.least else []))
    for label, count in checked.labels.items():
        numbers = [*count.eras.values(), *count.splits.values(), *([count.least] if count.least else [])]
        table.add_row(label, *map(str, numbers), style="yellow" if count.is_rare else None)
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1))
    table.add_column(first, no_wrap=True, min_width=_LABEL)
    for name in others:
        table.add_column(name, justify="right", overflow="fold")
    return table


if __name__ == "__main__":
    main()
