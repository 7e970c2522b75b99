"""Sentences to windows."""

from extraction.document import Sentence
from extraction.windows import windows


def sentence(text: str, paragraph: int = 0) -> Sentence:
    return Sentence(text, tuple(range(len(text))), None, paragraph)


def test_neighbours_are_read_together_and_paragraphs_are_parted() -> None:
    [window] = windows([sentence("收到3件。"), sentence("办结2件。"), sentence("会议。", 1)], [True] * 3, longest=40)
    assert window.text == "收到3件。办结2件。\n会议。"
    assert [window.text[p.at : p.at + p.end - p.start] for p in window.pieces] == ["收到3件。", "办结2件。", "会议。"]


def test_an_unwanted_sentence_is_read_only_before_a_wanted_one() -> None:
    parts = [sentence("甲" * 5), sentence("乙" * 5), sentence("丙" * 5), sentence("丁" * 5)]
    [window] = windows(parts, [False, False, True, False], longest=40)
    assert window.text == "乙" * 5 + "丙" * 5
    assert [(piece.sentence, piece.kept) for piece in window.pieces] == [(1, False), (2, True)]


def test_every_wanted_character_is_kept_once_whatever_the_lengths() -> None:
    texts = ["甲" * 30, "乙，" * 60, "丙" * 50, "丁", "戊" * 79, "己" * 80, "庚" * 3]
    parts = [sentence(text, number // 2) for number, text in enumerate(texts)]
    for longest in (40, 81, 200):
        kept: dict[int, str] = {}
        for window in windows(parts, [True] * len(parts), longest=longest):
            assert len(window.text) <= longest + 1
            for piece in window.pieces:
                own = window.text[piece.at : piece.at + piece.end - piece.start]
                assert own == texts[piece.sentence][piece.start : piece.end]
                if piece.kept:
                    kept[piece.sentence] = kept.get(piece.sentence, "") + own
        assert [kept[i] for i in range(len(texts))] == texts


def test_nothing_wanted_gives_nothing() -> None:
    assert windows([sentence("甲")], [False], longest=10) == []
