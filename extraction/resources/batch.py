"""The words of the sheets that a batch writes."""

from functools import cache

from extraction.resources.files import Resource, load


class BatchWords(Resource):
    """Name of the wide sheet, of the sheet of each table, and the headers of columns by their names."""

    wide: str
    sheets: dict[str, str]
    columns: dict[str, str]


@cache
def load_batch_words() -> BatchWords:
    """The words of ``data/batch.yaml``."""
    return load("batch.yaml", BatchWords)
