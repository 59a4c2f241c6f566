"""`tiemchung backup`: no backup is taken in the clear, but for practice, and then it is said."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tiemchung.cli.backup import group
from tiemchung.cli.main import main
from tiemchung.cli.restore import restore
from tiemchung.ground.backups import recovery
from tiemchung.ground.environment import MissingSettingError, UnreadableSettingError
from tiemchung.ground.errors import ConflictError

KEY = "TIEMCHUNG_BACKUP_KEYS"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, no practice, and no server: whatever is refused is refused before one is asked."""
    for name in (KEY, "TIEMCHUNG_PRACTICE", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("command", ["take", "follow", "verify"])
def test_without_a_key_it_does_not_start_and_says_how_to_make_one(command: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(group, [command, "--folder", str(tmp_path)])
    assert isinstance(done.exception, MissingSettingError)
    assert f"{KEY} is not set. Make one with: tiemchung secret." in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_too_short_is_refused_with_its_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "ngan")
    done = CliRunner().invoke(group, ["verify", "--folder", str(tmp_path)])
    assert isinstance(done.exception, UnreadableSettingError)
    assert "secrets of 32 signs or more" in str(done.exception)


def test_for_practice_there_may_be_none_and_it_is_said_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEMCHUNG_PRACTICE", "1")
    done = CliRunner().invoke(group, ["verify", "--folder", str(tmp_path)])
    assert done.exit_code == 0
    assert "Backups are NOT encrypted" in done.stderr


def test_what_can_be_restored_is_told_without_a_key(tmp_path: Path) -> None:
    done = CliRunner().invoke(group, ["list", "--folder", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, "no backup\nno journal\n")


def test_a_restore_that_falls_short_keeps_its_folder_and_ends_with_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = recovery.Restored("f", "b", "latest", "2021-09-16 01:00:00+00", "2021-09-16T02:00:00+00:00", 18, 1.0)
    monkeypatch.setattr(recovery, "restore", lambda *_: made)
    into = str(tmp_path / "into")
    done = CliRunner().invoke(restore, ["--folder", str(tmp_path), "--to", "latest", "--into", into, "--json"])
    assert json.loads(done.stdout)["short_of"] == made.short_of
    assert isinstance(done.exception, ConflictError)
    assert (done.exception.code, into in done.exception.en) == ("RESTORE_SHORT", True)


def test_the_command_ends_with_1_and_the_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["tiemchung", "backup", "take", "--folder", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "Make one with: tiemchung secret" in capsys.readouterr().err
