"""Processes that read files side by side, each with the model loaded once."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as TooLong
from typing import Any

from pebble import ProcessExpired, ProcessPool

from extraction.batch.inputs import Item
from extraction.batch.job import Done, Failure, Reason, Settings, do, extractor_for, limit_memory

_AHEAD = 16
"""How many files a worker are handed out before the first of them is done."""
_TASKS = 5000
"""After how many files a process is replaced, whatever libraries may have kept."""
_START = 60.0
"""Seconds that a process may take to load the model, on top of its first file."""

_settings = Settings()
_is_ready = False


def local(items: Iterable[Item], settings: Settings, *, workers: int | None = None) -> Iterator[Done]:
    """The files in their order; a crash or a file over the limits costs one file.

    :param workers: processes; None means one a core.
    """
    count = workers or os.cpu_count() or 1
    # A process that is forked from one with threads may hang; one that is spawned starts clean.
    context: Any = multiprocessing.get_context("spawn")
    pool: Any = ProcessPool(count, max_tasks=_TASKS, initializer=_start, initargs=[settings], context=context)
    waiting: deque[tuple[Item, Any]] = deque()
    try:
        for item in items:
            waiting.append((item, pool.schedule(_do, args=[item], timeout=settings.seconds + _START)))
            if len(waiting) >= _AHEAD * count:
                yield _outcome(*waiting.popleft(), settings)
        while waiting:
            yield _outcome(*waiting.popleft(), settings)
        pool.close()
    finally:
        # Of a batch that goes on, all is done here; of one that was stopped, what is under way is not waited for.
        if pool.active:
            pool.stop()
        pool.join()


def _start(settings: Settings) -> None:
    """Load the model, then limit what reading may take."""
    global _settings
    _settings = settings
    extractor_for(settings)
    limit_memory(settings)


def _do(item: Item) -> Done:
    return do(item, _settings)


def _outcome(item: Item, future: Any, settings: Settings) -> Done:
    try:
        return future.result()  # type: ignore[no-any-return]
    except TooLong:
        return _failed(
            item, "time", f"took over {settings.seconds:g} seconds; pass the report alone or raise the limit"
        )
    except ProcessExpired as error:
        return _failed(item, "crash", f"the process that read it ended (exit code {error.exitcode})")


def _failed(item: Item, reason: Reason, found: str) -> Done:
    return Done(item.path, None, failure=Failure(item.path, reason, f"{item.path}: {found}"))
