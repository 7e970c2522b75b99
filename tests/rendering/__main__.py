"""Print one rendering to look at: ``python -m tests.rendering --layout tab_rows --set zero=- misspelt=2``."""

import argparse
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import yaml

from tests.rendering import LAYOUTS, Style, draw_style, draw_truth, render


def main() -> None:
    """Parse the arguments, then write the rendering to standard output or a file, or list what it prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.rendering", description=__doc__)
    parser.add_argument("--layout", choices=LAYOUTS, default="tab_lines")
    parser.add_argument("--form", choices=("2014", "2019", "2021"), default="2021")
    parser.add_argument("--seed", type=int, default=0, help="of the figures and of the faults")
    parser.add_argument("--size", type=int, choices=range(4), default=1, help="0 a village … 3 a city")
    parser.add_argument("--random", action="store_true", help="draw the style too")
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="variations, see style.py")
    parser.add_argument("--printed", action="store_true", help="list the cells and what stands on the page for them")
    parser.add_argument("--out", type=Path, help="file to write; needed to look at DOCX and PDF")
    options = parser.parse_args()
    style = draw_style(options.seed) if options.random else Style(seed=options.seed)
    known = {one.name for one in fields(Style)}
    for setting in options.set:
        name, _, value = setting.partition("=")
        if name not in known:
            parser.error(f"--set {name}: not a variation; one of {', '.join(sorted(known))}")
        plain = getattr(style, name)
        given: Any = value if isinstance(plain, str) else yaml.safe_load(value)
        changed: dict[str, Any] = {name: tuple(value.split(",")) if name == "foreign" else given}
        style = replace(style, **changed)
    rendered = render(draw_truth(options.seed, options.form, options.size), style, options.layout)
    print(rendered.layout, rendered.style.said(), file=sys.stderr)
    if options.printed:
        for cell, printed in rendered.printed.items():
            print(f"{cell:45} {printed.kind:10} {printed.value!s:12} {printed.text}")
    elif options.out:
        options.out.write_bytes(rendered.data)
    else:
        sys.stdout.buffer.write(rendered.data)


main()
