"""`python -m tests.benchmarks.statements`: statements of the narrative that agree or disagree with a table.

Six writers, told apart by the first letter of the ids, wrote them without knowing the program. What it did not find
was read afterwards and mended where the cause was a general one: the figures say what it does with these statements.
Each line of ``statements.jsonl`` is a passage with the cells that are not 0, and what a careful reader says of its
numbers; it was written by people who knew the forms and not the program. The passage is set into a report with the
form's tables, which is read as any other. A finding of the narrative that nobody says is a false alarm.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from extraction import Extractor, Report
from extraction.resources.forms import Form, Table, load_forms
from extraction.resources.messages import load_messages

STATEMENTS = Path(__file__).with_name("statements.jsonl")
CHECKS = ("narrative.table", "narrative.parts", "narrative.rate")


def main(arguments: list[str] | None = None) -> None:
    """Print a line a check: how many disagreements there are, found, and found that are none."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.statements", description=__doc__)
    parser.add_argument("--errors", action="store_true", help="print what was missed and what was a false alarm")
    parser.add_argument("--no-model", action="store_true", help="read by the rules alone")
    options = parser.parse_args(arguments)
    extractor = Extractor.load(None) if options.no_model else Extractor.load()
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for line in STATEMENTS.read_text(encoding="utf-8").splitlines():
        statement = json.loads(line)
        report = extractor.extract_bytes(page(statement).encode(), name=f"{statement['id']}.html")
        for check, kind, said in judged(statement, report):
            counts[statement["id"][0], check][kind] += 1
            if options.errors and kind != "right":
                print(f"{statement['id']} {kind:11} {check} {said}\n    {statement['text']}")
    sets = sorted({name for name, _ in counts})
    print(f"{'':20} {'broken':>8} {'right':>8} {'missed':>8} {'false alarm':>12} {'precision':>10} {'recall':>8}")
    for name in sets:
        _line(f"set {name}", sum((counts[name, check] for check in CHECKS), Counter()))
    for check in CHECKS:
        _line(check, sum((counts[name, check] for name in sets), Counter()))
    _line("all", sum(counts.values(), Counter()))


def _line(name: str, count: Counter[str]) -> None:
    right, missed, alarms = (count[kind] for kind in ("right", "missed", "false alarm"))
    precision, recall = right / max(1, right + alarms), right / max(1, right + missed)
    print(f"{name:20} {right + missed:8} {right:8} {missed:8} {alarms:12} {precision:10.3f} {recall:8.3f}")


def judged(statement: Mapping[str, Any], report: Report) -> Iterator[tuple[str, str, str]]:
    """Check, outcome and words of each disagreement, and of each finding that is none."""
    text = report.text
    broken = {(each["check"], each["words"]) for each in statement["says"] if each["answer"] == "broken"}
    for finding in report.findings:
        if finding.check not in CHECKS:
            continue
        # The number that a check is of stands at the offset that its id ends with.
        start = int((finding.id or "").rpartition(":")[2])
        hit = next(
            (
                said
                for said in broken
                if said[0] == finding.check and text.find(said[1], start - 3) in range(start - 3, start + 4)
            ),
            None,
        )
        if hit:
            broken.discard(hit)
            yield finding.check, "right", hit[1]
        elif not _also(statement, finding.check, text, start):
            yield finding.check, "false alarm", finding.message
    for check, words in sorted(broken):
        yield check, "missed", words


def _also(statement: Mapping[str, Any], check: str, text: str, start: int) -> bool:
    """Whether a broken number is found a second time."""
    said = (each["words"] for each in statement["says"] if each["check"] == check and each["answer"] == "broken")
    return any(text.find(words, start - 3) in range(start - 3, start + 4) for words in said)


def page(statement: Mapping[str, Any]) -> str:
    """A report with the passage as its first part and the form's tables, as HTML."""
    form = next(form for form in load_forms() if form.id == statement["form"])
    cells = {cell: Decimal(str(value)) for cell, value in statement["cells"].items()}
    year, words = statement["year"], load_messages()
    title = f"{year}年政府信息公开工作年度报告"
    parts = [f"<h1>{title}</h1>"]
    for number, section in enumerate(words.sections, 1):
        parts.append(f"<h2>{words.numerals[number - 1]}、{section}</h2>")
        parts += [f"<p>{escape(statement['text'])}</p>"] if number == 1 else []
        parts += [_table(form, table, cells) for table in form.tables if table.section == number]
    return f"<html><head><title>{title}</title></head><body>{''.join(parts)}</body></html>"


def _table(form: Form, table: Table, cells: Mapping[str, Decimal]) -> str:
    rows = []
    for block in table.all_blocks:
        rows.append("".join(f"<td>{escape(text)}</td>" for text in ("项目", *(c.label for c in block.columns))))
        for row in block.rows:
            if row.instead_of:
                continue
            values = (cells.get(table.cell_id(row.id, column.id), Decimal(0)) for column in block.columns)
            label = f"{row.group} {row.label}" if row.group and not table.beside else row.label
            rows.append("".join(f"<td>{escape(text)}</td>" for text in (label, *(f"{value:f}" for value in values))))
    if table.beside:
        rows = _beside(table, cells)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _beside(table: Table, cells: Mapping[str, Decimal]) -> list[str]:
    width = len(table.columns)
    groups = "".join(f'<td colspan="{width}">{escape((r.group or "") + r.label)}</td>' for r in table.rows)
    heads = "".join(f"<td>{escape(column.label)}</td>" for _ in table.rows for column in table.columns)
    values = "".join(
        f"<td>{cells.get(table.cell_id(row.id, column.id), Decimal(0)):f}</td>"
        for row in table.rows
        for column in table.columns
    )
    return [groups, heads, values]


if __name__ == "__main__":
    main()
