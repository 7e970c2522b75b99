"""The words of a table of a form, and what to ask a model where they do not settle what a label is."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from itertools import islice
from typing import Self

from extraction.forms.columns import labels_by_column
from extraction.forms.labels import Lexicon, normalise
from extraction.forms.rows import SAME, Unit, unit_words, without_unit
from extraction.resources.forms import Table

Scores = Callable[[Sequence[str]], Sequence[Mapping[str, float]]]
"""Labels of a page to how likely each is ``row:TABLE.ROW`` or ``column:TABLE.COLUMN``, by that name."""

_LONGEST = 40
_MOST = 40
_OF_A_UNIT = 3


class Vocabulary:
    """The words of a table, made ready for comparison."""

    def __init__(self, table: Table) -> None:
        self.table = table
        groups = {row.group for row in table.all_rows if row.group}
        names = [f"row:{table.id}.{row.id}" for row in table.all_rows]
        self.rows = Lexicon([row.words for row in table.all_rows], groups, names)
        self.columns = [
            Lexicon(
                [column.words for column in block.columns],
                {column.group for column in block.columns if column.group},
                [f"column:{table.id}.{column.id}" for column in block.columns],
            )
            for block in table.all_blocks
        ]
        labels = [label for block in table.all_blocks for label in (*block.rows, *block.columns)]
        self.labels = frozenset(normalise(label.label) for label in labels)

    def told(self, chances: Mapping[str, Mapping[str, float]]) -> Self:
        """The same words, with what a model says of the labels, as normalised, that it was asked for."""
        vocabulary = copy(self)
        vocabulary.rows = self.rows.told(chances)
        vocabulary.columns = [each.told(chances) for each in self.columns]
        return vocabulary


def ask(
    candidates: Sequence[Unit], vocabularies: Sequence[Vocabulary], scores: Scores
) -> dict[str, Mapping[str, float]]:
    """What a model says of the labels beside and over values that the words leave open, by the label as normalised.

    The ones that are most alike come first, since a page may have many lines with a number that are no rows of a form.
    """
    columns = [each for vocabulary in vocabularies for each in vocabulary.columns]
    beside = [vocabulary.rows for vocabulary in vocabularies if vocabulary.table.beside]
    down = [vocabulary for vocabulary in vocabularies if not vocabulary.table.beside]
    rows = [vocabulary.rows for vocabulary in down]
    words = unit_words([vocabulary.table for vocabulary in down])
    found: dict[str, float] = {}
    headers: set[str] = set()
    for unit in candidates:
        if unit.prints:
            found |= islice(_open(_row_texts(unit, words, rows), rows), _OF_A_UNIT)
            headers.update(_header_texts(unit))
    found |= _open(sorted(headers), [*columns, *beside])
    texts = sorted(found, key=lambda text: (-found[text], text))[:_MOST]
    return dict(zip(texts, scores(texts), strict=True)) if texts else {}


def _open(texts: Iterable[str], lexicons: Sequence[Lexicon]) -> Iterator[tuple[str, float]]:
    """Texts, as normalised, that some of the lexicons leave open and none knows, with how alike they are."""
    for text in texts:
        if len(text) <= _LONGEST:
            most = max((lexicon.most(text) for lexicon in lexicons), default=0.0)
            if most <= SAME and any(lexicon.unsettled(text) for lexicon in lexicons):
                yield normalise(text), most


def _row_texts(unit: Unit, words: frozenset[str], lexicons: Sequence[Lexicon]) -> Iterator[str]:
    """What may be the label of a unit, up to the first that is one."""
    for text in unit.label_texts(words):
        own = without_unit(text, words)
        if any(lexicon.most(each) > SAME for lexicon in lexicons for each in own):
            return
        yield from own


def _header_texts(unit: Unit) -> Iterator[str]:
    yield from (entry.text for entry in (*unit.header, *unit.row.labels))
    yield from (text for stack in labels_by_column(unit.header_rows).values() for text in stack[1:])
