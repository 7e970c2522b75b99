"""A batch on a terminal: how it goes, and a summary at its end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from extraction.batch.run import Batch

_EVERY = 10.0
"""Seconds between lines where standard error is no terminal."""


@contextmanager
def progress(console: Console, total: int) -> Iterator[Callable[[Batch], None]]:
    """Rate, time left and failures as a bar, or as a line now and then where there is no terminal."""
    columns = (
        BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]:.1f}/s"), TimeRemainingColumn(),
        TextColumn("{task.fields[failed]} failed"),
    )  # fmt: skip
    said = time.monotonic()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total, rate=0.0, failed=0)

        def watch(batch: Batch) -> None:
            nonlocal said
            failed, done = sum(batch.failed.values()), batch.read + sum(batch.failed.values())
            rate = done / max(batch.seconds, 1e-9)
            bar.update(task, completed=batch.done, rate=rate, failed=failed)
            if not console.is_terminal and time.monotonic() - said > _EVERY:
                said = time.monotonic()
                left = (batch.total - batch.done) / max(rate, 1e-9)
                console.print(
                    f"{batch.done} of {batch.total} files, {rate:.1f} a second, {left:.0f} s left, {failed} failed",
                    highlight=False,
                )

        yield watch


def summary(console: Console, batch: Batch) -> None:
    """What was read and what failed, cells by state, findings by check, the slowest files."""

    def line(name: str, text: str) -> None:
        console.print(f"{name:<9} {text}", highlight=False, soft_wrap=True, markup=False)

    rate = (batch.read + sum(batch.failed.values())) / max(batch.seconds, 1e-9)
    earlier = f", {batch.before} done before" if batch.before else ""
    line("read", f"{batch.read} of {batch.total} files in {batch.seconds:.1f} s, {rate:.1f} a second{earlier}")
    for name, counts in (("failed", batch.failed), ("cells", batch.states), ("findings", batch.findings)):
        if counts:
            line(name, ", ".join(f"{count} {kind}" for kind, count in counts.most_common()))
    slowest = sorted(batch.slowest, reverse=True)
    for number, (seconds, path) in enumerate(slowest):
        line("" if number else "slowest", f"{seconds:.2f} s {path}")
    if not batch.is_whole:
        line("stopped", "what was read is written; go on with --resume")
