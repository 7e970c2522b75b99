"""Candidates to figures, and what a figure says of itself."""

from decimal import Decimal

from extraction.candidates import Candidate
from extraction.document import DocumentBuilder
from extraction.figures import resolve
from extraction.narrative import sentences
from extraction.rules import Rules


def candidate(metric: str, start: int, end: int, confidence: float) -> Candidate:
    return Candidate(metric, Decimal(3), "件", None, start, end, None, None, None, "some-rule", confidence)


def test_the_most_trusted_candidate_of_a_span_wins() -> None:
    text = "共3件，又3件"
    found = resolve([candidate("proposals", 1, 3, 0.6), candidate("permits", 1, 3, 0.9)], text)
    assert [figure.metric for figure in found] == ["permits"]


def test_figures_stand_in_the_order_of_the_text() -> None:
    text = "共3件，又3件"
    found = resolve([candidate("permits", 5, 7, 0.9), candidate("proposals", 1, 3, 0.6)], text)
    assert [(figure.metric, figure.text) for figure in found] == [("proposals", "3件"), ("permits", "3件")]


def test_a_figure_is_evidence_with_value_qualifier_and_section() -> None:
    builder = DocumentBuilder()
    builder.paragraph("全年主动公开政府信息约３.2万\n余条。")
    document = builder.build(media_type="text/plain")
    [figure] = resolve(Rules.load().find(sentences(document), year=2022, form="2021"), document.text)
    assert (figure.metric, figure.value, figure.qualifier, figure.unit) == ("disclosed_total", 32000, "about", "条")
    assert figure.text == document.text[figure.start : figure.end]
    assert figure.rule
    assert figure.section is None
