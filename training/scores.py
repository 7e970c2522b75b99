"""Precision, recall and F1 of what the program finds in marked passages: ``python -m training.scores FILE...``."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from extraction.document import DocumentBuilder, Sentence
from extraction.figures import resolve
from extraction.narrative import sentences
from extraction.numbers import find_numbers
from extraction.problems import Problems
from extraction.rules import Rules
from training.gold import Mark, Passage, read_passages

Key = tuple[str, str]
"""A label with the value it states; the value of a problem is empty."""
Finder = Callable[[Passage, list[Sentence]], list[tuple[str, str, str]]]
"""A passage to what is found there: label, value, text."""


@dataclass
class Score:
    """True and false finds, counted by label."""

    right: Counter[str] = field(default_factory=Counter)
    spurious: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def of(self, labels: Iterable[str]) -> dict[str, float]:
        """Precision, recall and F1 over some labels; 0 where there is nothing to divide by."""
        names = set(labels)
        right, spurious, missed = (
            sum(count for name, count in counter.items() if name in names)
            for counter in (self.right, self.spurious, self.missed)
        )
        precision = right / (right + spurious) if right + spurious else 0.0
        recall = right / (right + missed) if right + missed else 0.0
        f1 = 2 * right / (2 * right + spurious + missed) if right else 0.0
        return {"gold": right + missed, "precision": precision, "recall": recall, "f1": f1}

    @property
    def labels(self) -> list[str]:
        """Every label seen, sorted."""
        return sorted(self.right.keys() | self.spurious.keys() | self.missed.keys())

    def table(self) -> dict[str, dict[str, float]]:
        """Scores of every label and, under ``all``, of all together."""
        return {**{label: self.of([label]) for label in self.labels}, "all": self.of(self.labels)}


def score(passages: Sequence[Passage], find: Finder, *, problems: bool = False) -> Score:
    """Compare what ``find`` gives with the marks: figures by metric and value, problems by type."""
    result = Score()
    for passage in passages:
        gold = [
            (mark.label, "" if problems else _value(passage, mark), passage.text[mark.start : mark.end])
            for mark in passage.marks
            if mark.is_problem == problems
        ]
        _compare(passage, gold, find(passage, _sentences(passage)), result)
    return result


def _compare(
    passage: Passage, gold: list[tuple[str, str, str]], found: list[tuple[str, str, str]], score: Score
) -> None:
    wanted, given = Counter[Key](g[:2] for g in gold), Counter[Key](f[:2] for f in found)
    for counter, keys in (
        (score.right, wanted & given),
        (score.missed, wanted - given),
        (score.spurious, given - wanted),
    ):
        for (label, _), count in keys.items():
            counter[label] += count
    for word, keys, items in (("missed", wanted - given, gold), ("spurious", given - wanted, found)):
        for key in keys:
            text = next(item[2] for item in items if item[:2] == key)
            place = passage.text.find(text)
            around = passage.text[max(0, place - 40) : place + len(text) + 20].replace("\n", "⏎")
            score.errors.append(f"{passage.id} {word} {key[0]} {text}: {around}")


def _value(passage: Passage, mark: Mark) -> str:
    """The value of the number at a mark, read where it stands: 近千人次 is a number, 千人次 is none."""
    at = (m for m in find_numbers(passage.text) if m.start < mark.end and mark.start < m.end)
    mention = next(at, None) or next(iter(find_numbers(passage.text[mark.start : mark.end])), None)
    return str(mention.value.normalize()) if mention else passage.text[mark.start : mark.end]


def _sentences(passage: Passage) -> list[Sentence]:
    builder = DocumentBuilder()
    builder.paragraph(passage.text)
    return sentences(builder.build(media_type="text/plain"))


def figures_by_rule(rules: Rules) -> Finder:
    """Finder of figures by the rules alone."""

    def find(passage: Passage, found: list[Sentence]) -> list[tuple[str, str, str]]:
        figures = resolve(rules.find(found, year=passage.year, form=passage.form), passage.text)
        return [(f.metric, str(f.value.normalize()), f.text) for f in figures]

    return find


def problems_by_rule() -> Finder:
    """Finder of problems by the cues."""
    stage = Problems.load()

    def find(_: Passage, found: list[Sentence]) -> list[tuple[str, str, str]]:
        return [(p.type, "", p.text) for p in stage.find(found)]

    return find


app = typer.Typer(add_completion=False)


@app.command(epilog="Example: python -m training.scores annotations/passages/*.jsonl --errors")
def main(
    data: Annotated[list[Path], typer.Argument(help="JSON lines of marked passages or reports.", exists=True)],
    problems: Annotated[bool, typer.Option("--problems", help="Score problems by type, not figures.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="Print each missed and spurious mark.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
) -> None:
    """Print precision, recall and F1 of the rules on marked passages, by label and over all."""
    passages = [passage for path in data for passage in read_passages(path)]
    result = score(passages, problems_by_rule() if problems else figures_by_rule(Rules.load()), problems=problems)
    if as_json:
        typer.echo(
            json.dumps({"scores": result.table(), "errors": result.errors if errors else []}, ensure_ascii=False)
        )
        return
    table = Table("label", "gold", "precision", "recall", "F1")
    for label, row in result.table().items():
        table.add_row(label, str(row["gold"]), *(f"{row[name]:.3f}" for name in ("precision", "recall", "f1")))
    Console().print(table)
    for line in result.errors if errors else []:
        typer.echo(line)


if __name__ == "__main__":
    app()
