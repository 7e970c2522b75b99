"""Many files to one output: what is read, what fails, and what a stop leaves behind."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from extraction.batch import Batch, Done, Failure, Item, Settings, extract_files, find_items, read_manifest, run_batch
from extraction.batch.engines import engine_named
from extraction.batch.job import do
from extraction.errors import BadResource, NianbaoError, UnreadableFile
from extraction.schema import Report

REPORTS = Path("annotations/reports")
RULES = Settings(model=None)


def serial(items: Iterator[Item], settings: Settings) -> Iterator[Done]:
    return (do(item, settings) for item in items)


def report(number: int, *, agency: str = "安澜县水利局") -> str:
    return (
        f"{agency}2022年政府信息公开工作年度报告\n一、总体情况\n主动公开信息{number}条。\n"
        f"三、收到和处理政府信息公开申请情况\n收到申请{number % 9}件。\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "in"
    (place / "below").mkdir(parents=True)
    for number in range(8):
        (place / ("below" if number % 2 else ".") / f"{number}.txt").write_text(report(number), encoding="utf-8")
    return place


def found(*inputs: object) -> list[Item]:
    return list(find_items([str(each) for each in inputs], unread=lambda place, reason: pytest.fail(place + reason)))


def batch(folder: Path, out: Path, **options: object) -> Batch:
    return run_batch(found(folder), out, serial, RULES, **options)  # type: ignore[arg-type]


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# What is read.


def test_a_folder_gives_its_reports_and_those_below_in_order_and_once(folder: Path) -> None:
    (folder / ".hidden.txt").write_text("x", encoding="utf-8")
    (folder / "style.css").write_text("x", encoding="utf-8")
    names = [Path(item.path).name for item in found(folder, folder / "0.txt", f"{folder}/*.txt")]
    assert names == ["0.txt", "2.txt", "4.txt", "6.txt", "1.txt", "3.txt", "5.txt", "7.txt"]


def test_members_of_a_zip_are_read_and_named_by_it(tmp_path: Path) -> None:
    place = tmp_path / "a.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("年报/b.txt", report(1))
        archive.writestr("__MACOSX/._b.txt", "x")
        archive.writestr("pic.css", "x")
    [item] = found(place)
    assert item.path == f"{place}!年报/b.txt"
    assert item.read().decode() == report(1)


def test_what_cannot_be_looked_into_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str]] = []
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 cut short")
    assert not list(find_items([tmp_path], unread=lambda place, reason: told.append((place, reason))))
    assert [Path(place).name for place, _ in told] == ["a.zip"]
    told.clear()
    (tmp_path / "shut").mkdir()
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    list(find_items([tmp_path], unread=lambda place, reason: told.append((place, reason))))
    assert ("shut", "cannot be opened (Permission denied)") in [(Path(place).name, reason) for place, reason in told]


@pytest.mark.parametrize("name", ["nothing.txt", "no*.txt"])
def test_an_input_that_is_not_there_is_an_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        found(tmp_path / name)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_manifest_says_what_the_report_does_not(ending: str, folder: Path) -> None:
    rows = [{"path": "0.txt", "agency": "江宁区审计局", "year": "2021", "region": "南京市"}, {"path": "2.txt"}]
    place = folder / f"list.{ending}"
    if ending == "csv":
        with place.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        place.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    items = read_manifest(place)
    first, second = (json.loads(do(item, RULES).record or "{}")["report"] for item in items)
    assert (first["agency"], first["year"], first["region"]) == ("江宁区审计局", 2021, "南京市")
    assert (second["agency"], second["year"]) == ("安澜县水利局", 2022)


@pytest.mark.parametrize("text", ["name,year\na,2020\n", "path,year\na.txt,last\n"])
def test_a_manifest_that_says_nothing_is_an_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BadResource):
        read_manifest(tmp_path / "list.csv")


# What comes out.


def test_records_are_those_of_each_file_in_order_and_failures_have_a_reason(folder: Path, tmp_path: Path) -> None:
    (folder / "3.pdf").write_bytes(b"%PDF-1.4 cut short")
    out = tmp_path / "out.jsonl"
    done = batch(folder, out)
    paths = [item.path for item in found(folder)]
    assert [record["source"]["path"] for record in lines(out)] == [p for p in paths if p.endswith(".txt")]  # type: ignore[index]
    [failure] = lines(tmp_path / "out.failures.jsonl")
    assert (failure["reason"], Path(str(failure["path"])).name) == ("unreadable", "3.pdf")
    assert (done.read, done.total, dict(done.failed), done.is_whole) == (8, 9, {"unreadable": 1}, True)
    assert len(done.slowest) == 9


def test_what_is_there_is_not_overwritten_unasked(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    batch(folder, out)
    with pytest.raises(NianbaoError, match="--resume"):
        batch(folder, out)
    assert batch(folder, out, overwrite=True).read == 8
    with pytest.raises(NianbaoError, match="ending"):
        batch(folder, tmp_path / "out.doc")


def test_it_goes_on_by_content_and_settings(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    batch(folder, out)
    whole = out.read_bytes()
    cut = whole[: len(whole) * 2 // 3]
    out.write_bytes(cut)
    done = batch(folder, out, resume=True)
    assert out.read_bytes() == whole
    assert done.before == cut.count(b"\n")
    assert done.read == 8 - done.before
    # Another content is another file.
    (folder / "0.txt").write_text(report(77), encoding="utf-8")
    assert batch(folder, out, resume=True).read == 1
    with pytest.raises(NianbaoError, match="other settings"):
        run_batch(found(folder), out, serial, Settings(model=None, text=False), resume=True)


def test_failures_are_read_again_when_asked(folder: Path, tmp_path: Path) -> None:
    out, bad = tmp_path / "out.jsonl", folder / "9.pdf"
    bad.write_bytes(b"%PDF-1.4 cut short")
    batch(folder, out)
    assert not batch(folder, out, resume=True).failed
    assert batch(folder, out, resume=True, retry=True).failed == {"unreadable": 1}
    assert len(lines(tmp_path / "out.failures.jsonl")) == 1


def test_a_full_disk_stops_it_with_what_was_written_whole(folder: Path, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    batch(folder, whole)
    room = whole.stat().st_size // 2

    def limited() -> None:
        # No file may grow beyond half of what is to be written.
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    stopped = subprocess.run(_command(folder, out), stderr=subprocess.PIPE, preexec_fn=limited, check=False)
    assert stopped.returncode == 2
    assert b"make room and go on with --resume" in stopped.stderr
    assert 0 < out.stat().st_size <= room
    assert out.read_bytes().endswith(b"\n")
    assert subprocess.run(_command(folder, out, "--resume"), stderr=subprocess.PIPE, check=False).returncode == 0
    assert out.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("ending", [".parquet", ".duckdb", ".xlsx", ".csv", ""])
def test_each_kind_of_output_holds_what_the_records_do(ending: str, tmp_path: Path) -> None:
    items = [item for item in found(REPORTS) if "qinghe" in item.path or "anlan" in item.path]
    out = tmp_path / f"out{ending}"
    run_batch(items, out, serial, RULES)
    assert not (tmp_path / f"out{ending}.partial").exists()
    records = [json.loads(do(item, RULES).record or "{}") for item in items]
    counts = {"reports": len(records)} | {
        name: sum(len(record[name]) for record in records) for name in ("cells", "figures", "problems", "findings")
    }
    assert counts["cells"] > 100
    assert {name: _count(out, ending, name) for name in counts} == counts


def _count(out: Path, ending: str, table: str) -> int:
    import duckdb
    from openpyxl import load_workbook

    if ending == ".parquet":
        return int(duckdb.sql(f"SELECT count(*) FROM '{out}/{table}.parquet'").fetchall()[0][0])
    if ending == "":
        query = f"SELECT count(*), count(year) FROM read_parquet('{out}/{table}/*/*.parquet', hive_partitioning=true)"
        [(count, with_year)] = duckdb.sql(query).fetchall()
        assert count == with_year
        return int(count)
    if ending == ".duckdb":
        with duckdb.connect(str(out), read_only=True) as database:
            return int(database.sql(f"SELECT count(*) FROM {table}").fetchall()[0][0])
    if ending == ".xlsx":
        book = load_workbook(out, read_only=True)
        names = {
            "reports": "报告",
            "cells": "单元格",
            "figures": "正文数字",
            "problems": "存在问题",
            "findings": "核对结果",
        }
        return sum(1 for _ in book[names[table]].iter_rows()) - 1
    place = out if table == "reports" else out.with_name(f"{out.stem}.{table}.csv")
    with place.open(encoding="utf-8-sig", newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def test_the_wide_sheet_has_a_row_a_report_and_a_column_a_cell_or_metric(tmp_path: Path) -> None:
    items = [item for item in found(REPORTS) if "qinghe" in item.path]
    run_batch(items, tmp_path / "out.csv", serial, RULES)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        [row] = csv.DictReader(stream)
    assert row["表三 第三项（七）总计 总计"] == "47"
    assert row["主动公开政府信息总数"] == "18426"
    assert row["年度"] == "2022"


# Processes.


def test_records_do_not_depend_on_workers(folder: Path) -> None:
    paths = sorted(str(path) for path in folder.rglob("*.txt"))
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4")
    one, two = (list(extract_files([*paths, folder / "bad.pdf"], workers=n, settings=RULES)) for n in (1, 2))
    assert one == two
    assert [type(each) for each in one] == [Report] * 8 + [Failure]


KILLER = """
import os, sys, signal
from extraction.batch import inputs
read = inputs.Item.read
def deadly(self):
    if "kill" in self.path: os.kill(os.getpid(), signal.SIGKILL)
    if "sleep" in self.path:
        import time; time.sleep(60)
    if "memory" in self.path: bytearray(8 << 30)
    return read(self)
