"""The smallest change of cells under which all sums of a table hold, found by OR-tools' CP-SAT.

Fewest cells first; of as many, those that leave most of the evidence standing (figures of the narrative, the year
before); of those, what slips that people make would explain. Changes that are as good in all of this are all given.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from extraction.readings import other_reading, says_the_same
from extraction.resources.forms import Form, Table
from extraction.resources.messages import load_messages
from extraction.schema import Cell, Finding, Repair, Report, Slip
from extraction.slips import WORTH, neighbours, slips
from extraction.sums import Sum, sums_of

_MOST_EFFORT = 3.0
"""When to give up, in the solver's deterministic time: at most two seconds here, and the same answer on any machine."""
_MOST = 5
_CHANGE, _EVIDENCE = 100_000, 300


@dataclass(frozen=True)
class Evidence:
    """Words that say what cells add up to: one of ``sums_of`` comes to ``value``; ``weight`` 0 to 1.

    ``figure`` is the index of the figure that says so, if it is one of the same report.
    """

    sums_of: tuple[tuple[str, ...], ...]
    value: Decimal
    weight: float = 1.0
    figure: int | None = None


@dataclass(frozen=True)
class Mended:
    """Changes that are as good as each other, the first to be shown first; ``gave_up`` where the time was too short.

    ``supported``: indices of the figures that the first change agrees with, and the cells as printed do not.
    """

    changes: tuple[tuple[Repair, ...], ...] = ()
    gave_up: bool = False
    supported: tuple[int, ...] = ()


def mend(
    table: Table,
    sums: Sequence[Sum],
    values: Mapping[str, Decimal],
    evidence: Sequence[Evidence] = (),
    *,
    follow: frozenset[str] = frozenset(),
    by_slips: bool = True,
    effort: float = _MOST_EFFORT,
) -> Mended:
    """The smallest changes of ``values`` under which all ``sums`` that can be told hold.

    :param sums: those of the table; one with a cell that has no value is left out.
    :param follow: cells that were not printed: their values follow from the others', and cost nothing to change.
    :param by_slips: whether of as many cells those are preferred that slips would explain.
    :param effort: in deterministic time of CP-SAT, after which to give up.
    """
    told = [each for each in sums if all(cell in values for cell in each.ids)]
    broken = [each for each in told if not each.holds(values)]
    if not broken or any(value % 1 for value in values.values()):
        return Mended()
    known = {cell: int(values[cell]) for each in told for cell in (*each.parts, *each.wholes)}
    empty = frozenset(
        each.wholes[0]
        for each in told
        if len(each.wholes) == 1 and each.difference(values) and not known[each.wholes[0]]
    )
    meant = slips(table, known) if by_slips else {cell: {} for cell in known}
    printed = _Printed(table, known, meant, empty if by_slips else frozenset(), follow, by_slips)
    # A slip breaks a sum of its own; only if no change of those cells mends all, others are looked at.
    near = {cell for each in broken for cell in each.ids} | (follow & known.keys())
    for free in (near, set(known)):
        problem = _Problem(printed, free, told, evidence)
        found, spent = problem.solve(effort)
        effort -= spent
        if found.changes or found.gave_up:
            return found
    return Mended(gave_up=True)


@dataclass(frozen=True)
class _Printed:
    """A table as it is printed, what its cells may have been meant to hold, and totals that were not filled in."""

    table: Table
    known: Mapping[str, int]
    meant: Mapping[str, Mapping[int, Slip]]
    empty: frozenset[str]
    follow: frozenset[str]
    by_slips: bool


