"""The sheet that people expect: a row a report, a column a cell or metric, headers in Chinese."""

from collections.abc import Iterable, Mapping
from typing import Any

from extraction.corrections import place
from extraction.resources.batch import load_batch_words
from extraction.resources.forms import load_forms
from extraction.resources.metrics import load_metrics

_HEAD = ("agency", "region", "year", "title", "form", "path")


class Wide:
    """Columns for all cells and metrics that any of the records has, in the order of the forms and the metrics."""

    def __init__(self, records: Iterable[Mapping[str, Any]]) -> None:
        used = set[str]()
        for record in records:
            used |= {cell["id"] for cell in record["cells"]} | {figure["metric"] for figure in record["figures"]}
        words = load_batch_words()
        cells = {name: place(form, name) for form in load_forms() for name in form.cell_ids() if name in used}
        metrics = {name: metric.label for name, metric in load_metrics().items() if name in used}
        self._cells, self._metrics = list(cells), list(metrics)
        self.sheet, self.sheets, self.words = words.wide, words.sheets, words.columns
        self.headers = [*(words.columns[name] for name in _HEAD), *cells.values(), *metrics.values(),
                        words.columns["errors"], words.columns["warnings"]]  # fmt: skip

    def row(self, record: Mapping[str, Any]) -> list[Any]:
        """The values of a record; a metric's is that of the surest figure of the whole body and the own year."""
        head, source = record["report"], record["source"]
        cells = {cell["id"]: cell["value"] for cell in record["cells"] if cell["state"] == "given"}
        figures: dict[str, tuple[float, Any]] = {}
        for figure in record["figures"]:
            own = figure["scope"] is None and figure["year"] in (None, head["year"])
            if own and figure["confidence"] > figures.get(figure["metric"], (0.0, None))[0]:
                figures[figure["metric"]] = figure["confidence"], figure["value"]
        severities = [finding["severity"] for finding in record["findings"]]
        return [
            *(source["path"] if name == "path" else head[name] for name in _HEAD),
            *(cells.get(name) for name in self._cells),
            *(figures.get(name, (0.0, None))[1] for name in self._metrics),
            severities.count("error"), severities.count("warning"),
        ]  # fmt: skip
