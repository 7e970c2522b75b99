"""`python -m tests.benchmarks.ocr`: scans of rendered reports, the values of their tables right, wrong and unread.

The pages are made from random figures and degraded in known ways. `with sums` lets the form's sums choose among the
readings of a cell, `without` takes the recogniser's first. A value is unread where the record gives none.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from time import perf_counter

from extraction import recognition, tables
from extraction.forms import Aligner
from extraction.readers import read_bytes
from extraction.schema import Cell
from tests.rendering import Rendered, Style, draw_truth
from tests.rendering.scans import FONTS, KINDS, scan

_ZEROS = ("0", "0", "-", "—", "/", "")


@dataclass
class Score:
    """What became of the printed values of some scans."""

    pages: int = 0
    seconds: float = 0.0
    without: Counter[str] = field(default_factory=Counter)
    chosen: Counter[str] = field(default_factory=Counter)

    def line(self, name: str) -> str:
        """As printed."""
        both = (self.without, self.chosen)
        counts = "".join(f"{outcomes[state]:6} " for outcomes in both for state in ("right", "wrong", "unread"))
        rates = "".join(f"{100 * outcomes['wrong'] / max(1, outcomes.total()):9.2f}" for outcomes in both)
        return f"{name:22}{self.pages:6} {counts}{rates}{self.seconds / max(1, self.pages):9.1f}"


def scans(pages: int, seed: int) -> Iterator[tuple[str, Rendered]]:
    """Scans of each kind in turn, without end but for the caller's count of pages."""
    random = Random(f"scans {seed}")
    number = 0
    while True:
        for name, faults in KINDS.items():
            truth = draw_truth(
                random.randrange(10_000), random.choice(("2021", "2021", "2019")), random.choice((1, 2, 3))
            )
            style = Style(seed=random.randrange(10_000), zero=random.choice(_ZEROS), vertical=random.random() < 0.2)
            yield name, scan(truth, style, faults, digits=FONTS[number % len(FONTS)])
            number += 1


def outcomes(cells: Iterable[Cell], rendered: Rendered) -> Iterator[tuple[str, str, str]]:
    """Each printed value with what became of it, and words on it."""
    by_id = {cell.id: cell for cell in cells}
    for name, printed in rendered.printed.items():
        cell = by_id.get(name)
        if printed.kind == "value":
            value = cell.value if cell and cell.state in ("given", "imputed") else None
            right = value == printed.value
            state = (
                "unread"
                if value is None or (right and cell and cell.state != "given")
                else "right"
                if right
                else "wrong"
            )
        elif cell and cell.state in ("given", "imputed") and cell.value:
            state = "wrong"
        else:
            continue
        said = f"{cell.state} {cell.value} ({cell.raw!r}, {cell.confidence})" if cell else "absent"
        yield name, state, f"{name}: {said}, printed {printed.text}"


def main(arguments: list[str] | None = None) -> None:
    """Print a line a kind of degradation."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ocr", description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--errors", action="store_true", help="show each value that is not right")
    parser.add_argument("--kind", choices=KINDS, help="this kind alone")
    options = parser.parse_args(arguments)
    aligner = Aligner.load()
    scores = {name: Score() for name in KINDS}
    for name, rendered in scans(options.pages, options.seed):
        if options.kind and name != options.kind:
            continue
        score = scores[name]
        started = perf_counter()
        document = read_bytes(rendered.data, name=rendered.name)
        score.seconds += perf_counter() - started
        score.pages += document.pages or 0
        rows = tables.find(document)
        aligned = aligner.align(rows, year=rendered.truth.year)
        cells = aligned.cells
        score.without.update(state for _, state, _ in outcomes(cells, rendered))
        if aligned.form:
            chosen = recognition.choose(cells, aligned.form, recognition.Readings.of(document))
            if chosen:
                cells = aligner.align(recognition.with_texts(rows, chosen), year=rendered.truth.year).cells
        found = list(outcomes(cells, rendered))
        score.chosen.update(state for _, state, _ in found)
        if options.errors:
            print(f"{name} {rendered.truth.form} {rendered.style.said()}")
            print("".join(f"  {words}\n" for _, state, words in found if state != "right"), end="", flush=True)
        if sum(each.pages for each in scores.values()) >= options.pages:
            break
    print(f"{'':22}{'':6} {'without sums':^21}{'with sums':^21}{'wrong, %':^18}{'seconds':>9}")
    columns = ("right", "wrong", "unread") * 2
    print(f"{'':22}{'pages':>6} {''.join(f'{each:>6} ' for each in columns)}{'without':>9}{'with':>9}{'a page':>9}")
    for name, score in scores.items():
        print(score.line(name))
    print(total(scores.values()).line("all"))


def total(scores: Iterable[Score]) -> Score:
    """All scores as one."""
    whole = Score()
    for each in scores:
        whole = replace(
            whole,
            pages=whole.pages + each.pages,
            seconds=whole.seconds + each.seconds,
            without=whole.without + each.without,
            chosen=whole.chosen + each.chosen,
        )
    return whole


if __name__ == "__main__":
    main()
