"""A document as lines that a test can compare: paragraphs as they are, rows of grids with bars between the cells."""

from extraction.document import Document, Grid, GridCell


def shown(document: Document) -> list[str]:
    """One string a paragraph or grid row; a cell over rows and columns ends in ``^rows×columns``."""
    result = []
    for block in document.blocks:
        if isinstance(block, Grid):
            for row in sorted({cell.row for cell in block.cells}):
                result.append(" | ".join(_cell(document, cell) for cell in block.cells if cell.row == row))
        else:
            result.append(document.text[block.start : block.end])
    return result


def _cell(document: Document, cell: GridCell) -> str:
    span = f"^{cell.row_span}×{cell.column_span}" if (cell.row_span, cell.column_span) != (1, 1) else ""
    return document.text[cell.start : cell.end] + span
