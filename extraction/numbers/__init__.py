"""Numbers of Chinese official reports: of running text (``prose``) and of table cells as printed (``cells``)."""

from extraction.numbers.cells import CellValue, looks_like_cell, parse_cell
from extraction.numbers.numerals import MONEY
from extraction.numbers.prose import Mention, find_numbers

__all__ = ["MONEY", "CellValue", "Mention", "find_numbers", "looks_like_cell", "parse_cell"]
