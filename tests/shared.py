"""Where the material is that the tests read but the project does not carry."""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("TIEMCHUNG_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def shared(path: str) -> Path:
    """Give the path of a file or folder of the shared material, or skip the test, saying what is absent."""
    found = ROOT / path
    if not found.exists():
        pytest.skip(f"shared material is absent: {path} (set TIEMCHUNG_SHARED to its folder)")
    return found
