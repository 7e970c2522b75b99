"""Paragraphs and grids to table rows, whatever layout the tables came in.

A grid of the format gives its rows as they are. In text, a table may stand as lines of fields parted by tabs or bars,
as a label with its values behind it on one line, or as one cell a line; what is no table is left to later stages,
which match the rows with the words of a form.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from extraction.document import Document, Entry, Grid, GridCell, Paragraph, TableRow
from extraction.numbers import looks_like_cell, parse_cell
from extraction.resources.chrome import chrome

_BAR = re.compile(r"[|｜│┃¦║]")
_ONLY_BARS = re.compile(r"[\s|｜│┃¦║]+")
_FRAME = re.compile(r"[\s|｜¦+:：=＝_—\-\u2500-\u257f]+")
_DRAWN = re.compile(r"[-=＝_—\u2500\u2501\u2550]{3}")
_QUOTED = re.compile(r'"[^"\n]*"')
_SENTENCE_END = re.compile(r"[。；;！？]")
_WORD = re.compile(r"\S+")
_DIGIT = re.compile(r"\d")
_VALUES_BEHIND = re.compile(r"(?:\s+\S{1,10})+$")
_LIST_MARKS = frozenset("、.．)）")
_MARKS = ",;，；"
_FEWEST_PARTED = 4
_PROSE = 60
_ENDED_PROSE = 16


@dataclass(frozen=True)
class _Piece:
    """A cell of a text layout; ``breaks`` says that empty lines stand before it."""

    entry: Entry
    breaks: bool


def find(document: Document) -> list[TableRow]:
    """All rows of all table candidates, in reading order.

    Lines of prose part candidates from each other; a candidate may hold one table of a form, several or none.
    """
    rows: list[TableRow] = []
    for is_grid, group in groupby(document.blocks, key=lambda block: isinstance(block, Grid)):
        blocks = list(group)
        if is_grid:
            for block in blocks:
                assert isinstance(block, Grid)
                rows += _grid_rows(document.text, block, _next(rows))
        else:
            for lines in _without_prose(document.text, [b for b in blocks if isinstance(b, Paragraph)]):
                rows += _text_rows(document.text, lines, _next(rows))
    return rows


def _next(rows: Sequence[TableRow]) -> int:
    return rows[-1].candidate + 1 if rows else 0


def _entry(text: str, start: int, end: int, column: int | None = None, span: int = 1) -> Entry:
    """Trim the spaces and tell a label from a value and a blank."""
    raw = text[start:end]
    inner = raw.strip()
    if not inner:
        return Entry("", start, end, "blank", column, span)
    start += len(raw) - len(raw.lstrip())
    if len(inner) > 1 and inner[0] == inner[-1] == '"':
        start, inner = start + 1, inner[1:-1].strip()
    return Entry(inner, start, start + len(inner), "value" if looks_like_cell(inner) else "label", column, span)


def _is_numeral(text: str) -> bool:
    """「五」 may count rows as well as cases; behind a label it counts cases."""
    return len(text) == 1 and parse_cell(text).state == "given"


def _row(entries: Sequence[Entry], candidate: int, layout: Literal["grid", "fields"]) -> TableRow:
    """A row with columns, in which a lone numeral behind a label is a value: 「五」, which elsewhere counts rows."""
    first = next((i for i, entry in enumerate(entries) if entry.kind == "label"), len(entries))
    told = [
        replace(entry, kind="value") if i > first and entry.kind == "label" and _is_numeral(entry.text) else entry
        for i, entry in enumerate(entries)
    ]
    return TableRow(tuple(told), candidate, layout)


def _shared(text: str, cell: GridCell) -> bool:
    """Whether several rows have one value together, which is then none of theirs; a zero is each one's."""
    content = text[cell.start : cell.end].strip()
    return cell.row_span > 1 and looks_like_cell(content) and parse_cell(content).value != 0


def _grid_rows(text: str, grid: Grid, candidate: int) -> Iterator[TableRow]:
    cells = sorted(grid.cells, key=lambda cell: (cell.row, cell.column))
    for _, row in groupby(cells, key=lambda cell: cell.row):
        entries = [_entry(text, c.start, c.end, c.column, c.column_span) for c in row if not _shared(text, c)]
        if entries:
            yield _row(entries, candidate, "grid")


