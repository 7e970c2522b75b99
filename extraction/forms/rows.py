"""Table rows to the rows of a form: labels by similarity, order by alignment.

The rows of a page that belong to a table of the form are the chain of (row, form row) pairs, rising in both, that gains
most; rows of the page between them that print values cost a little, so that a chain does not reach into another table.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from extraction.document import Entry, TableRow
from extraction.forms.labels import ALIKE, REACH, Lexicon, normalise
from extraction.resources.forms import Table

_SKIP = 0.12
_UNLABELLED = 0.02
_FEW_CELLS = 2
_LONGEST_LABEL = 90
_PIECES = (2, 3, 4, 5, 6)
_MOST_BEFORE, _MOST_AFTER = 3, 2
_TELLING = 6

SAME = 0.95
"""Above this a label is the form's own."""

Likeness = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Unit:
    """A row of the page with the labels around it.

    ``header`` are those since the last row with values, ``after`` the next ones without values.
    """

    row: TableRow
    header: tuple[Entry, ...]
    header_rows: tuple[TableRow, ...]
    after: tuple[Entry, ...]
    index: int

    def label_texts(self, ignored: frozenset[str]) -> Iterator[str]:
        """What may be its label, likeliest first: its own last label, several joined, a label broken over lines.

        Values may stand beside the middle of a broken label, between its lines; ``ignored`` are words of other columns.
        """
        own = [entry.text for entry in self.row.labels if normalise(entry.text) not in ignored]
        if own:
            yield own[-1]
        before = [entry.text for entry in self.header[-_PIECES[-1] :] if normalise(entry.text) not in ignored]
        after = [entry.text for entry in self.after[:_MOST_AFTER]]
        texts = ["".join(own), *_endings(own)] if own else [*before[-1:], *_endings(before)]
        if len(own) == 1:
            texts += ["".join(before[-n:]) + own[0] for n in range(1, _MOST_BEFORE + 1) if n <= len(before)]
        texts += [text + "".join(after[:n]) for n in range(1, len(after) + 1) for text in (*own[-1:], *texts)]
        if self.row.layout != "run":
            # A label may stand before a value that reads like one: 「规范性文件 | 见附件 | 3」.
            texts += own[:-1]
        yield from dict.fromkeys(texts)

    @cached_property
    def prints(self) -> int:
        """How many values it prints."""
        return sum(entry.kind == "value" for entry in self.row.values)


@dataclass(frozen=True)
class Match:
    """A row of the page read as a row of the form; ``likeness`` of their labels 0 to 1."""

    unit: Unit
    row: str
    likeness: float


def _endings(pieces: list[str]) -> list[str]:
    return ["".join(pieces[-n:]) for n in _PIECES if n <= len(pieces)]


def units(rows: Sequence[TableRow]) -> list[Unit]:
    """Rows that may carry values, each with the labels around it in its candidate."""
    result: list[Unit] = []
    header: list[TableRow] = []
    for index, row in enumerate(rows):
        if index and rows[index - 1].candidate != row.candidate:
            header = []
        labels = tuple(entry for before in header for entry in before.labels)
        after: list[Entry] = []
        for next_row in rows[index + 1 : index + 1 + _MOST_AFTER]:
            if next_row.candidate != row.candidate or _has_values(next_row):
                break
            after += next_row.labels
        result.append(Unit(row, labels, tuple(header), tuple(after), index))
        if _has_values(row):
            header = []
        else:
            header.append(row)
    return result


def _has_values(row: TableRow) -> bool:
    return any(entry.kind == "value" for entry in row.values)


def unit_words(tables: Iterable[Table]) -> frozenset[str]:
    """The words that may stand in a column of units beside the labels of tables that have one."""
    rows = [row for table in tables if table.unit_column for row in table.all_rows]
    return frozenset(unit for row in rows for unit in (row.unit, row.stated_unit) if unit)


def without_unit(text: str, words: frozenset[str]) -> list[str]:
    """A label, and the label with the word of the unit column taken off: 「收到申请数 件」."""
    ending = max((word for word in words if text.endswith(word)), key=len, default="")
    return [text[: -len(ending)].rstrip(), text] if ending else [text]


