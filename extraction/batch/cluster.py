"""The files of a batch on dask's workers, here or on other machines."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import dask
from distributed import Client, KilledWorker, LocalCluster

from extraction.batch.inputs import Item
from extraction.batch.job import Done, Failure, Settings, do

# Both are untyped.
local_cluster: Any = LocalCluster
connect: Any = Client
_AHEAD = 64
"""How many files a thread of the cluster are handed out before the first of them is done."""
_RETRIES = 2
"""How often a file is read again whose worker was lost; then it is a failure."""


def on_cluster(
    items: Iterable[Item], settings: Settings, *, workers: int | None = None, scheduler: str | None = None
) -> Iterator[Done]:
    """The files in their order, read by the same code as on one machine.

    :param workers: processes of a cluster on this machine; None means one a core.
    :param scheduler: the address of one that runs already, as tcp://host:8786.
    """
    with dask.config.set({"distributed.scheduler.allowed-failures": _RETRIES}):
        cluster: Any = (
            None if scheduler else local_cluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        )
        with connect(scheduler or cluster, set_as_default=False) as client:
            try:
                yield from _in_order(client, items, settings)
            finally:
                if cluster is not None:
                    cluster.close()


def _in_order(client: Any, items: Iterable[Item], settings: Settings) -> Iterator[Done]:
    ahead = _AHEAD * max(1, sum(client.nthreads().values()))
    waiting: deque[tuple[Item, Any]] = deque()
    for item in items:
        # The same file may be read twice: results are not shared by content.
        waiting.append((item, client.submit(do, item, settings, pure=False)))
        if len(waiting) >= ahead:
            yield _outcome(*waiting.popleft())
    while waiting:
        yield _outcome(*waiting.popleft())


def _outcome(item: Item, future: Any) -> Done:
    try:
        return future.result()  # type: ignore[no-any-return]
    except KilledWorker:
        message = f"{item.path}: the workers that read it were lost"
        return Done(item.path, None, failure=Failure(item.path, "crash", message))
    finally:
        future.release()
