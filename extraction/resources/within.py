"""Metrics and words that tie figures of one sentence together."""

from collections.abc import Mapping
from functools import cache
from typing import Self

from pydantic import model_validator

from extraction.resources.files import Resource, load
from extraction.resources.metrics import load_metrics


class Within(Resource):
    """Families of parts and rates by metric, and the words that say how numbers of a sentence belong together."""

    parts: Mapping[str, tuple[tuple[str, ...], ...]]
    rates: Mapping[str, tuple[tuple[str, str], ...]]
    introduce: tuple[str, ...]
    complete: tuple[str, ...]
    more: tuple[str, ...]
    growth: tuple[str, ...]
    share: tuple[str, ...]
    shared: str
    among: str
    total: tuple[str, ...]
    list: tuple[str, ...]
    counting: tuple[str, ...]
    overlapping: tuple[str, ...]
    named: str
    rate: str

    @model_validator(mode="after")
    def _known_metrics(self) -> Self:
        named = {*self.parts, *self.rates, *self.overlapping}
        named |= {m for families in (*self.parts.values(), *self.rates.values()) for family in families for m in family}
        if unknown := named - load_metrics().keys():
            raise ValueError(f"no metrics: {', '.join(sorted(unknown))}")
        return self


@cache
def load_within() -> Within:
    """The families and words of ``data/within.yaml``."""
    return load("within.yaml", Within)
