"""The words of the lexicon in a text."""

import jieba
import pytest

from extraction.resources.rules import WordClass
from extraction.segmentation import lexicon_words, tokenizer
from extraction.words import Hit, Words, segmenter


def found(terms: set[str], text: str) -> list[str]:
    words = Words({"CLASS": WordClass(terms=frozenset(terms))})
    [hits] = words.find([text], year=None)
    return [text[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("农村公路", "村"),
        ("城市更新", "市"),
        ("土地征收", "收"),
        ("联网核查", "网"),
        ("至少两次", "少"),
        ("县城改造", "县"),
    ],
)
def test_a_character_of_another_word_is_no_word(text: str, word: str) -> None:
    assert found({word}, text) == []
    assert found({word}, f"{word}、{text}") == [word]


def test_the_longest_word_of_the_lexicon_wins() -> None:
    assert found({"申请", "公开", "公开申请", "信息公开申请"}, "信息公开申请与公开") == ["信息公开申请", "公开"]


def test_a_word_may_hold_signs() -> None:
    assert found({"专职", "专、兼职", "改进："}, "改进：专、兼职人员") == ["改进：", "专、兼职"]


def test_a_word_of_two_classes_is_found_for_both_and_years_apart_are_classes() -> None:
    words = Words({name: WordClass(terms=frozenset({"受理"})) for name in ("FIRST", "SECOND")})
    assert words.find(["受理", "去2019年受理"], year=2020) == [
        [Hit(0, 2, "FIRST"), Hit(0, 2, "SECOND")],
        [Hit(1, 6, "YEAR_BEFORE"), Hit(6, 8, "FIRST"), Hit(6, 8, "SECOND")],
    ]


def test_places_hold_over_spaces_and_many_texts() -> None:
    texts = [f"第{number}次  申请 " for number in range(600)]
    hits = Words({"CLASS": WordClass(terms=frozenset({"申请"}))}).find(texts, year=None)
    assert [[text[hit.start : hit.end] for hit in own] for text, own in zip(texts, hits, strict=True)] == [
        ["申请"]
    ] * 600


def test_every_word_of_the_lexicon_is_one_token_but_for_its_signs() -> None:
    terms = lexicon_words()
    parted = segmenter(tokenizer(terms))
    assert [term for term in terms if term.isalnum() and len(parted.make_doc(term)) > 1] == []


def test_the_dictionary_that_users_of_jieba_share_is_left_alone() -> None:
    before = dict(jieba.dt.FREQ)
    assert segmenter(tokenizer(frozenset({"造出来的词语"}))).tokenizer.jieba_seg is not jieba.dt
    assert before == jieba.dt.FREQ
