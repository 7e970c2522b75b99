"""Which lines are the label of which row, in a table without ruling lines whose labels are wrapped."""

import re
from collections.abc import Collection, Mapping, Sequence

from extraction.readers.pdf_lines import Line
from extraction.readers.pdf_page import Box

_WRAP = 0.5
"""The gap between two lines of one label is less than this many character widths."""
_MOST_LINES = 6
"""Lines of the longest label."""
_ALONE = 1.2
"""What a row without a label, or a line without a row, costs: a label this many character widths off."""
_MOST_STEPS = 60_000
_ITEM = re.compile(r"[(（]?[\d一二三四五六七八九十]{1,3}[.．、)）]")

Block = tuple[int, ...]
"""The numbers of the lines that one label stands on."""


def opens_item(text: str) -> bool:
    """Whether a line begins with the number of an item, so that it does not go on with the label above it."""
    return _ITEM.match(text) is not None


def labels_of_rows(labels: Mapping[int, Box], rows: Mapping[int, Line], labelled: Collection[int]) -> dict[int, Block]:
    """The lines of the label of each row; both are given by the numbers of their lines, from top to bottom.

    ``labelled`` rows may need none, as they have a label elsewhere.

    A label stands beside the middle of its row or begins level with it, in one table all in the same manner. The
    labels are placed so that they are, together, the least off; a line that is far from every row is left out.
    """
    if not labels or not rows or len(labels) * len(rows) > _MOST_STEPS:
        return {}
    _, best = min((_placed(labels, rows, labelled, middle) for middle in (True, False)), key=lambda each: each[0])
    return best


def _placed(
    labels: Mapping[int, Box], rows: Mapping[int, Line], labelled: Collection[int], middle: bool
) -> tuple[float, dict[int, Block]]:
    """The cheapest placing of blocks of labels, in order, and what it costs."""
    numbers = list(labels)
    # costs[k]: the least cost of the rows so far with the first k labels used; choice: the block that gave it.
    costs = [_ALONE * used for used in range(len(numbers) + 1)]
    choices: list[list[int]] = []
    for row, line in rows.items():
        after = [cost + (0 if row in labelled else _ALONE) for cost in costs]
        choice = [0] * len(costs)
        for used in range(1, len(costs)):
            for size in range(1, min(_MOST_LINES, used) + 1):
                block = numbers[used - size : used]
                off = _off(block, labels, row, line, rows, middle)
                if off is None:
                    break
                if costs[used - size] + off < after[used]:
                    after[used], choice[used] = costs[used - size] + off, size
            if after[used - 1] + _ALONE < after[used]:
                after[used], choice[used] = after[used - 1] + _ALONE, -1
        costs = after
        choices.append(choice)
    return costs[-1], _traced(choices, numbers, list(rows))


def _traced(choices: Sequence[Sequence[int]], numbers: Sequence[int], rows: Sequence[int]) -> dict[int, Block]:
    placed: dict[int, Block] = {}
    used = len(numbers)
    for row, choice in zip(reversed(rows), reversed(choices), strict=True):
        while choice[used] < 0:
            used -= 1
        size = choice[used]
        if size:
            placed[row] = tuple(numbers[used - size : used])
        used -= size
    return placed


def _off(
    block: Sequence[int], labels: Mapping[int, Box], row: int, line: Line, rows: Mapping[int, Line], middle: bool
) -> float | None:
    """How far a block is off its row, in character widths; ``None`` where no longer block can be the row's label."""
    first, last = labels[block[0]], labels[block[-1]]
    if len(block) > 1 and labels[block[1]].top - first.bottom >= _WRAP * line.em:
        return None
    if len(block) > 1 and opens_item(labels[block[1]].text):
        return None
    if any(each in rows and each != row for each in block):
        return None
    off = abs((first.top + last.bottom) / 2 - line.middle) if middle else abs(first.middle - line.middle)
    # The values of a row stand somewhere beside its label.
    beside = first.top - line.em / 2 <= line.middle <= last.bottom + line.em / 2
    return off / line.em if beside else 2 * _ALONE + off / line.em
