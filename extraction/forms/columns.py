"""Which column of a layout holds which cell of a line: by the header, else by where the rows print their values."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extraction.document import Entry, TableRow
from extraction.forms.labels import SURE, Lexicon, normalise
from extraction.forms.rows import Match
from extraction.resources.forms import Column

_FIT = 0.85
_MOST_LABELS = 0.6
_MOST_STACKED = 5


@dataclass(frozen=True)
class Columns:
    """Where the labels of a line stand: label ``labels[i]`` (its number in the form) in column ``places[i]``, rising.

    Columns of ``foreign`` have a header of their own that is none of the form's: 小计, last year, a department.
    """

    labels: tuple[int, ...]
    places: tuple[int, ...]
    foreign: frozenset[int] = frozenset()


def by_header(
    header: Sequence[TableRow], columns: Sequence[Column], lexicon: Lexicon, printed: Iterable[int], year: int | None
) -> Columns | None:
    """The columns that header rows name; ``None`` where they do not tell what stands in the ``printed`` columns.

    The columns may come in any order, some of the form's may not be there, and others may stand between them.
    """
    printed = set(printed)
    heads = _unglued(labels_by_column(header), columns)
    named: dict[int, int] = {}
    foreign: set[int] = set()
    for place, words in heads.items():
        label = _label_of(words, columns, lexicon, _above(header, place), year)
        if label is None:
            foreign.add(place)
        elif label in named.values():
            # Two columns of one name: the one whose words are the form's own.
            first = next(other for other, known in named.items() if known == label)
            if normalise(heads[first][0]) == normalise(columns[label].label):
                foreign.add(place)
            else:
                foreign.add(first)
                del named[first]
                named[place] = label
        else:
            named[place] = label
    few = len(named) < _MOST_LABELS * len(columns)
    if not named or (few and (len(printed) == len(columns) or not printed & named.keys())):
        return None
    offsets = {place - label for place, label in named.items()}
    if len(offsets) == 1:
        # A label that was not read stands where its neighbours leave just one place for it.
        offset = offsets.pop()
        for label in range(len(columns)):
            place = label + offset
            if label not in named.values() and place >= 0 and (place not in heads or len(printed) == len(columns)):
                named[place] = label
                foreign.discard(place)
    if printed - named.keys() - foreign:
        return None
    places = tuple(sorted(named))
    return Columns(tuple(named[place] for place in places), places, frozenset(foreign))


def labels_by_column(header: Sequence[TableRow]) -> dict[int, list[str]]:
    """What may head each column: its lowest label, and those above joined to it, which a broken label takes."""
    stacks: dict[int, list[str]] = {}
    for row in header:
        for entry in row.entries:
            if entry.kind == "label" and entry.column is not None and entry.column_span == 1:
                stacks.setdefault(entry.column, []).append(entry.text)
    return {
        place: ["".join(stack[-count:]) for count in range(1, len(stack) + 1)][:_MOST_STACKED]
        for place, stack in stacks.items()
    }


def _unglued(heads: dict[int, list[str]], columns: Sequence[Column]) -> dict[int, list[str]]:
    """The heads with one in two that is the words of two neighbours, for want of a gap: 「商业企业科研机构」."""
    pairs = {
        normalise(first + second): (first, second)
        for left, right in pairwise(columns)
        for first in left.words
        for second in right.words
    }
    found = dict(heads)
    for place, words in heads.items():
        if (pair := pairs.get(normalise(words[0]))) and place + 1 not in heads:
            found[place], found[place + 1] = [pair[0]], [pair[1]]
    return found


def _above(header: Sequence[TableRow], place: int) -> set[str]:
    """The words of the cells that span a column and others."""
    return {
        normalise(entry.text)
        for row in header
        for entry in row.entries
        if entry.column is not None
        and entry.column_span > 1
        and entry.column <= place < entry.column + entry.column_span
    }


def _label_of(
    words: Sequence[str], columns: Sequence[Column], lexicon: Lexicon, above: set[str], year: int | None
) -> int | None:
    """The column of the form that a header names, where it does not stand under another's group."""
    groups = {normalise(column.group) for column in columns if column.group}
    for word in words:
        alike = lexicon.alike(word)
        for label in alike.argsort()[::-1]:
            if alike[label] < SURE:
                break
            if columns[label].group or not groups & above:
                return int(label)
    if len(columns) == 1 and year is not None and str(year) in words[0]:
        return 0
    return None


