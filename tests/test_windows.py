"""Sentences to windows."""

from extraction.document import Sentence
from extraction.windows import windows


def sentence(text: str, paragraph: int = 0) -> Sentence:
    return Sentence(text, tuple(range(len(text))), None, paragraph)


def test_neighbours_are_read_together_and_paragraphs_are_parted() -> None:
    [window] = windows([sentence("收到3件。"), sentence("办结2件。"), sentence("会议。", 1)], [True] * 3, longest=40)
    assert window.text == "收到3件。办结2件。\n会议。"
    assert [window.text[p.at : p.at + p.end - p.start] for p in window.pieces] == ["收到3件。", "办结2件。", "会议。"]


def test_one_unwanted_sentence_is_read_between_wanted_ones_and_two_part_them() -> None:
    parts = [sentence(character * 5) for character in "甲乙丙丁戊己"]
    found = windows(parts, [True, False, True, False, False, True], longest=40)
    assert [window.text for window in found] == ["甲" * 5 + "乙" * 5 + "丙" * 5, "戊" * 5 + "己" * 5]
    assert [[(p.sentence, p.kept) for p in window.pieces] for window in found] == [
        [(0, True), (1, True), (2, True)],
        [(4, False), (5, True)],
    ]


def test_of_a_long_sentence_before_only_the_end_is_read() -> None:
    [window] = windows([sentence("甲" * 90 + "。"), sentence("3件。", 1)], [False, True], longest=200)
    assert window.text == "甲" * 39 + "。\n3件。"
    assert window.pieces[0].end - window.pieces[0].start == 40


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
