"""`python -m tests.benchmarks.batch`: generated reports of mixed layouts, read by one process and by two.

Prints reports a second by format, the most memory that all processes held together, how the last quarter of the files
went beside the first, what two processes gain over one, and where the time goes.
"""

import argparse
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial, wraps
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psutil
import pypdfium2 as pdfium

from extraction.batch import Item, Settings
from extraction.batch.engines import engine_named
from tests.rendering import LAYOUTS, draw_style, draw_truth, render
from tests.rendering.truth import Form
from training.gold import read_passages

FORMATS = {".txt": "text", ".md": "text", ".html": "HTML", ".docx": "DOCX", ".pdf": "PDF"}
_FORMS: tuple[Form, ...] = ("2021", "2019", "2021", "2019", "2014")
_ANNOTATED = Path(__file__).parents[2] / "annotations" / "passages"
_BEFORE = {"2014": "pre2019"}
_CHARACTERS = {1: {"figures": 60, "talk": 680}, 5: {"problems": 250}}
"""As in the given reports, of whose 1,310 characters of narrative 630 are in sentences with numbers or in section five;
the last passage of each kind goes beyond."""
_TALK = re.compile(r"(?:^|(?<=。))[^。\n\d]{15,90}。", re.MULTILINE)
_HEADING = re.compile(r"(第?[一二三四五六七八九十]+[、.章部 ]|（[一二三四五六七八九十]+）)[^，。；]*$")
_STAGES = (
    ("extraction.readers", "read_bytes", "reading the file"),
    ("extraction.tables", "find", "finding tables"),
    ("extraction.forms.Aligner", "align", "tables to cells"),
    ("extraction.narrative", "sentences", "sentences"),
    ("extraction.pipeline.Extractor", "read_narrative", "figures and problems"),
    ("extraction.checks", "run", "checks"),
    ("extraction.repair", "suggest", "repair"),
)


def main(arguments: list[str] | None = None) -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.batch", description=__doc__)
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument(
        "--short", action="store_true", help="a few sentences of narrative, not a report's 1,300 letters"
    )
    parser.add_argument("--staged", type=int, default=96, help="reports of which the stages are timed")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        items = generate(Path(folder), options.reports, told=not options.short)
        rates = {}
        for workers in (1, 2):
            times, most = run(items, workers)
            rates[workers] = len(items) / times[-1]
            print(f"{workers} processes: {rates[workers]:.1f} reports a second, at most {most:.2f} GB together", end="")
            quarter = len(times) // 4
            first, last = times[quarter - 1] - times[0], times[-1] - times[-quarter]
            print(f", the last quarter at {first / last:.2f} of the first's rate")
        print(f"two processes beside one: {rates[2] / rates[1]:.2f} times")
        for name in dict.fromkeys(FORMATS.values()):
            own = [item for item in items if FORMATS[Path(item.path).suffix] == name]
            times, _ = run(own, 2)
            pages = f", {_pages(own):.1f} pages each" if name == "PDF" else ""
            print(f"{name:6} {len(own):5} reports {len(own) / times[-1]:7.1f} a second by two processes{pages}")
        stages(items[: options.staged])


def generate(folder: Path, count: int, *, told: bool = True) -> list[Item]:
    """Reports in all layouts in turn, so that each quarter holds the same kinds; PDFs as official letters.

    :param told: with as much narrative as the given reports have; else with the few sentences of every rendering.
    """
    items = []
    layouts, passages = list(LAYOUTS), _passages()
    for number in range(count):
        truth = draw_truth(number, _FORMS[number % len(_FORMS)], number % 4)
        own = narrative(passages[_BEFORE.get(truth.form, truth.form)], Random(f"narrative {number}")) if told else None
        style = replace(draw_style(number), official=True)
        rendered = render(truth, style, layouts[number % len(layouts)], narrative=own)
        path = folder / f"{number:05}-{Path(rendered.name).stem}{LAYOUTS[rendered.layout].suffix}"
        path.write_bytes(rendered.data)
        items.append(Item(str(path)))
    return items


