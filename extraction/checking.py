"""A report with everything that is known to check it by: its checks and findings, and those with the year before."""

from collections.abc import Sequence
from dataclasses import dataclass

from extraction import checks, repair
from extraction.checks import Checked
from extraction.resources.bodies import Aliases
from extraction.schema import Finding, Report


@dataclass(frozen=True)
class Examined:
    """A report whose findings are those of all its checks, with every check and its answer."""

    report: Report
    checked: Checked
    prior: Report | None = None


def examine(report: Report, *, prior: Report | None = None, aliases: Aliases | None = None) -> Examined:
    """All checks of a report, with that of the year before where there is one."""
    own = checks.run(report)
    # What the extractor alone knows, as that the file holds a second report, stands in the record.
    known = {finding.id for finding in own.findings}
    findings: tuple[Finding, ...] = (*(f for f in report.findings if f.id not in known), *own.findings)
    if form := checks.form_of(report):
        findings = repair.suggest(report.model_copy(update={"findings": findings}), form, prior=prior)
    years = checks.against_prior(report, prior, aliases=aliases) if prior else Checked((), ())
    findings = (*findings, *years.findings)
    return Examined(
        report.model_copy(update={"findings": findings}), Checked((*own.checks, *years.checks), findings), prior
    )


def year_before(report: Report, others: Sequence[Report], aliases: Aliases) -> Report | None:
    """That of the same body for the year before, among others."""
    now = report.report
    return next(
        (
            other
            for other in others
            if now.year and other.report.year == now.year - 1 and aliases.same(now.agency, other.report.agency)
        ),
        None,
    )
