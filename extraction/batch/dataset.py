"""Batches for people who keep their data in Hugging Face ``datasets``: in as a column, out as tidy tables."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from extraction.batch.inputs import Item
from extraction.batch.job import Failure, Settings, extract_files, extractor_for
from extraction.batch.tables import SCHEMAS, Row, batch, rows
from extraction.errors import NianbaoError

if TYPE_CHECKING:
    from extraction.schema import Report

_COLUMNS = ("agency", "year", "region")


def extract_dataset(
    dataset: Any, *, path: str | None = None, text: str | None = None, workers: int | None = None,
    settings: Settings | None = None,
) -> "Iterator[Report | Failure]":  # fmt: skip
    """The records of a dataset's rows in their order, of the files that a column names or of texts that it holds.

    :param path: name of the column of paths; columns agency, year and region beside it say what is known.
    :param text: name of the column of texts, which are read in this process.
    :raises NianbaoError: neither or both are given, or the dataset has no such column.
    """
    column = path or text
    if column is None or (path and text) or column not in dataset.column_names:
        raise NianbaoError(f"dataset with {', '.join(dataset.column_names)}", f"column {column}", "name path= or text=")
    settings = settings or Settings()
    if text:
        extractor = extractor_for(settings)
        yield from (extractor.extract_text(row[text]) for row in dataset)
        return
    known = [name for name in _COLUMNS if name in dataset.column_names]
    items = (Item(row[column], known={name: row[name] for name in known if row[name] is not None}) for row in dataset)
    yield from extract_files(items, workers=workers, settings=settings)


def to_datasets(records: "Iterable[Report | Failure]") -> Any:
    """A ``DatasetDict`` of the tables reports, cells, figures, problems, findings and failures.

    :raises NianbaoError: ``datasets`` is not installed.
    """
    try:
        import datasets
    except ImportError as error:
        raise NianbaoError("to_datasets", "datasets is not installed", "install nianbao[datasets]") from error
    import pyarrow as pa

    found: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    for each in records:
        if isinstance(each, Failure):
            failure = {"path": each.path, "sha256": each.sha256, "reason": each.reason, "message": each.message}
            found["failures"].append(failure)
        else:
            for table, own in rows(json.loads(each.model_dump_json(by_alias=True))).items():
                found[table] += own
    return datasets.DatasetDict(
        {name: datasets.Dataset(pa.Table.from_batches([batch(name, own)])) for name, own in found.items()}
    )
