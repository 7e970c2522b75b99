"""The metrics of the annotation guide: what a figure may state."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import TypeAdapter, ValidationError

from extraction.errors import BadResource
from extraction.resources.files import Resource, load

_FILE = "metrics.yaml"


class Metric(Resource):
    """One metric: its group, Chinese label, and the units that a figure of it may carry."""

    id: str
    group: Literal["disclosure", "applications", "disputes", "services", "organisation", "comparison"]
    label: str
    kind: Literal["count", "rate", "money"]
    units: frozenset[str]


class _File(Resource):
    units: dict[str, frozenset[str]]
    metrics: tuple[Metric, ...]


@cache
def load_metrics() -> dict[str, Metric]:
    """Every metric by its id, in the order of the guide.

    :raises BadResource: two metrics share an id, or one names a set of units that is not there.
    """
    file = load(_FILE, _File)
    metrics: dict[str, Metric] = {}
    for entry in file.metrics:
        if entry.id in metrics:
            raise BadResource(f"{_FILE}: {entry.id}", "defined twice", "keep one of them")
        metrics[entry.id] = _with_units(entry, file.units, _FILE)
    return metrics


def _with_units(entry: Metric, units: dict[str, frozenset[str]], place: str) -> Metric:
    if unknown := sorted(entry.units - units.keys()):
        raise BadResource(f"{place}: {entry.id}", f"unknown units {unknown}", "define them under `units`")
    return entry.model_copy(update={"units": frozenset[str]().union(*(units[name] for name in entry.units))})


def add_metrics(path: Path) -> None:
    """Make the metrics of a user's own file known in this process; it has entries as ``metrics.yaml`` has them.

    :raises BadResource: the file is malformed, or gives another meaning to a metric that is known.
    """
    try:
        entries = TypeAdapter(list[Metric]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        fault = str(error).replace("\n", " ")[:120]
        raise BadResource(str(path), f"no list of metrics ({fault})", "write entries as in metrics.yaml") from error
    known, units = load_metrics(), load(_FILE, _File).units
    for entry in entries:
        whole = _with_units(entry, units, path.name)
        if known.setdefault(entry.id, whole) != whole:
            raise BadResource(f"{path}: {entry.id}", "known already with another meaning", "give it another id")
