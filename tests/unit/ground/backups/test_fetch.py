"""PostgreSQL asks a command for each part of the journal: only a part that is not there may end the journal."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tiemchung.ground.backups import fetch, sealed_file
from tiemchung.ground.backups.keys import as_setting
from tiemchung.ground.backups.sealed_file import BackupKey

PART, CONTENT = "000000010000000000000001", b"journal" * 100
KEY = BackupKey(1, "k" * 32)
THERE, ENDS_HERE, GIVES_UP = 0, 1, 200  # what PostgreSQL takes from the command's exit code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A journal of one part."""
    writer = sealed_file.create(tmp_path / PART, (KEY,), PART)
    writer.write(CONTENT)
    writer.finish()
    return tmp_path


def asked(folder: Path, *, key: BackupKey = KEY, name: str = PART, program: tuple[str, ...] = ()) -> tuple[int, str]:
    """What PostgreSQL gets: its code, and what stands in the server's log."""
    words = [sys.executable, *(program or ("-m", fetch.__name__)), str(folder), str(len(CONTENT))]
    command = fetch.as_command(words).replace("%f", name).replace("%p", str(folder / "place")).replace("%%", "%")
    done = subprocess.run(["sh", "-c", command], env=os.environ | as_setting((key,)), capture_output=True, text=True)
    return done.returncode, done.stderr


def test_a_part_that_is_there_is_given(folder: Path) -> None:
    assert asked(folder) == (THERE, "")
    assert (folder / "place").read_bytes() == CONTENT


def test_a_part_that_is_not_there_ends_the_journal(folder: Path) -> None:
    assert asked(folder, name="000000010000000000000002") == (ENDS_HERE, "")


@pytest.mark.parametrize(
    "code", ["raise MemoryError", "import a_module_that_is_gone", "import os; os.kill(os.getpid(), 9)", "exit(1)"]
)
def test_a_program_that_fails_is_no_end_of_the_journal(folder: Path, code: str) -> None:
    assert asked(folder, program=("-c", code))[0] == GIVES_UP


def test_a_key_that_is_missing_is_told_from_damage(folder: Path) -> None:
    code, said = asked(folder, key=BackupKey(2, "o" * 32))
    assert code == GIVES_UP
    assert json.loads(said.removeprefix(fetch.REFUSED))["code"] == "BACKUP_KEY_MISSING"
    (folder / PART).write_bytes((folder / PART).read_bytes()[:-1])
    assert asked(folder) == (GIVES_UP, f"{fetch.DAMAGED}{PART}: cut off\n")


def test_a_place_that_cannot_be_written_is_neither(folder: Path) -> None:
    (folder / "place").mkdir()
    code, said = asked(folder)
    assert (code, said.startswith(fetch.UNREAD)) == (GIVES_UP, True)


def test_a_folder_with_a_percent_sign_and_a_space_is_found(folder: Path) -> None:
    (folder / "100 %f").mkdir()
    command = fetch.as_command(["python", str(folder / "100 %f"), "16"])
    assert f"'{folder}/100 %%f' %f %p 16" in command
