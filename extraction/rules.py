"""Figures by rule: words around a number to the metric that it states.

spaCy finds the words of the lexicon; `extraction.resources.rules` says what a rule may ask of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.document import Sentence
from extraction.numbers import Mention, find_numbers
from extraction.resources.metrics import load_metrics
from extraction.resources.rules import Pattern, Rule, WordClass, load_lexicon, load_rules
from extraction.schema import Qualifier
from extraction.surroundings import Hit, Reader, Surroundings

_HALF_TO_FULL = str.maketrans(",;:()!?", "，；：（）！？")
_TITLE = re.compile(r"《[^《》]{13,}》")
_ANY_YEAR = re.compile(r"(20\d\d)年度?")
_HEADING_LENGTH = 25
_FORM_YEARS = {"2008": 2013, "2014": 2018, "2019": 2020, "2021": 2021}
_EARLIER = frozenset({"LAST_YEAR", "YEAR_BEFORE"})
_NEVER = frozenset({"EACH_ONE", "HOPE"})
_NOT_COUNTED = "COUNTED_BODY"
_UNRELATED = "UNRELATED"
_PLAN = "PLAN"
_NEWLY = "NEWLY"


@dataclass(frozen=True)
class Candidate:
    """A number that a rule takes for a metric; offsets point into the document's text."""

    metric: str
    value: Decimal
    unit: str | None
    qualifier: Qualifier | None
    start: int
    end: int
    section: int | None
    year: int | None
    scope: str | None
    rule: str
    confidence: float


class Rules:
    """The rules with the words they speak of, ready to run."""

    def __init__(self, lexicon: dict[str, WordClass], rules: Sequence[Rule]) -> None:
        # spaCy takes half a second to import; `--help` and the readers do without it.
        import spacy
        from spacy.matcher import PhraseMatcher

        # Characters are the tokens: the word lists decide what is a word, and no segmenter can split it otherwise.
        self._language = spacy.blank("zh")
        self._matcher = PhraseMatcher(self._language.vocab)
        for name, word_class in lexicon.items():
            self._matcher.add(name, [self._language.make_doc(term) for term in sorted(word_class.terms)])
        self._topics = {name: word_class.topic for name, word_class in lexicon.items() if word_class.topic}
        self._by_unit: dict[str, list[Rule]] = {}
        for rule in rules:
            for unit in rule.units or load_metrics()[rule.metric].units:
                self._by_unit.setdefault(unit, []).append(rule)

    @classmethod
    def load(cls) -> "Rules":
        """The rules of ``extraction/data/rules`` over the words of ``extraction/data/lexicon/classes``."""
        return cls(load_lexicon(), load_rules())

    def find(self, sentences: Iterable[Sentence], *, year: int | None, form: str | None) -> list[Candidate]:
        """The numbers that state a metric of the report's own year, in order.

        :param year: the year that the report is of; without it no number is taken for another year's.
        :param form: the report's form, which tells the time where the year is not known.
        """
        era = year or _FORM_YEARS.get(form or "", 2021)
        found: list[Candidate] = []
        topic: str | None = None
        paragraph, heading, planned = -1, False, False
        read = [(s, s.text.translate(_HALF_TO_FULL).lower()) for s in sentences]
        hits = [self._hits(text, year) for _, text in read]
        for index, (sentence, text) in enumerate(read):
            if sentence.paragraph != paragraph:
                topic, paragraph, planned = topic if heading else None, sentence.paragraph, False
            mentions = find_numbers(sentence.text)
            reader = Reader(text, mentions, hits[index], self._topics, topic)
            if not planned:
                renewed = any(
                    hit.name == _NEWLY for hit in [*hits[index], *(hits[index + 1] if index + 1 < len(hits) else ())]
                )
                found.extend(self._read(sentence, reader, found, renewed, year, era))
            topic = reader.topic_at(len(text))
            planned = planned or any(hit.name == _PLAN for hit in hits[index])
            heading = not mentions and len(text) <= _HEADING_LENGTH
        return found

    def _hits(self, text: str, year: int | None) -> list[Hit]:
        """Words of the lexicon, the longest where they overlap, and the years before and after the report's."""
        doc, names = self._language.make_doc(text), self._language.vocab.strings
        spans = [(doc[a].idx, doc[b - 1].idx + len(doc[b - 1]), names[key]) for key, a, b in self._matcher(doc)]
        if year:
            other = ((match, int(match[1]) - year) for match in _ANY_YEAR.finditer(text))
            spans += [(*m.span(), "YEAR_BEFORE" if apart < 0 else "YEAR_AFTER") for m, apart in other if apart]
        taken = bytearray(len(text))
        for title in _TITLE.finditer(text):
            taken[title.start() : title.end()] = b"\1" * len(title.group())
        hits: list[Hit] = []
        held: set[tuple[int, int]] = set()
        for start, end, name in sorted(spans, key=lambda span: (span[0], -span[1])):
            if (start, end) in held or not any(taken[start:end]):
                held.add((start, end))
                taken[start:end] = b"\1" * (end - start)
                hits.append(Hit(start, end, name))
        return sorted(hits, key=lambda hit: hit.start)

    def _read(
        self, sentence: Sentence, reader: Reader, before: Sequence[Candidate], renewed: bool, year: int | None, era: int
    ) -> Iterator[Candidate]:
        """The candidates of one sentence; ``before`` are those of the sentences before it."""
        wholes: dict[str, tuple[int, Decimal]] = {}
        for index, mention in enumerate(reader.mentions):
            around = reader.around(index)
            names = {scope: frozenset(hit.name for hit in hits) for scope, hits in around.scopes.items()}
            if _states_nothing(names):
                continue
            candidates = self._by_unit.get(mention.unit or "", ())
            rule = next((rule for rule in candidates if _holds(rule, around, names, year, era)), None)
            if (
                rule is None
                or (rule.of_figure and index and not wholes)
                or _is_part(rule, mention, around, wholes)
                or _is_running_total(rule, names, before, renewed)
            ):
                continue
            wholes[rule.metric] = (mention.end, mention.value)
            start, end = sentence.span(mention.start, mention.end)
            yield Candidate(
                rule.metric, mention.value, mention.unit, mention.qualifier, start, end, sentence.section,
                year, None, rule.id, rule.confidence,
            )  # fmt: skip


def _states_nothing(names: dict[str, frozenset[str]]) -> bool:
    """Whether the number is of a plan, an average, 12个部门, or of what the report says is none of its matter."""
    return bool(
        _PLAN in names["sentence"]
        or names["clause"] & _NEVER
        or _UNRELATED in names["onward"]
        or _NOT_COUNTED in names["next"]
    )


def _is_part(rule: Rule, mention: Mention, around: Surroundings, wholes: dict[str, tuple[int, Decimal]]) -> bool:
    """Whether the number is a part of a whole that was just stated: 不予公开9件，其中国家秘密2件."""
    stated = [wholes[metric] for metric in rule.part_of if metric in wholes]
    return any(end <= around.parting and mention.value <= value for end, value in stated)


def _is_running_total(rule: Rule, names: dict[str, frozenset[str]], before: Sequence[Candidate], renewed: bool) -> bool:
    """Whether it is a total up to the year's end: 至2019年底累计公开已有64627条, or the same after the year's own figure."""
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
