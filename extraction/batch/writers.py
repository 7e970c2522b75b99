"""Records and failures to Parquet, DuckDB, XLSX and CSV."""

import csv
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from glob import escape
from pathlib import Path
from typing import Any

from extraction.batch.wide import Wide
from extraction.errors import NianbaoError

_ROWS = 50_000
"""Rows that are gathered before they are written together."""
_SHEET = 1_048_575
"""Rows that a sheet of XLSX holds below its header."""


def write(records: Path, failures: Path, out: Path) -> None:
    """Write what a batch has read, by the ending of ``out``; none is a folder of Parquet by year.

    An output is written beside its place and moved there when it is whole.

    :raises NianbaoError: the package for the kind is not installed.
    """
    writer = ENDINGS.get(out.suffix, _dataset)
    if writer is None:
        return
    new = out.with_name(f".{out.name}.new{out.suffix}")
    _remove(new)
    writer(records, failures, new)
    for path in sorted(new.parent.glob(f"{escape(new.stem)}*")):
        place = path.with_name(path.name.replace(f".{out.name}.new", out.stem, 1))
        _remove(place)
        path.rename(place)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _tables(records: Path, failures: Path, *, apart: bool = False) -> Iterator[tuple[str, Any, list[dict[str, Any]]]]:
    """Tables with rows to write together: name, year if they are kept ``apart`` by it, and rows."""
    from extraction.batch.tables import rows

    waiting: dict[tuple[str, Any], list[dict[str, Any]]] = {}
    for record in _lines(records):
        for table, found in rows(record).items():
            own = waiting.setdefault((table, record["report"]["year"] if apart else None), [])
            own += found
            if len(own) >= _ROWS:
                yield table, record["report"]["year"] if apart else None, own[:]
                own.clear()
    waiting["failures", None] = list(_lines(failures))
    for (table, year), found in waiting.items():
        yield table, year, found


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                yield json.loads(line)


def _files(records: Path, failures: Path, out: Path) -> None:
    """A folder with a Parquet file a table."""
    _parquet(records, failures, out, apart=False)


def _dataset(records: Path, failures: Path, out: Path) -> None:
    """A folder of Parquet with a folder a table and a year."""
    _parquet(records, failures, out, apart=True)


def _parquet(records: Path, failures: Path, out: Path, *, apart: bool) -> None:
    import pyarrow.parquet as pq

    from extraction.batch.tables import SCHEMAS, batch

    writers: dict[tuple[str, Any], Any] = {}
    out.mkdir(parents=True)
    try:
        for table, year, found in _tables(records, failures, apart=apart):
            if (table, year) not in writers:
                folder = out / table / f"year={'unknown' if year is None else year}"
                path = folder / "part-0.parquet" if apart and table != "failures" else out / f"{table}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                writers[table, year] = pq.ParquetWriter(path, SCHEMAS[table], compression="zstd")
            writers[table, year].write_batch(batch(table, found))
        for table in SCHEMAS if not apart else ():
            if (table, None) not in writers:
                writers[table, None] = pq.ParquetWriter(out / f"{table}.parquet", SCHEMAS[table])
    finally:
        for writer in writers.values():
            writer.close()


def _duckdb(records: Path, failures: Path, out: Path) -> None:
    try:
        import duckdb
    except ImportError as error:
        raise NianbaoError(str(out), "DuckDB is not installed", "install nianbao[duckdb]") from error
    import pyarrow as pa

    from extraction.batch.tables import SCHEMAS, batch

    with duckdb.connect(str(out)) as database:
        for table, schema in SCHEMAS.items():
            empty = schema.empty_table()
            database.register("incoming", empty)
            database.execute(f"CREATE TABLE {table} AS SELECT * FROM incoming")
            database.unregister("incoming")
        for table, _, found in _tables(records, failures):
            if found:
                database.register("incoming", pa.Table.from_batches([batch(table, found)]))
                database.execute(f"INSERT INTO {table} SELECT * FROM incoming")
                database.unregister("incoming")


def _xlsx(records: Path, failures: Path, out: Path) -> None:
    from openpyxl import Workbook

    from extraction.batch.tables import SCHEMAS

    wide = Wide(_lines(records))
    book = Workbook(write_only=True)
    _sheet(book, wide.sheet, wide.headers, (wide.row(record) for record in _lines(records)))
    sheets: dict[str, _Sheet] = {}
    for table, _, found in _tables(records, failures):
        if table != "reports":
            names = list(SCHEMAS[table].names)
            sheet = sheets.setdefault(table, _Sheet(book, wide.sheets[table], [wide.words.get(n, n) for n in names]))
            for row in found:
                sheet.add([_plain(row.get(name)) for name in names])
    book.save(out)


class _Sheet:
    """Rows on as many sheets as they need."""

    def __init__(self, book: Any, title: str, headers: list[str]) -> None:
        self._book, self._title, self._headers = book, title, headers
        self._count = _SHEET
        self._number = 0
        self._sheet: Any = None
        self._next()

    def _next(self) -> None:
        self._number += 1
        title = self._title if self._number == 1 else f"{self._title} {self._number}"
        self._sheet, self._count = self._book.create_sheet(title), 0
        self._sheet.append(self._headers)

    def add(self, row: list[Any]) -> None:
        """Append a row."""
        if self._count >= _SHEET:
            self._next()
        self._sheet.append([_safe(value) for value in row])
        self._count += 1


def _sheet(book: Any, title: str, headers: list[str], rows: Iterator[list[Any]]) -> None:
    sheet = _Sheet(book, title, headers)
    for row in rows:
        sheet.add(row)


def _csv(records: Path, failures: Path, out: Path) -> None:
    """The wide sheet, and beside it a file a tidy table; with the mark by which Excel knows UTF-8."""
    from extraction.batch.tables import SCHEMAS

    wide = Wide(_lines(records))
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(wide.headers)
        writer.writerows([_formula(v) for v in wide.row(record)] for record in _lines(records))
    streams = {}
    try:
        for table in SCHEMAS:
            if table != "reports":
                path = out.with_name(f"{out.stem}.{table}.csv")
                streams[table] = path.open("w", encoding="utf-8-sig", newline="")
                csv.writer(streams[table]).writerow(SCHEMAS[table].names)
        for table, _, found in _tables(records, failures):
            if table != "reports":
                names = SCHEMAS[table].names
                csv.writer(streams[table]).writerows([[_formula(_plain(r.get(n))) for n in names] for r in found])
    finally:
        for stream in streams.values():
            stream.close()


def _plain(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _safe(value: Any) -> Any:
    """Text without the control characters that XLSX cannot hold, and no longer than a cell may be."""
    if isinstance(value, str):
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767]
        return f"'{value}" if value.startswith("=") else value
    return value


def _formula(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula, marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "@") else value


Writer = Callable[[Path, Path, Path], None]
ENDINGS: Mapping[str, Writer | None] = {
    ".jsonl": None, ".parquet": _files, ".duckdb": _duckdb, ".xlsx": _xlsx, ".csv": _csv,
}  # fmt: skip
"""What writes an output of each ending; JSON lines are written as they come."""
