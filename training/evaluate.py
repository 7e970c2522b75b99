"""``nianbao evaluate``: rules alone, model alone and both on marked passages, by the same measure."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from extraction.pipeline import DEFAULT_MODEL, Extractor
from training.gold import Passage
from training.scores import Kind, Score, System, better, finder, score, systems
from training.split import files_of, read_all

Output = Literal["table", "json", "markdown"]
Scores = dict[tuple[Kind, System], Score]
KINDS: tuple[Kind, ...] = ("figures", "problems")


def evaluate(
    data: Sequence[Path],
    *,
    model: Path | None,
    against: Path | None,
    no_model: bool,
    labels: bool,
    errors: bool,
    output: Output,
) -> None:
    """Print the scores of marked passages; see ``nianbao evaluate --help``."""
    # First the model, which may bring metrics of its own that the passages are marked with.
    extractor = Extractor.load(None if no_model else model or DEFAULT_MODEL)
    passages = [passage for path in data for passage in read_all(files_of(path))]
    scores = score_all(extractor, passages, quiet=output != "table")
    rows = rows_of(scores, labels=labels)
    compared: list[str] = []
    if against:
        other = score_all(replace(extractor, model=Extractor.load(against).model), passages, quiet=output != "table")
        rows += [(f"{against.name}: {kind}", *rest) for kind, *rest in rows_of(other, labels=labels)]
        compared = [_comparison(kind, scores, other) for kind in KINDS]
    listed = [f"{kind} {system} {line}" for (kind, system), each in scores.items() for line in each.errors]
    if output == "json":
        content = {f"{kind}/{system}": each.table() for (kind, system), each in scores.items()}
        typer.echo(json.dumps({"scores": content, "errors": listed if errors else []}, ensure_ascii=False))
        return
    if output == "markdown":
        typer.echo(markdown(rows))
    else:
        table = Table(*HEADER)
        for row in rows:
            table.add_row(*row)
        Console().print(table)
    for line in compared + (listed if errors else []):
        typer.echo(line)


HEADER = ("kind", "system", "label", "gold", "precision", "recall", "F1", "95 %")


def score_all(extractor: Extractor, passages: Sequence[Passage], *, quiet: bool = False) -> Scores:
    """The scores of every kind by every system that the extractor can be."""
    jobs = [(kind, system) for kind in KINDS for system in systems(extractor)]
    found: Scores = {}
    for kind, system in jobs:
        shown = track(passages, f"{kind}, {system}", transient=True, disable=quiet)
        found[kind, system] = score(shown, finder(extractor, system, kind), kind=kind)
    return found


def rows_of(scores: Scores, *, labels: bool) -> list[tuple[str, ...]]:
    """Rows under `HEADER`, one a kind and system, or one a label too."""
    rows: list[tuple[str, ...]] = []
    for (kind, system), each in scores.items():
        for label, row in each.table().items() if labels else [("all", each.of(each.labels))]:
            numbers = (f"{row[name]:.3f}" for name in ("precision", "recall", "f1"))
            rows.append((kind, system, label, f"{row['gold']:.0f}", *numbers, f"{row['low']:.3f}–{row['high']:.3f}"))
    return rows


def markdown(rows: Sequence[tuple[str, ...]]) -> str:
    """The rows as a Markdown table."""
    lines = [HEADER, tuple("---" for _ in HEADER), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _comparison(kind: Kind, scores: Scores, other: Scores) -> str:
    share = better(scores[kind, "both"], other[kind, "both"])
    return f"{kind}: at least as good in {share:.0%} of paired resamples"