def by_order(header: Sequence[Entry], columns: Sequence[Column], lexicon: Lexicon) -> tuple[int, ...]:
    """The labels in the order in which a header without columns names them, else in the form's.

    A header of two lines names groups and ungrouped columns first: 「自然人 法人或其他组织 总计 商业企业 …」. What
    stands lower on the page may come later, so the order is one to try, not to trust.
    """
    groups = {normalise(column.group) for column in columns if column.group}
    seen: dict[int, int] = {}
    group_seen: int | None = None
    for position, entry in enumerate(header):
        if normalise(entry.text) in groups:
            group_seen = position if group_seen is None else group_seen
        elif (alike := lexicon.alike(entry.text)).max(initial=0) >= SURE:
            seen.setdefault(int(alike.argmax()), position)
    straight = tuple(range(len(columns)))
    if len(seen) < len(columns):
        return straight

    def place(label: int) -> tuple[int, int]:
        grouped = group_seen is not None and columns[label].group
        return (group_seen if grouped and group_seen is not None else seen[label]), seen[label]

    return tuple(sorted(straight, key=place))


def by_run(header: Sequence[Entry], columns: Sequence[Column], lexicon: Lexicon) -> tuple[int, ...]:
    """The labels in the order in which the header names all of them in a row, else in the form's."""
    run: list[int] = []
    for word in (word for entry in header for word in _words(entry, lexicon)):
        alike = lexicon.alike(word)
        label = int(alike.argmax()) if alike.max(initial=0) >= SURE else None
        run = [] if label is None else [label] if label in run else [*run, label]
        if len(run) == len(columns):
            return tuple(run)
    return tuple(range(len(columns)))


def _words(entry: Entry, lexicon: Lexicon) -> Sequence[str]:
    """A header, or the headers that a line of text holds, parted by spaces."""
    words = entry.text.split()
    return words if any(lexicon.alike(word).max() >= SURE for word in words) else [entry.text]


def fits(columns: Columns, matches: Sequence[Match]) -> bool:
    """Whether nearly all rows print their values, and not their labels, inside the columns."""
    rows = [match.unit.row for match in matches if match.unit.prints]
    known = columns.foreign.union(columns.places)
    inside = sum(
        all(e.column in known for e in row.values if e.kind == "value")
        and not any(e.column in columns.places for e in row.labels[:1])
        for row in rows
    )
    return bool(rows) and inside >= _FIT * len(rows)


def is_flat(matches: Sequence[Match], width: int) -> bool:
    """Whether merged cells take one place each, so that a row with more labels has its values further on."""
    last = [(row.labels[-1].column or 0, row.entries[-1].column or 0) for m in matches if (row := m.unit.row).labels]
    return len({end for _, end in last}) > 1 and sum(end - label == width for label, end in last) >= _FIT * len(last)


def printed_columns(matches: Sequence[Match]) -> Counter[int]:
    """How many values the rows print in each column."""
    return Counter(
        entry.column
        for match in matches
        for entry in match.unit.row.values
        if entry.kind == "value" and entry.column is not None
    )


def by_values(matches: Sequence[Match], width: int) -> Columns | None:
    """The ``width`` neighbouring columns in which the rows print their values, where nearly all rows do."""
    counts = printed_columns(matches)
    labelled = {entry.column for match in matches for entry in match.unit.row.labels}
    last = max((entry.column or 0 for match in matches for entry in match.unit.row.entries), default=0)
    starts = [start for start in range(last + 2 - width) if not labelled.intersection(range(start, start + width))]
    within = {start: sum(counts[start + i] for i in range(width)) for start in starts}
    most = max(within.values(), default=0)
    best = [start for start in starts if within[start] == most]
    # Where a column beside them is as empty as the one it would replace, the values do not tell.
    if len(best) != 1 or not most:
        return None
    columns = Columns(tuple(range(width)), tuple(range(best[0], best[0] + width)))
    return columns if fits(columns, matches) else None
