"""What the page shows of a report: its findings numbered, what each place has to do with them, links between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from extraction.corrections import Correction, form_named, place
from extraction.page.markup import NOTHING, Html, tag
from extraction.resources.forms import Form
from extraction.resources.metrics import load_metrics
from extraction.resources.page import PageWords, load_page
from extraction.schema import Cell, Finding, Repair, Report, Severity

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True)
class Shown:
    """A report and the findings to show; findings are known by their number on the page, from 1."""

    report: Report
    findings: Sequence[Finding]

    @property
    def words(self) -> PageWords:
        """The words of the page."""
        return load_page()

    @cached_property
    def form(self) -> Form | None:
        """The form of the tables; None where there are none."""
        return form_named(self.report.report.form) if self.report.cells else None

    @cached_property
    def numbered(self) -> dict[int, Finding]:
        """The findings by number, errors first."""
        return dict(enumerate(sorted(self.findings, key=lambda each: SEVERITIES.index(each.severity)), 1))

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """The cells that the form has."""
        known = set(self.form.cell_ids()) if self.form else set()
        return {cell.id: cell for cell in self.report.cells if cell.id in known}

    @cached_property
    def figures(self) -> frozenset[int]:
        """Indices of the figures that stand in the text."""
        length = len(self.report.text)
        return frozenset(i for i, f in enumerate(self.report.figures) if f.start < f.end <= length)

    @cached_property
    def at_cell(self) -> dict[str, list[int]]:
        """Numbers of the findings that name a cell, or would change it."""
        found: dict[str, list[int]] = {}
        for number, finding in self.numbered.items():
            for cell in dict.fromkeys((*finding.cells, *(repair.cell for repair in finding.repair))):
                found.setdefault(cell, []).append(number)
        return found

    @cached_property
    def at_figure(self) -> dict[int, list[int]]:
        """Numbers of the findings that name a figure."""
        found: dict[int, list[int]] = {}
        for number, finding in self.numbered.items():
            for figure in dict.fromkeys(finding.figures):
                found.setdefault(figure, []).append(number)
        return found

    @cached_property
    def changes(self) -> dict[str, list[Repair]]:
        """What the findings would change, by cell."""
        found: dict[str, list[Repair]] = {}
        for finding in self.numbered.values():
            for repair in finding.repair:
                if all(repair.new != other.new for other in found.setdefault(repair.cell, [])):
                    found[repair.cell].append(repair)
        return found

    def is_broken(self, numbers: Iterable[int]) -> bool:
        """Whether one of the findings is of a formula that does not hold."""
        return any(self.numbered[n].formula and self.numbered[n].severity != "info" for n in numbers)

    def refs(self, numbers: Sequence[int]) -> Html:
        """Small numbers that lead to the findings."""
        if not numbers:
            return NOTHING
        links = [tag("a", str(n), href=f"#f{n}", title=self.words.back.format(number=n)) for n in numbers]
        return tag("span", Html(" ".join(links)), class_="refs several" if len(links) > 1 else "refs")

    def name(self, cell: str) -> str:
        """Where a cell stands, in the words of the form."""
        return place(self.form, cell) if self.form else cell

    def to_cell(self, cell: str, text: str) -> Html:
        """A link to a cell; text alone where the page does not show it."""
        return tag("a", text, href=f"#c-{cell}") if cell in self.cells else tag("span", text)

    def to_correction(self, correction: Correction) -> Html:
        """A link to the cell or the number that is to be changed."""
        if correction.cell is not None:
            return self.to_cell(correction.cell, correction.text)
        linked = correction.figure in self.figures
        return tag("a", correction.text, href=f"#g{correction.figure}") if linked else tag("span", correction.text)

    def to_figure(self, index: int) -> Html:
        """A link to a figure of the narrative, in its own words."""
        figure = self.report.figures[index]
        text = f"{self.words.narrative_place} {self.words.quoted.format(text=figure.text)}"
        return tag("a", text, href=f"#g{index}") if index in self.figures else tag("span", text)

    def meaning(self, index: int) -> str:
        """What a figure states, and how much."""
        figure = self.report.figures[index]
        metric = load_metrics().get(figure.metric)
        label = metric.label if metric else figure.metric
        return self.words.figure.format(metric=label, value=f"{figure.value:f}", unit=figure.unit or "")

    def anchors(self, finding: Finding) -> list[str]:
        """Ids of the elements that a finding speaks of."""
        cells = dict.fromkeys((*finding.cells, *(repair.cell for repair in finding.repair)))
        return [f"c-{c}" for c in cells if c in self.cells] + [f"g{i}" for i in finding.figures if i in self.figures]
