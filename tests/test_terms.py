"""Terms weigh a text as scikit-learn does, and the classifier of clauses is stored without code in it."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from extraction.clause_types import NONE, ClauseTypes, Facts
from extraction.errors import BadModel
from extraction.resources.problems import PROBLEM_TYPES
from training.clauses import fit, terms_of

TEXTS = ["信息更新 不及时", "人员 变动 频繁 人员 不足", "APP 更新  不够 及时", "下一步 加强 培训", "   ", "培训"]
UNSEEN = ["app  更新 不及时 不及时", "从未见过", "", "人员\t\n培训 Ａ"]
SHORTCOMINGS = {
    "timeliness": ["信息更新不及时", "个别栏目更新不够及时", "答复不及时"],
    "staff_shortage": ["人员不足", "专职人员较少", "人手不足"],
    NONE: ["下一步加强培训", "取得了成效", "严格按时答复"],
}


@pytest.mark.parametrize(
    "vectorizer",
    [
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True),
        TfidfVectorizer(token_pattern=r"\S+", sublinear_tf=True, max_features=6),
    ],
    ids=["characters", "words"],
)
def test_terms_weigh_as_the_vectorizer_does(vectorizer: TfidfVectorizer) -> None:
    vectorizer.fit(TEXTS)
    terms = terms_of(vectorizer)
    theirs = vectorizer.transform(TEXTS + UNSEEN).toarray()
    ours = np.zeros_like(theirs)
    for row, text in enumerate(TEXTS + UNSEEN):
        for place, weight in terms.weigh(text):
            ours[row, place] = weight
    assert theirs.any(axis=0).all()
    assert ours == pytest.approx(theirs)


def clause(text: str) -> Facts:
    return Facts(0, 0, len(text), True, text, "存在的问题：", (0.0,) * (2 * len(PROBLEM_TYPES) + 8))


@pytest.fixture(scope="module")
def fitted() -> ClauseTypes:
    return fit((clause(text), kind) for kind, texts in SHORTCOMINGS.items() for text in texts * 2)


def test_a_fitted_classifier_tells_its_clauses_apart_and_is_the_same_when_read_back(
    fitted: ClauseTypes, tmp_path: Path
) -> None:
    clauses = [clause(text) for texts in SHORTCOMINGS.values() for text in texts]
    likely = fitted.chances(clauses)
    assert likely.sum(axis=1) == pytest.approx(np.ones(9))
    kinds = [fitted.classes[row.argmax()] for row in likely]
    assert kinds == [kind for kind, texts in SHORTCOMINGS.items() for _ in texts]
    fitted.save(tmp_path / "problems.npz")
    assert ClauseTypes.load(tmp_path / "problems.npz").chances(clauses) == pytest.approx(likely, abs=1e-6)


def test_a_damaged_or_foreign_file_is_refused(fitted: ClauseTypes, tmp_path: Path) -> None:
    path = tmp_path / "problems.npz"
    fitted.save(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(BadModel, match="cannot be loaded"):
        ClauseTypes.load(path)
    np.savez(path, classes=np.array([{"a": 1}], dtype=object))
    with pytest.raises(BadModel, match=r"cannot be loaded.*copy the model again"):
        ClauseTypes.load(path)
    less = ClauseTypes(fitted.classes, fitted.terms, fitted.weights[:-1], fitted.bias)
    less.save(path)
    with pytest.raises(BadModel, match="weighs other things"):
        ClauseTypes.load(path)
