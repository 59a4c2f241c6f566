"""Receive the server's journal as it is written, so that a lost machine costs a second at most.

What is received is on the disk, encrypted, before the server hears of it; a slot on the server keeps the journal until
then, so that neither a killed receiver nor a full disk here makes a gap. Every few seconds a transaction without any
content is committed: it dates the journal also while nobody works, and shows how far it has come.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Event

from tiemchung.ground.backups import errors, sealed_file
from tiemchung.ground.backups.receiving import Receiver
from tiemchung.ground.backups.sealed_file import ChangedError, CutOffError, Keys
from tiemchung.ground.backups.shelf import PARTIAL, Shelf
from tiemchung.ground.backups.source import SLOT, Source
from tiemchung.ground.embedded import locks
from tiemchung.ground.errors import RefusedError

TICK = 2.0  # seconds between two marks
log = logging.getLogger("tiemchung.backup")

_MARK = "SELECT clock_timestamp(), pg_current_xact_id()::text"
_WRITTEN = "SELECT pg_current_wal_flush_lsn()::text"
_RECEIVED = "SELECT coalesce(restart_lsn >= %s::pg_lsn, false) FROM pg_replication_slots WHERE slot_name = %s"
_STANDING = """SELECT active, coalesce(wal_status, 'lost'), pg_wal_lsn_diff(pg_current_wal_flush_lsn(), restart_lsn)
               FROM pg_replication_slots WHERE slot_name = %s"""


def follow(source: Source, shelf: Shelf, keys: Keys, stop: Event) -> None:
    """Receive until `stop`. The server may go and come back.

    Raises ConflictError when another receives already, when the folder is another server's, and for a key that is
    missing or wrong.
    """
    shelf.make()
    with _alone(shelf):
        shelf.check_server(source.facts().system)
        source.make_slot()
        ended = Event()
        receiver = Receiver(source, shelf, keys, ended)
        receiver.start()
        try:
            while not stop.wait(TICK) and receiver.is_alive():
                mark(source, shelf)
        finally:
            ended.set()
            receiver.join()
    if receiver.problem:
        raise receiver.problem


def mark(source: Source, shelf: Shelf) -> bool:
    """Date the journal, and when that mark has been received write down its time; False while it has not."""
    with suppress(RefusedError):  # the server is away: it will be back, and the slot waits for us
        now, _ = source.ask(_MARK)
        (place,) = source.ask(_WRITTEN)
        for _ in locks.until(TICK):
            row = source.ask(_RECEIVED, [place, SLOT])
            if row and row[0]:
                _note(shelf, now)
                return True
    return False


def verify(shelf: Shelf, keys: Keys) -> int:
    """Read the journal again, part by part; gives how many there are.

    Raises ConflictError naming a part that is cut off or changed, or whose key is missing. One that is being received
    is read as far as it goes, and may be finished meanwhile.
    """
    sizes = {base.segment_bytes for base in shelf.bases()}
    parts = [*shelf.segments(), *sorted(shelf.journal.glob("*.history"))]
    for path in parts:
        try:
            length = sum(map(len, _content(path, keys)))
        except FileNotFoundError:  # pruned meanwhile; a gap is `Shelf.missing_after`'s to say
            continue
        except (ChangedError, CutOffError, OSError) as error:
            raise errors.part_not_whole(path.name, str(error)) from None
        if sizes and len(path.name) == 24 and length not in sizes:  # without keys nothing else shows a cut
            raise errors.part_not_whole(path.name, f"{length} bytes")
    return len(parts)


def _content(path: Path, keys: Keys) -> Iterator[bytes]:
    if path.suffix == PARTIAL and path.exists():
        yield from sealed_file.read_begun(path, keys, path.stem)
    else:
        yield from sealed_file.read(path.with_name(path.name.removesuffix(PARTIAL)), keys, path.name[:24])


def standing(source: Source) -> dict[str, object] | None:
    """Whether the journal is being received, whether the server still holds all of it, and how many bytes wait."""
    row = source.ask(_STANDING, [SLOT])
    return {"receiving": row[0], "kept": row[1], "waiting_bytes": int(row[2] or 0)} if row else None


def _note(shelf: Shelf, now: datetime) -> None:
    try:
        shelf.note_journal(now)
    except OSError as error:  # a full disk: the receiver waits too
        log.warning("cannot write to %s: %s", shelf.root, error.strerror)


@contextmanager
def _alone(shelf: Shelf) -> Iterator[None]:
    try:
        with locks.locked(shelf.follower, 0):
            yield
    except TimeoutError:
        raise errors.followed_already(shelf.root) from None
