"""Figures by rule: words around a number to the metric that it states.

`extraction.words` finds the words of the lexicon, `extraction.surroundings` says where they stand from a number, and
`extraction.resources.rules` what a rule may ask of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extraction.candidates import Candidate
from extraction.document import Sentence
from extraction.numbers import Mention, find_numbers
from extraction.resources.metrics import load_metrics
from extraction.resources.rules import Pattern, Rule, load_lexicon, load_rules
from extraction.surroundings import Reader, Surroundings
from extraction.words import Hit, Words

_NORMAL = str.maketrans(",;:()!?ABCDEFGHIJKLMNOPQRSTUVWXYZ", "，；：（）！？abcdefghijklmnopqrstuvwxyz")
_ANYTHING = frozenset({""})
_HEADING_LENGTH = 25
_FORM_YEARS = {"2008": 2013, "2014": 2018, "2019": 2020, "2021": 2021}
_EARLIER = frozenset({"LAST_YEAR", "YEAR_BEFORE"})
_COMPARED = _EARLIER | {"COMPARE"}
_NEVER = frozenset({"EACH_ONE", "HOPE"})
_NOT_COUNTED = "COUNTED_BODY"
_UNRELATED = "UNRELATED"
_NONE, _NOT_ONE = "NONE", "NOT_ONE"
_GROWN = "GROWN_TO"
_PART_BODY, _WHOLE_BODY = "PART_BODY", "WHOLE_BODY"
_PARTS = frozenset({_PART_BODY, "BRANCHES"})
_TASK = "TASK"
_SUM = "SUM"
_SUMMING = frozenset({_SUM, "FILLER", "CUMULATIVE", _WHOLE_BODY})
_PLAN = "PLAN"
_NEWLY = "NEWLY"


class Rules:
    """The rules with the words they speak of, ready to run."""

    def __init__(self, words: Words, rules: Sequence[Rule]) -> None:
        self._words = words
        self._by_unit: dict[str, list[tuple[frozenset[str], Rule]]] = {}
        for rule in rules:
            for unit in rule.units or load_metrics()[rule.metric].units:
                self._by_unit.setdefault(unit, []).append((_anchor(rule), rule))

    @classmethod
    def load(cls) -> "Rules":
        """The rules of ``extraction/data/rules`` over the words of ``extraction/data/lexicon/classes``."""
        return cls(Words(load_lexicon()), load_rules())

    def find(self, sentences: Iterable[Sentence], *, year: int | None, form: str | None) -> list[Candidate]:
        """The numbers that state a metric of the report's own year, in order.

        :param year: the year that the report is of; without it no number is taken for another year's.
        :param form: the report's form, which tells the time where the year is not known.
        """
        era = year or _FORM_YEARS.get(form or "", 2021)
        found: list[Candidate] = []
        topic: str | None = None
        paragraph, heading, planned = -1, False, False
        sentences = [*sentences]
        texts = [sentence.text.translate(_NORMAL) for sentence in sentences]
        words = self._words.find(texts, year=year)
        for sentence, text, hits, next_hits in zip(sentences, texts, words, [*words, []][1:], strict=True):
            if sentence.paragraph != paragraph:
                topic, paragraph, planned = topic if heading else None, sentence.paragraph, False
            mentions = find_numbers(sentence.text)
            reader = Reader(text, mentions, hits, self._words.topics, topic)
            if mentions and not planned:
                renewed = any(hit.name == _NEWLY for hit in (*hits, *next_hits))
                found.extend(self._read(sentence, reader, found, renewed, year, era))
            topic = reader.topic_at(len(text))
            planned = planned or any(hit.name == _PLAN for hit in hits)
            heading = not mentions and len(text) <= _HEADING_LENGTH
        return [candidate for candidate in found if not _in_whole(candidate, found)]

    def _read(
        self, sentence: Sentence, reader: Reader, before: Sequence[Candidate], renewed: bool, year: int | None, era: int
    ) -> list[Candidate]:
        """The candidates of one sentence; ``before`` are those of the sentences before it."""
        found: list[Candidate] = []
        wholes: dict[str, Mention] = {}
        other = False
        for index, mention in enumerate(reader.mentions):
            around = reader.around(index)
            names = {scope: frozenset(hit.name for hit in hits) for scope, hits in around.scopes.items()}
            if _states_nothing(names):
                continue
            seen = names["sentence"] | names["after"] | names["onward"] | names["left"] | _ANYTHING
            candidates = (rule for anchor, rule in self._by_unit.get(mention.unit or "", ()) if anchor & seen)
            rule = next((rule for rule in candidates if _holds(rule, around, names, year, era)), None)
            if parts := _summed(found, mention, names["left"]):
                start, end = sentence.span(mention.start, mention.end)
                found.append(replace(parts, value=mention.value, start=start, end=end, scope=None))
                continue
            other = other or not (rule or names["left"] & _COMPARED)
            if (
                rule is None
                or (rule.of_figure and other and not wholes)
                or _is_part(rule, mention, around, wholes)
                or _is_running_total(rule, names, before, renewed or str(year) in reader.text[mention.end :])
            ):
                continue
            start, end = sentence.span(mention.start, mention.end)
            candidate = Candidate(
                rule.metric, mention.value, mention.unit, mention.qualifier, start, end, sentence.section,
                year, _scope(reader.text, around), rule.id, rule.confidence,
            )  # fmt: skip
            if not _in_whole(candidate, (*before, *found)):
                wholes[rule.metric] = mention
                found.append(candidate)
        return found


def _anchor(rule: Rule) -> frozenset[str]:
    """Classes of which one must stand in the sentence for the rule to hold; it saves asking most rules."""
    patterns = next(iter(rule.where.values()), ())
    return frozenset[str]().union(*(pattern.choices[0] for pattern in patterns)) or _ANYTHING


def _states_nothing(names: dict[str, frozenset[str]]) -> bool:
    """Whether it is a plan, an average, a past value, 没有一件, 一条也没有, 12个部门, a task or set apart."""
    return bool(
        _PLAN in names["sentence"]
        or names["left"] & _NEVER
        or _NONE in names["near"]
        or _NOT_ONE in names["next"]
        or _GROWN in names["next"]
        or _UNRELATED in names["rest"]
        or _NOT_COUNTED in names["next"]
        or _TASK in names["near"] | names["next"]
    )


def _is_part(rule: Rule, mention: Mention, around: Surroundings, wholes: dict[str, Mention]) -> bool:
    """Whether the number is a part of a whole that was just stated: 不予公开9件，其中国家秘密2件."""
    stated = [wholes[metric] for metric in rule.part_of if metric in wholes]
    return any(
        mention.value <= whole.value
        and (whole.end <= around.parting or (whole.end <= around.listing and mention.unit == whole.unit))
        for whole in stated
    )


def _scope(text: str, around: Surroundings) -> str | None:
    """The part of the body that the number is of: 市本级受理5件; None where the words name the whole as well.

    各部门 is a part only beside another one: 市本级收到2件，各部门收到8件.
    """
    named = _PARTS if any(hit.name == _PART_BODY for hit in around.scopes["sentence"]) else {_PART_BODY}
    parts = [hit for hit in around.scopes["left"] if hit.name in named]
    if len({hit.name for hit in parts}) > 1:
        return None
    if not parts or any(hit.name == _WHOLE_BODY for hit in around.scopes["left"]):
        return None
    return text[parts[0].start : parts[0].end]


def _in_whole(part: Candidate, candidates: Iterable[Candidate]) -> bool:
    """Whether it is of a part of the body, and the figure of the whole is stated as well."""
    return part.scope is not None and any(
        c.metric == part.metric and not c.scope and c.value >= part.value for c in candidates
    )


def _summed(found: Sequence[Candidate], mention: Mention, left: frozenset[str]) -> Candidate | None:
    """The last part of the body that the number is the sum of: 县本级收到2件，各乡镇收到8件，合计10件."""
    last = found[-1] if found and found[-1].scope and _SUM in left <= _SUMMING else None
    return last if last and last.unit == mention.unit and last.value <= mention.value else None


def _is_running_total(rule: Rule, names: dict[str, frozenset[str]], before: Sequence[Candidate], renewed: bool) -> bool:
    """Whether it is a total up to a day: 至2019年底累计公开已有900条, or the same next to the year's own figure."""
    if rule.running or not ("UP_TO" in names["reach"] and "CUMULATIVE" in names["reach"]):
        return False
    return renewed or "ALREADY" in names["reach"] or any(candidate.metric == rule.metric for candidate in before)


