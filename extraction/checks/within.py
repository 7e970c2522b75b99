"""The narrative against itself: parts and the whole that they add up to, rates and what they are of."""

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise, takewhile

import cn2an

from extraction.checks.narrative import speaks_of_other
from extraction.numbers import Mention, find_numbers
from extraction.resources.messages import Messages
from extraction.resources.within import load_within
from extraction.schema import Check, Figure, Finding, Report

_STOP = re.compile(r"[。；;！？]|\n")
_COMMA = re.compile(r"[，,、。；;：:（）()]")
_FULL_LINE = 25
_CHANGES = ("change_rate", "change_amount")
_PERCENT = "%"
_STEM = 2
_TWO = 2
_BEFORE = 24
_CLOSE = 12
"""Characters behind a list within which words may still say that it is complete, or is not."""


@dataclass(frozen=True)
class _Number:
    """A number of a sentence, at offsets of the report's text, with the figure that it is, if any."""

    start: int
    end: int
    mention: Mention
    figure: int | None

    @property
    def value(self) -> Decimal:
        return self.mention.value


def within(report: Report, words: Messages) -> Iterator[Check | Finding]:
    """Checks of figures that one sentence ties together."""
    at = {figure.start: index for index, figure in enumerate(report.figures)}
    before: list[_Number] = []
    shared: _Number | None = None
    for start, end in _sentences(report):
        # A break of the page may stand inside a number's unit; one character for another keeps the offsets.
        text = report.text[start:end].replace("\n", " ")
        numbers = [_Number(start + m.start, start + m.end, m, at.get(start + m.start)) for m in find_numbers(text)]
        yield from _parts(report, numbers, end, words)
        shared = yield from _rates(report, start, numbers, before, words, shared)
        before = numbers


def _sentences(report: Report) -> Iterator[tuple[int, int]]:
    """The sentences of the narrative; tables are no sentences."""
    tables: dict[str, tuple[int, int]] = {}
    for cell in report.cells:
        if cell.start is not None and cell.end is not None:
            first, last = tables.get(cell.table, (cell.start, cell.end))
            tables[cell.table] = min(first, cell.start), max(last, cell.end)
    start = 0
    for stop in _STOP.finditer(report.text + "\n"):
        line = report.text[report.text.rfind("\n", 0, stop.start()) + 1 : stop.start()]
        if stop.group() == "\n" and len(line) >= _FULL_LINE and line[-1] not in "。；;：:！？":
            continue
        end = stop.start()
        if end > start and not any(first < end and start < last for first, last in tables.values()):
            yield start, end
        start = stop.end()


def _parts(report: Report, numbers: Sequence[_Number], end: int, words: Messages) -> Iterator[Check | Finding]:
    """Each number that others of its unit follow as its parts, or come before."""
    listed: set[int] = set()
    for place, whole in enumerate(numbers):
        if whole.mention.unit == _PERCENT or whole.mention.qualifier:
            continue
        behind = _run(whole, numbers[place + 1 :])
        # A part has parts of its own only where 其中 says so.
        is_part = whole.start in listed and load_within().among not in report.text[whole.end : whole.end + _STEM + 1]
        is_first = len(behind) > 1 and _is_total(report.text, behind[-2].end, behind[-1].start)
        if len(behind) > 1 and not is_part and not is_first:
            found = list(_whole(report, whole, behind, end, words))
            listed |= {number.start for number in behind} if found else set()
            yield from found
        ahead = _run(whole, numbers[:place][::-1])[::-1]
        if len(ahead) > 1 and _is_total(report.text, ahead[-1].end, whole.start):
            yield from _answer(report, whole, ahead, words, exhaustive=True)


def _run(whole: _Number, others: Sequence[_Number]) -> list[_Number]:
    """The numbers of the same unit right behind one."""
    # 「四个科室」 counts what the numbers are of.
    counted = (
        n for n in others if n.mention.unit == whole.mention.unit or n.mention.unit not in load_within().counting
    )
    return list(takewhile(lambda n: n.mention.unit == whole.mention.unit and not n.mention.qualifier, counted))


def _is_total(text: str, start: int, end: int) -> bool:
    """Whether the words between a list and a number make that its total: 「…，合计75件」, but not 「…；共收到75件」."""
    return any(text[start:end].rstrip().endswith(word) or text[start:end].endswith(f"{word}是") for word in
               load_within().total)  # fmt: skip