def likeness(candidates: Sequence[Unit], tables: Sequence[Table], lexicons: Sequence[Lexicon]) -> list[Likeness]:
    """How alike the label of each unit is to each row, a matrix (units, rows) a table.

    A label that is clearly another row's, in whichever table, is not taken for a similar one: 「行政事业性收费」 is
    part of no label of table 三.
    """
    matrices = [np.zeros((len(candidates), len(table.all_rows)), dtype=np.float32) for table in tables]
    ignored = unit_words(tables)
    for i, unit in enumerate(candidates):
        for rank, text in enumerate(unit.label_texts(ignored)):
            if not 0 < len(text) <= _LONGEST_LABEL:
                continue
            best = 0.0
            for lexicon, matrix in zip(lexicons, matrices, strict=True):
                for words in without_unit(text, ignored):
                    most = lexicon.most(words)
                    if most >= ALIKE:
                        best = max(best, most)
                        np.maximum(matrix[i], lexicon.alike(words) - 0.005 * rank, out=matrix[i])
            if best > SAME and len(normalise(text)) >= _TELLING:
                break
        best = max((float(matrix[i].max()) for matrix in matrices), default=0.0)
        for matrix in matrices:
            matrix[i][matrix[i] < best - REACH] = 0
    return matrices


def align(candidates: Sequence[Unit], table: Table, alike: Likeness) -> tuple[float, list[Match]]:
    """The best chain of matches and what it gains; rows that print nothing take part by their labels alone."""
    gain = _gain(candidates, table, alike)
    score, chain = _best_chain(gain, np.array([unit.prints > 0 for unit in candidates]))
    rows = table.all_rows
    matches = [Match(candidates[i], rows[r].id, float(alike[i, r])) for i, r in chain]
    return score, _without_guesses(matches, [row.id for row in rows])


def with_displaced(matches: Sequence[Match], candidates: Sequence[Unit], table: Table, alike: Likeness) -> list[Match]:
    """The chain with rows that stand out of the form's order, but whose labels are plainly the form's own."""
    order = [row.id for row in table.all_rows]
    found = {match.row: match for match in matches}
    used = {match.unit.index for match in matches}
    own = {match.unit.row.candidate for match in matches}
    for unit in candidates:
        if unit.prints and unit.index not in used and unit.row.candidate in own:
            best = int(alike[unit.index].argmax())
            if alike[unit.index, best] > SAME and order[best] not in found:
                found[order[best]] = Match(unit, order[best], float(alike[unit.index, best]))
    return sorted(found.values(), key=lambda match: match.unit.index)


def _gain(candidates: Sequence[Unit], table: Table, alike: Likeness) -> npt.NDArray[np.float32]:
    widths = np.array([len(table.columns_of(row.id)) for row in table.all_rows])
    gain = np.where(alike >= ALIKE, alike - ALIKE + 0.02, -np.inf).astype(np.float32)
    for i, unit in enumerate(candidates):
        if not unit.prints:
            # Part of a label without a value may be the second line of a row that has one.
            gain[i][alike[i] < SAME] = -np.inf
        else:
            slots = len(unit.row.values)
            gain[i] += 0.1 * (unit.prints <= widths) + 0.1 * (slots == widths)
            if not unit.row.labels and not unit.header and len(widths) > 9:
                gain[i] = np.where((slots == widths) & (widths > _FEW_CELLS), _UNLABELLED, -np.inf)
    return gain


def _best_chain(gain: npt.NDArray[np.float32], prints: npt.NDArray[np.bool_]) -> tuple[float, list[tuple[int, int]]]:
    """The chain of pairs, rising in both, with the highest sum of gains less the skips between them."""
    count, width = gain.shape
    best = np.full(width, -np.inf, dtype=np.float32)
    at = np.full(width, -1, dtype=np.int64)
    parents: dict[tuple[int, int], tuple[int, int] | None] = {}
    top: tuple[float, tuple[int, int] | None] = (0.0, None)
    for i in range(count):
        fresh: list[tuple[int, float]] = []
        for r in np.flatnonzero(gain[i] > -np.inf).tolist():
            ahead_at = int(best[:r].argmax()) if r else -1
            ahead = float(best[ahead_at]) if r else 0.0
            total = float(gain[i, r]) + max(ahead, 0.0)
            parents[i, r] = (int(at[ahead_at]), ahead_at) if ahead > 0 else None
            fresh.append((r, total))
            if total > top[0]:
                top = (total, (i, r))
        if prints[i]:
            best -= _SKIP
        for r, total in fresh:
            if total > best[r]:
                best[r], at[r] = total, i
    chain: list[tuple[int, int]] = []
    step = top[1]
    while step is not None:
        chain.append(step)
        step = parents[step]
    return top[0], chain[::-1]


def _without_guesses(matches: list[Match], order: list[str]) -> list[Match]:
    """Drop rows without any label but where just one row of the form stands between its neighbours."""
    kept: list[Match] = []
    for i, match in enumerate(matches):
        if match.likeness >= ALIKE:
            kept.append(match)
        elif 0 < i < len(matches) - 1:
            before, after = order.index(matches[i - 1].row), order.index(matches[i + 1].row)
            if after - before == 2:
                kept.append(match)
    return kept
