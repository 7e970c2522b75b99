"""``nianbao evaluate``: rules alone, model alone and both on marked passages, by the same measure."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from extraction.pipeline import DEFAULT_MODEL, Extractor
from training.gold import Passage, read_passages
from training.scores import Kind, Score, System, better, finder, score, systems

Scores = dict[tuple[Kind, System], Score]
KINDS: tuple[Kind, ...] = ("figures", "problems")


def evaluate(
    data: Annotated[list[Path], typer.Argument(help="JSON lines of marked passages or reports.", exists=True)],
    model: Annotated[Path | None, typer.Option(help="Folder of the model; the default model if not given.")] = None,
    against: Annotated[Path | None, typer.Option(help="Folder of a second model to compare with.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Score the rules alone.")] = False,
    labels: Annotated[bool, typer.Option("--labels", help="Print the scores of every label.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="Print each missed and spurious mark.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print the scores as a Markdown table.")] = False,
) -> None:
    """Score rules, model and both on marked passages: precision, recall, F1 with its interval of 95 %.

    Example: nianbao evaluate annotations/held_out/figures.jsonl --labels
    """
    passages = [passage for path in data for passage in read_passages(path)]
    extractor = Extractor.load(None if no_model else model or DEFAULT_MODEL)
    scores = score_all(extractor, passages, quiet=as_json or as_markdown)
    rows = rows_of(scores, labels=labels)
    compared: list[str] = []
    if against:
        other = score_all(replace(extractor, model=Extractor.load(against).model), passages, quiet=as_json)
        rows += [(f"{against.name}: {kind}", *rest) for kind, *rest in rows_of(other, labels=labels)]
        compared = [_comparison(kind, scores, other) for kind in KINDS]
    listed = [f"{kind} {system} {line}" for (kind, system), each in scores.items() for line in each.errors]
    if as_json:
        content = {f"{kind}/{system}": each.table() for (kind, system), each in scores.items()}
        typer.echo(json.dumps({"scores": content, "errors": listed if errors else []}, ensure_ascii=False))
        return
    if as_markdown:
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
