"""Writes the binary example reports anew: ``python -m tests.rendering.examples``.

A narrative from ``NAME.source.txt``, where a line ``{table}`` stands for a table, and the cells of ``NAME.gold.json``.
"""

import json
from decimal import Decimal
from pathlib import Path
from random import Random

from tests.rendering.binary_layouts import docx, pdf_ruled
from tests.rendering.page import Break, Page
from tests.rendering.style import Printer, Style
from tests.rendering.tables import Table, build_tables
from tests.rendering.truth import Truth
from tests.rendering.words import APPLICANTS, RESULTS, WORDS, application_rows, disclosure_cells

FOLDER = Path(__file__).parents[2] / "annotations" / "reports"
EXAMPLES = {
    "jin-an-city-2021.docx": Style(zero="", digits="comma"),
    "wangping-county-2024.pdf": Style(page_break="repeated", vertical=True, seed=22),
}


def _cells(gold: dict[str, int | float]) -> dict[str, Decimal]:
    """All cells of the form of 2021: those that the gold leaves out are blank on the page, and so are printed zeros."""
    ids = disclosure_cells("2021")
    ids += [f"applications.{row}.{column}" for row in application_rows("2021") for column in (*APPLICANTS, "total")]
    ids += [f"disputes.{group}.{column}" for group in WORDS["disputes"]["groups"] for column in (*RESULTS, "total")]
    return {cell: Decimal(str(gold.get(cell, 0))) for cell in ids}


def write(name: str, style: Style) -> None:
    """Write one example."""
    path = FOLDER / name
    gold = json.loads(path.with_suffix(".gold.json").read_text(encoding="utf-8"))
    head = gold["report"]
    truth = Truth("2021", head["agency"], head["year"], _cells(gold["cells"]))
    tables = build_tables(truth, style, Printer(style, Random(0)))
    title, *lines = path.with_suffix(".source.txt").read_text(encoding="utf-8").splitlines()
    blocks: list[str | Table | Break] = []
    for line in lines:
        pieces = tables[line[1:-1]] if line.startswith("{") else [line]
        blocks += [Break(0) if piece is None else piece for piece in pieces]
    layout = docx if path.suffix == ".docx" else pdf_ruled
    path.write_bytes(layout(Page(title, blocks), style))


if __name__ == "__main__":
    for example, its_style in EXAMPLES.items():
        write(example, its_style)
