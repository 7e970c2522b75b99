"""`python -m tests.benchmarks.repair`: reports with planted errors in their tables, and clean ones, in mixed layouts.

The figures of a rendered report keep the sums of its form; one, two or three cells are printed with another number, by
slips that people make. An error is noticed if a finding's cells hold it. The identities determine a repair where no
other change of as few cells makes all sums hold: then the first repair should be the planted cells with their values.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from extraction import Extractor, Report, checks, repair
from extraction.resources.forms import Table
from extraction.sums import Sum, sums_of
from tests.benchmarks.timing import in_turn, middle, p95
from tests.rendering import LAYOUTS, Rendered, Truth, draw_style, draw_truth, render
from tests.rendering.truth import Form

# Of these nothing can be planted or told: a cell left out says nothing, a zero that is not printed is no zero.
_WITHOUT = ("blank", "lost_rows", "lost_cells", "zero", "change", "broken_sums", "digits")
_FORMS: tuple[Form, ...] = ("2021", "2019", "2021", "2019", "2014")
_EFFORT = 20.0


@dataclass(frozen=True)
class Planted:
    """A rendered report, and the cells that are printed wrongly with the values they have."""

    rendered: Rendered
    cells: Mapping[str, Decimal]


def main(arguments: list[str] | None = None) -> None:
    """Print a line a number of errors, then clean reports, then times."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.repair", description=__doc__)
    parser.add_argument("--reports", type=int, default=600, help="with errors, a third each with one, two and three")
    parser.add_argument("--clean", type=int, default=200)
    parser.add_argument("--seed", default="")
    parser.add_argument("--errors", action="store_true", help="print those that were not named first")
    options = parser.parse_args(arguments)
    extractor = Extractor.load()
    names = ("planted", "reports", "breaking", "noticed", "determined", "named first", "among")
    print(" ".join(f"{name:>11}" for name in names))
    for count in (1, 2, 3):
        seen = Counter[str]()
        for planted in plant(options.reports // 3, count, options.seed):
            report = extractor.extract_bytes(planted.rendered.data, name=planted.rendered.name)
            seen.update(judge(planted, report, show=options.errors))
        share = seen["first"] / max(1, seen["determined"])
        print(
            f"{count:11} {options.reports // 3:11} {seen['breaking']:11} {seen['noticed']:11} {seen['determined']:11} "
            f"{seen['first']:4} {share:6.1%} {seen['among']:11}"
        )
    wrong = [f for r in clean(options.clean, options.seed) for f in errors(extractor, r)]
    print(f"{options.clean} clean reports: {len(wrong)} errors found")
    print("".join(f"    {line}\n" for line in wrong[:20]), end="")
    times(extractor, options.seed)


def plant(reports: int, count: int, seed: str) -> Iterator[Planted]:
    """Reports with ``count`` cells that are printed with another number."""
    random = Random(f"planted {count}{seed}")
    for number in range(reports):
        own = random.randrange(1_000_000)
        truth = draw_truth(own, _FORMS[number % len(_FORMS)], 1 + number % 3)
        layout = list(LAYOUTS)[number % len(LAYOUTS)]
        wrong = slip(truth, count, random)
        rendered = render(truth, draw_style(own, without=_WITHOUT), layout, wrong=wrong)
        shown = {cell for cell in wrong if (p := rendered.printed.get(cell)) and p.kind == "value"}
        if len(shown) == count:
            yield Planted(rendered, {cell: truth.cells[cell] for cell in wrong})


def slip(truth: Truth, count: int, random: Random) -> dict[str, Decimal]:
    """Cells of the tables of sums with the numbers that slips make of them."""
    cells = sorted(c for c in truth.cells if c.startswith(("applications.", "disputes.", "statistics.re")))
    filled = [cell for cell in cells if truth.cells[cell]]
    wrong: dict[str, Decimal] = {}
    while len(wrong) < count:
        cell = random.choice(filled if filled and random.random() < 0.8 else cells)
        value = str(truth.cells[cell])
        digit = random.randrange(len(value))
        changed = random.choice(
            (
                value[:digit] + random.choice("123456789") + value[digit + 1 :],
                value[:digit] + value[digit + 1 : digit + 2] + value[digit] + value[digit + 2 :],
                value + "0",
                value[:digit] + value[digit + 1 :] or "0",
                str(truth.cells[random.choice(cells)]),
                "0",
            )
        )
        if Decimal(changed) != truth.cells[cell]:
            wrong[cell] = Decimal(changed)
    return wrong


def judge(planted: Planted, report: Report, *, show: bool) -> Iterator[str]:
    """What became of the planted errors."""
    truth = planted.rendered.truth
    form = checks.form_of(report)
    assert form is not None, planted.rendered.name
    printed = dict(truth.cells)
    printed.update({cell: planted.rendered.printed[cell].value or Decimal() for cell in planted.cells})
    sums = {table.id: [s for s in sums_of(table) if s.ids <= printed.keys()] for table in form.tables}
    broken = [each for own in sums.values() for each in own if each.holds(printed) is False]
    if not broken:
        return
    yield "breaking"
    found = {cell for f in report.findings if f.severity != "info" and f.formula for cell in f.cells}
    # An error that another one cancels in all its sums breaks none.
    breaking = {cell for cell in planted.cells if any(cell in each.ids for each in broken)}
    if breaking <= found:
        yield "noticed"
    elif show:
        print(f"    not noticed: {planted.rendered.name} {planted.rendered.style.said()} {sorted(breaking - found)}")
    if not all(is_determined(table, sums[table.id], printed, planted.cells) for table in form.tables):
        return
    yield "determined"
    ways = [[f.repair, *f.alternatives] for f in report.findings if f.repair]
    first = {each.cell: each.new for way in ways for each in way[0]}
    if first == planted.cells:
        yield "first"
    elif show:
        print(f"    {planted.rendered.name} {planted.rendered.style.said()}\n      planted {said(planted.cells)}")
        print(f"      printed {said({cell: printed[cell] for cell in planted.cells})}\n      named   {said(first)}")
    if planted.cells.items() <= {(each.cell, each.new) for way in ways for changes in way for each in changes}:
        yield "among"


def is_determined(
    table: Table, sums: list[Sum], printed: Mapping[str, Decimal], planted: Mapping[str, Decimal]
) -> bool:
    """Whether the identities leave one smallest change of a table, and that is the planted one."""
    own = {cell: value for cell, value in planted.items() if cell.startswith(f"{table.id}.")}
    found = repair.mend(table, sums, printed, by_slips=False, effort=_EFFORT)
    return [{each.cell: each.new for each in way} for way in found.changes] == ([own] if own else [])


def said(cells: Mapping[str, Decimal]) -> str:
    """Cells with their values on a line."""
    return " ".join(f"{cell}={value}" for cell, value in sorted(cells.items()))


def clean(reports: int, seed: str) -> Iterator[Rendered]:
    """Reports in which every sum holds, in styles of any kind."""
    random = Random(f"clean{seed}")
    for number in range(reports):
        own = random.randrange(1_000_000)
        truth = draw_truth(own, _FORMS[number % len(_FORMS)], number % 4)
        yield render(truth, draw_style(own, without=("broken_sums",)), list(LAYOUTS)[number % len(LAYOUTS)])


def errors(extractor: Extractor, rendered: Rendered) -> Iterator[str]:
    """The findings of severity error, each with the report's name and style."""
    report = extractor.extract_bytes(rendered.data, name=rendered.name)
    about = f"{rendered.name} {rendered.style.said()}"
    yield from (f"{about}: {f.message}" for f in report.findings if f.severity == "error")


def times(extractor: Extractor, seed: str) -> None:
    """Print what checks and repair cost beside the extraction of the same reports."""
    planted = [p.rendered for count in (1, 2, 3) for p in plant(8, count, seed)]
    reports = [extractor.extract_bytes(each.data, name=each.name) for each in planted]
    whole, checking, mending = [], [], []
    for each, report in zip(planted, reports, strict=True):
        form = checks.form_of(report)
        assert form is not None
        bare = report.model_copy(update={"findings": checks.run(report).findings})
        timed = in_turn(
            3,
            lambda each=each: extractor.extract_bytes(each.data, name=each.name),
            lambda report=report: checks.run(report),
            lambda bare=bare, form=form: repair.suggest(bare, form),
        )
        for times_of, own in zip((whole, checking, mending), timed, strict=True):
            times_of.append(middle(own))
    print(f"{'milliseconds a report':26} {'median':>8} {'p95':>8} {'highest':>8}")
    for name, each in (("extraction, both included", whole), ("checks", checking), ("repair", mending)):
        print(f"{name:26} {middle(each):8.1f} {p95(each):8.1f} {max(each):8.1f}")


if __name__ == "__main__":
    main()
