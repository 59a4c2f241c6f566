"""The table of rights as the docs show it."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tiemchung.accounts.models import Role
from tiemchung.accounts.rights import table

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "rights.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rights_script", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current(script: ModuleType) -> None:
    assert script.TARGET.read_text(encoding="utf8") == script.page(), "run: python scripts/rights.py"


def test_the_page_names_every_row_and_every_role(script: ModuleType) -> None:
    written = script.page()
    assert [row for row in table() if f"| `{row}` |" not in written] == []
    assert [role for role in Role if f"| `{role}` |" not in written] == []
    assert "| `office:attest` | `/van-phong/ky-du-lieu/` |" in written
