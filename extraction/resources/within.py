"""Kinds of parts, pairs of rates, and the words that tie numbers of one sentence together."""

import re
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Literal, Self

from pydantic import model_validator

from extraction.resources.files import Resource, load
from extraction.resources.metrics import load_metrics

Words = tuple[str, ...]


class Part(Resource):
    """A part of a kind: the metrics that state it, and the words by which it is named otherwise.

    ``alone`` name it only in a clause of few other words.
    """

    metrics: Words = ()
    words: Words
    alone: Words = ()


class Kind(Resource):
    """Parts that divide one whole; all of a set of ``complete``, or as many as ``enough``, exhaust it.

    ``exhausts`` are the metrics of ``of`` that the parts are all of, where they are less than others.
    """

    of: Words
    exhausts: Words = ()
    subject: Words
    parts: Mapping[str, Part]
    complete: tuple[frozenset[str], ...]
    enough: int
    inside: Mapping[str, str] = {}
    several: bool = False
    rivals: tuple[Words, ...] = ()
    overlapping: Literal["sometimes", "always"] | None = None

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        metrics = {*self.of, *(metric for part in self.parts.values() for metric in part.metrics)}
        if unknown := metrics - load_metrics().keys():
            raise ValueError(f"no metrics: {', '.join(sorted(unknown))}")
        if unknown := {name for whole in self.complete for name in whole} - self.parts.keys():
            raise ValueError(f"no parts: {', '.join(sorted(unknown))}")
        return self

    @cached_property
    def named(self) -> re.Pattern[str]:
        """Any word that names one of the parts."""
        words = {word for part in self.parts.values() for word in (*part.words, *part.alone)}
        return re.compile("|".join(map(re.escape, sorted(words))))

    def exhausted(self, parts: frozenset[str]) -> bool:
        """Whether these parts are all that there are, none within another."""
        if any(self.inside.get(part) in parts for part in parts):
            return False
        return len(parts) >= self.enough or any(whole <= parts for whole in self.complete)


class Within(Resource):
    """How numbers of a sentence belong together: see the remarks in the file."""

    kinds: Mapping[str, Kind]
    course: Words
    rates: Mapping[str, tuple[tuple[str, str], ...]]
    introduce: Words
    among: str
    verdict: str
    aspect: str
    compose: Words
    made_of: str
    closed: str
    told: Words
    told_each: str
    sorts: Words
    unit: str
    routes: str
    above: str
    rest: Words
    other: Words
    overlap: Words
    more: Words
    counted: str
    total: Words
    sure_total: str
    together: Words
    joint_total: str
    carried: Words
    change: Words
    compared: Words
    elsewhere: Words
    apart: Words
    no_whole: Words
    last_year: Words
    became: str
    rate: str
    shared: str
    share: str
    named_share: str
    both: str
    passive: str
    out_of: str
    two_names: str
    kind_named: str
    generic: str
    dealt: str
    counting: Words
    lot: str
    plans: Words
    weights: Words
    narrower: Words
    stems: Mapping[str, Words]
    handled: Words
    done: frozenset[str]
    received: Words
    of_all: Words

    @model_validator(mode="after")
    def _known_metrics(self) -> Self:
        named = {*self.rates} | {metric for pairs in self.rates.values() for pair in pairs for metric in pair}
        if unknown := named - load_metrics().keys():
            raise ValueError(f"no metrics: {', '.join(sorted(unknown))}")
        return self

    @cached_property
    def parts_of_metric(self) -> dict[str, dict[str, str]]:
        """The parts that a metric states, each under its kind."""
        found: dict[str, dict[str, str]] = {}
        for kind, entry in self.kinds.items():
            for name, part in entry.parts.items():
                for metric in part.metrics:
                    found.setdefault(metric, {})[kind] = name
        return found


@cache
def load_within() -> Within:
    """The families and words of ``data/within.yaml``."""
    return load("within.yaml", Within)
