"""The practice clock for tests: rules and forms of a campaign are dated, so a test of them lives on a day of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

DEMO_DAY = datetime(2022, 5, 14, 3, 0, tzinfo=UTC)  # ten o'clock in Viet Nam


@pytest.fixture
def practice(settings: Any, tmp_path: Path) -> None:
    """Let the platform live on the demo day, with a folder of keys of its own."""
    settings.CLOCK_OFFSET = DEMO_DAY - datetime.now(UTC)
    settings.KEYS_FOLDER = tmp_path / "keys"
    settings.PRACTICE = True
