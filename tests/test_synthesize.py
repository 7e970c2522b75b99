"""Altered copies keep their marks on what they mark."""

from collections import Counter
from pathlib import Path

import pytest

from extraction.numbers import find_numbers
from extraction.tagger import header_labels
from training.gold import Mark, Passage, parse, read_passages
from training.synthesize import Edit, Headers, Synthesizer, edited

PASSAGES = Path(__file__).parents[1] / "annotations" / "passages"


def passage(marked: str) -> Passage:
    return Passage("a", 2022, "2021", *parse(marked))


def test_a_mark_follows_the_edits_before_and_inside_it() -> None:
    before = passage("公开[[12条|disclosed_total]]，网站[[3条|disclosed_website]]。")
    after = edited(before, [Edit(2, 4, "3456"), Edit(5, 5, " "), Edit(8, 8, "约")])
    assert after.text == "公开3456条 ，网站约3条。"
    assert [after.text[m.start : m.end] for m in after.marks] == ["3456条", "3条"]


def test_an_insertion_before_a_mark_stays_outside() -> None:
    after = edited(passage("公开[[12条|disclosed_total]]"), [Edit(2, 2, " "), Edit(5, 5, "。")])
    assert after.text == "公开 12条。"
    assert after.marks == (Mark(3, 6, "disclosed_total"),)


def test_copies_differ_and_every_marked_figure_is_still_a_number() -> None:
    originals = [p for path in sorted(PASSAGES.glob("0*.jsonl")) for p in read_passages(path)][:300]
    synthesizer = Synthesizer(1)
    copies = [synthesizer.copy(p) for p in originals]
    assert sum(a.text != b.text for a, b in zip(originals, copies, strict=True)) > 250
    for original, copy in zip(originals, copies, strict=True):
        assert Counter(m.label for m in copy.marks) == Counter(m.label for m in original.marks)
        numbers = {(m.start, m.end) for m in find_numbers(copy.text)}
        assert {(m.start, m.end) for m in copy.marks if not m.is_problem} <= numbers, copy.text


def test_the_same_seed_makes_the_same_copies() -> None:
    one = passage("网上[[7件|applications_online]]、信函[[3件|applications_by_mail]]，2022年。")
    first, second = Synthesizer(5), Synthesizer(5)
    assert [first.copy(one) for _ in range(20)] == [second.copy(one) for _ in range(20)]


def test_the_items_of_an_enumeration_change_places_with_their_marks() -> None:
    one = passage("网上[[7件|applications_online]]、信函[[3件|applications_by_mail]]。")
    copies = [Synthesizer(seed).copy(one) for seed in range(60)]
    turned = [copy for copy in copies if copy.text.startswith("信函")]
    assert turned
    assert all([m.label for m in copy.marks] == ["applications_by_mail", "applications_online"] for copy in turned)


@pytest.mark.parametrize("damage", [0.0, 0.3])
def test_headers_are_labels_of_the_forms(damage: float) -> None:
    headers = Headers(2)
    drawn = [headers.draw(damage=damage) for _ in range(200)]
    assert {header.label for header in drawn} <= set(header_labels())
    assert all(header.text for header in drawn)


def test_passages_set_together_keep_the_marks_of_each() -> None:
    first, second = passage("公开[[12条|disclosed_total]]。"), passage("受理[[3件|applications_received]]。")
    other = Passage("b", 2012, "pre2019", *parse("网站[[5条|disclosed_website]]。"))
    for made in Synthesizer(3).joined([first, second, other], 20):
        own = {"12条": "disclosed_total", "3件": "applications_received", "5条": "disclosed_website"}
        assert len(made.marks) in (2, 3)
        assert all(own[made.text[m.start : m.end]] == m.label for m in made.marks)
        assert ("5条" in made.text) == (made.form == "pre2019")
