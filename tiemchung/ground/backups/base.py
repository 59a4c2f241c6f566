"""Take a base backup: a copy of the running server, with a manifest of SHA-256, that is read again before it counts."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from tiemchung.ground.backups import errors
from tiemchung.ground.backups.manifest import verify_folder
from tiemchung.ground.backups.shelf import NAME, Base, Shelf, size_of
from tiemchung.ground.backups.source import Source
from tiemchung.ground.embedded.programs import programs

PROGRESS = re.compile(r"(\d+)/(\d+) kB")
FIRST_SEGMENT = re.compile(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")
Progress = Callable[[int, int], None]  # done, of


def take(source: Source, shelf: Shelf, progress: Progress) -> Base:
    """Copy the server into the shelf and verify the copy; gives what can be restored now.

    Raises ConflictError: server refuses, disk full, copy damaged. What a killed backup left is swept by the next.
    """
    shelf.make()
    shelf.sweep()
    before = source.facts()
    if before.tablespaces:
        raise errors.tablespaces()
    name = before.now.strftime(NAME)
    half = shelf.half(name)
    try:
        _copy(source, before.version, half, progress)
        verify_folder(half, name, source.program("pg_waldump", before.version).parent)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    base = Base(
        name=name,
        began_at=before.now,
        ended_at=source.facts().now,
        version=before.version,
        first_segment=_first_segment(half),
        last_segment=max(path.name for path in (half / "pg_wal").glob("[0-9A-F]" * 24)),
        segment_bytes=before.segment_bytes,
        system=before.system,
        bytes=size_of(half),
    )
    shelf.keep(base)
    return base


def verify(shelf: Shelf, base: Base) -> None:
    """Read a base backup again. Raises ConflictError when a file is missing, added or changed."""
    verify_folder(shelf.place(base), base.name, programs(base.version))


def _copy(source: Source, version: int, half: Path, progress: Progress) -> None:
    """The journal that the copy needs comes along, so that a base backup alone can be restored."""
    command = [
        str(source.program("pg_basebackup", version)),
        *source.arguments(),
        f"--pgdata={half}",
        "--format=plain",
        "--wal-method=stream",
        "--checkpoint=fast",
        "--manifest-checksums=SHA256",
        "--progress",
    ]
    with subprocess.Popen(command, env=source.environment(), stderr=subprocess.PIPE) as copying:
        assert copying.stderr is not None
        said: list[str] = []
        for line in _lines(copying.stderr):
            found = PROGRESS.search(line)
            if found:
                progress(int(found[1]) * 1024, int(found[2]) * 1024)
            elif line.strip():
                said.append(line)
        if copying.wait():
            raise errors.failed("\n".join(said), half.parent)


def _lines(pipe: IO[bytes]) -> Iterator[str]:
    """Lines that end in a carriage return too, as progress does."""
    rest = b""
    while part := pipe.read1(65536):  # type: ignore[attr-defined]
        *whole, rest = re.split(rb"[\r\n]", rest + part)
        yield from (line.decode(errors="replace") for line in whole)
    yield rest.decode(errors="replace")


def _first_segment(folder: Path) -> str:
    found = FIRST_SEGMENT.search((folder / "backup_label").read_text())
    assert found is not None, "pg_basebackup writes it into every copy"
    return found[1]