inputs.Item.read = deadly
"""


def test_a_crash_a_file_that_takes_too_long_and_one_too_large_cost_one_file_each(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Spawned processes import this module first, which makes some files deadly.
    (tmp_path / "sitecustomize.py").write_text(KILLER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path.cwd()}")
    monkeypatch.setattr("extraction.batch.pool._START", 10.0)
    for name in ("kill", "sleep", "memory"):
        (folder / f"{name}.txt").write_text(report(1), encoding="utf-8")
    settings = Settings(model=None, seconds=2.0, memory=500)
    out = tmp_path / "out.jsonl"
    done = run_batch(found(folder), out, engine_named("local", workers=2), settings)
    assert dict(done.failed) == {"crash": 1, "time": 1, "memory": 1}
    assert len(lines(out)) == 8


def _command(folder: Path, out: Path, *options: str) -> list[str]:
    return [
        sys.executable, "-m", "extraction.cli", "batch", str(folder), "-o", str(out), "--no-model", "--workers", "2",
        *options,
    ]  # fmt: skip


def test_killed_at_any_moment_it_goes_on_to_the_same_records(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(120):
        (folder / f"{number:03}.txt").write_text(report(number) * 3, encoding="utf-8")
    undisturbed = tmp_path / "whole.jsonl"
    run_batch(found(folder), undisturbed, serial, RULES)
    out, size = tmp_path / "out.jsonl", undisturbed.stat().st_size
    for number in range(3):
        process = subprocess.Popen(
            _command(folder, out, *(["--resume"] if number else [])), stderr=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if out.exists() and out.stat().st_size > size * (number + 1) / 5:
                break
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for line in out.read_bytes().split(b"\n")[:-1]:
            json.loads(line)
    assert subprocess.run(_command(folder, out, "--resume"), stderr=subprocess.PIPE, check=False).returncode == 0
    assert out.read_bytes() == undisturbed.read_bytes()


def test_stopped_by_the_keyboard_it_writes_what_was_read(folder: Path, tmp_path: Path) -> None:
    def stopped(items: Iterator[Item], settings: Settings) -> Iterator[Done]:
        for number, item in enumerate(items):
            if number == 3:
                raise KeyboardInterrupt
            yield do(item, settings)

    out = tmp_path / "out.csv"
    done = run_batch(found(folder), out, stopped, RULES)  # type: ignore[arg-type]
    assert (done.read, done.is_whole) == (3, False)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        assert sum(1 for _ in csv.reader(stream)) == 4
    assert batch(folder, out, resume=True).read == 5
    with out.open(encoding="utf-8-sig", newline="") as stream:
        assert sum(1 for _ in csv.reader(stream)) == 9


def test_a_dataset_comes_in_and_tables_go_out(folder: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="datasets is not installed (extra datasets)")
    from extraction.batch.dataset import extract_dataset, to_datasets

    paths = [str(folder / "0.txt"), str(folder / "none.txt")]
    given = datasets.Dataset.from_dict({"file": paths, "year": [2020, None], "body": [report(3), report(4)]})
    tables = to_datasets(extract_dataset(given, path="file", workers=1, settings=RULES))
    assert (tables["reports"]["year"][:], tables["failures"]["reason"][:]) == ([2020], ["not_found"])
    assert {row["metric"] for row in tables["figures"]} == {"disclosed_total", "applications_received"}
    texts = list(extract_dataset(given, text="body", settings=RULES))
    assert [record.figures[0].value for record in texts if isinstance(record, Report)] == [3, 4]
    with pytest.raises(NianbaoError):
        list(extract_dataset(given, path="nothing"))