class _Problem:
    """A table as a model: a number a cell that may change, whether it does, and what a change costs."""

    def __init__(self, printed: _Printed, free: set[str], sums: Sequence[Sum], evidence: Sequence[Evidence]) -> None:
        from ortools.sat.python import cp_model

        self._cp, self._printed, self._known = cp_model, printed, printed.known
        known = printed.known
        self._model: Any = cp_model.CpModel()
        highest = 20 * max([*known.values(), 1]) + 10
        self._number: dict[str, Any] = dict(known)
        self._changed: dict[str, Any] = {}
        for cell in known:
            if cell in free:
                self._number[cell] = self._model.new_int_var(0, highest, cell)
                self._changed[cell] = self._model.new_bool_var(f"{cell}?")
                self._model.add(self._number[cell] == known[cell]).only_enforce_if(~self._changed[cell])
                self._model.add(self._number[cell] != known[cell]).only_enforce_if(self._changed[cell])
        for each in sums:
            if each.ids & free:
                self._model.add(self._total(each.parts) == self._total(each.wholes))
        self._evidence = [e for e in evidence if any(free & set(ids) <= known.keys() for ids in e.sums_of)]
        changes = sum(self._changed[cell] for cell in self._changed.keys() - printed.follow)
        self._model.minimize(_CHANGE * changes - self._worth_of_slips() - self._worth_of_evidence(free))

    def _total(self, cells: Sequence[str]) -> Any:
        return sum(self._number[cell] for cell in cells)

    def _worth_of_slips(self) -> Any:
        worth: Any = 0
        for cell, changed in self._changed.items():
            if cell in self._printed.empty:
                worth += WORTH["empty_total"] * changed
            by_slip: dict[Slip, list[int]] = {}
            for new, slip in self._printed.meant[cell].items():
                by_slip.setdefault(slip, []).append(new)
            for slip, news in by_slip.items():
                slipped = self._model.new_bool_var(f"{cell} {slip}")
                domain = self._cp.Domain.from_values(sorted(news))
                self._model.add_linear_expression_in_domain(self._number[cell], domain).only_enforce_if(slipped)
                self._model.add_implication(slipped, changed)
                worth += WORTH[slip] * slipped
        for first, second in neighbours(self._printed.table) if self._printed.by_slips else ():
            if first not in self._changed or second not in self._changed:
                continue
            for here, there in ((first, second), (second, first)):
                if self._known[here] and not self._known[there]:
                    moved = self._model.new_bool_var(f"{here} to {there}")
                    self._model.add(self._number[here] == 0).only_enforce_if(moved)
                    self._model.add(self._number[there] == self._known[here]).only_enforce_if(moved)
                    worth += 2 * WORTH["moved"] * moved
        return worth

    def _worth_of_evidence(self, free: set[str]) -> Any:
        worth: Any = 0
        for number, each in enumerate(self._evidence):
            stands = []
            for place, ids in enumerate(each.sums_of):
                if set(ids) <= self._known.keys() and free & set(ids):
                    stood = self._model.new_bool_var(f"e{number}.{place}")
                    self._model.add(self._total(ids) == int(each.value)).only_enforce_if(stood)
                    stands.append(stood)
            if stands and not any(self._comes_to(ids, each.value) for ids in each.sums_of if not free & set(ids)):
                holds = self._model.new_bool_var(f"e{number}")
                self._model.add_bool_or(stands).only_enforce_if(holds)
                worth += round(_EVIDENCE * each.weight) * holds
        return worth

    def _comes_to(self, ids: Sequence[str], value: Decimal, changes: Mapping[str, int] | None = None) -> bool:
        numbers = {**self._known, **(changes or {})}
        return all(cell in numbers for cell in ids) and sum(numbers[cell] for cell in ids) == value

    def solve(self, effort: float) -> tuple[Mended, float]:
        """Solve, then forbid what was found and solve again while it costs no more; gives the effort spent too."""
        spent, least = 0.0, None
        found: list[dict[str, int]] = []
        while len(found) < _MOST:
            solver = self._cp.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.random_seed = 1
            solver.parameters.max_deterministic_time = max(0.0, effort - spent)
            status = solver.solve(self._model)
            spent += solver.response_proto.deterministic_time
            if status == self._cp.INFEASIBLE or (least is not None and solver.objective_value > least):
                break
            if status != self._cp.OPTIMAL:
                return Mended(tuple(map(self._repairs, found)), gave_up=not found), spent
            least = solver.objective_value
            new = {cell: solver.value(self._number[cell]) for cell in self._changed}
            changes = {cell: value for cell, value in new.items() if value != self._known[cell]}
            found.append({cell: value for cell, value in changes.items() if cell not in self._printed.follow})
            self._forbid(found[-1])
        supported = tuple(
            each.figure
            for each in self._evidence
            if found and each.figure is not None and not any(self._comes_to(ids, each.value) for ids in each.sums_of)
            if any(self._comes_to(ids, each.value, found[0]) for ids in each.sums_of)
        )
        return Mended(tuple(map(self._repairs, found)), supported=supported), spent

    def _forbid(self, changes: Mapping[str, int]) -> None:
        others = []
        for cell, new in changes.items():
            differs = self._model.new_bool_var("")
            self._model.add(self._number[cell] != new).only_enforce_if(differs)
            others.append(differs)
        self._model.add_bool_or(others)

    def _repairs(self, changes: Mapping[str, int]) -> tuple[Repair, ...]:
        moved: dict[str, Slip] = {}
        for pair in neighbours(self._printed.table):
            for old, new in (pair, pair[::-1]):
                if changes.get(old) == 0 and changes.get(new) == self._known.get(old) and not self._known[new]:
                    moved |= {old: "moved", new: "moved"}
        moved |= dict.fromkeys(changes.keys() & self._printed.empty, "empty_total")
        meant = self._printed.meant
        return tuple(
            Repair(
                cell=cell, old=Decimal(self._known[cell]), new=Decimal(new),
                slip=moved.get(cell) or meant[cell].get(new),
            )
            for cell, new in changes.items()
        )  # fmt: skip


