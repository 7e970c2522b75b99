"""nianbao: figures, tables and problems of government information disclosure annual reports.

>>> from extraction import Extractor
>>> report = Extractor.load().extract_file("annotations/reports/qinghe-county-2022.html")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

from extraction.errors import NianbaoError
from extraction.schema import Cell, Figure, Finding, Problem, Report, Section

if TYPE_CHECKING:
    from extraction.pipeline import Extractor

__all__ = ["Cell", "Extractor", "Figure", "Finding", "NianbaoError", "Problem", "Report", "Section"]


def __getattr__(name: str) -> Any:
    # Importing the records alone needs no segmenter and no word lists.
    if name == "Extractor":
        from extraction.pipeline import Extractor

        return Extractor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
