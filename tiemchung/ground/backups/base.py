"""Take a base backup: a copy of the running server, with a manifest of SHA-256, that is read again before it counts.

The copy goes from the server's connection into an encrypted file, and nowhere lies open on the way.
"""

import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from tiemchung.ground.backups import errors, sealed_file, tarred
from tiemchung.ground.backups.sealed_file import PIECE, Keys
from tiemchung.ground.backups.shelf import Base, Shelf
from tiemchung.ground.backups.source import Source
from tiemchung.ground.embedded import locks
from tiemchung.ground.embedded.programs import programs

PROGRESS = re.compile(r"(\d+)/(\d+) kB")
FIRST_SEGMENT = re.compile(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")
Progress = Callable[[int, int], None]  # done, of


def take(source: Source, shelf: Shelf, keys: Keys, progress: Progress) -> Base:
    """Copy the server into the shelf and verify the copy; gives what can be restored now.

    Raises ConflictError: another is under way, server refuses, disk full, copy damaged. What a killed backup left is
    swept by the next.
    """
    shelf.make()
    try:
        with locks.locked(shelf.taker, 0):
            return _take(source, shelf, keys, progress)
    except TimeoutError:
        raise errors.taken_already(shelf.root) from None


def _take(source: Source, shelf: Shelf, keys: Keys, progress: Progress) -> Base:
    shelf.sweep()
    before = source.facts()
    shelf.check_server(before.system)
    if before.tablespaces:
        raise errors.tablespaces()
    reading = programs(before.version)  # a journal is read by programs of its own version alone: refuse before copying
    name = shelf.free_name(before.now)
    half = shelf.half(name)
    try:
        with source.keeping_journal():
            _copy(source, before.version, half, keys, progress)
        copied = tarred.check(half, keys, reading)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    base = Base(
        name=name,
        began_at=before.now,
        ended_at=source.facts().now,
        version=before.version,
        first_segment=_first_segment(copied.label),
        last_segment=copied.segments[-1],
        segment_bytes=before.segment_bytes,
        system=before.system,
        bytes=half.stat().st_size,
    )
    shelf.keep(base)
    return base


def verify(shelf: Shelf, base: Base, keys: Keys) -> None:
    """Read a base backup again. Raises ConflictError when a file is missing, added or changed, and for a wrong key."""
    tarred.check(shelf.place(base), keys, programs(base.version))


def _copy(source: Source, version: int, half: Path, keys: Keys, progress: Progress) -> None:
    """The journal that the copy needs comes along, so that a base backup alone can be restored."""
    command = [
        str(source.program("pg_basebackup", version)),
        *source.arguments(),
        "--pgdata=-",
        "--format=tar",
        "--wal-method=fetch",
        "--checkpoint=fast",
        "--manifest-checksums=SHA256",
        "--progress",
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=source.environment(), stdout=pipe, stderr=pipe) as copying:
        assert copying.stdout is not None
        assert copying.stderr is not None
        said: list[str] = []
        listening = threading.Thread(target=_listen, args=(copying.stderr, said, progress))
        listening.start()
        try:
            _write(copying.stdout, half, keys)
        except OSError as error:
            copying.kill()
            raise errors.failed(str(error), half.parent) from error
        finally:
            listening.join()
        if copying.wait():
            raise errors.failed("\n".join(said), half.parent)


def _write(content: IO[bytes], half: Path, keys: Keys) -> None:
    writer = sealed_file.create(half, keys, f"{tarred.name_of(half)}.tar")
    try:
        while piece := content.read(PIECE):
            writer.write(piece)
        writer.finish()
    finally:
        writer.close()


def _listen(pipe: IO[bytes], said: list[str], progress: Progress) -> None:
    """Pass progress on, and keep what else is said."""
    for line in _lines(pipe):
        found = PROGRESS.search(line)
        if found:
            progress(int(found[1]) * 1024, int(found[2]) * 1024)
        elif line.strip():
            said.append(line)


def _lines(pipe: IO[bytes]) -> Iterator[str]:
    """Lines that end in a carriage return too, as progress does."""
    rest = b""
    while part := pipe.read1(65536):  # type: ignore[attr-defined]
        *whole, rest = re.split(rb"[\r\n]", rest + part)
        yield from (line.decode(errors="replace") for line in whole)
    yield rest.decode(errors="replace")


def _first_segment(label: str) -> str:
    found = FIRST_SEGMENT.search(label)
    assert found is not None, "pg_basebackup writes it into every copy"
    return found[1]