def narrative(passages: Mapping[str, Sequence[str]], random: Random) -> dict[int, list[str]]:
    """Paragraphs by section, as many characters of each kind as a report has there."""
    told = {}
    for section, kinds in _CHARACTERS.items():
        paragraphs: list[str] = []
        for kind, characters in kinds.items():
            own = [random.choice(passages[kind])]
            while sum(map(len, own)) < characters:
                own.append(random.choice(passages[kind]))
            paragraphs += own
        random.shuffle(paragraphs)
        told[section] = [line for paragraph in paragraphs for line in paragraph.split("\n")]
    return told


def _passages() -> dict[str | None, dict[str, list[str]]]:
    """The texts that the model learns from, by form and kind, without their headings."""
    found: defaultdict[str | None, dict[str, list[str]]] = defaultdict(
        lambda: {"figures": [], "talk": [], "problems": []}
    )
    for path in sorted(_ANNOTATED.glob("*.jsonl")):
        for passage in read_passages(path):
            lines = [line for line in passage.text.split("\n") if not _HEADING.match(line)]
            kind = "problems" if any(mark.is_problem for mark in passage.marks) else "figures"
            found[passage.form][kind].append("\n".join(lines))
            found[passage.form]["talk"] += _TALK.findall("\n".join(lines))
    return found


def _pages(items: Sequence[Item]) -> float:
    """How many pages these PDFs have on average."""
    counts = []
    for item in items:
        with pdfium.PdfDocument(item.path) as document:
            counts.append(len(document))
    return sum(counts) / len(counts)


def run(items: Sequence[Item], workers: int) -> tuple[list[float], float]:
    """When each file was done, in seconds from the first on, and the most memory of all processes in GB."""
    times: list[float] = []
    with most_memory() as most:
        started = None
        for done in engine_named("local", workers=workers)(items, Settings()):
            assert done.failure is None, done.failure
            # Starting the processes is paid once, whatever the number of files.
            started = started or perf_counter() - done.seconds
            times.append(perf_counter() - started)
    return times, most[0]


@contextmanager
def most_memory() -> Iterator[list[float]]:
    """The largest sum of what this process and those below it hold, by their own share of pages, twice a second."""
    most, stop = [0.0], threading.Event()

    def watch() -> None:
        own = psutil.Process()
        while not stop.wait(0.5):
            total = 0
            for process in (own, *own.children(recursive=True)):
                try:
                    total += process.memory_full_info().pss
                except (psutil.Error, AttributeError):
                    continue
            most[0] = max(most[0], total / 1e9)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def stages(items: Sequence[Item]) -> None:
    """Print the part of the time that each stage takes, in one process."""
    from extraction.batch.job import do, extractor_for

    settings = Settings()
    extractor_for(settings)
    do(items[0], settings)
    spent: defaultdict[str, float] = defaultdict(float)
    inner = Counter[str]()
    restore: list[Callable[[], None]] = []
    for place, function, name in _STAGES:
        owner = _owner(place)
        original = getattr(owner, function)
        setattr(owner, function, _timed(original, name, spent))
        restore.append(partial(setattr, owner, function, original))
    started = perf_counter()
    for item in items:
        inner.update(cells=sum(do(item, settings).states.values()))
    whole = perf_counter() - started
    for undo in restore:
        undo()
    print(f"one process, {1000 * whole / len(items):.1f} ms a report:")
    for _, _, name in _STAGES:
        print(f"  {name:24} {spent[name] / whole:6.1%}")
    print(f"  {'writing the record, rest':24} {1 - sum(spent.values()) / whole:6.1%}")


def _owner(place: str) -> Any:
    from importlib import import_module

    module, _, name = place.rpartition(".")
    try:
        return import_module(place)
    except ImportError:
        return getattr(import_module(module), name)


def _timed(function: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    @wraps(function)
    def timed(*arguments: Any, **options: Any) -> Any:
        started = perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            spent[name] += perf_counter() - started

    return timed


if __name__ == "__main__":
    main()
