"""The journal is read again, part by part: a part that is not as it was received is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.ground.backups.test_shelf import kept
from tiemchung.ground.backups import journal, sealed_file
from tiemchung.ground.backups.sealed_file import BackupKey, Keys
from tiemchung.ground.backups.shelf import Shelf
from tiemchung.ground.errors import RefusedError

SIZE = 2**24
WHOLE, BEGUN, HISTORY = "000000010000000200000003", "000000010000000200000004", "00000002.history"
KEYS: Keys = (BackupKey(1, "k" * 32),)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    found = Shelf.at(tmp_path / "backups")
    found.make()
    return found


def received(shelf: Shelf, keys: Keys) -> None:
    """A part that is whole, one that is being received, and where a timeline began."""
    for name, content in ((WHOLE, b"w" * SIZE), (HISTORY, b"1\t0/5000000\t\n")):
        writer = sealed_file.create(shelf.journal / name, keys, name)
        writer.write(content)
        writer.finish()
    begun = sealed_file.create(shelf.journal / f"{BEGUN}.partial", keys, BEGUN)
    begun.write(b"begun")
    begun.close()


@pytest.mark.parametrize("keys", [KEYS, ()])
def test_a_journal_as_it_was_received_is_whole(shelf: Shelf, keys: Keys) -> None:
    kept(shelf, 1, 1)
    received(shelf, keys)
    assert journal.verify(shelf, keys) == 3


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("keys", "name", "harm"),
    [
        (KEYS, WHOLE, cut),
        (KEYS, WHOLE, changed),
        (KEYS, HISTORY, cut),
        (KEYS, f"{BEGUN}.partial", changed),
        ((), WHOLE, cut),
    ],
)
def test_a_part_that_is_cut_off_or_changed_is_named(
    shelf: Shelf, keys: Keys, name: str, harm: Callable[[Path], None]
) -> None:
    kept(shelf, 1, 1)
    received(shelf, keys)
    harm(shelf.journal / name)
    with pytest.raises(RefusedError, match=name) as refused:
        journal.verify(shelf, keys)
    assert (refused.value.code, refused.value.field) == ("JOURNAL_DAMAGED", "journal")


def test_a_part_whose_key_is_missing_is_not_called_damaged(shelf: Shelf) -> None:
    received(shelf, KEYS)
    with pytest.raises(RefusedError) as refused:
        journal.verify(shelf, (BackupKey(2, "o" * 32),))
    assert refused.value.code == "BACKUP_KEY_MISSING"
