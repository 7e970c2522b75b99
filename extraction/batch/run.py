"""A batch from its files to its output, so that whatever stops it, it can go on."""

import hashlib
import heapq
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from extraction.batch.inputs import Item
from extraction.batch.job import Done, Failure, Settings
from extraction.batch.spool import Spool
from extraction.batch.writers import ENDINGS, write
from extraction.errors import NianbaoError

_SLOWEST = 20
Engine = Callable[[Iterable[Item], Settings], Iterator[Done]]
"""Gives the files done, in their order."""
Watch = Callable[["Batch"], None]


@dataclass
class Batch:
    """How a batch stands: how many files were ``read`` or failed, and what their records hold, of this run.

    ``before`` were done by the runs that this one goes on with. ``slowest`` are seconds and paths.
    """

    total: int = 0
    before: int = 0
    read: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    seconds: float = 0.0
    is_whole: bool = False

    @property
    def done(self) -> int:
        """Files dealt with, those of earlier runs among them."""
        return self.before + self.read + sum(self.failed.values())

    def add(self, done: Done) -> None:
        """Count a file."""
        if done.failure:
            self.failed[done.failure.reason] += 1
        else:
            self.read += 1
        self.states.update(done.states)
        self.findings.update(done.findings)
        heapq.heappush(self.slowest, (round(done.seconds, 2), done.path))
        if len(self.slowest) > _SLOWEST:
            heapq.heappop(self.slowest)


def run_batch(
    items: Sequence[Item],
    out: Path,
    engine: Engine,
    settings: Settings,
    *,
    unread: Sequence[tuple[str, str]] = (),
    resume: bool = False,
    retry: bool = False,
    overwrite: bool = False,
    watch: Watch = lambda _batch: None,
) -> Batch:
    """Read files and write ``out`` by its ending: JSON lines as they come, other kinds once all are read.

    Until then records stand beside it in a folder ``NAME.partial``, whatever stops the batch. Stopped by the keyboard
    it writes what was read, and is not ``whole``.

    :param unread: places that could not be looked into, with the reason: failures as well.
    :param resume: go on with what is there; ``retry`` reads its failures again; ``overwrite`` begins anew.
    :raises NianbaoError: ``out`` has an unknown ending, is there already, or was begun by other settings.
    """
    spool, partial = _spool(out)
    if not (resume or overwrite) and (out.exists() or partial.exists()):
        raise NianbaoError(str(out), "there already", "go on with --resume, begin anew with --overwrite")
    batch, started = Batch(total=len(items) + len(unread)), time.monotonic()
    identity = {"nianbao": version("nianbao"), **asdict(settings), "model": model_identity(settings)}
    batch.before = spool.start(identity, resume=resume and not overwrite, retry=retry)
    try:
        new = [item for item in items if not spool.has(item)] if batch.before else items
        batch.before = len(items) - len(new)
        for place, reason in unread:
            done = Done(place, None, failure=Failure(place, "unreadable", f"{place}: {reason}"))
            if not spool.has(Item(place)):
                spool.add(done)
            batch.add(done)
        for done in engine(new, settings):
            spool.add(done)
            batch.add(done)
            batch.seconds = time.monotonic() - started
            watch(batch)
        batch.is_whole = True
    except KeyboardInterrupt:
        # What was read is written below; the caller sees that it is not whole.
        pass
    finally:
        spool.close()
    if out.suffix != ".jsonl":
        write(spool.records, spool.failures, out)
        if batch.is_whole:
            shutil.rmtree(partial)
    batch.seconds = time.monotonic() - started
    return batch


def model_identity(settings: Settings) -> str | None:
    """What tells one model from another: name and hash of the weights."""
    if settings.model is None:
        return None
    from extraction.model import default_directory

    folder = default_directory() if settings.model == "default" else Path(settings.model)
    if folder is None:
        return None
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".onnx", ".npz", ".json"):
            digest.update(path.name.encode() + path.read_bytes())
    return f"{folder.name} {digest.hexdigest()[:16]}"


def _spool(out: Path) -> tuple[Spool, Path]:
    if out.suffix and out.suffix not in ENDINGS:
        raise NianbaoError(str(out), f"ending {out.suffix}", f"use {', '.join(sorted(ENDINGS))}, or a folder")
    if out.suffix == ".jsonl":
        return Spool(out, out.with_suffix(".failures.jsonl"), out.with_suffix(".state.json")), out
    partial = out.with_name(f"{out.name}.partial")
    return Spool(partial / "records.jsonl", partial / "failures.jsonl", partial / "state.json"), partial
