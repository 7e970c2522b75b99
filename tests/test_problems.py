"""Shortcomings are found where a report lists them, with the words that name them; measures are left alone."""

import re
import time

import pytest

from extraction.clauses import cut
from extraction.document import Sentence
from extraction.problems import Problems
from extraction.resources.problems import problem_file

MARK = re.compile(r"\[\[(.+?)\|(\w+)\]\]")


def sentences(text: str, section: int | None = 5) -> list[Sentence]:
    """A line a paragraph, a full stop a sentence."""
    found, at = [], 0
    for number, line in enumerate(text.split("\n")):
        for part in re.findall(r"[^。]+。?", line):
            found.append(Sentence(part, tuple(range(at, at + len(part))), section, number))
            at += len(part)
        at += 1
    return found


def marked(text: str, section: int | None = 5) -> str:
    """``text`` with what is found in it marked, for comparison with what an annotator wrote."""
    for problem in reversed(Problems.load().find(sentences(text, section))):
        text = f"{text[: problem.start]}[[{problem.text}|{problem.type}]]{text[problem.end :]}"
    return text


def plain(text: str) -> str:
    return MARK.sub(r"\1", text)


EXAMPLES = [
    (f"{kind}.{number}", text)
    for kind, cues in problem_file().types.items()
    for number, cue in enumerate(cues.cues, start=1)
    for text in (*cue.finds, *cue.leaves)
]


@pytest.mark.parametrize(("rule", "text"), EXAMPLES)
def test_every_cue_by_its_own_examples(rule: str, text: str) -> None:
    assert marked(plain(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "存在的主要问题：一是[[信息更新还要提速|timeliness]]；二是[[公开渠道偏少|channels]]。",
        "主要不足是：[[栏目设置乱|platform]]，[[解读不多|interpretation]]。",
        "（一）存在不足。[[人手不足|staff_shortage]]。\n（二）改进措施。一是解决人手不足；二是更新有待加快。",
        "1.[[网站检索不便|platform]]。下一步将优化检索，更新还需加快。\n2.[[制度不健全|institution]]。",
        "虽然取得成效，但离群众期待还有差距。",
        "针对更新不及时的问题，已逐项督促。",
        "上年度存在的更新不及时问题已整改到位。",
        "由于[[机关人手不足|staff_shortage]]，导致投入不够。",
        "2024年，我局将加强力量薄弱科室的培训，内容不全的还需补充。",
        "[[公开的内容不全，数据不准|content_quality]]；[[内容不深|content_quality]]。",
        "存在问题 一是[[更新拖沓|timeliness]] 二是[[业务不熟|staff_capability]] 改进措施 一是抓更新",
        "问题：1、[[公示靠手工|content_quality]]；2、[[没有台账|institution]]。打算：1、补齐台账；2、改用系统。",
    ],
)
def test_lists_and_measures(text: str) -> None:
    assert marked(plain(text)) == text


def test_outside_section_five_a_list_must_announce_itself() -> None:
    assert "[[" not in marked("发现有的栏目更新不及时，已督促。公开渠道偏少。", section=1)
    text = "主要存在以下问题：[[公开渠道偏少|channels]]。"
    assert marked(plain(text), section=1) == text


def test_a_passage_without_sections_is_read_but_its_counts_are_not() -> None:
    assert "[[" not in marked("无法提供3件，逾期不补正1件，内容不明2件，配兼职人员2名。", section=None)
    text = "本年运行平稳，只是[[公开的内容偏少|content_quality]]。"
    assert marked(plain(text), section=None) == text


def test_offsets_point_into_the_document() -> None:
    text = "解读还不够深入。"
    offsets = (*range(100, 104), *range(110, 114))
    (problem,) = Problems.load().find([Sentence(text, offsets, 5, 0)])
    assert (problem.start, problem.end, problem.text) == (100, 113, "解读还不够深入")
    assert 0.5 < problem.confidence <= 0.95


def test_a_long_sentence_does_not_take_long() -> None:
    text = "公开信息更新，" * 3000 + "还不够及时。"
    begin = time.perf_counter()
    Problems.load().find(sentences(text))
    assert time.perf_counter() - begin < 10


@pytest.mark.parametrize("marks", ["1、2、", "１、２、", "①②", "一是二是", "（一）（二）"])
def test_an_item_is_numbered_in_whatever_manner(marks: str) -> None:
    first, second = marks[: len(marks) // 2], marks[len(marks) // 2 :]
    clauses = list(cut(f"{first}人手不足；{second}更新不及时。"))
    assert [clause.mark and clause.mark[1] for clause in clauses] == [1, 2]
