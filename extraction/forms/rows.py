"""Table rows to the rows of a form: labels by similarity, order by alignment.

The rows of a page that belong to a table of the form are the chain of (row, form row) pairs, rising in both, that gains
most; rows of the page between them that print values cost a little, so that a chain does not reach into another table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extraction.document import Entry, TableRow
from extraction.forms.labels import ALIKE, Lexicon, normalise
from extraction.resources.forms import Table

_SKIP = 0.12
_UNLABELLED = 0.02
_LONGEST_LABEL = 90


@dataclass(frozen=True)
class Unit:
    """A row of the page with the labels that came before it since the last row with values (``header``)."""

    row: TableRow
    header: tuple[Entry, ...]
    header_rows: tuple[TableRow, ...]
    index: int

    def label_texts(self) -> list[str]:
        """What may be its label, likeliest first: its own last label, several joined, a label broken over lines."""
        own = [entry.text for entry in self.row.labels]
        before = [entry.text for entry in self.header[-3:]]
        texts = [own[-1], "".join(own), *("".join(own[-n:]) for n in (2, 3) if n < len(own))] if own else []
        if own and len(own) == 1 and before:
            texts.append(before[-1] + own[0])
        if not own:
            texts += ["".join(before[-n:]) for n in (1, 2, 3) if n <= len(before)]
        return [text for text in dict.fromkeys(texts) if 0 < len(text) <= _LONGEST_LABEL]

    @property
    def prints(self) -> int:
        """How many values it prints."""
        return sum(entry.kind == "value" for entry in self.row.values)


@dataclass(frozen=True)
class Match:
    """A row of the page read as a row of the form; ``likeness`` of their labels 0 to 1."""

    unit: Unit
    row: str
    likeness: float


def units(rows: Sequence[TableRow]) -> list[Unit]:
    """Rows that may carry values, each with its header: the labels since the last values in its candidate."""
    result: list[Unit] = []
    header: list[TableRow] = []
    candidate = -1
    for index, row in enumerate(rows):
        if row.candidate != candidate:
            header, candidate = [], row.candidate
        labels = tuple(entry for before in header for entry in before.labels)
        result.append(Unit(row, labels, tuple(header), index))
        if any(entry.kind == "value" for entry in row.values):
            header = []
        else:
            header.append(row)
    return result


def _without_units(texts: list[str], table: Table) -> list[str]:
    """Labels with the word of the unit column taken off: 「收到申请数 件」."""
    words = {unit for row in table.all_rows for unit in (row.unit, row.stated_unit) if unit}
    result: list[str] = []
    for text in texts:
        ending = max((word for word in words if text.endswith(word)), key=len, default="")
        result += [text[: -len(ending)].rstrip(), text] if ending else [text]
    return [text for text in dict.fromkeys(result) if text and normalise(text) not in words]


def lexicon_of(table: Table) -> Lexicon:
    """The words of a table's rows."""
    return Lexicon([row.words for row in table.all_rows])


def align(candidates: Sequence[Unit], table: Table, lexicon: Lexicon) -> tuple[float, list[Match]]:
    """The best chain of matches and what it gains; rows that print nothing take part by their labels alone."""
    rows = table.all_rows
    likeness = np.zeros((len(candidates), len(rows)), dtype=np.float32)
    for i, unit in enumerate(candidates):
        texts = unit.label_texts()
        if table.unit_column:
            texts = _without_units(texts, table)
        for rank, text in enumerate(texts):
            np.maximum(likeness[i], lexicon.alike(text) - 0.01 * rank, out=likeness[i])
    gain = _gain(candidates, table, likeness)
    score, chain = _best_chain(gain, np.array([unit.prints > 0 for unit in candidates]))
    matches = [Match(candidates[i], rows[r].id, float(likeness[i, r])) for i, r in chain]
    return score, _without_guesses(matches, [row.id for row in rows])


def _gain(candidates: Sequence[Unit], table: Table, likeness: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    widths = np.array([len(table.columns_of(row.id)) for row in table.all_rows])
    gain = np.where(likeness >= ALIKE, likeness - ALIKE + 0.02, -np.inf).astype(np.float32)
    for i, unit in enumerate(candidates):
        if unit.prints:
            slots = len(unit.row.values)
            gain[i] += 0.1 * (unit.prints <= widths) + 0.1 * (slots == widths)
            if not unit.row.labels and not unit.header and len(widths) > 9:
                gain[i] = np.where(slots == widths, _UNLABELLED, -np.inf)
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
        ahead, ahead_at = -np.inf, -1
        for r in range(width):
            value = gain[i, r]
            if value > -np.inf:
                joined = ahead > 0
                total = float(value + (ahead if joined else 0.0))
                parents[i, r] = (int(at[ahead_at]), ahead_at) if joined else None
                fresh.append((r, total))
                if total > top[0]:
                    top = (total, (i, r))
            if best[r] > ahead:
                ahead, ahead_at = float(best[r]), r
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
