"""The readings of a scan's cells, and which of them the sums of the form choose."""

from dataclasses import replace

import pytest

from extraction import recognition
from extraction.document import Document, DocumentBuilder, PlacedCell, Recognised
from extraction.pipeline import Extractor
from extraction.recognition import Readings
from extraction.resources.forms import load_forms
from extraction.schema import Report
from extraction.tables import find

[TABLE] = [table for form in load_forms() if form.id == "2021" for table in form.tables if table.id == "applications"]
FILLED = {
    "received": [17, 3, 0, 0, 0, 0, 20],
    "carried_in": [1, 0, 0, 0, 0, 0, 1],
    "granted": [10, 3, 0, 0, 0, 0, 13],
    "partial": [8, 0, 0, 0, 0, 0, 8],
    "total": [18, 3, 0, 0, 0, 0, 21],
}


def scan(misread: dict[tuple[str, int], tuple[str, Recognised]]) -> Document:
    """Table three as read; ``misread`` are cells by row and column, with their text and how that was read."""
    builder = DocumentBuilder()
    builder.paragraph("安澜县水利局2022年政府信息公开工作年度报告", recognised=Recognised(0.99))
    cells = [PlacedCell(0, column, text) for column, text in enumerate(["", *(each.label for each in TABLE.columns)])]
    for number, row in enumerate((row for row in TABLE.all_rows if not row.instead_of), 1):
        cells.append(PlacedCell(number, 0, row.label, recognised=Recognised(0.98)))
        for column, value in enumerate(FILLED.get(row.id, [0] * 7)):
            text, how = misread.get((row.id, column), (str(value), Recognised(0.99)))
            cells.append(PlacedCell(number, column + 1, text, recognised=how))
    builder.grid(cells)
    return builder.build(media_type="image/png", pages=1)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load(None)


def read(extractor: Extractor, document: Document) -> Report:
    return extractor._extract(document, None, "0" * 64)


def test_the_one_reading_that_keeps_the_sums_is_taken_and_the_cell_says_so(extractor: Extractor):
    report = read(extractor, scan({("received", 0): ("11", Recognised(0.5, ("17", "77")))}))
    [cell] = [cell for cell in report.cells if cell.id == "applications.received.natural_person"]
    assert (cell.value, cell.raw, cell.source, cell.state) == (17, "11", "ocr", "given")
    assert cell.note == "识别为“11”，仅读作“17”时表内各项勾稽关系成立"
    assert 0.85 < cell.confidence < 0.95
    assert report.text[cell.start : cell.end] == "11"
    assert not [finding for finding in report.findings if finding.check == "applications.balance"]


def test_digits_that_look_alike_are_tried_where_the_recogniser_was_in_doubt(extractor: Extractor):
    report = read(extractor, scan({("granted", 0): ("16", Recognised(0.6))}))
    [cell] = [cell for cell in report.cells if cell.id == "applications.granted.natural_person"]
    assert cell.value == 10


def test_ink_that_was_not_read_is_told_by_the_sums_or_stays_unread(extractor: Extractor):
    report = read(extractor, scan({("granted", 0): ("□", Recognised(0.0, ("1O", "18")))}))
    [cell] = [cell for cell in report.cells if cell.id == "applications.granted.natural_person"]
    assert (cell.value, cell.state) == (10, "given")
    report = read(extractor, scan({("granted", 0): ("□", Recognised(0.0, ("19", "18")))}))
    [cell] = [cell for cell in report.cells if cell.id == "applications.granted.natural_person"]
    assert (cell.value, cell.state, cell.confidence) == (None, "unreadable", 0)


def test_a_value_stays_as_read_where_no_choice_or_more_than_one_keeps_the_sums(extractor: Extractor):
    for misread in (
        {("received", 0): ("11", Recognised(0.95, ("12", "13")))},
        {("received", 0): ("17", Recognised(0.5, ("11",)))},
        {
            ("received", 0): ("11", Recognised(0.95, ("17", "16"))),
            ("received", 1): ("3", Recognised(0.95, ("4",))),
            ("received", 6): ("24", Recognised(0.95, ("20",))),
            ("granted", 1): ("3", Recognised(0.95, ("4",))),
            ("granted", 0): ("10", Recognised(0.95, ("9",))),
            ("total", 0): ("18", Recognised(0.95, ("17",))),
            ("total", 1): ("3", Recognised(0.95, ("4",))),
        },
    ):
        report = read(extractor, scan(misread))
        values = {cell.id: cell for cell in report.cells}
        raw = misread["received", 0][0]
        assert values["applications.received.natural_person"].value == int(raw)
        assert values["applications.received.natural_person"].confidence <= 0.6


def test_a_broken_sum_elsewhere_does_not_keep_the_others_from_telling(extractor: Extractor):
    doubtful = {("received", 0): ("11", Recognised(0.5, ("17", "77")))}
    report = read(extractor, scan({**doubtful, ("partial", 1): ("5", Recognised(0.99))}))
    values = {cell.id: cell.value for cell in report.cells}
    assert values["applications.received.natural_person"] == 17
    assert values["applications.partial.business"] == 5
    assert [finding for finding in report.findings if finding.check == "applications.applicants"]


def test_a_search_that_is_too_long_chooses_nothing(extractor: Extractor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recognition, "_MOST_STEPS", 1)
    report = read(extractor, scan({("received", 0): ("11", Recognised(0.5, ("17", "77")))}))
    [cell] = [cell for cell in report.cells if cell.id == "applications.received.natural_person"]
    assert cell.value == 11


def test_a_text_that_was_not_recognised_has_no_readings():
    document = scan({})
    bare = replace(document, blocks=tuple(replace(block, recognised=None) for block in document.blocks[:1]))
    assert Readings.of(bare).at(0) is None
    assert Readings.of(document).at(0) == Recognised(0.99)
    assert find(document)
