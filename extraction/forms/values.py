"""Printed values to the cells of a form's line: by header, by count, or by what the sums of the form allow.

A *line* is what a page prints in one row: the cells of a row of the form, or of several that stand beside each other.
Each way to put the entries of a line into its cells is a *placement*; where a layout lost, added, parted or pushed
cells there are several, and the sums of the table choose among them. What they leave open stays open.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations, islice
from typing import Literal

from extraction.document import Entry
from extraction.numbers import parse_cell
from extraction.sums import Sum, Values, implied

Placement = tuple[Entry | None, ...]
"""The entry of each cell of a line, ``None`` where the layout has none for it."""
Fill = tuple[bool, ...]
"""Which cells of a line hold a value."""

_MOST = 4000
_MOST_EXTRA = 6
_TIE = 1e-6
_BROKEN = 1.5
_PROVED = 0.5
_LATER = 0.01
_GAP, _PUSHED, _EXTRA, _PARTED, _UNUSUAL = 1.0, 0.6, 0.5, 0.3, 1.5


@dataclass(frozen=True)
class Line:
    """Entries of one printed row for ``cells`` (ids, in the form's order).

    ``columns`` gives the layout's column of each cell where a header or the other rows tell it.
    ``likeness`` is how well its ``label``, as printed, was recognised, 0 to 1.
    """

    cells: tuple[str, ...]
    entries: tuple[Entry, ...]
    columns: tuple[int, ...] | None = None
    likeness: float = 1.0
    units: tuple[str | None, ...] = ()
    label: str | None = None
    layout: Literal["grid", "fields", "run"] | None = None


@dataclass(frozen=True)
class Placed:
    """What became of one cell of a line. ``implied`` is a value that all placements left agree on without one entry."""

    entry: Entry | None
    implied: Decimal | None = None
    note: str | None = None
    certain: float = 1.0


@dataclass
class _Open:
    """A line with the placements that are still possible, each with its cost."""

    line: Line
    options: list[tuple[float, Placement]] = field(default_factory=list)


def place(lines: Sequence[Line], sums: Sequence[Sum]) -> dict[str, Placed]:
    """Put the entries of all lines of a table into its cells.

    :param sums: the sums of the table, which decide where a line is short.
    """
    # Only where a row has its total does one that fills other columns than most say that it was pushed.
    usual = _usual_fill(line for line in lines if any(each.ids <= set(line.cells) for each in sums))
    opened = [_Open(line, _options(line, usual)) for line in lines]
    known: Values = {}
    for item in opened:
        if len(item.options) == 1:
            known |= _values(item.line, range(len(item.line.cells)), item.options[0][1])
    chosen: dict[str, Placed] = {}
    for item in opened:
        if len(item.options) == 1:
            chosen |= _choose(item, known, sums)
    for _ in range(2):
        for item in sorted((each for each in opened if len(each.options) > 1), key=lambda each: len(each.options)):
            chosen |= _choose(item, known, sums)
            known |= {
                cell: value for cell in item.line.cells if (value := _known(chosen[cell], item.line, cell)) is not None
            }
    return chosen


def held(lines: Sequence[Line], sums: Sequence[Sum]) -> int:
    """How many lines that print all their cells keep the sums among them, less those that break one."""
    balance = 0
    for line in lines:
        own = [each for each in sums if each.ids <= set(line.cells)]
        if own and len(line.entries) == len(line.cells):
            values = _values(line, range(len(line.cells)), line.entries)
            balance += -1 if any(each.holds(values) is False for each in own) else any(map(bool, values.values()))
    return balance


def _values(line: Line, places: Iterable[int], entries: Sequence[Entry | None]) -> Values:
    """The numbers of entries put into the cells at ``places``."""
    pairs = (
        (i, entry) for i, entry in zip(places, entries, strict=True) if entry is not None and entry.kind == "value"
    )
    read = (
        (line.cells[i], parse_cell(entry.text, unit=line.units[i] if line.units else None).value) for i, entry in pairs
    )
    return {cell: value for cell, value in read if value is not None}


def _known(placed: Placed, line: Line, cell: str) -> Decimal | None:
    if placed.entry is None:
        return placed.implied
    return _values(line, [line.cells.index(cell)], [placed.entry]).get(cell)


def _usual_fill(lines: Iterable[Line]) -> dict[tuple[int, ...], Fill | None]:
    """For the lines under each header, which columns most of them fill."""
    fills: dict[tuple[int, ...], Counter[Fill]] = {}
    for line in lines:
        if line.columns and (placement := _by_column(line.entries, line.columns, 0)) is not None:
            fills.setdefault(line.columns, Counter())[_fill(placement)] += 1
    usual: dict[tuple[int, ...], Fill | None] = {}
    for columns, counts in fills.items():
        fill, count = counts.most_common(1)[0]
        usual[columns] = fill if any(fill) and 2 * count > counts.total() else None
    return usual


def _fill(placement: Placement) -> Fill:
    return tuple(entry is not None and entry.kind == "value" for entry in placement)


def _options(line: Line, usual: Mapping[tuple[int, ...], Fill | None]) -> list[tuple[float, Placement]]:
    """All placements of a line worth a look, with their costs; a line that fits as it stands has just one."""
    if line.columns:
        straight = _by_column(line.entries, line.columns, 0)
        if straight is not None:
            return _pushed(line, straight, usual.get(line.columns))
    width = len(line.cells)
    options = list(islice(_windows(line.entries, width), _MOST))
    return options or [(0.0, (None,) * width)]


def _windows(entries: Sequence[Entry], width: int) -> Iterator[tuple[float, Placement]]:
    """Placements by order alone: blanks before the first and behind the last value may be another column's."""
    filled = [i for i, entry in enumerate(entries) if entry.kind == "value"]
    first, last = (filled[0], filled[-1]) if filled else (0, len(entries) - 1)
    if last - first + 1 > width:
        yield from _longer(list(entries[first : last + 1]), width)
    elif len(entries) < width:
        yield from _shorter(entries, width)
    else:
        for start in range(max(0, last + 1 - width), min(first, len(entries) - width) + 1):
            yield 0.0, tuple(entries[start : start + width])


def _by_column(entries: Sequence[Entry], columns: Sequence[int], shift: int) -> Placement | None:
    """Entries to cells by their columns moved by ``shift``; ``None`` where a value would fall outside."""
    at = {e.column + shift: e for e in reversed(entries) if e.column is not None and not (shift and e.kind == "label")}
    if any(
        entry.kind == "value" and (entry.column is None or entry.column + shift not in columns) for entry in entries
    ):
        return None
    return tuple(at.get(column) for column in columns)


def _pushed(line: Line, straight: Placement, usual: Fill | None) -> list[tuple[float, Placement]]:
    """The placement as it stands and, where most lines fill other columns, one moved sideways to fill just those."""
    options = [(0.0, straight)]
    if usual is not None and line.columns and _fill(straight) != usual:
        for shift in (1, -1, 2, -2):
            moved = _by_column(line.entries, line.columns, shift)
            if moved is not None and _fill(moved) == usual:
                options = [(_UNUSUAL, straight), (_PUSHED * abs(shift), moved)]
                break
    return options


def _longer(entries: list[Entry], width: int) -> Iterator[tuple[float, Placement]]:
    """More entries than cells: one before or behind them is another column's, or digits of one number stand apart."""
    different = [entry for i, entry in enumerate(entries) if not i or entry.text != entries[i - 1].text]
    if len(different) == width == 1:
        # A merged cell may be printed once for each of its columns.
        yield 0.0, tuple(different)
        return
    extra = len(entries) - width
    if extra > _MOST_EXTRA:
        return
    for first in range(extra + 1):
        window = entries[first : first + width]
        outside = entries[:first] + entries[first + width :]
        yield _EXTRA * sum(entry.kind == "value" for entry in outside), tuple(window)
    if any(entry.column is not None for entry in entries):
        # Fields of their own are numbers of their own.
        return
    for joints in combinations(range(len(entries) - 1), extra):
        joined = _joined(entries, frozenset(joints))
        if joined:
            yield _PARTED * extra, tuple(joined)


def _joined(entries: list[Entry], joints: frozenset[int]) -> list[Entry] | None:
    """Entries with those at ``joints`` joined to the next, where the result reads as one number in groups of three."""
    result: list[Entry] = []
    for i, entry in enumerate(entries):
        if i - 1 in joints:
            before = result[-1]
            digits = entry.text.isdigit() and len(entry.text) == 3 and before.text.replace(" ", "").isdigit()
            if not digits or before.text.startswith("0") or len(before.text.split(" ")[0]) > 3:
                return None
            text = f"{before.text} {entry.text}"
            result[-1] = replace(before, text=text, end=entry.end)
        else:
            result.append(entry)
    return result


def _shorter(entries: Sequence[Entry], width: int) -> Iterator[tuple[float, Placement]]:
    """Fewer entries than cells: the layout lost some, and nothing says which."""
    for chosen in combinations(range(width), len(entries)):
        placement: list[Entry | None] = [None] * width
        for entry, index in zip(entries, chosen, strict=True):
            placement[index] = entry
        yield _GAP, tuple(placement)


@dataclass(frozen=True)
class _Part:
    """Cells of a line that sums tie together: their places in the line, and the sums that touch them."""

    places: tuple[int, ...]
    inside: tuple[Sum, ...]
    concerned: tuple[Sum, ...]


def _parts(line: Line, sums: Sequence[Sum]) -> list[_Part]:
    """A line cut where no sum of the line reaches across, so that each part is rated by itself."""
    own = set(line.cells)
    groups = [{cell} for cell in line.cells]
    for ids in (each.ids for each in sums if each.ids <= own):
        joined = [group for group in groups if group & ids]
        groups = [group for group in groups if not group & ids] + [set().union(*joined)]
    return [
        _Part(
            tuple(i for i, cell in enumerate(line.cells) if cell in group),
            tuple(each for each in sums if each.ids <= group),
            tuple(each for each in sums if each.ids & group),
        )
        for group in groups
    ]


def _choose(item: _Open, known: Values, sums: Sequence[Sum]) -> dict[str, Placed]:
    """The cells of a line under its cheapest placements, the sums of the table counted in."""
    line = item.line
    if len(item.options) == 1:
        return {
            cell: Placed(entry, certain=line.likeness)
            for cell, entry in zip(line.cells, item.options[0][1], strict=True)
        }
    others = {cell: value for cell, value in known.items() if cell not in line.cells}
    parts = _parts(line, sums)
    seen: dict[tuple[int, ...], tuple[float, Values]] = {}
    rated: list[tuple[float, Placement, list[Values]]] = []
    for cost, placement in item.options:
        values: list[Values] = []
        for number, part in enumerate(parts):
            key = number, *(id(placement[i]) for i in part.places)
            if key not in seen:
                seen[key] = _rate(line, part, [placement[i] for i in part.places], others)
            cost += seen[key][0]
            values.append(seen[key][1])
        rated.append((cost, placement, values))
    least = min(cost for cost, _, _ in rated)
    best = [
        (placement, {cell: value for part in values for cell, value in part.items()})
        for cost, placement, values in rated
        if cost < least + _TIE
    ]
    return {cell: _agreed(index, cell, best, line) for index, cell in enumerate(line.cells)}


def _rate(line: Line, part: _Part, entries: Sequence[Entry | None], others: Values) -> tuple[float, Values]:
    """What the sums say against, and for, entries in a part of a line, and the values it then has."""
    values = _values(line, part.places, entries)
    proved = sum(_proves(each, values) for each in part.inside)
    values |= implied(values, part.inside, {line.cells[i] for i in part.places})
    broken = sum(each.holds(others | values) is False for each in part.concerned)
    # Of two groups that the same numbers would prove, the first is likelier: 「5 0 1 1 7 0 5 5」.
    return _BROKEN * broken - (_PROVED - _LATER * part.places[0]) * proved, values


def _proves(each: Sum, values: Values) -> bool:
    """Whether all cells of a sum are printed and it holds, not just as one number that is its own total."""
    return (
        each.ids <= values.keys() and each.holds(values) is True and sum(values[cell] != 0 for cell in each.parts) > 1
    )


def _agreed(index: int, cell: str, best: Sequence[tuple[Placement, Values]], line: Line) -> Placed:
    """What all placements that are left say of one cell."""
    entries = {placement[index] for placement, _ in best}
    if len(entries) == 1 and (entry := entries.pop()) is not None:
        return Placed(entry, note="placed by the sums of the form", certain=0.9 * line.likeness)
    values = {values.get(cell) for _, values in best}
    printed = " ".join(entry.text for entry in line.entries if entry.kind == "value")
    note = f"the line prints {printed or 'nothing'} for {len(line.cells)} cells"
    if len(values) == 1 and (value := values.pop()) is not None:
        return Placed(None, implied=value, note=note, certain=0.9 * line.likeness)
    return Placed(None, note=note)
