"""Which passages a model learns from, is chosen by, and is measured on."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml
from pydantic import ValidationError

from extraction.errors import BadResource
from extraction.resources.files import Resource
from training.gold import Passage, read_passages
from training.records import read_record

PLAN = "split.yaml"
SPLITS = ("train", "development", "test")
TEST = "test"
_TRAIN, _DEVELOPMENT = 0.7, 0.15


class Plan(Resource):
    """A folder's ``split.yaml``: the files of each split, as patterns below the folder.

    ``read_for_rules`` are those of ``train`` that were read while the rules were written.
    """

    train: tuple[str, ...]
    development: tuple[str, ...]
    test: tuple[str, ...]
    read_for_rules: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the plan of a folder.

        :raises BadResource: the plan is malformed, or has a key that none has.
        """
        path = folder / PLAN
        try:
            return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise BadResource(str(path), f"no plan ({error})".replace("\n", " "), "give YAML") from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise BadResource(f"{path}: {place}", f"{first['msg']} ({first['input']!r:.60})", "mend it") from error

    def files(self, folder: Path) -> dict[str, list[Path]]:
        """The files of each split.

        :raises BadResource: a pattern fits no file, or a JSON lines file is in no split or in two.
        """
        found: dict[str, list[Path]] = {name: [] for name in SPLITS}
        owner: dict[Path, str] = {}
        for name in SPLITS:
            for pattern in getattr(self, name):
                paths = sorted(folder.glob(pattern))
                if not paths:
                    raise BadResource(str(folder / PLAN), f"{pattern!r} fits no file", "mend the pattern")
                for path in paths:
                    if path in owner:
                        raise BadResource(str(path), f"in {owner[path]} and again in {name}", "name it in one split")
                    owner[path] = name
                    found[name].append(path)
        for path in sorted(folder.rglob("*.jsonl")):
            if path not in owner:
                raise BadResource(str(path), "in no split", f"name it in {folder / PLAN}")
        return found


@dataclass(frozen=True)
class Split:
    """Passages on three sides; what stands on one stands on no other."""

    train: tuple[Passage, ...]
    development: tuple[Passage, ...]
    test: tuple[Passage, ...]
    read_for_rules: frozenset[str] = frozenset()
    """Ids of passages that were read while the rules were written, so that they say nothing of how good those are."""

    @property
    def unread(self) -> tuple[Passage, ...]:
        """The passages of ``train`` that the rules were not written by."""
        return tuple(passage for passage in self.train if passage.id not in self.read_for_rules)

    @classmethod
    def load(cls, *sources: Path) -> Self:
        """The passages of folders and JSON lines files.

        A folder with a ``split.yaml`` is split as that says. All else (JSON lines files, and folders of them or of
        records, ``NAME.record.json``) is split 70 : 15 : 15 by a hash of each passage's text without its numbers:
        the same every time, and copies that differ in their numbers alone stay together.

        :raises BadResource: a source is missing or holds no passage, or a file in it is malformed.
        """
        sides: tuple[list[Passage], ...] = ([], [], [])
        read: set[str] = set()
        for source in sources:
            if (source / PLAN).is_file():
                plan = Plan.load(source)
                planned = plan.files(source)
                paths = [path for pattern in plan.read_for_rules for path in sorted(source.glob(pattern))]
                read |= {passage.id for passage in read_all(paths)}
                for side, files in zip(sides, planned.values(), strict=True):
                    side.extend(passage for path in files for passage in read_passages(path))
            else:
                for passage in read_all(files_of(source)):
                    sides[_side(passage)].append(passage)
        if not any(sides):
            raise BadResource(" ".join(map(str, sources)), "no passage", "give marked passages or corrected records")
        train, development, test = map(tuple, sides)
        return cls(train, development, test, frozenset(read))


def planned_files(sources: Sequence[Path]) -> Mapping[str, Sequence[Path]]:
    """The files of each split of a folder with a plan; of anything else all files under one name, ``passages``.

    :raises BadResource: as ``Split.load`` says.
    """
    if len(sources) == 1 and (sources[0] / PLAN).is_file():
        return Plan.load(sources[0]).files(sources[0])
    return {"passages": [path for source in sources for path in files_of(source)]}


def files_of(source: Path) -> list[Path]:
    """A file itself; of a folder all JSON lines files and records in it, sorted.

    :raises BadResource: the source does not exist, or is a folder without any.
    """
    if source.is_file():
        return [source]
    found = sorted([*source.rglob("*.jsonl"), *source.rglob("*.record.json")])
    if not found:
        fault = "no file of passages in it" if source.is_dir() else "no such file or folder"
        raise BadResource(str(source), fault, "give JSON lines files or a folder of them")
    return found


def read_all(paths: Sequence[Path]) -> Iterator[Passage]:
    """The passages of JSON lines files and of records, whichever a file's ending says it is."""
    for path in paths:
        yield from read_record(path) if path.suffix == ".json" else read_passages(path)


def bare(text: str) -> str:
    """A text without numerals and spaces: what two passages share that were filled from one mould."""
    return "".join(char for char in text if not char.isnumeric() and not char.isspace())


def _side(passage: Passage) -> int:
    digest = hashlib.sha256(bare(passage.text).encode()).digest()
    place = int.from_bytes(digest[:8]) / 2**64
    return 0 if place < _TRAIN else 1 if place < _TRAIN + _DEVELOPMENT else 2
