"""`python -m tests.benchmarks.reading [FILE ...]`: reading text and HTML reports, beside a bare parse by lxml."""

import argparse
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path

from lxml import etree

from extraction import Extractor, tables
from extraction.forms import Aligner
from extraction.readers import read_bytes
from tests.benchmarks.timing import examples, in_turn, middle, p95


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


def read(data: bytes, name: str, aligner: Aligner) -> object:
    """A file's content to the cells of its tables."""
    return aligner.align(tables.find(read_bytes(data, name=name)))


def bare_parse(data: bytes, text: str, *, is_page: bool) -> Callable[[], object]:
    """What lxml does with the same page, or with the same text inside `<pre>`."""
    content = data if is_page else f"<pre>{escape(text)}</pre>".encode()
    return lambda: etree.fromstring(content, etree.HTMLParser())


if __name__ == "__main__":
    main()
