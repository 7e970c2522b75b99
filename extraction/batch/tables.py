"""A record as rows of tidy tables, a table a kind of thing that it holds."""

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

Row = dict[str, Any]
_TEXT, _INT, _REAL = pa.string(), pa.int64(), pa.float64()
_OF = {"path": _TEXT, "agency": _TEXT, "region": _TEXT, "year": _INT}
_PLACE = {"start": _INT, "end": _INT}
_FOUND = {"source": _TEXT, "confidence": _REAL}

SCHEMAS: Mapping[str, pa.Schema] = {
    name: pa.schema(list(columns.items()))
    for name, columns in {
        "reports": {
            **_OF, "title": _TEXT, "form": _TEXT, "period_from": _TEXT, "period_to": _TEXT, "sha256": _TEXT,
            "media_type": _TEXT, "encoding": _TEXT, "pages": _INT, "model": _TEXT, "sections": _INT, "cells": _INT,
            "figures": _INT, "problems": _INT, "errors": _INT, "warnings": _INT, "text": _TEXT,
        },
        "cells": {
            **_OF, "id": _TEXT, "table": _TEXT, "row": _TEXT, "column": _TEXT, "raw": _TEXT, "value": _REAL,
            "unit": _TEXT, "state": _TEXT, **_PLACE, **_FOUND, "label": _TEXT, "layout": _TEXT, "note": _TEXT,
        },
        "figures": {
            **_OF, "number": _INT, "metric": _TEXT, "value": _REAL, "unit": _TEXT, "text": _TEXT, **_PLACE,
            "section": _INT, "qualifier": _TEXT, "of_year": _INT, "scope": _TEXT, **_FOUND, "rule": _TEXT,
            "rival": _TEXT,
        },
        "problems": {**_OF, "type": _TEXT, "text": _TEXT, **_PLACE, **_FOUND, "rule": _TEXT},
        "findings": {
            **_OF, "id": _TEXT, "check": _TEXT, "severity": _TEXT, "message": _TEXT, "expected": _REAL,
            "found": _REAL, "difference": _REAL, "formula": _TEXT, "cause": _TEXT, "cells": pa.list_(_TEXT),
            "figures": pa.list_(_INT), "repair": _TEXT, "alternatives": _TEXT,
        },
        "failures": {"path": _TEXT, "sha256": _TEXT, "reason": _TEXT, "message": _TEXT},
    }.items()
}  # fmt: skip
"""Columns of each table. ``number`` counts a report's figures from 0; ``repair`` and ``alternatives`` are JSON."""


def rows(record: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The rows of a record, by table."""
    source, head = record["source"], record["report"]
    of = {"path": source["path"], "agency": head["agency"], "region": head["region"], "year": head["year"]}
    period = head["period"] or (None, None)
    severities = [finding["severity"] for finding in record["findings"]]
    counts = {name: len(record[name]) for name in ("sections", "cells", "figures", "problems")}
    report = {
        **of, **counts, "title": head["title"], "form": head["form"], "period_from": period[0],
        "period_to": period[1], "sha256": source["sha256"], "media_type": source["media_type"],
        "encoding": source["encoding"], "pages": source["pages"], "model": record["model"],
        "errors": severities.count("error"), "warnings": severities.count("warning"), "text": record.get("text"),
    }  # fmt: skip
    return {
        "reports": [report],
        "cells": [{**cell, **of} for cell in record["cells"]],
        "figures": [
            {**figure, **of, "number": number, "of_year": figure["year"]}
            for number, figure in enumerate(record["figures"])
        ],
        "problems": [{**problem, **of} for problem in record["problems"]],
        "findings": [
            {**finding, **of, "repair": _json(finding["repair"]), "alternatives": _json(finding["alternatives"])}
            for finding in record["findings"]
        ],
    }


def batch(table: str, found: list[Row]) -> pa.RecordBatch:
    """Rows as Arrow holds them; a column that a row does not have is null."""
    schema = SCHEMAS[table]
    columns = [pa.array([row.get(field.name) for row in found], type=field.type) for field in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _json(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None
