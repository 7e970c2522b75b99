"""Fits the classifier of clauses, on what taggers and cues say of passages that those taggers did not learn from."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from extraction.clause_types import NONE, ClauseTypes, Facts, facts
from extraction.problems import Problems
from extraction.tagger import Tagger
from extraction.terms import Terms
from training.gold import Passage, sentences_of

Labelled = tuple[Facts, str]
_SMALLEST_SHARE = 0.5
_WEIGHTS: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32}


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
    clauses, answers = zip(*found, strict=True)
    texts = list(zip(*(each.texts for each in clauses), strict=True))
    known = np.array([each.known for each in clauses], dtype=np.float32)
    vectorizers = [
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), max_features=8000, **_WEIGHTS),
        TfidfVectorizer(token_pattern=r"\S+", max_features=5000, **_WEIGHTS),
        TfidfVectorizer(analyzer="char", ngram_range=(1, 2), max_features=3000, **_WEIGHTS),
    ]
    columns = [vectorizer.fit_transform(column) for vectorizer, column in zip(vectorizers, texts, strict=True)]
    model = LogisticRegression(C=3.0, max_iter=500).fit(hstack([*columns, csr_matrix(known)]).tocsr(), answers)
    characters, words, before = map(terms_of, vectorizers)
    return ClauseTypes(
        tuple(map(str, model.classes_)), (characters, words, before),
        model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32),
    )  # fmt: skip


def terms_of(vectorizer: TfidfVectorizer) -> Terms:
    """The terms that a fitted vectorizer of characters or of words knows."""
    places = {term: int(place) for term, place in vectorizer.vocabulary_.items()}
    longest = vectorizer.ngram_range[1] if vectorizer.analyzer == "char" else 0
    return Terms(places, vectorizer.idf_.tolist(), longest)
