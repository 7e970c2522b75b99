"""What a report says against what it says elsewhere.

A check has three answers: it holds, it is broken, or it cannot be told because cells are missing or unreadable. Only
the last two give findings; nothing counts as passed that was not read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extraction.checks.complete import complete, unread
from extraction.checks.narrative import narrative
from extraction.checks.rollup import rollup
from extraction.checks.stretches import stretches
from extraction.checks.sums import sums
from extraction.checks.within import within
from extraction.checks.years import years
from extraction.resources.bodies import Aliases
from extraction.resources.forms import Form, load_forms
from extraction.resources.messages import load_messages
from extraction.schema import Check, Finding, Report


@dataclass(frozen=True)
class Checked:
    """Every check with its answer, and findings for those that are broken or open."""

    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, answers: Iterable[Check | Finding]) -> "Checked":
        """Checks and findings apart, each in its order."""
        found = list(answers)
        return cls(tuple(a for a in found if isinstance(a, Check)), tuple(a for a in found if isinstance(a, Finding)))


def run(report: Report, *, second: str | None = None) -> Checked:
    """All checks of one report: those on the whole first, then table by table, then the narrative.

    :param second: the title of another report in the same file, which was not read.
    """
    words, form, cells = load_messages(), form_of(report), report.cells
    prose = tuple(stretches(report))
    answers: list[Check | Finding] = [*complete(report.report, report.sections, form, cells, words)]
    if second:
        message = words.second_report.format(title=second)
        answers.append(Finding(id="form.complete:second", check="form.complete", severity="warning", message=message))
    for table in form.tables if form else ():
        own = [cell for cell in cells if cell.table == table.id]
        if form and any(cell.state != "missing" for cell in own):
            answers += sums(form.id, table, own, words)
            answers += unread(table, own, words)
    if form:
        answers += narrative(report, form, words, prose)
    answers += within(report, words, prose)
    return Checked.of(answers)


def against_prior(report: Report, prior: Report, *, aliases: Aliases | None = None) -> Checked:
    """The checks of a report with that of the year before; of another year or body, a finding says so."""
    words, form = load_messages(), form_of(report)
    now, last = report.report, prior.report
    if now.year is None or last.year != now.year - 1:
        message = words.prior_other_year.format(prior=last.year, now=now.year)
        return Checked((), (Finding(id="years:year", check="years.carried", severity="warning", message=message),))
    answers: list[Check | Finding] = []
    if not (aliases or Aliases()).same(now.agency, last.agency):
        message = words.prior_other_body.format(prior=last.agency, now=now.agency)
        answers.append(Finding(id="years:body", check="years.carried", severity="warning", message=message))
    if form:
        answers += years(report, prior, form, words)
    return Checked.of(answers)


def against_children(parent: Report, children: Sequence[Report], *, missing: Sequence[str] = ()) -> Checked:
    """The checks of a body's tables with those of its subordinates; ``missing`` names those without a report."""
    form = form_of(parent)
    return Checked.of(rollup(parent, children, form, load_messages(), missing=missing) if form else ())


def form_of(report: Report) -> Form | None:
    """The form of a report's tables; None where it shows none."""
    return next((form for form in load_forms() if form.id == report.report.form), None) if report.cells else None
