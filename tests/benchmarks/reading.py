"""`python -m tests.benchmarks.reading [FILE ...]`: reading text and HTML reports, beside a bare parse by lxml."""

import argparse
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from html import escape
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from lxml import etree

from extraction import Extractor, tables
from extraction.forms import Aligner
from extraction.readers import read_bytes
from tests.benchmarks.timing import examples, in_turn, middle, p95

PROCESSES = 2
_extractor: Extractor | None = None


def main(arguments: list[str] | None = None) -> None:
    """Print a line a report."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reading", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="text, Markdown or HTML reports")
    parser.add_argument("--repetitions", type=int, default=30)
    options = parser.parse_args(arguments)
    extractor = Extractor.load()
    print(f"{'milliseconds':34} {'read':>8} {'p95':>8} {'lxml':>8} {'p95':>8} {'ratio':>7} {'extract':>8} {'p95':>8}")
    ratios: list[float] = []
    for path in options.files or examples():
        data = path.read_bytes()
        document = read_bytes(data, name=path.name)
        reading, parsing, whole = in_turn(
            options.repetitions,
            partial(read, data, path.name, extractor.aligner),
            bare_parse(data, document.text, is_page=document.media_type == "text/html"),
            partial(extractor.extract_bytes, data, name=path.name),
        )
        ratios.append(middle(reading) / middle(parsing))
        print(
            f"{path.name[:34]:34} {middle(reading):8.2f} {p95(reading):8.2f} {middle(parsing):8.3f} "
            f"{p95(parsing):8.3f} {ratios[-1]:7.1f} {middle(whole):8.1f} {p95(whole):8.1f}"
        )
    print(f"{len(ratios)} reports, median ratio {middle(ratios):.1f}, highest {max(ratios):.1f}")
    rate = at_once((options.files or examples()) * options.repetitions)
    print(f"{PROCESSES} processes, whole records with the model: {rate:.1f} reports a second")


def at_once(paths: list[Path]) -> float:
    """Records a second that processes with a model each make of the files."""
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=load) as pool:
        list(pool.map(extract, paths[: 4 * PROCESSES]))
        started = perf_counter()
        list(pool.map(extract, paths, chunksize=4))
        return len(paths) / (perf_counter() - started)


def load() -> None:
    """The extractor of a process, which runs the model by one thread."""
    global _extractor
    _extractor = Extractor.load(threads=1)


def extract(path: Path) -> int:
    """Extract a file; the number of its cells."""
    assert _extractor is not None
    return len(_extractor.extract_file(path).cells)


def read(data: bytes, name: str, aligner: Aligner) -> object:
    """A file's content to the cells of its tables."""
    return aligner.align(tables.find(read_bytes(data, name=name)))


def bare_parse(data: bytes, text: str, *, is_page: bool) -> Callable[[], object]:
    """What lxml does with the same page, or with the same text inside `<pre>`."""
    content = data if is_page else f"<pre>{escape(text)}</pre>".encode()
    return lambda: etree.fromstring(content, etree.HTMLParser())


if __name__ == "__main__":
    main()
