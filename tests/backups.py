"""Backups of a test's own server: received, taken, restored, and harmed."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tests.servers import remembered, wait_until
from tiemchung.ground.backups import base as bases
from tiemchung.ground.backups import journal, recovery
from tiemchung.ground.backups.sealed_file import BackupKey, Keys
from tiemchung.ground.backups.shelf import Shelf
from tiemchung.ground.backups.source import Source
from tiemchung.ground.embedded.server import EmbeddedServer

KEYS = (BackupKey(1, "khoa-cua-ban-sao-khoa-cua-ban-sao"),)


@contextlib.contextmanager
def followed(source: Source, shelf: Shelf, keys: Keys = KEYS) -> Iterator[None]:
    """The journal is received; on the way out everything up to then has been."""
    stop = threading.Event()
    thread = threading.Thread(target=journal.follow, args=(source, shelf, keys, stop))
    thread.start()
    try:
        wait_until(lambda: (journal.standing(source) or {}).get("receiving"), "the receiver")
        yield
        wait_until(lambda: journal.mark(source, shelf), "everything received")
    finally:
        stop.set()
        thread.join()


def take(source: Source, shelf: Shelf, keys: Keys = KEYS) -> None:
    bases.take(source, shelf, keys, lambda done, of: None)


def restored(shelf: Shelf, folder: Path, moment: datetime | None, keys: Keys = KEYS) -> list[str]:
    """The words that are there after a restore."""
    recovery.restore(shelf, keys, folder, moment, lambda last: None)
    server = EmbeddedServer(folder, linger=0)
    server.start()
    try:
        return remembered(server)
    finally:
        server.stop()
        server.release()


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def turn_a_bit(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        (byte,) = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))
