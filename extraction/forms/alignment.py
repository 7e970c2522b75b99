"""The form that a document's tables fill in, and its cells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Self

from extraction.document import TableRow
from extraction.forms.beside import lines_beside
from extraction.forms.cells import fill_in, unit_of
from extraction.forms.columns import (
    Columns,
    by_header,
    by_order,
    by_values,
    fits,
    is_flat,
    labels_by_column,
    printed_columns,
)
from extraction.forms.labels import ALIKE, SURE, Lexicon, normalise
from extraction.forms.rows import Likeness, Match, Unit, align, likeness, units, with_displaced
from extraction.forms.values import Line, held
from extraction.forms.vocabulary import Scores, Vocabulary, ask
from extraction.numbers import MONEY
from extraction.resources.forms import Block, Column, Form, Row, Table, load_forms
from extraction.schema import Cell
from extraction.sums import sums_of

_FEWEST_HEADERS = 2
_HEADLESS = 0.7
_WORD = 0.1
_BESIDE = 1.0
_EARLY = 1
_HARDLY = 0.34
_FEW = 2
_YEAR = 0.3


@dataclass(frozen=True)
class Alignment:
    """The form, its cells in order, the spans of text that its tables take, and the tables that were found."""

    form: Form | None
    cells: tuple[Cell, ...]
    taken: tuple[tuple[int, int], ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """A table of a form as found on the page."""

    table: Table
    score: float
    lines: tuple[Line, ...]
    rows: tuple[TableRow, ...]
    unmatched: frozenset[str] = frozenset()
    """Rows of the form where the page prints values that could not be matched with any."""


class Aligner:
    """Aligns table rows with the forms it was given."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = [(form, [Vocabulary(table) for table in form.tables]) for form in forms]

    @classmethod
    def load(cls) -> Self:
        """With the forms of ``data/forms``."""
        return cls(load_forms())

    def align(self, rows: Sequence[TableRow], *, year: int | None = None, scores: Scores | None = None) -> Alignment:
        """Fill in the form whose words the tables use; the year decides between forms that fit alike.

        :param scores: a model, asked once for the labels that the words of the forms leave open.
        """
        candidates = units(rows)
        words = {normalise(entry.text) for row in rows for entry in row.entries if entry.kind == "label"}
        best: tuple[float, Form, list[_Found]] | None = None
        likely = [(f, v) for f, v in self._forms if year is None or year >= f.years[0] - _EARLY]
        shared = [len(words & frozenset().union(*(each.labels for each in v))) for _, v in likely]
        # Where most words of one form are there, one that shares a few with it needs no closer look.
        close = [(each, seen) for each, seen in zip(likely, shared, strict=True) if seen >= _HARDLY * max(shared)]
        chances = ask(candidates, [each for (_, own), _ in close for each in own], scores) if scores else {}
        for (form, own), seen in close:
            vocabularies = [each.told(chances) for each in own] if chances else own
            found = list(_find_all(vocabularies, candidates, rows, year))
            hint = _YEAR * (year is not None and form.years[0] <= year <= form.years[1])
            score = sum(each.score for each in found) + _WORD * seen + hint
            if found and (best is None or score > best[0]):
                best = score, form, found
        if best is None:
            return Alignment(None, (), (), ())
        _, form, found = best
        by_table = {each.table.id: each for each in found}
        cells: list[Cell] = []
        for table in form.tables:
            each = by_table.get(table.id)
            cells += fill_in(table, each.lines if each else (), each.unmatched if each else ())
        spans = {(row.start, row.end) for each in found for row in each.rows}
        return Alignment(form, tuple(cells), tuple(sorted(spans)), tuple(by_table))


def _find_all(
    vocabularies: Sequence[Vocabulary], candidates: Sequence[Unit], rows: Sequence[TableRow], year: int | None
) -> Iterator[_Found]:
    """The tables of a form that are on the page."""
    down = [each for each in vocabularies if not each.table.beside]
    alike = likeness(candidates, [each.table for each in down], [each.rows for each in down])
    for vocabulary, matrix in zip(down, alike, strict=True):
        if found := _find(vocabulary, candidates, rows, matrix, year):
            yield found
    for vocabulary in vocabularies:
        if vocabulary.table.beside:
            lines, used = lines_beside(vocabulary.table, candidates, vocabulary.rows, vocabulary.columns[0])
            if lines:
                own = {row.start: row for unit in used for row in (*unit.header_rows, unit.row)}
                yield _Found(vocabulary.table, _BESIDE, tuple(lines), tuple(own.values()))


