"""What may befall a backup: nothing half counts, nothing that was received is missing, and the reason is said."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.backups import KEYS, cut_in_half, followed, restored, take, turn_a_bit
from tests.servers import as_root, remember, wait_until
from tiemchung.ground.backups import base as bases
from tiemchung.ground.backups import journal, receiving, recovery
from tiemchung.ground.backups.sealed_file import BackupKey, Keys
from tiemchung.ground.backups.shelf import Shelf
from tiemchung.ground.backups.source import Source
from tiemchung.ground.embedded import locks
from tiemchung.ground.embedded.server import EmbeddedServer
from tiemchung.ground.errors import RefusedError


def test_a_backup_without_any_journal_brings_back_its_own_moment(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    take(source, shelf)
    remember(server, "sau đó")
    assert restored(shelf, tmp_path / "back", None) == ["đã ghi"]


@pytest.mark.skipif(not Path("/usr/lib/postgresql/15/bin/postgres").exists(), reason="Debian's PostgreSQL 15 is absent")
def test_a_named_moment_has_what_was_before_it_and_nothing_after(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    with followed(source, shelf):
        take(source, shelf)
        remember(server, "trước")
        moment = source.facts().now
        remember(server, "sau")
    assert restored(shelf, tmp_path / "at", moment) == ["đã ghi", "trước"]
    assert restored(shelf, tmp_path / "last", None) == ["đã ghi", "trước", "sau"]


def test_a_restored_server_can_be_backed_up_into_the_same_folder_again(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    with followed(source, shelf):
        take(source, shelf)
    server.stop()
    recovery.restore(shelf, KEYS, tmp_path / "second", None, lambda last: None)
    second = EmbeddedServer(tmp_path / "second", linger=0)
    second.start()
    with followed(Source(second.url("postgres")), shelf):
        remember(second, "lần hai")
    second.stop()
    second.release()
    assert restored(shelf, tmp_path / "third", None) == ["đã ghi", "lần hai"]


def test_what_was_written_while_nobody_received_is_received_afterwards(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    with followed(source, shelf):
        take(source, shelf)
    for _ in range(3):
        remember(server, "không ai nhận")
        source.ask("SELECT pg_switch_wal()::text")
    source.ask("SELECT 1 FROM pg_switch_wal()")
    with followed(source, shelf):
        remember(server, "lại nhận")
    assert restored(shelf, tmp_path / "back", None) == ["đã ghi", *["không ai nhận"] * 3, "lại nhận"]


def test_a_moment_after_the_end_of_the_journal_names_the_last_transaction(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    with followed(source, shelf):
        take(source, shelf)
    beyond = datetime.now(UTC) + timedelta(seconds=1)
    with pytest.raises(RefusedError) as refused:
        recovery.restore(shelf, KEYS, tmp_path / "back", beyond, lambda last: None)
    assert (refused.value.code, refused.value.field) == ("RESTORE_BEYOND_JOURNAL", "to")
    assert f"{datetime.now(UTC):%Y-%m-%d}" in refused.value.en
    assert list(tmp_path.glob("back*")) == [shelf.root]


def test_a_gap_in_the_journal_is_said_and_not_passed_over(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    with followed(source, shelf):
        take(source, shelf)
        for word in ("một", "hai", "ba"):
            remember(server, word)
            source.ask("SELECT pg_switch_wal()::text")
    base, lost = shelf.bases()[0], shelf.segments()[-2]
    lost.unlink()
    assert shelf.missing_after(base) == lost.name
    with pytest.raises(RefusedError, match=lost.name) as refused:
        recovery.restore(shelf, KEYS, tmp_path / "back", None, lambda last: None)
    assert refused.value.code == "RESTORE_JOURNAL_ABSENT"


def test_a_journal_of_which_the_end_is_lost_is_restored_and_said_to_be_short(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    with followed(source, shelf):
        take(source, shelf)
        remember(server, "trước")
        source.ask("SELECT pg_switch_wal()::text")
        remember(server, "sau")
    whole = recovery.restore(shelf, KEYS, tmp_path / "whole", None, lambda last: None)
    assert whole.short_of is None
    shelf.segments()[-1].unlink()
    short = recovery.restore(shelf, KEYS, tmp_path / "short", None, lambda last: None)
    until = shelf.journal_until()
    assert until is not None
    assert short.short_of == until.isoformat()


def test_a_key_that_a_part_of_the_journal_wants_is_named_and_is_no_damage(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    both = (BackupKey(2, "khoa-moi-khoa-moi-khoa-moi-khoa-moi"), *KEYS)
    with followed(source, shelf, both):
        take(source, shelf)
    with pytest.raises(RefusedError) as refused:
        recovery.restore(shelf, KEYS, tmp_path / "back", None, lambda last: None)
    assert (refused.value.code, refused.value.field) == ("BACKUP_KEY_MISSING", "TIEMCHUNG_BACKUP_KEYS")


def test_nothing_that_was_written_lies_in_the_folder_in_the_clear(
    server: EmbeddedServer, source: Source, shelf: Shelf
) -> None:
    with followed(source, shelf):
        take(source, shelf)
        remember(server, "NGUYEN THI SAU 001167000999")
        source.ask("SELECT pg_switch_wal()::text")
        remember(server, "NGUYEN THI SAU 001167000999")
    files = [path for path in shelf.root.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {"", ".tar", ".json", ".partial", ".lock"}
    for path in files:
        content = path.read_bytes()
        assert b"001167000999" not in content
        assert path.suffix in {".json", ".lock"} or content.startswith(b"TCBK")


def test_without_keys_backups_are_plain_and_come_back_as_well(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    with followed(source, shelf, keys=()):
        take(source, shelf, keys=())
        remember(server, "không khóa")
    assert restored(shelf, tmp_path / "back", None, keys=()) == ["đã ghi", "không khóa"]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ((), "BACKUP_KEY_MISSING"),
        ((BackupKey(2, "mot-khoa-khac-mot-khoa-khac-mot-khoa"),), "BACKUP_KEY_MISSING"),
        ((BackupKey(1, "mot-khoa-khac-mot-khoa-khac-mot-khoa"),), "BACKUP_KEY_OTHER"),
    ],
)
def test_a_key_that_is_missing_or_wrong_is_said_and_nothing_is_left(
    source: Source, shelf: Shelf, tmp_path: Path, keys: Keys, code: str
) -> None:
    take(source, shelf)
    with pytest.raises(RefusedError) as refused:
        restored(shelf, tmp_path / "back", None, keys)
    assert (refused.value.code, refused.value.field) == (code, "TIEMCHUNG_BACKUP_KEYS")
    assert list(tmp_path.glob("back*")) == [shelf.root]


def test_a_receiver_without_the_key_of_what_it_is_to_go_on_with_refuses(source: Source, shelf: Shelf) -> None:
    with followed(source, shelf):
        pass
    with pytest.raises(RefusedError) as refused:
        journal.follow(source, shelf, (BackupKey(2, "x" * 32),), threading.Event())
    assert refused.value.code == "BACKUP_KEY_MISSING"


def test_the_journal_goes_on_under_a_new_key_beside_the_old_one(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    both = (BackupKey(2, "khoa-moi-khoa-moi-khoa-moi-khoa-moi"), *KEYS)
    with followed(source, shelf):
        take(source, shelf)
        remember(server, "khóa cũ")
    with followed(source, shelf, both):
        remember(server, "khóa mới")
    assert restored(shelf, tmp_path / "back", None, both) == ["đã ghi", "khóa cũ", "khóa mới"]


@pytest.mark.parametrize("harm", [cut_in_half, turn_a_bit, Path.unlink])
def test_a_backup_of_which_anything_is_missing_or_changed_is_not_restored(
    source: Source, shelf: Shelf, tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    take(source, shelf)
    (base,) = shelf.bases()
    harm(shelf.place(base))
    with pytest.raises(RefusedError) as verified:
        bases.verify(shelf, base, KEYS)
    assert verified.value.code == "BACKUP_DAMAGED"
    with pytest.raises(RefusedError):
        recovery.restore(shelf, KEYS, tmp_path / "back", None, lambda last: None)
    assert list(tmp_path.glob("back*")) == [shelf.root]


@pytest.mark.parametrize(("keys", "harm"), [(KEYS, cut_in_half), (KEYS, turn_a_bit), ((), cut_in_half)])
def test_a_part_of_the_journal_that_is_cut_off_or_changed_ends_the_restore(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path, harm: Callable[[Path], object], keys: Keys
) -> None:
    with followed(source, shelf, keys):
        take(source, shelf, keys)
        for word in ("một", "hai", "ba"):
            remember(server, word)
            source.ask("SELECT pg_switch_wal()::text")
    harm(shelf.segments()[-2])
    with pytest.raises(RefusedError, match=shelf.segments()[-2].name) as refused:
        recovery.restore(shelf, keys, tmp_path / "back", None, lambda last: None)
    assert refused.value.code == "BACKUP_DAMAGED"


def test_a_receiver_that_was_killed_in_the_middle_of_a_piece_goes_on_without_a_gap(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path
) -> None:
    with followed(source, shelf):
        take(source, shelf)
        remember(server, "trước")
    begun = shelf.segments()[-1]
    begun.write_bytes(begun.read_bytes()[:-7])
    server.stop()
    server.start()
    with followed(source, shelf):
        remember(server, "sau")
    assert restored(shelf, tmp_path / "back", None) == ["đã ghi", "trước", "sau"]


def write_much(source: Source) -> None:
    """Fill some parts of the journal, and let the server delete what nobody keeps."""
    with psycopg.connect(source.url, autocommit=True) as connection:
        for _ in range(3):
            connection.execute("SELECT pg_logical_emit_message(false, 'much', 'x')")
            connection.execute("SELECT pg_switch_wal()")
        connection.execute("CHECKPOINT")


def test_a_receiver_from_which_the_server_kept_nothing_says_the_gap_and_goes_on(
    server: EmbeddedServer,
    source: Source,
    shelf: Shelf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(receiving, "AGAIN", 0.01)
    with followed(source, shelf):
        take(source, shelf)
        remember(server, "trước")
    (before,) = shelf.bases()
    source.drop_slot()
    write_much(source)
    with followed(source, shelf):
        take(source, shelf)
        remember(server, "sau")
    assert shelf.missing_after(before)
    assert "THE JOURNAL HAS A GAP" in caplog.text
    assert "take a new base backup" in caplog.text
    (gap,) = shelf.gaps()
    assert shelf.restorable_until(before) == gap.after
    with pytest.raises(RefusedError) as refused:
        recovery.restore(shelf, KEYS, tmp_path / "in-gap", gap.until, lambda last: None)
    assert refused.value.code == "RESTORE_IN_GAP"
    assert restored(shelf, tmp_path / "back", None) == ["đã ghi", "trước", "sau"]


def gave_up(source: Source) -> bool:
    """Let the server look once more whether it still keeps its journal for a receiver that is away."""
    write_much(source)
    return (journal.standing(source) or {}).get("kept") == "lost"


def test_a_slot_that_the_server_gave_up_is_made_again_and_it_is_said(
    server: EmbeddedServer, source: Source, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    with followed(source, shelf):
        pass
    if source.facts().version < 18:
        pytest.skip("before PostgreSQL 18 no slot is given up so soon")
    with psycopg.connect(source.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET idle_replication_slot_timeout = '1s'")
        connection.execute("SELECT pg_reload_conf()")
    wait_until(lambda: gave_up(source), "the server gives the slot up")
    with followed(source, shelf):
        pass
    assert "kept its journal no longer for this folder" in caplog.text


def test_a_restore_writes_over_nothing(source: Source, shelf: Shelf, tmp_path: Path) -> None:
    take(source, shelf)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").touch()
    with pytest.raises(RefusedError) as refused:
        recovery.restore(shelf, KEYS, tmp_path / "there", None, lambda last: None)
    assert (refused.value.code, refused.value.field) == ("RESTORE_FOLDER_OTHER", "into")


def test_one_receives_into_a_folder_and_not_two(source: Source, shelf: Shelf) -> None:
    shelf.make()
    with locks.locked(shelf.follower, 0), pytest.raises(RefusedError) as refused:
        journal.follow(source, shelf, KEYS, threading.Event())
    assert refused.value.code == "BACKUP_FOLLOWED"


def test_a_second_backup_leaves_the_one_under_way_alone(source: Source, shelf: Shelf) -> None:
    shelf.make()
    half = shelf.half("20210916T010000Z")
    half.write_bytes(b"being written")
    with locks.locked(shelf.taker, 0), pytest.raises(RefusedError) as refused:
        take(source, shelf)
    assert (refused.value.code, refused.value.field) == ("BACKUP_UNDER_WAY", "folder")
    assert half.read_bytes() == b"being written"


def test_a_server_that_is_away_is_named_with_the_cure(server: EmbeddedServer, source: Source, shelf: Shelf) -> None:
    server.stop()
    with pytest.raises(RefusedError, match="Check the address and the role's REPLICATION right") as refused:
        take(source, shelf)
    assert refused.value.code == "BACKUP_SERVER"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 20 MB in memory: too small for any backup."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "small", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@as_root
def test_a_full_disk_leaves_nothing_half_and_the_server_goes_on(
    server: EmbeddedServer, source: Source, small_disk: Path
) -> None:
    shelf = Shelf.at(small_disk / "backups")
    with pytest.raises(RefusedError) as refused:
        take(source, shelf)
    assert refused.value.code == "BACKUP_DISK_FULL"
    assert list((shelf.root / "base").iterdir()) == []
    remember(server, "vẫn ghi được")
