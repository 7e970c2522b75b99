"""A document as lines that a test can compare: paragraphs as they are, rows of grids with bars between the cells."""

from extraction.document import Block, Document, Grid, GridCell


def shown(document: Document) -> list[str]:
    """One string a paragraph or grid row; a cell over rows and columns ends in ``^rows×columns``."""
    return [line for block in document.blocks for line in _lines(document, block)]


def _lines(document: Document, block: Block) -> list[str]:
    if not isinstance(block, Grid):
        return [document.text[block.start : block.end]]
    rows = sorted({cell.row for cell in block.cells})
    return [" | ".join(_cell(document, cell) for cell in block.cells if cell.row == row) for row in rows]


def _cell(document: Document, cell: GridCell) -> str:
    span = f"^{cell.row_span}×{cell.column_span}" if (cell.row_span, cell.column_span) != (1, 1) else ""
    return document.text[cell.start : cell.end] + span
