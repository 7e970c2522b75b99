"""A body's tables against those of its subordinates."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from extraction.checks.words import labels
from extraction.resources.forms import Form
from extraction.resources.messages import Messages
from extraction.resources.page import load_page
from extraction.schema import Answer, Cell, Check, Finding, Report, Slip
from extraction.slips import slip_between

_CLEAR: frozenset[Slip] = frozenset({"swapped", "zero", "joined"})
"""Slips that hardly any two numbers are apart by chance."""


def rollup(
    parent: Report, children: Sequence[Report], form: Form, words: Messages, *, missing: Sequence[str] = ()
) -> Iterator[Check | Finding]:
    """A check for every cell: it is the sum of the subordinates' cells.

    :param missing: names of subordinates whose reports are not there; what their cells add cannot be told.
    """
    if missing:
        message = words.rollup_missing.format(count=len(missing), bodies="、".join(missing))
        yield Finding(id="rollup.sum:missing", check="rollup.sum", severity="warning", message=message)
    fitting = [child for child in children if child.report.form == form.id]
    for child in children:
        if child not in fitting:
            message = words.rollup_form.format(body=_name(child), form=child.report.form, own=form.id)
            yield Finding(id=f"rollup.sum:{_name(child)}", check="rollup.sum", severity="warning", message=message)
    tables = [{cell.id: cell for cell in child.cells} for child in fitting]
    whole = len(fitting) == len(children) and not missing
    for cell in parent.cells:
        yield from _cell(cell, tables, [_name(child) for child in fitting], form, words, whole=whole)


def _cell(
    cell: Cell,
    tables: Sequence[Mapping[str, Cell]],
    names: Sequence[str],
    form: Form,
    words: Messages,
    *,
    whole: bool,
) -> Iterator[Check | Finding]:
    values = [own[cell.id].value if cell.id in own else None for own in tables]
    known = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    total = sum(known.values(), Decimal(0))
    label = labels(form.table(cell.table), [cell])
    name, formula = f"rollup.sum:{cell.id}", words.rollup_formula.format(cell=label, count=len(names))
    if cell.value is None:
        yield Check(id=name, check="rollup.sum", answer="open", formula=formula, cells=(cell.id,))
        return
    difference = cell.value - total
    complete = whole and len(known) == len(names)
    # What is not there can only add to the sum.
    answer: Answer = "holds" if difference == 0 and complete else "broken" if complete or difference < 0 else "open"
    yield Check(
        id=name, check="rollup.sum", answer=answer,
        formula=formula, left=total, right=cell.value, difference=difference, cells=(cell.id,),
    )  # fmt: skip
    if answer != "broken":
        return
    because = _because(cell, known, difference, words)
    message = words.rollup_differs.format(
        cell=label, table=form.table(cell.table).title, found=f"{cell.value:f}", total=f"{total:f}",
        difference=f"{difference:+f}", because=because,
    )  # fmt: skip
    yield Finding(
        id=name, check="rollup.sum", severity="error", message=message, expected=total, found=cell.value,
        cells=(cell.id,), formula=formula, difference=difference,
    )  # fmt: skip


def _because(cell: Cell, known: Mapping[str, Decimal], difference: Decimal, words: Messages) -> str:
    """Who would explain a difference: a subordinate left out or counted twice, or one slip in a single number."""
    blamed = [child for child, value in known.items() if value and abs(difference) in (value, 2 * value)]
    if blamed:
        return words.rollup_because.format(bodies="、".join(blamed))
    numbers = [(child, value, value + difference) for child, value in known.items()]
    if cell.value is not None:
        numbers.append((words.rollup_own, cell.value, cell.value - difference))
    slipped = [
        words.rollup_slip.format(body=body, old=f"{old:f}", new=f"{new:f}", slip=load_page().slips[slip])
        for body, old, new in numbers
        if new >= 0 and not old % 1 and not new % 1
        if (slip := slip_between(int(old), int(new))) and slip in _CLEAR
    ]
    return f"；{words.rollup_or.join(slipped)}" if slipped else ""


def _name(report: Report) -> str:
    return report.report.agency or report.source.path or report.source.sha256[:8]
