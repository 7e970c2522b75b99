"""Sentences -> the shortcomings that a report admits, by cues; measures against them are left alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import Literal

from extraction.clauses import Clause, cut
from extraction.document import Sentence
from extraction.resources.problems import Match, ProblemCues, problem_cues
from extraction.schema import Problem

Mode = Literal["outside", "list", "measures", "past"]

_PROBLEM_SECTION = 5
_UNIT_END = re.compile(r"[，,；;。：:]")
_COUNT = re.compile(r"\d\s*[^\W\d年月日]")
_BLANK = re.compile(r"[-\s*#、，,•·]+")
_SPECIFIC = 5
_PLAIN = 3
_A_LIST = 2
_VAGUE = 2


@dataclass
class _Item:
    """An item of a list: ``context`` begins what it said since its last shortcoming, ``run`` the words joined by 、.

    ``trusted`` to name a shortcoming whatever its words, unless ``doubted`` since.
    """

    number: int
    context: int
    run: int = 0
    mark: tuple[str, int] | None = None
    end: int = 0
    trusted: bool = False
    doubted: bool = False


@dataclass(frozen=True)
class _Shortcoming:
    start: int
    end: int
    match: Match
    item: int


class Problems:
    """Finds shortcomings by the cues of ``problems.yaml``."""

    def __init__(self, cues: ProblemCues) -> None:
        self._cues = cues

    @classmethod
    def load(cls) -> "Problems":
        """Read the cues; their patterns are compiled once a process."""
        return cls(problem_cues())

    def find(self, sentences: Sequence[Sentence]) -> list[Problem]:
        """Every shortcoming in the sentences of one report or passage, in order.

        Section five, and text that belongs to no section at all, is taken to list shortcomings until it turns to
        measures; elsewhere a list must announce itself.
        """
        divided = any(sentence.section is not None for sentence in sentences)
        reader = _Reader(self._cues)
        problems: list[Problem] = []
        before: Sentence | None = None
        for sentence in sentences:
            if before is None or sentence.section != before.section:
                reader.enter(listed=sentence.section == _PROBLEM_SECTION or not divided)
            elif sentence.paragraph != before.paragraph:
                reader.next_paragraph()
            before = sentence
            for found in reader.read(sentence.text):
                start, end = sentence.span(found.start, found.end)
                confidence = min(0.95, 0.45 + 0.07 * found.match.weight + (0.1 if reader.listing else 0.0))
                text = sentence.text[found.start : found.end]
                kind, rule = found.match.type, found.match.rule
                problems.append(
                    Problem(type=kind, text=text, start=start, end=end, confidence=round(confidence, 2), rule=rule)
                )
        return problems


class _Reader:
    """Reads sentence after sentence and keeps in mind whether the text lists shortcomings or measures."""

    def __init__(self, cues: ProblemCues) -> None:
        self._cues = cues
        self._default: Mode = "outside"
        self._mode: Mode = "outside"
        self._announced = False
        self._named = 0
        self._new_paragraph = False
        self._problem_mark: tuple[str, int] | None = None
        self._recounted = False
        self._opened = False

    def enter(self, *, listed: bool) -> None:
        """Begin a section, or text without sections, that is taken to list shortcomings or not."""
        self._default = "list" if listed else "outside"
        self._mode, self._announced, self._problem_mark, self._named = self._default, False, None, 0

    @property
    def listing(self) -> bool:
        """Whether the text said that shortcomings follow, or has named some already."""
        return self._announced or self._named >= _A_LIST

    def next_paragraph(self) -> None:
        """Begin a paragraph of the same section."""
        self._new_paragraph = True

    def read(self, text: str) -> list[_Shortcoming]:
        """The shortcomings of a sentence; offsets are into ``text``."""
        clauses = list(cut(text))
        if self._new_paragraph and self._default == "outside" and clauses and not clauses[0].mark:
            self._mode = "outside"
        self._new_paragraph = False
        if past := self._cues.past.search(text):
            later = [clause for clause in clauses if clause.start > past.start()]
            back = list(dropwhile(lambda clause: not self._cues.still.match(text, clause.start), later))
            self._mode = "list" if back else "past" if len(clauses) == 1 else self._mode
            clauses = back
        masked = self._cues.mask(text)
        found: list[_Shortcoming] = []
        item = _Item(0, 0)
        for clause in clauses:
            if clause.first:
                found += self._on_trust(masked, item)
                item = _Item(item.number + 1, clause.start, clause.start, clause.mark)
                self._count(clause.mark)
            start, end = self._turn(text, clause)
            if start > clause.start:
                item.context = item.run = start
            elif not clause.listed:
                item.run = start
            opened = start > clause.start or self._opened
            self._opened = start >= clause.end
            item.trusted |= opened or (clause.first and self.listing and (item.mark is not None or item.number > 1))
            if self._mode == "list":
                found = self._read_clause(text, masked, replace(clause, start=start, end=end), item, found)
            if end < clause.end:
                self._mode, self._recounted = "measures", False
            elif self._mode != "list":
                item.doubted = True
        found += self._on_trust(masked, item)
        return [trimmed for one in found if (trimmed := self._trimmed(text, one))]

    def _read_clause(
        self, text: str, masked: str, clause: Clause, item: _Item, found: list[_Shortcoming]
    ) -> list[_Shortcoming]:
        """``found`` with the shortcoming that a clause of a list names, if it does."""
        if self._set_aside(text, clause):
            item.doubted = True
            return found
        item.end = clause.end
        item.doubted |= self._cues.positive.search(text[clause.start : clause.end]) is not None
        if not self._cues.deficient(masked[clause.start : clause.end], announced=self.listing):
            return found
        if not self.listing and _COUNT.search(text, clause.start, clause.end):
            return found
        shortcoming = self._typed(masked, clause, item, found[-1] if found else None)
        if shortcoming is None:
            return found
        item.context = item.run = clause.end
        item.doubted = True
        self._named += 1
        self._problem_mark = item.mark or self._problem_mark
        return self._joined(text, found, shortcoming)

    def _on_trust(self, masked: str, item: _Item) -> list[_Shortcoming]:
        """An item of an announced list that no deficiency was found in is one all the same, by what it is about."""
        if not item.trusted or item.doubted or item.end <= item.context:
            return []
        match = self._cues.best(masked[item.context : item.end], trusted=True)
        if match is None or match.weight < _PLAIN:
            return []
        self._problem_mark = item.mark or self._problem_mark
        return [_Shortcoming(item.context, item.end, match, item.number)]

    def _count(self, mark: tuple[str, int] | None) -> None:
        """A list mark that goes on counting the shortcomings after a measure names the next of them."""
        if mark is None or self._mode != "measures" or self._problem_mark is None:
            return
        style, number = self._problem_mark
        if mark == (style, number + 1) and not self._recounted:
            self._mode = "list"
        elif mark[0] == style:
            self._recounted = True

    def _turn(self, text: str, clause: Clause) -> tuple[int, int]:
        """Follow the text from the shortcomings to the measures or back; gives what is left of the clause between."""
        cues, said = self._cues, text[clause.start : clause.end]
        stop = text[clause.end : clause.end + 1]
        measures = cues.measures_start.match(said) or cues.measures.search(said)
        if self._named and not measures:
            measures = cues.afterwards.match(said)
        opener = cues.openers.search(said)
        if not opener and stop and stop in "：:":
            opener = cues.opener_ends.search(said)
        if not opener and stop in "：:。":
            opener = cues.opener_alone.search(said)
            measures = measures or cues.measures_alone.search(said)
        acted_on = opener and cues.acted_on.search(said, 0, opener.end())
        if opener and not acted_on and not (measures and measures.start() < opener.start()):
            self._mode, self._announced, self._recounted = "list", True, False
            at = opener.end()
            while tail := cues.opener_tail.match(said, at):
                at = tail.end()
            return clause.start + at, clause.end
        if cues.closers.search(said):
            self._mode = "outside"
        elif measures and measures.start() and self._mode == "list":
            return clause.start, clause.start + measures.start()
        elif (measures or opener) and self._mode in ("list", "past"):
            self._mode, self._recounted = "measures", False
        return clause.start, clause.end

    def _set_aside(self, text: str, clause: Clause) -> bool:
        """Whether the clause only deals with a shortcoming, or is modest in general."""
        unit_end = _UNIT_END.search(text, clause.end)
        unit = text[clause.unit : unit_end.start() if unit_end else len(text)]
        said = text[clause.start : clause.end]
        action = self._cues.actions.match(said)
        called_for = action is not None and not self._cues.complaints.search(said, action.end())
        return called_for or bool(self._cues.dealt_with.search(unit) or self._cues.general.search(said))

    def _typed(self, masked: str, clause: Clause, item: _Item, last: _Shortcoming | None) -> _Shortcoming | None:
        """The type by the clause itself, by what the item said before it, or by the shortcoming that it carries on."""
        start = item.run if clause.listed else max(clause.start, item.run)
        match = self._cues.best(masked[start : clause.end])
        consequence = self._cues.consequences.match(masked, start)
        if consequence and (match is None or match.weight < _SPECIFIC):
            return None
        same = last is not None and last.item == item.number
        more = self._cues.elaborations.match(masked, start)
        if last and same and (match is None or match.weight <= _VAGUE or more):
            return replace(last, start=start, end=clause.end)
        if match is None or match.weight <= _PLAIN:
            match = self._cues.best(masked[item.context : clause.end]) or match
        return _Shortcoming(start, clause.end, match, item.number) if match else None

    def _joined(self, text: str, found: list[_Shortcoming], new: _Shortcoming) -> list[_Shortcoming]:
        """One mark of neighbouring clauses of one type within an item; a clause that gives a cause begins anew."""
        last = found[-1] if found else None
        if (
            last
            and last.item == new.item
            and last.match.type == new.match.type
            and not self._cues.causes.match(text, new.start)
        ):
            return [*found[:-1], replace(last, end=new.end)]
        return [*found, new]

    def _trimmed(self, text: str, found: _Shortcoming) -> _Shortcoming | None:
        """The mark without the words before and after that do not name the shortcoming."""
        start, end = found.start, found.end
        while start < end and (skipped := self._cues.leading.match(text, start) or _BLANK.match(text, start)):
            start = skipped.end()
        said = text[start:end].rstrip()
        tail = self._cues.trailing.search(said)
        end = start + len(said[: tail.start()] if tail else said)
        return replace(found, start=start, end=end) if end > start else None
