"""What all tests share."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of given real reports and gold, which stands beside the checkout and is not part of it."""
    if not (SHARED / "gold" / "reports.jsonl").is_file():
        pytest.skip("../shared with the real reports and their gold is not here")
    return SHARED
