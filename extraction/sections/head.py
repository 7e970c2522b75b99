"""The head of a report: title, agency, region, year, period and publication."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import PurePath

from extraction.document import Document
from extraction.resources.agencies import agencies, places
from extraction.resources.sections import HeadWords, section_words
from extraction.schema import Head, Section
from extraction.sections.headings import CHINESE_DIGITS, SENTENCE, filled_lines, small_number

_YEAR = re.compile(r"((?:19|20)\d\d|二[〇○零Oo0]{1}[一二三四五六七八九〇○零Oo0]{2})(?=年|\D)")
_DATE = r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?"
_WRITTEN_DATE = re.compile(
    r"([二〇○零一三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_DAY = r"\d{1,2}[月./-]\d{1,2}"
_SHORT_END = re.compile(rf"(?P<first>(?P<year>\d{{4}})[年./-]{_DAY}日?)(?P<to>\D{{1,3}})(?P<day>{_DAY}(?!\d))")
_NO_DASHES = dict.fromkeys(map(ord, "-—–~～－─,，"))
_REPORTING = range(1990, 2100)
_FULL_LINE = 24
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]$")
_TITLE_SPACE = re.compile(r"(?<=[^\x00-\xff])\s+|\s+(?=[^\x00-\xff])")
_SEPARATORS = re.compile(r"[|>›»_》]| - |--|——")
_DASH = re.compile("[-—–－]")
_EDGES = re.compile(r"^[\W_的]+|[\W_的]+$")
_YEAR_WORD = re.compile("^年?度?的?")


@dataclass(frozen=True)
class _Title:
    """A report's title taken apart; ``name`` is what is left of it beside the year and the words of the form."""

    text: str
    name: str
    year: int | None
    score: float


def read_head(document: Document, sections: Sequence[Section], file_name: str | None = None) -> Head:
    """Read title, agency, region, year, period and publication date; a document that is no report gives Nones.

    ``file_name`` is asked for agency and year only where the text does not tell them.
    """
    words = section_words().head
    text = _plain(document.text)
    start = sections[0].start if sections else min(len(document.text), 2000)
    above = [line.text[: start - line.start].strip() for line in filled_lines(document) if line.start < start]
    pieces = _SEPARATORS.split(_plain(document.title or ""))
    carried = list(_titles(pieces, words))
    own = {_tight(_plain(title.text)) for title in carried}
    # A page may list the reports of other bodies above its own.
    titles = [
        replace(title, score=title.score + (_tight(_plain(title.text)) in own))
        for title in (*_titles(above, words), *carried)
    ]
    best = max(titles, key=lambda title: title.score, default=None)
    if best is None and len({s.number for s in sections} - {None}) < 3:
        return Head()
    stem = next(iter(_titles([PurePath(file_name or "").stem], words)), None)
    opening = _plain("\n".join(above))
    period = _period(opening, words) or _period(text[:5000], words)
    tail = [line.text.strip() for line in filled_lines(document) if sections and line.start > sections[-1].start][-12:]
    year = (best.year if best else None) or (period[1].year if period else None) or (stem.year if stem else None)
    published = _published(above, tail, words, year)
    if year is None:
        year = _counted_year(text, published)
    agency = _agency(best, stem, opening, tail, _unbroken(text), pieces, words)
    return Head(
        title=best.text if best else None,
        agency=agency,
        region=places().region(agency) if agency else None,
        year=year,
        period=period,
        published=published,
    )


def dated_titles(document: Document) -> Iterator[tuple[int, str]]:
    """Offset and text of each line that is by itself the title of a report of a year."""
    words = section_words().head
    for line in filled_lines(document):
        if line.text.strip(' *#》”"').endswith(words.kinds) and (title := _title([line.text], words)) and title.year:
            yield line.start, _tight(title.text)


def _plain(text: str) -> str:
    """Full-width digits and brackets as ASCII ones."""
    return unicodedata.normalize("NFKC", text)


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _unbroken(text: str) -> str:
    """A text without spaces whose lines end only where a short line or a full stop does, not where the page is full."""
    lines = map(_tight, text.split("\n"))
    return "".join(line if len(line) > _FULL_LINE and line[-1].isalnum() else line + "\n" for line in lines)


def _titles(lines: Sequence[str], words: HeadWords) -> Iterator[_Title]:
    """Every line, or two or three lines together, that may be the report's title."""
    for at in range(len(lines)):
        for size in (1, 2, 3):
            window = lines[at : at + size]
            if len(window) == size and (title := _title(window, words)):
                yield title


