"""The parts of the journal in the folder: whatever kills their receiver, the next one leaves no gap and no half."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tiemchung.ground.backups import receiving, sealed_file
from tiemchung.ground.backups.receiving import Parts
from tiemchung.ground.backups.sealed_file import BackupKey, Keys
from tiemchung.ground.backups.shelf import Shelf

SIZE = 2**20
FIRST, SECOND = "000000010000000000000001", "000000010000000000000002"
CONTENT = os.urandom(SIZE)
both = pytest.mark.parametrize("keys", [(BackupKey(1, "k" * 32),), ()])


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    found = Shelf.at(tmp_path / "backups")
    found.make()
    return found


def parts(shelf: Shelf, keys: Keys) -> Parts:
    return Parts(shelf, keys, 1, SIZE)


def receive(shelf: Shelf, keys: Keys, content: bytes) -> None:
    """Receive a piece of the first part and be killed."""
    killed = parts(shelf, keys)
    killed.write(killed.begin(SIZE), content)
    killed.close()


def read(shelf: Shelf, keys: Keys, name: str) -> bytes:
    return b"".join(sealed_file.read(shelf.journal / name, keys, name))


def killed_before_the_end(shelf: Shelf, keys: Keys, content: bytes = CONTENT) -> None:
    """All its content lies there, and nothing says that this is all."""
    writer = sealed_file.create(shelf.journal / f"{FIRST}.partial", keys, FIRST)
    writer.write(content)
    writer.close()


def killed_before_its_name(shelf: Shelf, keys: Keys, content: bytes = CONTENT) -> None:
    """It is whole, and has the name of one that is not."""
    writer = sealed_file.create(shelf.journal / f"{FIRST}.partial", keys, FIRST)
    writer.write(content)
    writer.finish()


@both
@pytest.mark.parametrize("killed", [killed_before_the_end, killed_before_its_name])
def test_a_part_that_was_whole_when_its_receiver_was_killed_gets_its_name_and_the_next_is_its_own_file(
    shelf: Shelf, keys: Keys, killed: Callable[[Shelf, Keys], None]
) -> None:
    killed(shelf, keys)
    again = parts(shelf, keys)
    assert again.go_on() == 2 * SIZE
    again.write(2 * SIZE, b"next" * 100)
    again.sync()
    again.close()
    assert [path.name for path in shelf.segments()] == [FIRST, f"{SECOND}.partial"]
    assert read(shelf, keys, FIRST) == CONTENT
    assert b"".join(sealed_file.read_begun(shelf.journal / f"{SECOND}.partial", keys, SECOND)) == b"next" * 100


@both
def test_a_disk_that_fills_at_the_end_of_a_part_costs_nothing(
    shelf: Shelf, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    ending = parts(shelf, keys)
    at = ending.begin(SIZE)
    ending.write(at, CONTENT[:-1])
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            ending.write(at + SIZE - 1, CONTENT[-1:])
    ending.close()
    assert parts(shelf, keys).go_on() == 2 * SIZE
    assert read(shelf, keys, FIRST) == CONTENT


@both
def test_a_part_longer_than_parts_are_is_damaged_and_received_anew(
    shelf: Shelf, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    killed_before_the_end(shelf, keys, CONTENT + b"of the next")
    again = parts(shelf, keys)
    assert again.go_on() == SIZE
    assert "is damaged" in caplog.text
    again.write(SIZE, CONTENT)
    assert read(shelf, keys, FIRST) == CONTENT


def test_a_part_that_says_it_ends_too_early_is_damaged_and_received_anew(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    keys = (BackupKey(1, "k" * 32),)
    killed_before_its_name(shelf, keys, CONTENT[:-1])
    again = parts(shelf, keys)
    assert again.go_on() == SIZE
    assert "is damaged" in caplog.text
    again.write(SIZE, CONTENT)
    assert read(shelf, keys, FIRST) == CONTENT


@both
def test_a_part_that_was_begun_is_gone_on_with(shelf: Shelf, keys: Keys) -> None:
    receive(shelf, keys, CONTENT[:1000])
    again = parts(shelf, keys)
    assert again.go_on() == SIZE + 1000
    again.write(SIZE + 1000, CONTENT[1000:])
    assert read(shelf, keys, FIRST) == CONTENT


def test_the_name_of_a_new_part_is_on_the_disk_before_anything_of_it_is_acknowledged(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[Path] = []
    monkeypatch.setattr(receiving, "sync_folder", lambda folder: on_disk.extend(folder.iterdir()))
    begun = parts(shelf, ())
    begun.write(begun.begin(SIZE), b"a")
    begun.sync()
    begun.close()
    assert [path.name for path in on_disk] == [f"{FIRST}.partial"]
