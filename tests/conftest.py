"""What all tests share."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
_SUMMARY = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden records anew instead of comparing")
    parser.addoption("--rendering-seed", default="", help="draw other reports than those of every run")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_SUMMARY, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def summary(pytestconfig: pytest.Config) -> list[str]:
    """Lines that are shown at the end of the run, whether or not tests failed."""
    return pytestconfig.stash.setdefault(_SUMMARY, [])


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of given real reports and gold, which stands beside the checkout and is not part of it."""
    if not (SHARED / "gold" / "reports.jsonl").is_file():
        pytest.skip("../shared with the real reports and their gold is not here")
    return SHARED