def _whole(report: Report, whole: _Number, run: list[_Number], end: int, words: Messages) -> Iterator[Check | Finding]:
    known, text = load_within(), report.text
    between, behind = text[whole.end : run[0].start], text[run[-1].end : min(end, run[-1].end + _CLOSE)]
    listed = between + "".join(text[a.end : b.start] for a, b in pairwise(run)) + behind
    metric = report.figures[whole.figure].metric if whole.figure is not None else None
    overlap = metric in known.overlapping
    counted = re.search(known.named, text[max(0, whole.start - _BEFORE) : whole.start] + between + behind)
    says_all = any(word in between + behind for word in known.complete) or (
        counted is not None and cn2an.cn2an(counted[1], "smart") == len(run)
    )
    is_list = len(run) > _TWO and between.strip()[:1] in known.list and not overlap
    family = _family(report, whole, run)
    if not (family or says_all or any(word in between for word in known.introduce)):
        return
    exhaustive = bool(family) or ((says_all or is_list) and not any(word in listed for word in known.more))
    yield from _answer(report, whole, family or run, words, exhaustive=exhaustive, run=run)


def _answer(
    report: Report,
    whole: _Number,
    parts: Sequence[_Number],
    words: Messages,
    *,
    exhaustive: bool,
    run: Sequence[_Number] = (),
) -> Iterator[Check | Finding]:
    sums = list(accumulate(number.value for number in run or parts))
    fitting = next((count for count, total in enumerate(sums, 1) if count > 1 and total == whole.value), 0)
    used = (run or parts)[:fitting] if fitting else parts
    total = sum((number.value for number in used), Decimal(0))
    name = f"narrative.parts:{whole.start}"
    formula = f"{' + '.join(f'{number.value:f}' for number in used)} = {whole.value:f}"
    figures = tuple(n.figure for n in (whole, *used) if n.figure is not None)
    broken = exhaustive and not fitting
    yield Check(
        id=name, check="narrative.parts", answer="holds" if fitting else "broken" if broken else "open",
        formula=formula, left=total, right=whole.value, difference=whole.value - total, figures=figures,
        basis="words",
    )  # fmt: skip
    if broken:
        first, last = min(whole.start, used[0].start), max(whole.end, used[-1].end)
        message = words.parts_differ.format(
            text=_quoted(report.text, first, last), whole=whole.mention.text, total=f"{total:f}"
        )
        yield Finding(
            id=name, check="narrative.parts", severity="warning", message=message, expected=total,
            found=whole.value, figures=figures, formula=formula, difference=whole.value - total,
        )  # fmt: skip


def _family(report: Report, whole: _Number, run: Sequence[_Number]) -> list[_Number]:
    """The parts right behind a whole that exhaust it by what they are; empty where they do not."""
    if whole.figure is None:
        return []
    for family in load_within().parts.get(report.figures[whole.figure].metric, ()):
        own = run[: len(family)]
        metrics = {report.figures[n.figure].metric for n in own if n.figure is not None}
        if metrics == set(family):
            return list(own)
    return []


