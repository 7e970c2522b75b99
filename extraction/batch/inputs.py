"""The files that a batch reads: files, folders, patterns, members of ZIPs, lines of a manifest."""

import csv
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path
from typing import Any

from extraction.errors import BadResource, NianbaoError, UnreadableFile

SUFFIXES = frozenset(
    {
        ".txt",
        ".md",
        ".html",
        ".htm",
        ".mht",
        ".mhtml",
        ".docx",
        ".doc",
        ".pdf",
        ".png",
        ".jpg",
        ".jpeg",
        ".tif",
        ".tiff",
    }
)
"""Endings of the files of a folder or ZIP that are read; what is named itself is read whatever its ending."""
MOST_BYTES = 200 << 20
"""The largest member of a ZIP that is unpacked."""
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.I)
_PATTERN = re.compile(r"[*?\[]")
_KNOWN = ("agency", "year", "region")


@dataclass(frozen=True, slots=True)
class Item:
    """One file to read: ``path`` names it in the record, ``member`` is its name within the ZIP ``path`` begins with.

    ``known`` is what is known of the report whatever it says of itself: agency, year, region.
    """

    path: str
    archive: str | None = None
    member: str | None = None
    known: Mapping[str, Any] = field(default_factory=dict)

    def read(self) -> bytes:
        """The content.

        :raises UnreadableFile: it cannot be opened, or is a member that is encrypted, damaged or too large.
        """
        try:
            if self.archive is not None:
                return self._unpacked()
            if _REMOTE.match(self.path):
                import fsspec

                with fsspec.open(self.path, "rb") as stream:
                    return bytes(stream.read())
            return Path(self.path).read_bytes()
        except NianbaoError:
            raise
        except FileNotFoundError as error:
            raise UnreadableFile(self.path, "no such file", "check the name") from error
        except ImportError as error:
            raise UnreadableFile(
                self.path, f"this place cannot be read ({error})", "install fsspec and its driver"
            ) from error
        except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError, ValueError) as error:
            raise UnreadableFile(
                self.path, f"cannot be read ({error})", "check the file and the right to read it"
            ) from error

    def _unpacked(self) -> bytes:
        with zipfile.ZipFile(str(self.archive)) as archive:
            info = archive.getinfo(str(self.member))
            if info.flag_bits & 1:
                raise UnreadableFile(self.path, "encrypted", "unpack it with the password")
            if info.file_size > MOST_BYTES:
                found = f"{info.file_size >> 20} MB, over the limit of {MOST_BYTES >> 20} MB"
                raise UnreadableFile(self.path, found, "pass the report alone")
            with archive.open(info) as stream:
                # What the archive says of a member's size need not be true.
                content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise UnreadableFile(self.path, f"over the limit of {MOST_BYTES >> 20} MB", "pass the report alone")
        return content


Unread = Callable[[str, str], None]
"""Called with a place that cannot be looked into and the reason."""


def find_items(inputs: Sequence[str | Path], *, unread: Unread) -> Iterator[Item]:
    """The files of files, folders (with those below), patterns and ZIPs, each once, in the order of names.

    :raises UnreadableFile: an input that is named does not exist, or a pattern fits nothing.
    """
    seen = set[str]()
    for each in inputs:
        for item in _of_input(str(each), unread):
            if item.path not in seen:
                seen.add(item.path)
                yield item


def _of_input(name: str, unread: Unread) -> Iterator[Item]:
    if _REMOTE.match(name):
        yield from _remote(name)
    elif Path(name).is_dir():
        yield from _of_folder(name, unread)
    elif Path(name).exists():
        yield from _of_file(name, unread)
    elif _PATTERN.search(name):
        found = sorted(glob(name, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        if not found:
            raise UnreadableFile(name, "no file fits this pattern", "check the pattern, or give a folder")
        for path in found:
            yield from _of_folder(path, unread) if Path(path).is_dir() else _of_file(path, unread)
    else:
        raise UnreadableFile(name, "no such file", "check the name")


def _of_folder(folder: str, unread: Unread) -> Iterator[Item]:
    def refused(error: OSError) -> None:
        unread(str(error.filename), f"cannot be opened ({error.strerror})")

    for root, folders, files in os.walk(folder, onerror=refused):
        folders.sort()
        for name in sorted(files):
            ending = Path(name).suffix.lower()
            if not name.startswith(".") and (ending in SUFFIXES or ending == ".zip"):
                yield from _of_file(str(Path(root) / name), unread)


def _of_file(path: str, unread: Unread) -> Iterator[Item]:
    if Path(path).suffix.lower() != ".zip":
        yield Item(path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(archive.namelist())
    except (OSError, zipfile.BadZipFile) as error:
        unread(path, f"a ZIP that cannot be opened ({error})")
        return
    for name in names:
        if Path(name).suffix.lower() in SUFFIXES and not Path(name).name.startswith((".", "__")):
            yield Item(f"{path}!{_readable(name)}", archive=path, member=name)


def _readable(name: str) -> str:
    """A member's name; old ZIPs of Chinese systems hold it in GBK, which is read as code page 437."""
    try:
        return name.encode("cp437").decode("gbk")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return name


def _remote(name: str) -> Iterator[Item]:
    try:
        import fsspec
    except ImportError as error:
        raise UnreadableFile(name, "a remote file, for which fsspec is needed", "install nianbao[dask]") from error
    system, path = fsspec.core.url_to_fs(name)
    scheme = name.split("://")[0]
    if _PATTERN.search(path):
        found = sorted(system.glob(path))
    elif system.isdir(path):
        found = [each for each in sorted(system.find(path)) if Path(each).suffix.lower() in SUFFIXES]
    else:
        found = [path]
    for each in found:
        yield Item(f"{scheme}://{each}")


def read_manifest(path: Path) -> list[Item]:
    """The files that a CSV or JSON-lines file lists: ``path`` and, where known, ``agency``, ``year``, ``region``.

    Relative paths are taken from the manifest's folder.

    :raises BadResource: it is neither, has no column ``path``, or a year that is no number.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows: list[dict[str, Any]]
        if path.suffix.lower() == ".csv":
            rows = list(csv.DictReader(text.splitlines()))
        else:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise BadResource(str(path), f"no manifest ({error})", "give CSV or JSON lines in UTF-8") from error
    return [_item(path, number, row) for number, row in enumerate(rows, 1)]


def _item(manifest: Path, number: int, row: object) -> Item:
    place = f"{manifest}, entry {number}"
    if not isinstance(row, dict) or not row.get("path"):
        raise BadResource(place, "no path", "give each entry a `path`; agency, year and region are optional")
    name = str(row["path"])
    if not _REMOTE.match(name) and not Path(name).is_absolute():
        name = str(manifest.parent / name)
    known = {key: row[key] for key in _KNOWN if row.get(key) not in (None, "")}
    if "year" in known:
        try:
            known["year"] = int(known["year"])
        except (TypeError, ValueError) as error:
            raise BadResource(place, f"year {known['year']!r}", "give a year as 2023") from error
    return Item(name, known=known)
