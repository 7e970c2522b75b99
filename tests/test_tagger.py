"""Vocabulary, labels and decoding, and a tagger over scores that the test makes up."""

from pathlib import Path

import numpy as np
import pytest

from extraction.document import Sentence
from extraction.encoding import SPECIAL, Vocabulary, plain
from extraction.errors import BadModel
from extraction.tagger import Labels, OnnxReader, Tagger, header_labels, spans

LABELS = Labels.of(["permits", "timeliness"], ["row:applications.granted"])


def test_a_character_is_a_token_after_that_of_the_form() -> None:
    vocabulary = Vocabulary.of("收到件0")
    ids, places = vocabulary.encode("收到３件 龘", form="2021")
    assert [vocabulary.tokens[i] for i in ids] == ["[FORM3]", "收", "到", "0", "件", "[BR]", "[UNK]"]
    assert places.tolist() == [3, 0, 2, 3, 3, 3, 3]


def test_digits_are_read_alike_but_for_those_of_the_own_year() -> None:
    vocabulary = Vocabulary.of("年件01")
    ids, _ = vocabulary.encode("2021年2020年12021件", year=2021)
    assert "".join(vocabulary.tokens[i] for i in ids[1:]) == "1111年0000年00000件"


def test_a_vocabulary_is_saved_and_a_file_of_something_else_refused(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.txt"
    vocabulary = Vocabulary.of("公开")
    vocabulary.save(path)
    assert Vocabulary.load(path) == vocabulary
    path.write_text("公\n开\n", encoding="utf-8")
    with pytest.raises(BadModel, match="not a vocabulary"):
        Vocabulary.load(path)


@pytest.mark.parametrize(("char", "folded"), [("Ａ", "a"), ("％", "%"), ("㎡", "㎡"), ("条", "条")])
def test_characters_are_compared_in_their_plain_form(char: str, folded: str) -> None:
    assert plain(char) == folded


def test_labels_are_saved_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.txt"
    LABELS.save(path)
    assert Labels.load(path) == LABELS
    assert LABELS.spans == ("permits", "timeliness")
    assert LABELS.headers == ("row:applications.granted",)
    path.write_text("O\nB-visitors\nI-visitors\n", encoding="utf-8")
    with pytest.raises(BadModel, match="B-visitors"):
        Labels.load(path)


def test_every_row_and_column_of_a_form_has_its_label() -> None:
    labels = header_labels()
    assert {"row:applications.granted", "column:disputes.pending", "row:statistics.disclosed_total"} <= set(labels)
    assert len(labels) == len(set(labels))


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match=r"vocabulary\.txt|model\.onnx"):
        Tagger.load(tmp_path)


def chances(*rows: tuple[float, ...]) -> np.ndarray:
    """Probabilities of O, B-a, I-a, B-b, I-b at each character."""
    return np.array([(1 - sum(row), *row) for row in rows], dtype=np.float32)


def test_inside_follows_only_its_own_begin() -> None:
    a, b, inside_a, inside_b = (0.9, 0, 0, 0), (0, 0, 0.9, 0), (0, 0.9, 0, 0), (0, 0, 0, 0.9)
    nothing = (0.0, 0.0, 0.0, 0.0)
    found = spans(chances(nothing, a, inside_a, b, inside_b, nothing, inside_a), ("a", "b"), ("a", "b"))
    assert [each[:3] for each in found] == [(1, 3, "a"), (3, 5, "b")]
    assert [round(each[3], 2) for each in found] == [0.9, 0.9]


def test_only_the_kinds_that_are_asked_for_are_found() -> None:
    both = chances((0.9, 0, 0, 0), (0, 0, 0.9, 0))
    assert [each[:3] for each in spans(both, ("a", "b"), ("b",))] == [(1, 2, "b")]
    assert spans(both[:0], ("a", "b"), ("a",)) == []


class Scores:
    """Scores that give every 件 the label begin of ``permits``."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.token = vocabulary.ids["件"]

    def __call__(self, tokens: np.ndarray, places: np.ndarray) -> np.ndarray:
        assert tokens.shape == places.shape
        result = np.zeros((*tokens.shape, len(LABELS.names)), dtype=np.float32)
        result[..., LABELS.ids["B-permits"]] = np.where(tokens == self.token, 9, -9)
        return result


def test_probabilities_stand_at_the_characters_of_each_sentence() -> None:
    vocabulary = Vocabulary.of("收到件条0123456789，。")
    texts = ["收到3件。", "无。", "收到" * 200 + "7件。", "8条9件"]
    sentences = [Sentence(text, tuple(range(len(text))), None, 0) for text in texts]
    tagger = Tagger(OnnxReader(vocabulary, LABELS, Scores(vocabulary)))
    found = tagger.read(sentences, [True, False, True, True], form=None)
    assert sorted(found) == [0, 2, 3]
    for index, array in found.items():
        assert array.shape == (len(texts[index]), 1 + 2 * len(LABELS.spans))
        assert [i for i, row in enumerate(array) if row[1] > 0.5] == [
            i for i, c in enumerate(texts[index]) if c == "件"
        ]


def test_each_label_of_a_table_has_its_chances() -> None:
    vocabulary = Vocabulary.of("件")
    tagger = Tagger(OnnxReader(vocabulary, LABELS, Scores(vocabulary), threads=2))
    headers = tagger.headers(["件" * n for n in (3, 90, 4)] * 40)
    assert headers.shape == (120, 2)
    assert np.allclose(headers.sum(axis=1), 1)


def test_special_tokens_are_no_characters() -> None:
    assert all(len(token) > 1 for token in SPECIAL)
