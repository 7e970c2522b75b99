"""nianbao: figures, tables and problems of government information disclosure annual reports.

>>> from extraction import Extractor
>>> report = Extractor.load().extract_file("annotations/reports/qinghe-county-2022.html")  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extraction.errors import NianbaoError
    from extraction.pipeline import Extractor
    from extraction.schema import Cell, Figure, Finding, Problem, Report, Section

__all__ = ["Cell", "Extractor", "Figure", "Finding", "NianbaoError", "Problem", "Report", "Section"]

_HOMES = {"Extractor": "pipeline", "NianbaoError": "errors"}


def __getattr__(name: str) -> Any:
    # `nianbao --help` needs no records, and the records alone no segmenter and no word lists.
    if name in __all__:
        return getattr(import_module(f"extraction.{_HOMES.get(name, 'schema')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