def _rates(
    report: Report,
    start: int,
    numbers: Sequence[_Number],
    before: Sequence[_Number],
    words: Messages,
    shared: _Number | None,
) -> Generator[Check | Finding, None, _Number | None]:
    """Each rate of a sentence that is no growth, against the pairs of numbers that it may be of.

    :param shared: what the last rate before was of; gives that of the last one.
    """
    text, last_whole = report.text, shared
    for place, rate in enumerate(numbers):
        figure = report.figures[rate.figure] if rate.figure is not None else None
        clause = _COMMA.split(text[start : rate.start])[-1]
        if rate.mention.unit != _PERCENT or (figure and figure.metric in _CHANGES):
            continue
        if any(word in clause for word in load_within().growth) or speaks_of_other(report, rate.start):
            continue
        counts = [n for n in (*before, *numbers[:place]) if n.mention.unit != _PERCENT and not n.mention.qualifier]
        behind = [n for n in numbers[place + 1 :] if n.mention.unit != _PERCENT]
        near = [n for n in counts if n.start >= start]
        last = next((n for n in counts if last_whole and n.start == last_whole.start), None)
        pairs = [(a, b) for a in (*counts, *behind) for b in (*counts, *behind) if a is not b and _alike(a, b)]
        if last and near and _alike(near[-1], last) and any(word in clause for word in load_within().share):
            # The shares of one sentence are of one whole.
            pairs = [(near[-1], last)]
        fitting = next(((a, b) for a, b in reversed(pairs) if _is_ratio(rate.mention, a.value, b.value)), None)
        meant = fitting or _meant(report, clause, figure, rate, counts, near)
        if (
            not meant
            and last
            and near
            and _alike(near[-1], last)
            and any(word in clause for word in load_within().share)
        ):
            meant = near[-1], last
        if meant is None:
            continue
        part, whole = meant
        last_whole = whole
        real = part.value / whole.value * 100
        name = f"narrative.rate:{rate.start}"
        formula = f"{part.value:f} ÷ {whole.value:f} = {rate.mention.text}"
        figures = tuple(n.figure for n in (part, whole, rate) if n.figure is not None)
        yield Check(
            id=name, check="narrative.rate", answer="holds" if fitting else "broken", formula=formula,
            left=real, right=rate.value, difference=rate.value - real, figures=figures,
            basis="balance" if fitting else "words",
        )  # fmt: skip
        if not fitting:
            message = words.rate_differs.format(
                text=_quoted(text, min(part.start, whole.start), rate.end), rate=rate.mention.text,
                part=f"{part.value:f}", whole=f"{whole.value:f}", real=f"{real:.2f}",
            )  # fmt: skip
            yield Finding(
                id=name, check="narrative.rate", severity="warning", message=message, expected=real.quantize(
                    Decimal("0.01")), found=rate.value, figures=figures, formula=formula,
            )  # fmt: skip
    return last_whole


def _alike(part: _Number, whole: _Number) -> bool:
    return part.mention.unit == whole.mention.unit and 0 <= part.value <= whole.value and whole.value > 0


def _meant(
    report: Report,
    clause: str,
    figure: Figure | None,
    rate: _Number,
    counts: Sequence[_Number],
    near: Sequence[_Number],
) -> tuple[_Number, _Number] | None:
    """The two numbers that a rate must be of, by its metric, its name or 占; None where that is not clear."""
    known = load_within()
    metrics = {report.figures[n.figure].metric: n for n in counts if n.figure is not None}
    for part, whole in known.rates.get(figure.metric, ()) if figure else ():
        if part in metrics and whole in metrics and _alike(metrics[part], metrics[whole]):
            return metrics[part], metrics[whole]
    if any(word in clause for word in known.share) and near:
        return _shared(report.text, clause, counts, near)
    if known.rate in clause:
        stem = clause[: clause.rindex(known.rate)][-_STEM:]
        named = [n for n in near if stem in _COMMA.split(report.text[max(0, n.start - 30) : n.start])[-1]]
        others = [n for n in near if n not in named]
        if len(named) == 1 and len(others) == 1 and _alike(named[0], others[0]):
            return named[0], others[0]
    return None


def _shared(
    text: str, clause: str, counts: Sequence[_Number], near: Sequence[_Number]
) -> tuple[_Number, _Number] | None:
    """The part that 占 speaks of, which is the number right before, and its whole."""
    known, part = load_within(), near[-1]
    larger = [n for n in counts if n is not part and _alike(part, n) and n.value > part.value]
    if not larger and len(near) == _TWO and _alike(near[0], part):
        return near[0], part
    among = [n for n in larger if text.startswith(known.among, n.end + 1) and n.start >= near[0].start]
    of = clause.rpartition(known.shared)[2][:_STEM]
    named = [n for n in larger if len(of) == _STEM and of in _COMMA.split(text[max(0, n.start - 30) : n.start])[-1]]
    for found in (among, named, larger):
        if len({n.value for n in found}) == 1:
            return part, found[0]
    return None


def _is_ratio(rate: Mention, part: Decimal, whole: Decimal) -> bool:
    """Whether a rate is a ratio as it is printed, rounded or cut."""
    real = part / whole * 100
    exponent = rate.value.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) and exponent < 0 else 0)
    if rate.qualifier == "at_least":
        return real >= rate.value
    if rate.qualifier == "at_most":
        return real <= rate.value
    if rate.qualifier == "about":
        return abs(real - rate.value) < max(step, Decimal(1))
    return -step < rate.value - real <= step / 2


def _quoted(text: str, start: int, end: int) -> str:
    return "".join(text[start:end].split())
