"""The metrics of the annotation guide: what a figure may state."""

from functools import cache
from typing import Literal

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
        if unknown := sorted(entry.units - file.units.keys()):
            raise BadResource(f"{_FILE}: {entry.id}", f"unknown units {unknown}", "define them under `units`")
        if entry.id in metrics:
            raise BadResource(f"{_FILE}: {entry.id}", "defined twice", "keep one of them")
        units = frozenset[str]().union(*(file.units[name] for name in entry.units))
        metrics[entry.id] = entry.model_copy(update={"units": units})
    return metrics