def _find(
    vocabulary: Vocabulary, candidates: Sequence[Unit], rows: Sequence[TableRow], alike: Likeness, year: int | None
) -> _Found | None:
    """The table on the page, or ``None`` where too few of its rows are there."""
    table = vocabulary.table
    score, matches = align(candidates, table, alike)
    matches = _without_group_rows(with_displaced(matches, candidates, table, alike), table)
    lines: list[Line] = []
    headers_seen: set[str] = set()
    for block, lexicon in zip(table.all_blocks, vocabulary.columns, strict=True):
        names = {row.id for row in block.rows}
        of_block = [match for match in matches if match.row in names]
        for _, group in groupby(of_block, key=lambda match: (match.unit.row.candidate, match.unit.row.layout)):
            together = list(group)
            header = _header_rows(together[0].unit, rows)
            first = together[0].unit
            headers_seen |= _headers_seen((*header, first.row), block, lexicon)
            places = _columns(together, header, block, lexicon, year)
            straight = [_line(table, match, block.columns, places) for match in together]
            order = by_order((*first.header, *first.row.labels), block.columns, lexicon)
            if not places and order != tuple(range(len(order))):
                named = [_line(table, match, [block.columns[label] for label in order], None) for match in together]
                sums = sums_of(table)
                straight = named if held(named, sums) > held(straight, sums) else straight
            lines += straight
    # A list of the same words, with or without numbers, has no header: 「行政许可 880」 in a navigation.
    printing = sum(match.unit.prints > 0 for match in matches)
    headless = len(matches) < _HEADLESS * len(table.all_rows) and not headers_seen
    blank = printing < table.fewest_rows and len(headers_seen) < _FEWEST_HEADERS
    if len(matches) < table.fewest_rows or headless or blank:
        return None
    score += _WORD * len(headers_seen)
    covered = _covered([match.unit for match in matches], rows)
    return _Found(table, score, tuple(lines), covered, _unmatched(table, matches, candidates, alike))


def _headers_seen(header: Sequence[TableRow], block: Block, lexicon: Lexicon) -> set[str]:
    """The columns of a block that its header names, also broken over lines."""
    words = [entry.text for row in header for entry in row.entries if entry.kind == "label"]
    words += [word for stack in labels_by_column(header).values() for word in stack[1:]]
    return {block.columns[int(lexicon.alike(word).argmax())].label for word in words if lexicon.most(word) >= SURE}


def _unmatched(table: Table, matches: Sequence[Match], candidates: Sequence[Unit], alike: Likeness) -> frozenset[str]:
    """Rows of the form that values on the page may be of, though no row was found for them."""
    order = [row.id for row in table.all_rows]
    used = {match.unit.index for match in matches}
    result: set[str] = set()
    for before, after in pairwise(matches):
        if any(unit.prints for unit in candidates[before.unit.index + 1 : after.unit.index] if unit.index not in used):
            result |= set(order[order.index(before.row) + 1 : order.index(after.row)])
    own = {match.unit.row.candidate for match in matches}
    for unit in candidates:
        if unit.prints and unit.index not in used and unit.row.candidate in own:
            result |= {order[int(i)] for i in (alike[unit.index] >= ALIKE).nonzero()[0]}
    return frozenset(result - {match.row for match in matches})


def _without_group_rows(matches: Sequence[Match], table: Table) -> list[Match]:
    """Drop a row that stands instead of others where those are there: 「（六）其他处理」 over its three rows."""
    prints = {match.row for match in matches if match.unit.prints}
    by_id = {row.id: row for row in table.all_rows}
    return [match for match in matches if match.unit.prints or not prints.intersection(by_id[match.row].instead_of)]


def _header_rows(first: Unit, rows: Sequence[TableRow]) -> list[TableRow]:
    """The rows above the first of a group, back to where the candidate begins."""
    return [row for row in rows[: first.index] if row.candidate == first.row.candidate]


def _columns(
    matches: Sequence[Match], header: Sequence[TableRow], block: Block, lexicon: Lexicon, year: int | None
) -> Columns | None:
    if matches[0].unit.row.layout == "run" or is_flat(matches, len(block.columns)):
        return None
    printed = printed_columns(matches)
    for above in (matches[0].unit.header_rows, header):
        columns = by_header(above, block.columns, lexicon, printed, year)
        if columns is not None and fits(columns, matches):
            return columns
    return by_values(matches, len(block.columns)) if len(matches) > _FEW else None


def _line(table: Table, match: Match, columns: Sequence[Column], places: Columns | None) -> Line:
    """A match with the columns of its block in the order in which the page prints them."""
    row = next(row for row in table.all_rows if row.id == match.row)
    own = match.unit.row
    entries = own.values
    if places:
        columns = [columns[label] for label in places.labels]
        labelled = own.entries.index(own.labels[0]) if own.labels else 0
        entries = tuple(entry for entry in own.entries[labelled:] if entry.column not in places.foreign)
    texts = [entry.text for entry in (*own.labels, *match.unit.header)]
    return Line(
        tuple(table.cell_id(match.row, column.id) for column in columns),
        entries,
        places.places if places else None,
        match.likeness,
        tuple(_printed_unit(unit_of(table, row, column), row, texts) for column in columns),
        "".join(entry.text for entry in own.labels) or (match.unit.header[-1].text if match.unit.header else None),
        own.layout,
    )


def _printed_unit(unit: str | None, row: Row, texts: Iterable[str]) -> str | None:
    """The money that the page states for a plain number, else that of the form: 「本年收费金额（单位：元）」."""
    if unit not in MONEY:
        return unit
    for text in texts:
        word = normalise(text)
        for money in sorted(MONEY, key=len, reverse=True):
            if word.endswith(money):
                return money
    return row.stated_unit or unit


def _covered(used: Sequence[Unit], rows: Sequence[TableRow]) -> tuple[TableRow, ...]:
    """The rows of a table with its headers and the rows between."""
    if not used:
        return ()
    covered: dict[int, TableRow] = {}
    for unit in used:
        covered |= {row.start: row for row in (*unit.header_rows, unit.row)}
    by_candidate: dict[int, list[int]] = {}
    for unit in used:
        by_candidate.setdefault(unit.row.candidate, []).append(unit.index)
    for indices in by_candidate.values():
        covered |= {row.start: row for row in rows[min(indices) : max(indices) + 1]}
    return tuple(covered.values())
