"""The cues by which shortcomings are known: ``problems.yaml``, compiled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator

from extraction.errors import BadResource
from extraction.resources.files import Resource, load

_FILE = "problems.yaml"
_LONGEST_WORD = 80
_GROUP = re.compile(r"(?<!P)<([a-z]+)>")
_ALWAYS: tuple["Deficiency", ...] = ("lacking", "needs", "slow", "uneven")

ProblemType = Literal[
    "staff_shortage", "staff_turnover", "staff_capability", "awareness", "timeliness", "content_quality",
    "interpretation", "channels", "platform", "institution", "application_handling", "supervision",
    "publicity_interaction", "standardisation",
]  # fmt: skip
PROBLEM_TYPES: tuple[str, ...] = get_args(ProblemType)
Deficiency = Literal["lacking", "needs", "absent", "slow", "uneven", "skewed", "terse"]


def _checked(words: tuple[str, ...]) -> tuple[str, ...]:
    for word in words:
        if len(word) > _LONGEST_WORD:
            raise ValueError(f"longer than {_LONGEST_WORD} characters: {word}")
        if word.isalnum():
            continue
        try:
            re.compile(_GROUP.sub("", word))
        except re.error as error:
            raise ValueError(f"no regular expression ({error}): {word}") from error
    return words


class Cue(Resource):
    """An object with the deficiencies that may be said of it, or a phrase that says both.

    A ``listed`` one says nothing bad by itself and counts only in a list that announces itself as one of shortcomings.
    """

    object: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    deficiency: tuple[Deficiency, ...] = ("lacking", "needs", "slow", "uneven", "skewed", "terse")
    words: tuple[str, ...] = ()
    weight: Annotated[int, Field(ge=1, le=9)]
    listed: bool = False
    finds: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()

    _words = field_validator("object", "phrase", "words")(_checked)


class TypeCues(Resource):
    """The cues of one type of problem."""

    name: str
    cues: tuple[Cue, ...]


class ProblemFile(Resource):
    """``problems.yaml`` as it is written; its head says what each list is for."""

    openers: tuple[str, ...]
    opener_ends: tuple[str, ...]
    opener_alone: tuple[str, ...]
    acted_on: tuple[str, ...]
    opener_tails: tuple[str, ...]
    measures_start: tuple[str, ...]
    measures_alone: tuple[str, ...]
    measures: tuple[str, ...]
    afterwards: tuple[str, ...]
    closers: tuple[str, ...]
    past: tuple[str, ...]
    still: tuple[str, ...]
    dealt_with: tuple[str, ...]
    actions: tuple[str, ...]
    complaints: tuple[str, ...]
    positive: tuple[str, ...]
    general: tuple[str, ...]
    consequences: tuple[str, ...]
    elaborations: tuple[str, ...]
    causes: tuple[str, ...]
    leading: tuple[str, ...]
    trailing: tuple[str, ...]
    masks: tuple[str, ...]
    groups: dict[str, tuple[str, ...]]
    deficiencies: dict[Deficiency, tuple[str, ...]]
    types: dict[ProblemType, TypeCues]

    @field_validator("*")
    @classmethod
    def _compilable(cls, value: object) -> object:
        if isinstance(value, tuple):
            _checked(value)
        return value


@dataclass(frozen=True)
class Match:
    """What a cue found in a clause: where the object and the deficiency stand, the phrase counting as both."""

    type: str
    rule: str
    weight: int
    start: int
    end: int
    gap: int


@dataclass(frozen=True)
class _Compiled:
    type: str
    rule: str
    weight: int
    listed: bool
    object: re.Pattern[str] | None
    phrase: re.Pattern[str] | None
    words: re.Pattern[str] | None
    deficiency: tuple[Deficiency, ...]


class ProblemCues:
    """The compiled cues; the patterns of the file by their names are attributes."""

    def __init__(self, file: ProblemFile) -> None:
        if missing := sorted(set(PROBLEM_TYPES) - set(file.types)):
            raise BadResource(f"{_FILE}: types", f"no cues for {missing}", "add them")
        self.openers, self.acted_on = _pattern(file.openers), _pattern(file.acted_on)
        self.opener_ends, self.opener_alone = _pattern(file.opener_ends), _pattern(file.opener_alone)
        self.measures_alone, self.positive = _pattern(file.measures_alone), _pattern(file.positive)
        self.actions, self.complaints = _pattern(file.actions), _pattern(file.complaints)
        self.opener_tail = _pattern(file.opener_tails)
        self.measures_start, self.measures = _pattern(file.measures_start), _pattern(file.measures)
        self.closers, self.afterwards, self.still = map(_pattern, (file.closers, file.afterwards, file.still))
        self.past, self.dealt_with, self.general = map(_pattern, (file.past, file.dealt_with, file.general))
        self.consequences, self.causes = _pattern(file.consequences), _pattern(file.causes)
        self.elaborations = _pattern(file.elaborations)
        self.leading, self.trailing, self._masks = map(_pattern, (file.leading, file.trailing, file.masks))
        self._deficiencies = {name: _pattern(words) for name, words in file.deficiencies.items()}
        self._cues = [
            _Compiled(
                kind,
                f"{kind}.{number}",
                cue.weight,
                cue.listed,
                _pattern(cue.object, file.groups) if cue.object else None,
                _pattern(cue.phrase, file.groups) if cue.phrase else None,
                _pattern(cue.words, file.groups) if cue.words else None,
                tuple(cue.deficiency),
            )
            for kind, cues in file.types.items()
            for number, cue in enumerate(cues.cues, start=1)
        ]
        self._cues.sort(key=lambda cue: -cue.weight)
        cues = [cue for type_cues in file.types.values() for cue in type_cues.cues]
        listed = (
            *(word for words in file.deficiencies.values() for word in words),
            *(w for cue in cues for w in cue.phrase),
        )
        plain = (word for name in _ALWAYS for word in file.deficiencies[name])
        self._said_in_list = _pattern(listed, file.groups)
        self._said = _pattern((*plain, *(w for cue in cues if not cue.listed for w in cue.phrase)), file.groups)

    def mask(self, text: str) -> str:
        """``text`` with the turns that only look like a deficiency blotted out, its length kept."""
        return self._masks.sub(lambda match: "〓" * len(match.group()), text)

    def deficient(self, clause: str, *, announced: bool) -> bool:
        """Whether a masked clause says anything deficient; less is enough in an ``announced`` list of shortcomings."""
        if (self._said_in_list if announced else self._said).search(clause):
            return True
        return any(
            cue.object and cue.words and cue.words.search(clause) and cue.object.search(clause)
            for cue in self._cues
            if announced or not cue.listed
        )

    def best(self, clause: str, *, trusted: bool = False) -> Match | None:
        """The heaviest cue of a masked clause; of equally heavy ones that whose object is nearest its deficiency.

        ``trusted`` takes the last object of a clause for deficient though no word says so.
        """
        lacks = {name: list(pattern.finditer(clause)) for name, pattern in self._deficiencies.items()}
        best: Match | None = None
        for cue in self._cues:
            if best and cue.weight < best.weight:
                break
            match = self._match(cue, clause, lacks, trusted)
            if match and (best is None or match.gap < best.gap):
                best = match
        return best

    @staticmethod
    def _match(
        cue: _Compiled, clause: str, lacks: dict[Deficiency, list[re.Match[str]]], trusted: bool
    ) -> Match | None:
        if cue.phrase and (phrase := cue.phrase.search(clause)):
            return Match(cue.type, cue.rule, cue.weight, phrase.start(), phrase.end(), 0)
        objects = list(cue.object.finditer(clause)) if cue.object else []
        if not objects:
            return None
        if trusted and "lacking" in cue.deficiency:
            last = objects[-1]
            return Match(cue.type, cue.rule, cue.weight, last.start(), last.end(), len(clause) - last.end())
        said = [lack for name in cue.deficiency for lack in lacks[name]]
        said += lacks["absent"] if "lacking" in cue.deficiency else []
        said += list(cue.words.finditer(clause)) if cue.words else []
        pairs = [(_gap(thing, lack), thing, lack) for thing in objects for lack in said]
        if not pairs:
            return None
        gap, thing, lack = min(pairs, key=lambda pair: pair[0])
        return Match(
            cue.type, cue.rule, cue.weight, min(thing.start(), lack.start()), max(thing.end(), lack.end()), gap
        )


def _gap(thing: re.Match[str], lack: re.Match[str]) -> int:
    """Characters between object and deficiency; a deficiency that comes first counts as farther."""
    return lack.start() - thing.end() if thing.start() <= lack.start() else thing.start() - lack.end() + 4


def _pattern(words: tuple[str, ...], groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> re.Pattern[str]:
    pattern = "|".join(f"(?:{word})" for word in words)
    return re.compile(_GROUP.sub(lambda name: f"(?:{'|'.join(groups[name[1]])})", pattern))


@cache
def problem_file() -> ProblemFile:
    """The file as it is written, read once."""
    return load(_FILE, ProblemFile)


@cache
def problem_cues() -> ProblemCues:
    """The compiled cues, read once."""
    return ProblemCues(problem_file())
