"""The smallest change that mends broken sums, and what else is said of it."""

from decimal import Decimal

import pytest

from extraction import checks, repair
from extraction.schema import Figure, Finding, Report
from tests.filled import balanced, filled

OUTCOMES = {
    "granted": {"natural_person": 12, "business": 3},
    "partial": {"natural_person": 4},
    "denied_law": {"natural_person": 2, "legal_service": 1},
    "unavailable_not_held": {"natural_person": 30, "business": 7},
}
SOUND = balanced(OUTCOMES, carried_in=2, carried_out=5)


def findings(report: Report, prior: Report | None = None) -> list[Finding]:
    checked = report.model_copy(update={"findings": checks.run(report).findings})
    form = checks.form_of(report)
    assert form
    return [f for f in repair.suggest(checked, form, prior=prior) if f.formula and f.severity != "info"]


def changes(found: list[Finding]) -> dict[str, tuple[int, int, str | None]]:
    """What is suggested first: old, new and slip by cell."""
    return {
        each.cell.removeprefix("applications."): (int(each.old or 0), int(each.new), each.slip)
        for finding in found
        for each in finding.repair
    }


def with_errors(**errors: int) -> Report:
    return filled({**SOUND, **{f"applications.{cell.replace('__', '.')}": value for cell, value in errors.items()}})


def test_a_sound_table_has_no_findings_and_every_sum_holds() -> None:
    checked = checks.run(filled(SOUND))
    assert not findings(filled(SOUND))
    assert {check.answer for check in checked.checks} == {"holds"}
    assert len({check.id for check in checked.checks}) == len(checked.checks)


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ({"granted__natural_person": 21}, {"granted.natural_person": (21, 12, "swapped")}),
        ({"granted__natural_person": 120}, {"granted.natural_person": (120, 12, "zero")}),
        ({"granted__natural_person": 17}, {"granted.natural_person": (17, 12, "digit")}),
        ({"unavailable_not_held__natural_person": 3}, {"unavailable_not_held.natural_person": (3, 30, "zero")}),
        ({"partial__natural_person": 0, "partial__business": 4}, {
            "partial.natural_person": (0, 4, "moved"), "partial.business": (4, 0, "moved")}),
    ],
)  # fmt: skip
def test_the_cells_that_were_changed_are_named_with_the_slip(
    errors: dict[str, int], expected: dict[str, tuple[int, int, str | None]]
) -> None:
    found = findings(with_errors(**errors))
    assert found
    named = changes(found)
    assert {cell: values[:2] for cell, values in named.items()} == {c: v[:2] for c, v in expected.items()}
    assert all(named[cell][2] == slip for cell, (*_, slip) in expected.items() if slip)


def test_totals_that_were_not_filled_in_are_taken_for_it() -> None:
    columns = ("natural_person", "business", "legal_service", "total")
    found = findings(with_errors(**{f"total__{column}": 0 for column in columns}))
    assert {cell: slip for cell, (_, _, slip) in changes(found).items()} == {
        f"total.{column}": "empty_total" for column in columns
    }


def test_equal_changes_are_all_given() -> None:
    # One sum and nothing beside it: any of its cells may be wrong.
    report = filled({"disputes.review.upheld": 23, "disputes.review.corrected": 5, "disputes.review.total": 71})
    [finding] = findings(report)
    ways = [finding.repair, *finding.alternatives]
    assert 1 < len(ways) <= 5
    assert all(len(way) == 1 for way in ways)
    assert len({way[0].cell for way in ways}) == len(ways)


def test_the_narrative_decides_between_equal_changes_and_is_named() -> None:
    text = "行政复议12件"
    figure = Figure(
        metric="reconsiderations", value=Decimal(12), unit="件", text="12件", start=4, end=7, section=1, confidence=0.99
    )
    cells = {"disputes.review.upheld": 7, "disputes.review.corrected": 5, "disputes.review.total": 19}
    [finding] = [f for f in findings(filled(cells, text=text, figures=[figure])) if f.check == "disputes.sum"]
    assert [(each.cell, each.new) for each in finding.repair] == [("disputes.review.total", 12)]
    assert not finding.alternatives
    assert finding.figures == (0,)


def test_the_year_before_decides_too() -> None:
    wrong = {**SOUND, "applications.carried_in.natural_person": 4, "applications.carried_in.total": 4}
    prior = filled({"applications.carried_out.natural_person": 2, "applications.carried_out.total": 2}, year=2021)
    named = changes(findings(filled(wrong), prior))
    assert {cell: values[:2] for cell, values in named.items()} == {
        "carried_in.natural_person": (4, 2), "carried_in.total": (4, 2),
    }  # fmt: skip


def test_a_sum_with_a_lost_cell_is_open_and_not_mended() -> None:
    report = filled({**SOUND, "applications.granted.natural_person": None})
    answers = {check.id: check.answer for check in checks.run(report).checks}
    assert answers["applications.outcomes:natural_person"] == "open"
    assert answers["applications.applicants:granted"] == "open"
    assert answers["applications.outcomes:business"] == "holds"
    assert not findings(report)


def test_a_column_off_in_a_text_may_have_been_read_wrongly() -> None:
    moved = {**SOUND, "applications.partial.natural_person": 0, "applications.partial.business": 4}
    causes = {layout: {f.cause for f in findings(filled(moved, layout=layout))} for layout in ("grid", "fields")}
    assert causes == {"grid": {"source"}, "fields": {"reading"}}


def test_another_reading_of_a_row_comes_before_changes_in_several_places() -> None:
    # 5 3 2 10 under the first columns, with 10 as the total lost to a column beside it.
    own = {"natural_person": 5, "business": 3, "research": 2}
    sound = balanced({"granted": own})
    moved = {"natural_person": 0, "business": 5, "research": 3, "public_welfare": 2}
    wrong = {**sound, **{f"applications.granted.{column}": value for column, value in moved.items()}}
    found = findings(filled(wrong, layout="fields"))
    assert {finding.cause for finding in found} == {"reading"}
    assert {each.cell.rpartition(".")[2] for each in found[0].repair} == set(moved)
    assert "reading" not in {finding.cause for finding in findings(filled(wrong))}


def test_a_number_that_may_be_two_is_a_matter_of_reading() -> None:
    own = {"natural_person": 5, "business": 3}
    wrong = {
        **balanced({"granted": own}),
        "applications.granted.natural_person": 53,
        "applications.granted.business": 0,
    }
    causes = {layout: {f.cause for f in findings(filled(wrong, layout=layout))} for layout in ("grid", "fields")}
    assert causes["fields"] == {"reading"}
    assert "reading" not in causes["grid"]


def test_giving_up_is_said() -> None:
    report = with_errors(granted__natural_person=21, total__total=5, received__business=99)
    form = checks.form_of(report)
    assert form
    table = form.table("applications")
    values = {cell.id: cell.value for cell in report.cells if cell.value is not None and cell.table == table.id}
    absent = {table.cell_id("other", column.id) for column in table.columns}
    mended = repair.mend(table, repair.sums_of(table, absent), values, effort=0.0)
    assert mended.gave_up
    assert not mended.changes
    checked = report.model_copy(update={"findings": checks.run(report).findings})
    found = repair.suggest(checked, form, effort=0.0)
    assert [finding.severity for finding in found if finding.id == "applications.balance:unmended"] == ["info"]
    assert not any(finding.repair for finding in found)
