"""Figures that a table does not contradict: of a part, another time, a plan, other cases, or less than all."""

import re
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from extraction.checks.kinds import names_other, several_named
from extraction.checks.named import of_other_cases
from extraction.numbers import find_numbers
from extraction.resources.comparison import load_comparison_words
from extraction.resources.forms import Form
from extraction.schema import Figure, Report

STOP = re.compile(r"[，。；;！？\n]")
SINCE = re.compile(r"[。；;！？\n]|\d")
REACH = 80
_END = re.compile(r"[。；;！？\n]")


def is_unlike(text: str, figure: Figure, form: Form) -> bool:
    """Whether a figure counts something else than the table does: items of permits, answers that were undone."""
    known, table = load_comparison_words(), form.states[figure.metric][0][0].split(".")[0]
    undone = table in known.own_cases and re.match(known.undone, text[figure.end :])
    unlike = figure.unit in known.unlike.get(table, ()) or bool(undone)
    clause = STOP.split(text[max(0, figure.start - REACH) : figure.start])[-1]
    unless = any(word in clause for word in form.unless.get(figure.metric, ()))
    return unlike or unless or of_other_cases(text[: figure.start], table)


def speaks_of_other(report: Report, start: int) -> bool:
    """Whether the words before a number say that it is of a part of the body, of another time, or planned."""
    words, text = load_comparison_words(), report.text
    sentence = _END.split(text[max(0, start - REACH) : start])[-1]
    clause = STOP.split(sentence)[-1]
    own = f"{report.report.agency or ''}{report.report.title or ''}"
    place = words.places.match(words.timeless(clause.strip()))
    if place and place.group() not in own:
        return True
    if any(word in sentence for word in words.parts) or any(word in clause for word in words.plans):
        return True
    time = next(reversed(list(words.times.finditer(sentence))), None)
    if time is None:
        return False
    if time["span"] or time.group() in words.last_year:
        return True
    if not time[2] or report.report.year is None or int(time[2]) == report.report.year:
        return False
    # 「2022年结转的6件」 are of this year's table.
    is_carried = int(time[2]) == report.report.year - 1 and re.match(words.carried_from, sentence[time.start() :])
    return not is_carried


def is_of_several(text: str, figure: Figure) -> bool:
    """Whether the words since the number before name two parts, as two kinds of applicants."""
    since = SINCE.split(text[max(0, figure.start - REACH) : figure.start])[-1]
    clause = re.split("[：:]", STOP.split(since)[-1])[-1]
    if several_named(clause, since, figure.metric) or names_other(clause, figure.metric):
        return True
    return any(re.search(pattern, since) for pattern in (load_comparison_words().joint, load_comparison_words().topic))


def is_among(text: str, figure: Figure, others: Sequence[Figure]) -> bool:
    """Whether 其中 makes a figure a part of a larger one of its metric before it in the sentence."""
    start = max((stop.end() for stop in _END.finditer(text, 0, figure.start)), default=0)
    return any(
        start <= other.start < figure.start
        and other.value > figure.value
        and load_comparison_words().among in text[other.end : figure.start]
        for other in others
    )


def is_said_elsewhere(
    report: Report, figure: Figure, stated: Iterable[Decimal | None], *, named: Collection[int] = ()
) -> bool:
    """Whether a larger number of the sentence, that is nothing else, is what the table states: 「全市合计17件」.

    :param named: where the numbers start that words alone tie to other cells.
    """
    text = report.text
    start = max((stop.end() for stop in _END.finditer(text, 0, figure.start)), default=0)
    stop = _END.search(text, figure.end)
    clause = STOP.split(text[start : figure.start])[-1]
    narrower = any(word in clause for word in load_comparison_words().narrower)
    taken = {other.start for other in report.figures if other.metric != figure.metric and not narrower}
    taken |= set(named)
    numbers = find_numbers(text[start : stop.start() if stop else len(text)])
    others = [other for other in numbers if other.unit == figure.unit]
    values = {other.value for other in others if other.value > figure.value and start + other.start not in taken}
    # 「收到8件，答复7件，1件不再处理」
    behind = next(
        (other for other in others if start + other.start == figure.end + 1 and text[figure.end] == "，"), None
    )
    values |= {figure.value + behind.value} if behind else set()
    return any(value in values for value in stated)