def _holds(rule: Rule, around: Surroundings, names: dict[str, frozenset[str]], year: int | None, era: int) -> bool:
    """Whether all that the rule asks for stands around the number, and nothing that it forbids."""
    if (rule.before_year and era >= rule.before_year) or (rule.from_year and era < rule.from_year):
        return False
    if rule.topic and not rule.topic & around.topics:
        return False
    if not rule.earlier and (names["left"] & _EARLIER or (year and around.year and around.year != year)):
        return False
    if not rule.running and "SINCE" in names["reach"]:
        return False
    if not all(_any(patterns, around.scopes[scope], names[scope]) for scope, patterns in rule.where.items()):
        return False
    return not any(_any(patterns, around.scopes[scope], names[scope]) for scope, patterns in rule.never.items())


def _any(patterns: Iterable[Pattern], hits: Sequence[Hit], names: frozenset[str]) -> bool:
    return any(
        all(choice & names for choice in pattern.choices) and (not pattern.ordered or _in_order(pattern, hits))
        for pattern in patterns
    )


def _in_order(pattern: Pattern, hits: Sequence[Hit]) -> bool:
    place = 0
    for choice in pattern.choices:
        place = next((hit.end for hit in hits if hit.start >= place and hit.name in choice), -1)
        if place < 0:
            return False
    return True
