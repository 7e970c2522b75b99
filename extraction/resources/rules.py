"""The lexicon (classes of words) and the rules that speak of them, read from YAML."""

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from extraction.errors import BadResource
from extraction.resources.files import Resource, data_path, load
from extraction.resources.metrics import load_metrics

Scope = Literal["near", "left", "reach", "clause", "segment", "sentence", "next", "right", "after", "onward", "rest"]
"""Where a rule looks from a number:

near      the last words before it, but for fillers · left the words since the last number, comma or enumeration mark
reach     since the last number, over commas · clause all before it up to a comma · segment up to a semicolon
sentence  all before it
next      the first words after it · right up to the next number, comma or enumeration mark · after to the clause's end
onward    up to the next number, over commas · rest the same up to a semicolon
"""


class WordClass(Resource):
    """Words that a rule takes for one another; ``topic`` is what they turn the talk to."""

    terms: frozenset[str]
    topic: str | None = None


class Pattern(Resource):
    """Classes that must all be there, each a choice of several; in this order if ``ordered``."""

    choices: tuple[frozenset[str], ...]
    ordered: bool


def _pattern(text: Any) -> Any:
    """`A|B C` asks for A or B, and C, in any order; `A > C` for A before C."""
    if not isinstance(text, str):
        return text
    parts = text.split(">") if ">" in text else text.split()
    return {"choices": [part.strip().split("|") for part in parts], "ordered": ">" in text}


def _patterns(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Patterns = Annotated[
    tuple[Annotated[Pattern, BeforeValidator(_pattern)], ...], BeforeValidator(_patterns), Field(min_length=1)
]


class Rule(Resource):
    """What must stand where around a number for it to state ``metric``; each list is a choice.

    ``earlier`` lets it speak of the year before, ``running`` of a total over years. A part that is enumerated after
    a figure of one of the metrics ``part_of`` is left; with ``of_figure`` so is one after a number that states nothing.
    ``before_year`` bounds the reports it holds for. ``finds`` and ``leaves`` are marked examples.
    """

    id: str
    metric: str
    where: dict[Scope, Patterns] = Field(default_factory=dict)
    never: dict[Scope, Patterns] = Field(default_factory=dict)
    topic: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    priority: int = 50
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.9
    earlier: bool = False
    running: bool = False
    part_of: frozenset[str] = frozenset()
    of_figure: bool = False
    before_year: int | None = None
    from_year: int | None = None
    finds: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


@cache
def load_lexicon() -> dict[str, WordClass]:
    """Every class of words by its name.

    :raises BadResource: two files define the same class.
    """
    classes: dict[str, WordClass] = {}
    for name in _files("lexicon/classes"):
        for key, value in load(name, dict[str, WordClass]).items():
            if key in classes:
                raise BadResource(f"{name}: {key}", "defined twice", "keep one of them")
            classes[key] = value
    return classes


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every rule, the one with the highest priority first; those of one priority in the order of the files.

    :raises BadResource: a rule names an unknown metric, class or topic, a unit that its metric does not carry, or
        an id that another rule has.
    """
    rules: dict[str, Rule] = {}
    for name in _files("rules"):
        for rule in load(name, list[Rule]):
            _check(rule, f"{name}: {rule.id}")
            if rule.id in rules:
                raise BadResource(f"{name}: {rule.id}", "defined twice", "give it another id")
            rules[rule.id] = rule
    return tuple(sorted(rules.values(), key=lambda rule: -rule.priority))


def _check(rule: Rule, place: str) -> None:
    lexicon, metric = load_lexicon(), load_metrics().get(rule.metric)
    if metric is None:
        raise BadResource(place, f"unknown metric {rule.metric!r}", "take one of metrics.yaml")
    named = {name for side in (rule.where, rule.never) for patterns in side.values() for name in _names(patterns)}
    topics = {word_class.topic for word_class in lexicon.values()}
    unknown = (named - lexicon.keys() - YEAR_CLASSES) | (rule.topic - topics) | (rule.units - metric.units)
    unknown |= rule.part_of - load_metrics().keys()
    if unknown:
        raise BadResource(place, f"unknown class, topic or unit {sorted(unknown)}", "define it in the lexicon")


def _names(patterns: Iterable[Pattern]) -> Iterable[str]:
    return (name for pattern in patterns for choice in pattern.choices for name in choice)


def _files(folder: str) -> list[str]:
    return sorted(f"{folder}/{path.name}" for path in data_path(folder).iterdir() if path.name.endswith(".yaml"))


YEAR_CLASSES = frozenset({"YEAR_BEFORE", "YEAR_AFTER"})
"""Classes that no word list gives: a year that is before, or after, the report's own."""
