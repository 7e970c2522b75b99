"""Known figures, printed in every layout and with the faults of print, come back right or not at all."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from extraction import Extractor, Report
from tests.rendering import LAYOUTS, Rendered, Style, draw_style, draw_truth, render
from tests.rendering.bodies import draw_years, print_report
from tests.rendering.style import CHOICES, SAID
from tests.rendering.truth import Form
from tests.rendering.words import APPLICANTS, application_rows, outcome_rows

FORMS: tuple[Form, ...] = ("2021", "2019", "2014")
FORM_WITH: dict[str, Form] = {"change": "2019", "two": "2019", "four": "2021", "other": "2021", "blank": "2021"}
SLOW = {"docx", "pdf_ruled", "pdf_plain"}
FLOOR = 0.985  # Labels damaged until they could be those of two rows are honestly missing.
ZERO_MARKS = {"-", "—", "/", SAID["nothing"]}


def renderings(layout: str, seed: str = "") -> Iterator[Rendered]:
    """Each form plain, each variation alone (of a slow layout one choice of each), and several drawn together."""
    random = Random(f"test {layout}{seed}")
    styles: list[tuple[Style, Form | None]] = [(Style(), form) for form in FORMS]
    for name, choices in CHOICES.items():
        tried = choices if layout not in SLOW else random.sample(choices, 1)
        styles += [(replace(Style(), **{name: choice}), FORM_WITH.get(name)) for choice in tried]
    styles += [(draw_style(random.randrange(10_000)), None) for _ in range(12)]
    for number, (style, form) in enumerate(styles):
        own = random.randrange(10_000)
        truth = draw_truth(own, form or FORMS[number % 3], number % 4)
        yield render(truth, replace(style, seed=own), layout)


def silently_wrong(rendered: Rendered, report: Report) -> Iterator[str]:
    """What the record says, and says without doubt, but the page does not."""
    if (report.report.year, report.report.form) != (rendered.truth.year, rendered.truth.form):
        yield f"head: {report.report.year} {report.report.form}"
    twice = [cell for cell, count in Counter(cell.id for cell in report.cells).items() if count > 1]
    yield from (f"{cell}: twice" for cell in twice)
    truth = rendered.truth
    for cell in report.cells:
        printed = rendered.printed.get(cell.id)
        if cell.state in ("given", "imputed") and printed is None and cell.id not in truth.cells:
            yield f"{cell.id}: {cell.state} {cell.value}, not of this report"
        elif cell.state == "given" and cell.value != as_read(cell.id, rendered):
            yield f"{cell.id}: given {cell.value} ({cell.raw!r}), printed {printed}"
        elif cell.state == "blank" and printed and printed.kind == "value":
            yield f"{cell.id}: blank, printed {printed}"
        elif cell.state == "imputed" and cell.value != truth.value(cell.id):
            yield f"{cell.id}: imputed {cell.value}, is {truth.value(cell.id)}, printed {printed}"


def as_read(cell: str, rendered: Rendered) -> Decimal | None:
    """The value that a cell may be given.

    A lost cell, or a blank one that leaves no trace, cannot be told from an equal one beside it: `0 0 5` for `0 0 0 5`.
    """
    printed = rendered.printed.get(cell)
    if printed is None or printed.kind == "unreadable":
        return None
    if printed.kind == "value":
        return printed.value
    if printed.text in ZERO_MARKS:
        return Decimal()
    is_placed = printed.kind == "blank" and LAYOUTS[rendered.layout].keeps_blanks
    return None if is_placed else rendered.truth.value(cell)


def is_whole(rendered: Rendered) -> bool:
    """Whether every value has a place: none lost, and no blank cell in a layout that drops blank cells."""
    kinds = {(printed.kind, printed.text.strip()) for printed in rendered.printed.values()}
    return not any(kind == "lost" for kind, _ in kinds) and (
        LAYOUTS[rendered.layout].keeps_blanks or ("blank", "") not in kinds
    )


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


@pytest.fixture(autouse=True)
def _readable(request: pytest.FixtureRequest) -> None:
    if "pdf_plain" in request.node.name:
        request.getfixturevalue("chinese_font")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_figures_come_back(layout: str, extractor: Extractor, summary: list[str], pytestconfig: pytest.Config) -> None:
    wrong: list[str] = []
    states: Counter[str] = Counter()
    whole: Counter[bool] = Counter()
    for rendered in renderings(layout, pytestconfig.getoption("--rendering-seed")):
        report = extractor.extract_bytes(rendered.data, name=rendered.name)
        about = f"{rendered.truth.form} seed={rendered.style.seed} {rendered.style.said()}"
        wrong += [f"{about}: {found}" for found in silently_wrong(rendered, report)]
        cells = {cell.id: cell for cell in report.cells}
        for id_, printed in rendered.printed.items():
            if printed.kind == "value":
                cell = cells.get(id_)
                is_right = cell is not None and cell.state == "given" and cell.value == printed.value
                states["right" if is_right else "absent" if cell is None else cell.state] += 1
                if is_whole(rendered):
                    whole[is_right] += 1
    share = whole[True] / max(1, whole.total())
    others = ", ".join(f"{state} {count}" for state, count in states.most_common() if state != "right")
    printed_in_all = states.total()
    summary.append(
        f"{layout:18} right {states['right']:6} of {printed_in_all:6} values printed "
        f"({share:.2%} where nothing is lost), wrong {len(wrong)}; {others}"
    )
    assert not wrong, f"{len(wrong)} silently wrong:\n" + "\n".join(wrong[:20])
    assert share >= FLOOR


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("size", range(4))
def test_truth_keeps_the_sums_of_the_form(form: Form, size: int) -> None:
    truth = draw_truth(7, form, size)
    cells = truth.cells
    for column in (*APPLICANTS, "total"):
        row = {name: cells[f"applications.{name}.{column}"] for name in application_rows(form)}
        assert row["received"] + row["carried_in"] == row["total"] + row["carried_out"]
        assert sum(row[name] for name in outcome_rows(form)) == row["total"]
    for name in application_rows(form):
        applicants = [cells[f"applications.{name}.{column}"] for column in APPLICANTS]
        assert sum(applicants) == cells[f"applications.{name}.total"]


@pytest.mark.parametrize("layout", [name for name, layout in LAYOUTS.items() if layout.suffix in (".txt", ".md")])
def test_what_is_printed_stands_on_the_page(layout: str) -> None:
    rendered = render(draw_truth(3, "2021", 2), draw_style(11), layout)
    page = rendered.data.decode().replace("\n", "").replace("\t", "")
    assert all(printed.text in page for printed in rendered.printed.values())


def test_equal_seeds_print_equal_pages() -> None:
    first, second = (render(draw_truth(5, "2014"), draw_style(9), "tab_rows") for _ in range(2))
    assert first.data == second.data


def test_a_body_takes_over_what_its_year_before_left_but_where_that_is_planted() -> None:
    reports = {(report.body.name, report.truth.year): report for report in draw_years(1, 300)}
    pairs = [(reports[body, year - 1], now) for (body, year), now in reports.items() if (body, year - 1) in reports]
    assert len(pairs) > 200
    for last, now in pairs:
        left = last.truth.cells["applications.carried_out.total"]
        begun = now.truth.cells["applications.carried_in.total"]
        assert (left == begun) == ("carried" not in now.planted)


def test_a_year_is_printed_with_its_own_narrative() -> None:
    first, second = (draw_years(2, 12) for _ in range(2))
    for number, (report, other) in enumerate(zip(first, second, strict=True)):
        page = print_report(report, number).data
        assert page == print_report(other, number).data
        assert all(sentence in page.decode() for sentence in report.narrative[1])
