"""Which backup serves a moment, which part of the journal is missing, and what may go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tiemchung.ground.backups import recovery
from tiemchung.ground.backups.shelf import Base, Shelf, Span
from tiemchung.ground.errors import ConflictError, NotFoundError

NOON = datetime(2021, 9, 16, 12, tzinfo=UTC)
PART = "0000000100000002000000{:02X}"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    found = Shelf.at(tmp_path / "backups")
    found.make()
    return found


def kept(shelf: Shelf, days_ago: int, segment: int) -> Base:
    """A base backup that ended at noon some days ago, and began in this part of the journal."""
    ended_at = NOON - timedelta(days=days_ago)
    first, last = PART.format(segment), PART.format(segment + 1)
    name = ended_at.strftime("%Y%m%dT%H%M%SZ")
    base = Base(name, ended_at - timedelta(minutes=5), ended_at, 18, first, last, 2**24, "1", 4)
    shelf.half(name).write_text("data")
    shelf.keep(base)
    return base


def received(shelf: Shelf, *segments: int) -> None:
    for segment in segments:
        (shelf.journal / PART.format(segment)).touch()


def test_folders_are_closed_to_others(shelf: Shelf) -> None:
    assert {path.stat().st_mode & 0o077 for path in (shelf.root, shelf.journal, shelf.root / "base")} == {0}


def test_a_moment_begins_with_the_newest_backup_that_had_ended(shelf: Shelf) -> None:
    old, new = kept(shelf, 2, 1), kept(shelf, 1, 9)
    assert shelf.bases() == [old, new]
    assert shelf.newest_before(new.ended_at) == new
    assert shelf.newest_before(new.ended_at - timedelta(seconds=1)) == old
    assert shelf.newest_before(None) == new


def test_a_moment_before_all_backups_names_the_earliest(shelf: Shelf) -> None:
    first = kept(shelf, 2, 1)
    with pytest.raises(NotFoundError, match=r"The earliest moment is 2021-09-14T12:00:00\+00:00") as refusal:
        shelf.newest_before(first.ended_at - timedelta(seconds=1))
    assert refusal.value.field == "to"


def test_without_a_backup_the_cure_is_named(shelf: Shelf) -> None:
    with pytest.raises(NotFoundError, match="tiemchung backup take"):
        shelf.newest_before(None)


@pytest.mark.parametrize(
    ("segments", "missing"),
    [
        ((1, 2, 3, 4), None),
        ((3, 4), None),  # those before came along with the backup
        ((), None),
        ((3, 5), 4),
        ((5, 6), 3),
    ],
)
def test_a_gap_in_the_journal_is_found(shelf: Shelf, segments: tuple[int, ...], missing: int | None) -> None:
    base = kept(shelf, 1, 1)
    received(shelf, *segments)
    assert shelf.missing_after(base) == (PART.format(missing) if missing else None)


@pytest.fixture
def gapped(shelf: Shelf) -> tuple[Shelf, Base, Base]:
    """Marked until an hour after the first backup; the gap was seen five hours later; a second backup came after it."""
    old, new = kept(shelf, 2, 1), kept(shelf, 1, 20)
    received(shelf, 3, 4, 18, 19, 22)
    shelf.note_journal(old.ended_at + timedelta(hours=1))
    shelf.note_gap(until=old.ended_at + timedelta(hours=6))
    shelf.note_journal(NOON)
    return shelf, old, new


def test_a_gap_that_was_seen_parts_what_can_be_restored(gapped: tuple[Shelf, Base, Base]) -> None:
    shelf, old, new = gapped
    assert shelf.restorable() == [Span(old.ended_at, old.ended_at + timedelta(hours=1)), Span(new.ended_at, NOON)]


def test_without_a_gap_all_since_the_first_backup_can_be_restored(shelf: Shelf) -> None:
    old, _ = kept(shelf, 2, 1), kept(shelf, 1, 5)
    received(shelf, *range(3, 9))
    shelf.note_journal(NOON)
    assert shelf.restorable() == [Span(old.ended_at, NOON)]


def test_a_moment_in_a_gap_is_refused_before_anything_is_copied_and_what_can_be_is_named(
    gapped: tuple[Shelf, Base, Base], tmp_path: Path
) -> None:
    shelf, old, _ = gapped
    with pytest.raises(NotFoundError) as refused:
        recovery.restore(shelf, (), tmp_path / "back", old.ended_at + timedelta(hours=3), lambda _: None)
    assert (refused.value.code, refused.value.field) == ("RESTORE_IN_GAP", "to")
    assert "2021-09-14T12:00:00+00:00 – 2021-09-14T13:00:00+00:00; 2021-09-15T12:00:00+00:00" in refused.value.en


def test_a_backup_that_was_taken_in_a_gap_is_good_for_its_own_moment_alone(shelf: Shelf) -> None:
    base = kept(shelf, 1, 1)
    received(shelf, 9)
    shelf.note_journal(base.ended_at - timedelta(hours=2))
    shelf.note_gap(until=base.ended_at + timedelta(hours=2))
    shelf.note_journal(NOON)
    assert shelf.restorable() == [Span(base.ended_at, base.ended_at)]


def test_a_gap_before_the_oldest_backup_is_forgotten_with_the_backups_before_it(
    gapped: tuple[Shelf, Base, Base],
) -> None:
    shelf, _, new = gapped
    shelf.prune(timedelta(hours=1), NOON)
    assert (shelf.bases(), shelf.gaps()) == ([new], [])


def test_two_backups_of_one_second_have_two_names_and_keep_their_order(shelf: Shelf) -> None:
    first = kept(shelf, 1, 1)
    assert shelf.free_name(first.ended_at) == f"{first.name}-2"
    later = replace(first, name=f"{first.name}-2", ended_at=first.ended_at + timedelta(milliseconds=400))
    shelf.half(later.name).write_text("data")
    shelf.keep(later)
    assert shelf.bases() == [first, later]
    assert shelf.newest_before(None) == later
    assert shelf.free_name(first.ended_at) == f"{first.name}-3"


def test_the_part_that_is_being_received_counts(shelf: Shelf) -> None:
    base = kept(shelf, 1, 1)
    received(shelf, 3)
    (shelf.journal / (PART.format(4) + ".partial")).touch()
    assert shelf.missing_after(base) is None
    assert [path.name for path in shelf.segments()] == [PART.format(3), PART.format(4) + ".partial"]


def test_the_journal_goes_over_from_one_log_to_the_next(shelf: Shelf) -> None:
    base = kept(shelf, 1, 254)
    (shelf.journal / "000000010000000300000000").touch()
    assert shelf.missing_after(base) is None


def test_what_no_moment_of_the_last_days_needs_is_deleted(shelf: Shelf) -> None:
    oldest, needed, newest = kept(shelf, 30, 1), kept(shelf, 15, 4), kept(shelf, 1, 8)
    received(shelf, *range(1, 11))
    gone, segments = shelf.prune(timedelta(days=14), NOON)
    assert gone == [oldest]
    assert [path.name for path in segments] == [PART.format(1), PART.format(2), PART.format(3)]
    assert shelf.bases() == [needed, newest]
    assert not shelf.place(oldest).exists()
    assert shelf.prune(timedelta(days=14), NOON) == ([], [])


def test_the_only_backup_stays_however_old(shelf: Shelf) -> None:
    only = kept(shelf, 300, 5)
    received(shelf, 4, 5, 6)
    gone, segments = shelf.prune(timedelta(days=1), NOON)
    assert (gone, [path.name for path in segments]) == ([], [PART.format(4)])
    assert shelf.bases() == [only]


def test_what_a_killed_backup_left_is_swept_and_never_listed(shelf: Shelf) -> None:
    base = kept(shelf, 1, 1)
    shelf.half("20210916T000000Z").touch()
    (shelf.root / "base" / "20210916T010000Z.tar").touch()  # killed between its name and its description
    assert shelf.bases() == [base]
    shelf.sweep()
    assert [path.name for path in sorted((shelf.root / "base").iterdir())] == [f"{base.name}.json", f"{base.name}.tar"]


def test_a_folder_takes_the_backups_of_one_server_alone(shelf: Shelf) -> None:
    kept(shelf, 1, 1)
    shelf.check_server("1")
    with pytest.raises(ConflictError, match="holds backups of another server"):
        shelf.check_server("2")