def _title(window: Sequence[str], words: HeadWords) -> _Title | None:
    printed = _TITLE_SPACE.sub("", " ".join(window).strip(' *#《》“”"'))
    text = _tight(_plain(printed))
    bare = _reordered(words.closing.sub("", _BRACKETED.sub("", text)).rstrip("》"), words)
    topics = [match.start() for topic in words.topics for match in re.finditer(topic, bare)]
    if len(bare) > 60 or not topics or not bare.endswith(words.kinds) or SENTENCE.search(bare):
        return None
    if _SEPARATORS.search(bare) or any(word in bare for word in words.site):
        return None
    # 「2022年度…报告（2023年1月发布）」: a year in brackets behind the title counts where there is no other.
    years = [(m.start(), m.end(), _year(m.group())) for m in _YEAR.finditer(bare)]
    in_brackets = [_year(m.group()) for m in _YEAR.finditer(text)]
    before = bare[: min(topics)]
    for start, end, _ in reversed(years):
        if end <= len(before):
            before = before[:start] + _YEAR_WORD.sub("", before[end:])
    for word in words.leading:
        before = before.removeprefix(word).removesuffix(word)
    name = _EDGES.sub("", before)
    if len(window) > 1 and not (agencies().looks_like_one(name) and window[-1].strip() != name):
        return None
    found = [year for _, _, year in years] or in_brackets
    score = 2.0 * bool(found) + 2.0 * bool(name) + agencies().looks_like_one(name) - 0.5 * len(window)
    return _Title(printed, name, found[-1] if found else None, score)


def _reordered(title: str, words: HeadWords) -> str:
    """A title whose year and body follow behind dashes, in the usual order: 年度报告-2022-水利局."""
    first, *rest = _DASH.split(title)
    return "".join([*rest, first]) if rest and first.endswith(words.kinds) else title


def _year(printed: str) -> int:
    return int(
        "".join(str(CHINESE_DIGITS.index(c)) if c in CHINESE_DIGITS else c if c.isdigit() else "0" for c in printed)
    )


def _dates(text: str) -> list[tuple[date, int, int]]:
    """The dates in a text that a report may speak of, with where they begin and end."""
    found = []
    for pattern in (re.compile(_DATE), _WRITTEN_DATE):
        for match in pattern.finditer(text):
            year, month, day = match.groups()
            try:
                value = date(_year(year), small_number(month) or 0, small_number(day) or 0)
            except ValueError:
                continue
            if value.year in _REPORTING:
                found.append((value, match.start(), match.end()))
    return sorted(found, key=lambda item: item[1])


def _period(text: str, words: HeadWords) -> tuple[date, date] | None:
    """The first range of dates that is a quarter to two years long; its end may leave out the year."""
    text = _SHORT_END.sub(r"\g<first>\g<to>\g<year>-\g<day>", _tight(text))
    for (first, _, end), (last, start, _) in pairwise(_dates(text)):
        between = text[end:start].translate(_NO_DASHES)
        if (between == "" or between in words.range_words) and end < start and 80 <= (last - first).days <= 740:
            return first, last
    return None


def _published(above: Sequence[str], tail: Sequence[str], words: HeadWords, year: int | None) -> date | None:
    """A labelled date above the sections, else a line that is a date and nothing else, there or at the end."""
    labelled, alone = [], []
    for line in [*above, *tail]:
        text = _plain(line)
        for value, start, end in _dates(text):
            before = _tight(text[:start]).rstrip(":：[( ")
            if before.endswith(words.date_labels):
                labelled.append(value)
            elif not _tight(text[:start] + text[end:]).strip("()[]"):
                alone.append(value)
    plausible = [
        d for d in [*labelled, *reversed(alone)] if year is None or date(year, 12, 1) < d < date(year + 4, 1, 1)
    ]
    return plausible[0] if plausible else None


def _counted_year(text: str, published: date | None) -> int | None:
    """The year most often named; one that is not over when the report is published cannot be its year."""
    counts = Counter(_year(m.group()) for m in _YEAR.finditer(text) if text[m.end() : m.end() + 1] == "年")
    counts = Counter({y: n for y, n in counts.items() if published is None or y < published.year})
    if not counts:
        return published.year - 1 if published else None
    return max(counts, key=lambda y: (counts[y], -y))


def _agency(
    title: _Title | None,
    stem: _Title | None,
    opening: str,
    tail: Sequence[str],
    text: str,
    pieces: Sequence[str],
    words: HeadWords,
) -> str | None:
    """The body that reports: from the title, else who compiled it, a label, the signature, the file's name.

    ``pieces`` are what the page says of itself and of the way to it through its site; they are asked last.
    """
    names = agencies()
    candidates = [title.name] if title else []
    tight = _tight(opening)
    for intro in words.compiled_by:
        ends = "|".join((*words.compiled, ",", "。"))
        candidates += re.findall(f"{intro}(.{{3,30}}?)(?:{ends})", tight)
    for label in words.agency_labels:
        candidates += re.findall(rf"{label}\s*[:：\]】]\s*(\S+)", opening)
    candidates += [
        _tight(line) for line, below in pairwise([*tail, ""]) if _dates(_plain(below)) or places().chain(line)
    ]
    candidates += [stem.name] if stem else []
    candidates += [_tight(piece) for piece in reversed(pieces)]
    name = next((c for c in candidates if names.looks_like_one(c)), None) or (title.name if title else None)
    return names.full_name(name, text) or None if name else None