def suggest(
    report: Report, form: Form, *, prior: Report | None = None, effort: float = _MOST_EFFORT
) -> tuple[Finding, ...]:
    """The report's findings, those of broken sums with the smallest change that mends them.

    Where none was found in time, a finding says so.

    :param prior: the report of the year before, whose carried-out applications are evidence.
    :param effort: after which to give up on a table.
    """
    findings = report.findings
    evidence = [*_of_figures(report, form), *_of_prior(report, prior)]
    present = {cell.id for cell in report.cells}
    for table in form.tables:
        own = {cell.id: cell for cell in report.cells if cell.table == table.id}
        values = {cell.id: cell.value for cell in own.values() if cell.value is not None}
        absent = {table.cell_id(row.id, c.id) for row in table.all_rows for c in table.columns_of(row.id)} - present
        sums = sums_of(table, absent)
        if all(each.holds(values) is not False for each in sums):
            continue
        follow = frozenset(cell.id for cell in own.values() if cell.state == "imputed")
        mended = mend(table, sums, values, evidence, follow=follow, effort=effort)
        if reading := other_reading(sums, own):
            # What a person would have to change in several places, another way to read one row explains at once.
            ways = dict.fromkeys((reading, *mended.changes))
            mended = Mended(tuple(ways), supported=mended.supported)
        if mended.gave_up:
            check = next(each.check for each in sums if each.holds(values) is False)
            message = load_messages().repair_open.format(table=table.title)
            given_up = Finding(id=f"{check}:unmended", check=check, severity="info", message=message)
            findings = (*findings, given_up)
            continue
        checks = {each.check for each in sums}
        findings = tuple(
            _with_repair(each, mended, sums, own) if each.formula and each.check in checks else each
            for each in findings
        )
    return findings


def _with_repair(finding: Finding, mended: Mended, sums: Sequence[Sum], cells: Mapping[str, Cell]) -> Finding:
    ways = list(dict.fromkeys(_concerned(finding, changes, sums) for changes in mended.changes))
    if not ways or not ways[0]:
        return finding
    doubtful = says_the_same(ways[0], cells)
    return finding.model_copy(
        update={
            "repair": ways[0],
            "alternatives": tuple(way for way in ways[1:] if way),
            "figures": mended.supported,
            "cause": "reading" if doubtful else finding.cause,
            "severity": "warning" if doubtful else finding.severity,
        }
    )


def _concerned(finding: Finding, changes: Sequence[Repair], sums: Sequence[Sum]) -> tuple[Repair, ...]:
    """The changes that a finding's sum asks for, and those that follow from them by other sums."""
    reached = set(finding.cells)
    while True:
        found = {each.cell for each in changes if each.cell in reached}
        wider = reached | {cell for each in sums if each.ids & found for cell in each.ids}
        if wider == reached:
            return tuple(each for each in changes if each.cell in found)
        reached = wider


def _of_figures(report: Report, form: Form) -> Iterator[Evidence]:
    for index, figure in enumerate(report.figures):
        own_year = figure.year in (None, report.report.year)
        if figure.metric in form.states and figure.scope is None and figure.qualifier is None and own_year:
            yield Evidence(form.states[figure.metric], figure.value, figure.confidence, index)


def _of_prior(report: Report, prior: Report | None) -> Iterator[Evidence]:
    before = {cell.id: cell for cell in prior.cells} if prior else {}
    for cell in report.cells:
        last = before.get(cell.id.replace("carried_in", "carried_out")) if cell.row == "carried_in" else None
        if last and last.value is not None:
            yield Evidence(((cell.id,),), last.value)
