"""Which column of a layout holds which cell of a line: by the header, else by where the rows print their values."""

from collections import Counter
from collections.abc import Sequence

from extraction.document import Entry, TableRow
from extraction.forms.labels import Lexicon
from extraction.forms.rows import Match

_SURE = 0.75
_FIT = 0.85


def by_header(header: Sequence[TableRow], lexicon: Lexicon, width: int) -> tuple[int, ...] | None:
    """Columns of the ``width`` labels of a form's line, read from header rows; ``None`` where they do not tell.

    :param lexicon: the words of the labels in the order of the form; labels may repeat (结果维持 in three groups).
    """
    found: list[tuple[int, set[int]]] = []
    for entry in sorted((e for row in header for e in row.entries if e.column is not None), key=_place):
        alike = {int(i) for i in (lexicon.alike(entry.text) >= _SURE).nonzero()[0]} if entry.kind == "label" else set()
        if alike and entry.column_span == 1:
            found.append((_place(entry), alike))
    chain = _rising(found, width)
    if len(chain) < max(1, 0.6 * width):
        return None
    offsets = {column - index for column, index in chain}
    if len(chain) == width:
        return tuple(column for column, _ in chain)
    # A label that was not recognised stands where its neighbours leave one place for it.
    if len(offsets) == 1 and (offset := offsets.pop()) >= 0:
        return tuple(index + offset for index in range(width))
    return None


def _place(entry: Entry) -> int:
    return entry.column if entry.column is not None else -1


def _rising(found: Sequence[tuple[int, set[int]]], width: int) -> list[tuple[int, int]]:
    """The longest chain of (column, label) pairs in which both rise."""
    best: list[list[tuple[int, int]]] = [[] for _ in range(width)]
    for column, labels in found:
        for label in sorted(labels, reverse=True):
            before = max((best[i] for i in range(label) if best[i] and best[i][-1][0] < column), key=len, default=[])
            if len(before) + 1 > len(best[label]):
                best[label] = [*before, (column, label)]
    return max(best, key=len, default=[])


def fits(columns: Sequence[int], matches: Sequence[Match]) -> bool:
    """Whether nearly all rows print their values, and not their labels, inside the columns."""
    rows = [match.unit.row for match in matches if match.unit.prints]
    inside = sum(
        all(e.column in columns for e in row.values if e.kind == "value")
        and not any(e.column in columns for e in row.labels[:1])
        for row in rows
    )
    return bool(rows) and inside >= _FIT * len(rows)


def by_values(matches: Sequence[Match], width: int) -> tuple[int, ...] | None:
    """The ``width`` neighbouring columns in which the rows print their values, where nearly all rows do."""
    counts = Counter(
        entry.column
        for match in matches
        for entry in match.unit.row.values
        if entry.kind == "value" and entry.column is not None
    )
    labelled = {entry.column for match in matches for entry in match.unit.row.labels}
    starts = [
        start
        for start in range(max((c for c in counts if c is not None), default=0) + 1)
        if not labelled.intersection(range(start, start + width))
    ]
    within = {start: sum(counts[start + i] for i in range(width)) for start in starts}
    most = max(within.values(), default=0)
    best = [start for start in starts if within[start] == most]
    # Where a column beside them is as empty as the one it would replace, the values do not tell.
    if len(best) != 1 or not most:
        return None
    columns = tuple(range(best[0], best[0] + width))
    return columns if fits(columns, matches) else None
