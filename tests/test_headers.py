"""Labels of tables that their words leave open: a model is asked once, and what it says decides little by itself."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest

from extraction import readers, tables
from extraction.forms import Aligner, Alignment
from extraction.forms.labels import ALIKE, Lexicon
from extraction.resources.forms import load_forms
from tests.benchmarks.headers import damaged, draw

TABLE = load_forms()[-1].table("applications")
ONES = "1 0 0 0 0 0 1"


class Model:
    """Says of every label that it is `name`, and remembers what it was asked."""

    def __init__(self, name: str = "", chance: float = 0.9) -> None:
        self.asked: list[Sequence[str]] = []
        self._says = {name: chance}

    def __call__(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        self.asked.append(texts)
        return [self._says for _ in texts]


def align(model: Model, labels: Mapping[str, str]) -> Alignment:
    """Table three with zeros, but ones in rows printed with other labels."""
    lines = [
        f"{labels.get(row.id, row.label)} {ONES if row.id in labels else '0 0 0 0 0 0 0'}"
        for row in TABLE.all_rows
        if not row.instead_of
    ]
    return Aligner.load().align(tables.find(readers.read_text("\n".join(lines))), year=2023, scores=model)


def values(alignment: Alignment, row: str) -> list[str]:
    return [f"{cell.value}" for cell in alignment.cells if cell.row == row and cell.state == "given"]


def test_a_clean_table_asks_nothing() -> None:
    model = Model()
    align(model, {})
    assert model.asked == []


def test_what_is_open_is_asked_at_once() -> None:
    model = Model()
    align(model, {"rejected_repeat": "2.重复申倩x", "denied_inquiry": "8.行玫杳询事项"})
    assert len(model.asked) == 1
    assert {"重复申倩x", "行玫杳询事项"} <= set(model.asked[0])


def test_a_label_in_doubt_is_found_with_the_model() -> None:
    labels = {"rejected_repeat": "2.重复申倩x"}
    assert values(align(Model("row:applications.rejected_repeat"), labels), "rejected_repeat") == ONES.split()


@pytest.mark.parametrize("chance", [0.2, 1.0])
def test_a_label_gains_but_is_never_the_same(chance: float) -> None:
    lexicon = Lexicon([["按时办结数"], ["延期办结数"]], names=["row:a", "row:b"])
    told = lexicon.told({"按寸办吉数": {"row:a": chance}})
    assert lexicon.most("按寸办吉数") < ALIKE <= told.most("按寸办吉数") < 0.95


def test_a_model_decides_between_what_is_alike_but_shuts_nothing_out() -> None:
    lexicon = Lexicon([["政务微博公开"], ["政务微信公开"]], names=["row:a", "row:b"])
    first, second = lexicon.told({"政务微x公开": {"row:b": 1.0}}).alike("政务微x公开")
    assert 0 < second - first <= 0.121


@pytest.mark.parametrize("word", ["小计", "备注", "单位"])
def test_two_letters_are_no_label_by_the_model_alone(word: str) -> None:
    lexicon = Lexicon([["总计"], ["其他"]], names=["column:a", "column:b"])
    assert not lexicon.unsettled(word)
    assert lexicon.told({word: {"column:a": 1.0}}).most(word) < ALIKE


def test_what_is_longer_than_a_label_gains_nothing() -> None:
    lexicon = Lexicon([["重新出具已获取信息"]], names=["row:a"])
    text = "重新出具已获取信息其他总计"
    assert lexicon.told({text: {"row:a": 1.0}}).most(text) == lexicon.most(text)


def test_a_share_of_the_characters_is_damaged() -> None:
    assert damaged("本年新收申请数量", 0.0, Random(1)) == "本年新收申请数量"
    drawn = draw(200, 0.2, seed=1)
    assert len(drawn) == 200
    assert all(each.names <= set(each.kind.names) and each.names for each in drawn)
    assert 0.8 < sum(each.text != each.label for each in drawn) / 200 <= 1
