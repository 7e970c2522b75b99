"""The same batch on dask: a scheduler and two processes, one of them killed midway."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extraction.batch import Done, Item, Settings, run_batch
from extraction.batch.job import do

distributed = pytest.importorskip("distributed", reason="dask is not installed (extra dask)")

RULES = Settings(model=None)
COUNT = 60


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with distributed.LocalCluster(**options) as started:
        yield started


@pytest.fixture
def items(tmp_path: Path) -> list[Item]:
    paths = [tmp_path / f"{number:02}.txt" for number in range(COUNT)]
    for number, path in enumerate(paths):
        path.write_text(
            f"安澜县水利局2022年政府信息公开工作年度报告\n一、总体情况\n主动公开信息{number}条。\n", encoding="utf-8"
        )
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 cut short")
    return [*(Item(str(path)) for path in paths), Item(str(tmp_path / "bad.pdf"))]


def lines(done: Iterator[Done]) -> list[tuple[str, str | None, str | None]]:
    return [(each.path, each.record, each.failure.message if each.failure else None) for each in done]


@pytest.mark.parametrize("killed", [False, True])
def test_records_are_those_of_one_machine_also_with_a_worker_killed(
    killed: bool, cluster: Any, items: list[Item], tmp_path: Path
) -> None:
    from extraction.batch.cluster import on_cluster

    expected = lines(do(item, RULES) for item in items)

    def disturbed(work: Any, settings: Settings) -> Iterator[Done]:
        for number, done in enumerate(on_cluster(work, settings, scheduler=cluster.scheduler_address)):
            if killed and number == COUNT // 3:
                with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
                    os.kill(min(client.run(os.getpid).values()), signal.SIGKILL)
            yield done

    assert lines(disturbed(items, RULES)) == expected
    out = tmp_path / "out.jsonl"
    batch = run_batch(items, out, disturbed, RULES)
    assert (batch.read, dict(batch.failed)) == (COUNT, {"unreadable": 1})
    assert [json.loads(line)["source"]["path"] for line in out.read_text(encoding="utf-8").splitlines()] == [
        path for path, record, _ in expected if record
    ]
