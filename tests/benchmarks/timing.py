"""Times of actions measured in turn, so that what else the machine does meets all of them alike."""

from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "annotations" / "reports"
SUFFIXES = (".txt", ".md", ".html")


def in_turn(repetitions: int, *actions: Callable[[], object]) -> list[list[float]]:
    """Milliseconds of each action, one list an action, after a first round that is not counted."""
    times: list[list[float]] = [[] for _ in actions]
    for number in range(repetitions + 1):
        for action, own in zip(actions, times, strict=True):
            started = perf_counter()
            action()
            if number:
                own.append((perf_counter() - started) * 1000)
    return times


def middle(times: Sequence[float]) -> float:
    """The median."""
    return median(times)


def p95(times: Sequence[float]) -> float:
    """The time that at least 95 of 100 runs kept to."""
    return sorted(times)[ceil(0.95 * len(times)) - 1]


def examples() -> list[Path]:
    """The text and HTML reports of ``annotations/reports``."""
    return sorted(
        path
        for path in REPORTS.iterdir()
        if path.suffix in SUFFIXES and path.name != "README.md" and not path.name.endswith(".source.txt")
    )
