"""The narrative against itself: parts and the whole that they add up to, rates and what they are of."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from extraction.checks.parts import Sum, sums
from extraction.checks.rates import Rate, rates
from extraction.checks.stretches import Number, Stretch
from extraction.resources.messages import Messages
from extraction.resources.within import load_within
from extraction.schema import Check, Finding, Report, Severity

_SURE = 0.9
_PLACES = 2


def within(report: Report, words: Messages, prose: Sequence[Stretch]) -> Iterator[Check | Finding]:
    """A check for every whole with its parts and every rate of two numbers; those that are broken with a finding."""
    for stretch in prose:
        found = list(sums(stretch))
        wholes = set[int]()
        for each in found:
            again = each.whole.start in wholes
            wholes.add(each.whole.start)
            yield from _of_parts(report, stretch, each, words, again=again)
        for rate in rates(stretch, found):
            yield from _of_rate(report, stretch, rate, words)


def _of_parts(
    report: Report, stretch: Stretch, found: Sum, words: Messages, *, again: bool
) -> Iterator[Check | Finding]:
    whole, parts, total = found.whole, found.parts, found.total
    name = f"narrative.parts{f':{found.kind}' if again else ''}:{stretch.place(whole.start)}"
    formula = f"{' + '.join(_plain(part.value) for part in parts)} = {_plain(whole.value)}"
    figures = tuple(n.figure for n in (whole, *parts) if n.figure is not None)
    yield Check(
        id=name, check="narrative.parts", answer=found.answer, formula=formula, left=total, right=whole.value,
        difference=whole.value - total, figures=figures, basis=found.basis,
    )  # fmt: skip
    if found.answer == "broken":
        quoted = _quoted(stretch, (whole, *parts))
        yield Finding(
            id=name, check="narrative.parts", severity=_severity(report, (whole, *parts), family=bool(found.kind)),
            message=words.parts_differ.format(text=quoted, whole=whole.text, total=_plain(total)), expected=total,
            found=whole.value, figures=figures, formula=formula, difference=whole.value - total,
        )  # fmt: skip


def _of_rate(report: Report, stretch: Stretch, found: Rate, words: Messages) -> Iterator[Check | Finding]:
    part, whole, rate = found.part, found.whole, found.rate
    exponent = rate.value.as_tuple().exponent
    places = max(_PLACES, 1 - exponent) if isinstance(exponent, int) else _PLACES
    real = (part.value / whole.value * 100).quantize(Decimal(1).scaleb(-places))
    name = f"narrative.rate:{stretch.place(rate.start)}"
    formula = f"{_plain(part.value)} ÷ {_plain(whole.value)} = {rate.text}"
    figures = tuple(n.figure for n in (part, whole, rate) if n.figure is not None)
    yield Check(
        id=name, check="narrative.rate", answer=found.answer, formula=formula, left=real, right=rate.value,
        difference=rate.value - real, figures=figures, basis=found.basis,
    )  # fmt: skip
    if found.answer == "broken":
        numbers = (part, whole, rate)
        message = words.rate_differs.format(
            text=_quoted(stretch, numbers), part=_plain(part.value), whole=_plain(whole.value), real=_plain(real),
            rate=rate.text,
        )  # fmt: skip
        named = rate.metric in load_within().rates
        yield Finding(
            id=name, check="narrative.rate", severity=_severity(report, numbers, family=named), message=message,
            expected=real, found=rate.value, figures=figures, formula=formula, difference=rate.value - real,
        )  # fmt: skip


def _severity(report: Report, numbers: Sequence[Number], *, family: bool) -> Severity:
    """An error where all are figures of one family in one sentence, each found by the model and the rules."""
    figures = [report.figures[n.figure] for n in numbers if n.figure is not None]
    sure = len(figures) == len(numbers) and all(f.source == "both" and f.confidence >= _SURE for f in figures)
    return "error" if family and sure and len({n.sentence for n in numbers}) == 1 else "warning"


def _plain(value: Decimal) -> str:
    """A number without zeros behind its last digit: 22700, 97.6."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quoted(stretch: Stretch, numbers: Sequence[Number]) -> str:
    """The report's words from the first to the last of these numbers."""
    first, end = min(numbers, key=lambda n: n.start), max(n.end + len(n.after) for n in numbers)
    return "".join(stretch.text[first.start - len(first.before) : end].split("\n")).strip()
