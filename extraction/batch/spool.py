"""Records and failures of a batch as they come: lines in order, kept over a stop, taken up again."""

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from extraction.batch.inputs import Item
from extraction.batch.job import Done
from extraction.errors import NianbaoError, UnreadableFile

_SYNC = 2.0
"""Seconds after which lines are safe on the disk, whatever happens to the machine."""
_HEAD = re.compile(rb'"source":\{"path":("(?:[^"\\]|\\.)*"),"sha256":"([0-9a-f]{64})"')
_FIRST = 4096


class Spool:
    """Two files of JSON lines, of records and of failures, and one that says by which settings they were made."""

    def __init__(self, records: Path, failures: Path, state: Path) -> None:
        self.records, self.failures, self._state = records, failures, state
        self._done: dict[str, str | None] = {}
        self._open: tuple[IO[Any], IO[Any]] | None = None
        self._synced = 0.0

    def start(self, settings: Mapping[str, object], *, resume: bool, retry: bool = False) -> int:
        """Open the files, empty or after what they hold; gives how many files were done before.

        :param retry: whether failures are forgotten, and their files read again.
        :raises NianbaoError: what is there was made by other settings, or must not be overwritten.
        """
        if resume and self._state.exists():
            before = json.loads(self._state.read_text(encoding="utf-8"))
            if before != dict(settings):
                raise NianbaoError(
                    str(self._state), f"made by other settings ({_difference(before, settings)})",
                    "use these again, or write to another place",
                )  # fmt: skip
            if retry:
                self.failures.unlink(missing_ok=True)
            for path in (self.records, self.failures):
                _mend(path)
            self._done = dict(self._lines())
        else:
            for path in (self.records, self.failures):
                path.unlink(missing_ok=True)
        self.records.parent.mkdir(parents=True, exist_ok=True)
        # Unbuffered, so that a write that fails leaves nothing to be written later.
        self._open = self.records.open("ab", buffering=0), self.failures.open("ab", buffering=0)
        self._state.write_text(json.dumps(dict(settings), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return len(self._done)

    def has(self, item: Item) -> bool:
        """Whether a file with this content was done before."""
        if item.path not in self._done:
            return False
        digest = self._done[item.path]
        if digest is None:
            return True
        try:
            return hashlib.sha256(item.read()).hexdigest() == digest
        except UnreadableFile:
            return False

    def add(self, done: Done) -> None:
        """Append a record or a failure.

        :raises NianbaoError: the disk is full; what was written before stays whole.
        """
        assert self._open
        records, failures = self._open
        if done.failure:
            self._append(failures, json.dumps(asdict(done.failure), ensure_ascii=False))
        elif done.record is not None:
            self._append(records, done.record)
        if time.monotonic() - self._synced > _SYNC:
            self.sync()

    def _append(self, stream: IO[Any], line: str) -> None:
        start, rest = stream.seek(0, os.SEEK_END), memoryview(line.encode() + b"\n")
        try:
            while rest:
                rest = rest[stream.write(rest) :]
        except OSError as error:
            os.truncate(stream.fileno(), start)
            raise NianbaoError(
                str(self.records), f"cannot be written ({error.strerror})", "make room and go on with --resume"
            ) from error

    def sync(self) -> None:
        """Have all lines on the disk."""
        for stream in self._open or ():
            os.fsync(stream.fileno())
        self._synced = time.monotonic()

    def close(self) -> None:
        """Close the files, all lines on the disk."""
        if self._open:
            self.sync()
            for stream in self._open:
                stream.close()
        self._open = None

    def _lines(self) -> Iterator[tuple[str, str | None]]:
        """Path and content's hash of each file that was done."""
        for start in _starts(self.records):
            found = _HEAD.search(start)
            if found:
                yield json.loads(found[1]), found[2].decode()
        if self.failures.exists():
            with self.failures.open(encoding="utf-8") as stream:
                for line in stream:
                    failure = json.loads(line)
                    yield failure["path"], failure["sha256"]


def _starts(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as stream:
            for line in stream:
                yield line[:_FIRST]


def _mend(path: Path) -> None:
    """Cut off a last line that was not written to its end."""
    if not path.exists():
        return
    with path.open("rb+") as stream:
        end = stream.seek(0, os.SEEK_END)
        step = 1 << 16
        at = end
        while at > 0:
            first = max(0, at - step)
            stream.seek(first)
            found = stream.read(at - first).rfind(b"\n")
            if found >= 0:
                stream.truncate(first + found + 1)
                return
            at = first
        stream.truncate(0)


def _difference(before: Mapping[str, object], now: Mapping[str, object]) -> str:
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return ", ".join(f"{name}: {before.get(name)} then, {now.get(name)} now" for name in names)
