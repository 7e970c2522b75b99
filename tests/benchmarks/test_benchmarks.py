"""The benchmarks run; what they measure is for a person to read."""

import pytest

from tests.benchmarks import reading, startup
from tests.benchmarks.timing import examples, in_turn, middle, p95


def test_times_are_counted_after_the_first_round() -> None:
    calls: list[str] = []
    first, second = in_turn(3, lambda: calls.append("a"), lambda: calls.append("b"))
    assert "".join(calls) == "abababab"
    assert (len(first), len(second)) == (3, 3)


def test_p95_is_a_time_that_was_measured() -> None:
    assert p95(range(1, 101)) == 95
    assert p95([7.0]) == middle([7.0]) == 7.0


def test_reading_prints_a_line_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in examples()[:2]]
    reading.main([*files, "--repetitions", "1"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert lines[-2].startswith("2 reports, median ratio ")
    assert lines[-1].startswith("2 processes, whole records with the model: ")


def test_startup_prints_a_line_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    startup.main(["--repetitions", "1"])
    names = [" ".join(line.split()[:2]) for line in capsys.readouterr().out.splitlines()[1:]]
    assert names == ["python -c", "nianbao --help", "nianbao extract"]