def _without_prose(text: str, lines: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    """Runs of lines that may belong to a table, without page numbers and buttons between them."""
    words = chrome()
    run: list[Paragraph] = []
    for line in lines:
        content = text[line.start : line.end].strip()
        if words.between_cells(content):
            continue
        ended = _SENTENCE_END.search(content) and len(content) >= _ENDED_PROSE
        if (ended or len(_VALUES_BEHIND.sub("", content)) > _PROSE) and not _is_fields(content):
            if run:
                yield run
            run = []
        else:
            run.append(line)
    if run:
        yield run


def _is_fields(line: str) -> bool:
    return len(_BAR.findall(line)) > 1 or line.count("\t") > 1 or any(_is_parted(line, mark) for mark in _MARKS)


def _is_parted(line: str, mark: str) -> bool:
    """Whether a mark parts short fields with a value among them, as in a spreadsheet that was pasted."""
    fields = _QUOTED.sub(lambda quoted: quoted[0][1:-1].replace(mark, ""), line).split(mark)
    return len(fields) > 2 and any(looks_like_cell(field) for field in fields) and "。" not in line


def _text_rows(text: str, lines: Sequence[Paragraph], candidate: int) -> Iterator[TableRow]:
    """Rows of a run of lines: lines of fields as they are, the cells between them put together to rows."""
    pieces: list[_Piece] = []
    after_bar = False
    contents = [text[line.start : line.end] for line in lines]
    framed, mark = _frames(contents), _mark(contents)
    for line in lines:
        content = text[line.start : line.end]
        breaks = text[max(0, line.start - 2) : line.start] == "\n\n"
        if _FRAME.fullmatch(content) and _DRAWN.search(content):
            continue
        if _ONLY_BARS.fullmatch(content) and _BAR.search(content):
            # Nothing between two bars on lines of their own is a blank cell.
            if after_bar:
                pieces.append(_Piece(Entry("", line.start, line.start, "blank"), breaks=False))
            after_bar = True
            continue
        fields = _fields(text, line, framed, mark)
        if len(fields) > 1:
            yield from _rows_of_pieces(pieces, candidate)
            pieces = []
            yield _row(fields, candidate, "fields")
        else:
            entries = fields if _is_one_value(fields[0].text) or fields[0].kind == "blank" else _words(text, fields[0])
            pieces += [_Piece(entry, breaks and not i) for i, entry in enumerate(entries)]
        after_bar = False
    yield from _rows_of_pieces(pieces, candidate)


def _frames(contents: Iterable[str]) -> tuple[bool, bool]:
    """Whether all lines of fields begin, and end, with a bar: it frames them then, else it is beside a blank cell."""
    barred = [_BAR.sub("|", content).strip() for content in contents if len(_BAR.findall(content)) > 1]
    barred = [content for content in barred if content.strip("| ")]
    return all(content.startswith("|") for content in barred), all(content.endswith("|") for content in barred)


def _mark(contents: Sequence[str]) -> str | None:
    """The comma or semicolon that parts the fields of most lines, as where a spreadsheet was pasted."""
    for mark in _MARKS:
        parted = [content for content in contents if _QUOTED.sub("", content).count(mark) > 1]
        values = sum(_is_parted(content, mark) for content in parted)
        if values >= _FEWEST_PARTED and 2 * len(parted) > len(contents):
            return mark
    return None


def _fields(text: str, line: Paragraph, framed: tuple[bool, bool], mark: str | None) -> list[Entry]:
    """The fields of a line, numbered from 0; a line that holds one cell gives one field without a number."""
    content = text[line.start : line.end]
    separator = "|" if _BAR.search(content) else "\t" if "\t" in content or not mark else mark
    normal = (
        _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), _BAR.sub("|", content)) if mark else _BAR.sub("|", content)
    )
    cuts = [line.start + i for i, char in enumerate(normal) if char == separator]
    bounds = list(zip([line.start, *(cut + 1 for cut in cuts)], [*cuts, line.end], strict=True))
    if separator == "|":
        if framed[0] and len(bounds) > 1 and not text[slice(*bounds[0])].strip():
            bounds = bounds[1:]
        if framed[1] and len(bounds) > 1 and not text[slice(*bounds[-1])].strip():
            bounds = bounds[:-1]
    fields = [_entry(text, start, end, column) for column, (start, end) in enumerate(bounds)]
    filled = [field for field in fields if field.kind != "blank"]
    if len(filled) > 1 or (filled and len(fields) > 3) or (separator != "\t" and len(fields) > 2):
        return fields
    one = filled[0] if filled else Entry("", line.start, line.end, "blank")
    return [Entry(one.text, one.start, one.end, one.kind)]


def _is_one_value(content: str) -> bool:
    """Whether a text is one value, not several that spaces part: 「1 0 0」."""
    return looks_like_cell(content) and (len(content.split()) < 2 or parse_cell(content).state == "given")


def _words(text: str, line: Entry) -> list[Entry]:
    """A label with values behind it, parted by spaces: 「一、本年新收… 21 0 0 0 0 0 21」."""
    words = [(line.start + m.start(), line.start + m.end()) for m in _WORD.finditer(line.text)]
    values: list[Entry] = []
    while words:
        start, end = words[-1]
        taken = 1
        digits = _DIGIT.search(text, start, end)
        if (
            len(words) > 1
            and not digits
            and _DIGIT.match(text, words[-2][0])
            and _is_one_value(text[words[-2][0] : end])
        ):
            # 「310 万」 is one value in two words.
            start, taken = words[-2][0], 2
        elif not looks_like_cell(text[start:end]) and not (len(words) > 1 and _is_numeral(text[start:end])):
            # 「增加 8」 too.
            if values and _is_one_value(text[start : values[-1].end]):
                end = values.pop().end
            else:
                break
        values.append(replace(_entry(text, start, end), kind="value"))
        del words[-taken:]
    if not words:
        return values[::-1]
    return [_entry(text, words[0][0], words[-1][1]), *values[::-1]] if values else [line]


def _rows_of_pieces(pieces: Sequence[_Piece], candidate: int) -> Iterator[TableRow]:
    """Rows of cells that only follow each other: labels, then values, until the next label.

    Where empty lines part some cells and not others they part the rows, so that a blank before a label is told from one
    behind a value.
    """
    breaks = sum(piece.breaks for piece in pieces)
    by_breaks = 0.05 * len(pieces) < breaks < 0.6 * len(pieces)
    row: list[Entry] = []
    has_values = False
    for i, piece in enumerate(pieces):
        entry = piece.entry
        follows = pieces[i + 1].entry.text[:1] if i + 1 < len(pieces) else ""
        if row and row[-1].kind == entry.kind == "label" and _is_numeral(entry.text) and follows not in _LIST_MARKS:
            entry = replace(entry, kind="value")
        if row and ((by_breaks and piece.breaks) or (entry.kind == "label" and has_values)):
            yield TableRow(tuple(row), candidate, "run")
            row, has_values = [], False
        row.append(entry)
        has_values = has_values or entry.kind == "value"
    if row:
        yield TableRow(tuple(row), candidate, "run")
