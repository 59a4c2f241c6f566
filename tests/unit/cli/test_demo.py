"""A demo begins its own folder anew, and nobody else's."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tiemchung.cli.demo import _fresh, demo

pytestmark = pytest.mark.parametrize("found", ["pg/PG_VERSION", "secrets.json", "keys/one.pem", "letter.txt"])


def test_a_demo_refuses_a_folder_that_is_not_for_practice(tmp_path: Path, found: str) -> None:
    kept = tmp_path / found
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("real")
    result = CliRunner().invoke(demo, ["--folder", str(tmp_path)])
    assert result.exit_code == 2
    assert "not for practice" in result.stderr
    assert kept.read_text() == "real"


def test_a_demo_clears_what_an_earlier_demo_left(tmp_path: Path, found: str) -> None:
    (tmp_path / "practice.json").write_text("{}")
    (tmp_path / found).parent.mkdir(exist_ok=True)
    (tmp_path / found).write_text("practice")
    assert _fresh(tmp_path).folder == tmp_path
    assert not tmp_path.exists()
