"""Fits the classifier of clauses, on what taggers and cues say of passages that those taggers did not learn from."""

from collections.abc import Iterable, Iterator

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from extraction.clause_types import NONE, ClauseTypes, Facts, facts
from extraction.problems import Problems
from extraction.tagger import Tagger
from training.gold import Passage, sentences_of

Labelled = tuple[Facts, str]
_SMALLEST_SHARE = 0.5


def labelled(passages: Iterable[Passage], tagger: Tagger) -> Iterator[Labelled]:
    """The facts of every clause with the type that it is marked with, or ``none``."""
    cues = Problems.load()
    for passage in passages:
        sentences = sentences_of(passage)
        chances = tagger.read(sentences, [True] * len(sentences), form=passage.form, year=passage.year)
        for each in facts(sentences, chances, tagger.labels.spans, cues.find(sentences)):
            start, end = sentences[each.sentence].span(each.start, each.end)
            yield each, _label(passage, start, end)


def _label(passage: Passage, start: int, end: int) -> str:
    """The type of the mark that a clause shares more than half of the shorter one with."""
    shared = [(min(end, m.end) - max(start, m.start), m) for m in passage.marks if m.is_problem]
    most, mark = max(shared, key=lambda pair: pair[0], default=(0, None))
    if mark is None or most <= _SMALLEST_SHARE * min(end - start, mark.end - mark.start):
        return NONE
    return mark.label


def fit(found: Iterable[Labelled]) -> ClauseTypes:
    """A logistic regression over characters, words, what stands before, and what tagger and cues say."""
    rows, answers = zip(*((each.row, label) for each, label in found), strict=True)
    columns = ColumnTransformer(
        [
            (
                "characters",
                TfidfVectorizer(
                    analyzer="char", ngram_range=(1, 3), max_features=8000, sublinear_tf=True, dtype=np.float32
                ),
                0,
            ),
            ("words", TfidfVectorizer(token_pattern=r"\S+", max_features=5000, sublinear_tf=True, dtype=np.float32), 1),
            (
                "before",
                TfidfVectorizer(
                    analyzer="char", ngram_range=(1, 2), max_features=3000, sublinear_tf=True, dtype=np.float32
                ),
                2,
            ),
            ("known", "passthrough", slice(3, None)),
        ]
    )
    return ClauseTypes(
        Pipeline([("columns", columns), ("classifier", LogisticRegression(C=3.0, max_iter=500))]).fit(
            np.array(rows, dtype=object), np.array(answers)
        )
    )
