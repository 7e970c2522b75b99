"""One file of a batch: its record or why there is none, and what the summary counts of it."""

import gc
import hashlib
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from extraction.batch.inputs import Item
from extraction.errors import NianbaoError, UnsupportedFile

if TYPE_CHECKING:
    from extraction.pipeline import Extractor
    from extraction.schema import Report

Reason = Literal["unreadable", "unsupported", "not_found", "time", "memory", "crash", "bug"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a batch reads: ``model`` is a folder, "default" or None for the rules alone.

    :param seconds: the longest that one file may take; ``memory`` the most MB that it may take beyond the program.
    """

    model: str | None = "default"
    text: bool = True
    seconds: float = 120.0
    memory: int = 1500


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no record of a file; ``sha256`` is None where it could not be read at all."""

    path: str
    reason: Reason
    message: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A file that was dealt with: ``record`` is its record as JSON, or ``failure`` says why there is none."""

    path: str
    sha256: str | None
    record: str | None = None
    failure: Failure | None = None
    seconds: float = 0.0
    states: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)


_extractors: dict[str | None, "Extractor"] = {}


def extractor_for(settings: Settings) -> "Extractor":
    """The extractor of these settings, loaded once a process, its model on one thread."""
    if settings.model not in _extractors:
        # What reads scans takes its threads from here; processes share the cores.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        from extraction.loading import import_spacy

        import_spacy()
        from extraction.pipeline import DEFAULT_MODEL, Extractor

        model = DEFAULT_MODEL if settings.model == "default" else settings.model
        _extractors[settings.model] = Extractor.load(model, threads=1)
        gc.collect()
        gc.freeze()
    return _extractors[settings.model]


def limit_memory(settings: Settings) -> None:
    """Hold this process to the memory that it has and what a file may take; systems without such a limit do not."""
    try:
        import resource
    except ImportError:
        return
    status = Path("/proc/self/status")
    if not status.exists():
        return
    now = int(next(line for line in status.read_text().splitlines() if line.startswith("VmSize")).split()[1])
    most = (now << 10) + (settings.memory << 20)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def do(item: Item, settings: Settings) -> Done:
    """Read one file; whatever is wrong with it is a failure of its own."""
    started = time.perf_counter()
    digest: str | None = None

    def failed(reason: Reason, message: str) -> Done:
        failure = Failure(item.path, reason, message, digest)
        return Done(item.path, digest, failure=failure, seconds=time.perf_counter() - started)

    try:
        data = item.read()
        digest = hashlib.sha256(data).hexdigest()
        report = extractor_for(settings).extract_bytes(data, name=item.path, known=item.known)
        record = report.model_dump_json(by_alias=True, exclude=None if settings.text else {"text"})
    except UnsupportedFile as error:
        return failed("unsupported", str(error))
    except NianbaoError as error:
        return failed("not_found" if isinstance(error.__cause__, FileNotFoundError) else "unreadable", str(error))
    except MemoryError:
        return failed(
            "memory", f"{item.path}: more than {settings.memory} MB; pass the report alone or raise the limit"
        )
    except Exception as error:
        # One file must not stop a hundred thousand.
        return failed("bug", f"{item.path}: {error!r:.200}")
    return Done(
        item.path, digest, record=record, seconds=time.perf_counter() - started,
        states=Counter(cell.state for cell in report.cells),
        findings=Counter(f"{finding.check} {finding.severity}" for finding in report.findings),
    )  # fmt: skip


def extract_files(
    paths: Iterable[str | Path | Item], *, workers: int | None = None, settings: Settings | None = None
) -> Iterator["Report | Failure"]:
    """The records of files in their order, read by several processes; a `Failure` stands where there is none.

    :param workers: processes; None means one a core.
    """
    from extraction.batch.pool import local
    from extraction.schema import Report

    settings = settings or Settings()
    items = (each if isinstance(each, Item) else Item(str(each)) for each in paths)
    for done in local(items, settings, workers=workers):
        if done.failure or done.record is None:
            assert done.failure
            yield done.failure
        else:
            yield Report.model_validate_json(_with_text(done.record, settings))


def _with_text(record: str, settings: Settings) -> str:
    """A record that was written without its text cannot be read back as one; an empty text stands for it."""
    if settings.text:
        return record
    import json

    content: dict[str, Any] = json.loads(record)
    return json.dumps({**content, "text": ""}, ensure_ascii=False)
