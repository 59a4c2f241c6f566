"""A data folder as one file: what pg_basebackup writes as TAR, read from beginning to end without ever lying open."""

import hashlib
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from tiemchung.ground.backups import errors, sealed_file
from tiemchung.ground.backups.manifest import JOURNAL, MANIFEST, Found, verify
from tiemchung.ground.backups.sealed_file import PIECE, ChangedError, CutOffError, Keys
from tiemchung.ground.backups.shelf import HALF

LABEL = "backup_label"


@dataclass(frozen=True)
class Contents:
    """What a copy holds: its label, and the parts of the journal that came along."""

    label: str
    segments: list[str]


def check(path: Path, keys: Keys, programs: Path) -> Contents:
    """Read a copy to its end and hold every file against the manifest in it. Raises ConflictError.

    The journal that came along is read by pg_waldump, so it lies in a private temporary folder meanwhile.
    """
    files: dict[str, Found] = {}
    kept = {MANIFEST: BytesIO(), LABEL: BytesIO()}
    with _opened(path, keys) as tar, tempfile.TemporaryDirectory(prefix="tiemchung-") as folder:
        for member, content in _members(tar):
            with _beside(member.name, kept, Path(folder)) as beside:
                found = Found(member.size, _read(content, beside))
            if member.name != MANIFEST:
                files[member.name] = found
        verify(files, kept[MANIFEST].getvalue(), Path(folder), name_of(path), programs)
        segments = sorted(path.name for path in Path(folder).iterdir())
    return Contents(kept[LABEL].getvalue().decode(), [name for name in segments if len(name) == 24])


def unpack(path: Path, keys: Keys, folder: Path) -> None:
    """Write the data folder out. Raises ConflictError for a copy that is cut off or changed."""
    with _opened(path, keys) as tar:
        tar.extractall(folder, filter="data")


def name_of(path: Path) -> str:
    """The name of the base backup whose file this is, half or whole."""
    return path.name.removeprefix(HALF).removesuffix(".tar")


@contextmanager
def _opened(path: Path, keys: Keys) -> "Iterator[tarfile.TarFile]":
    """The archive in a sealed file; what follows its end is read too, so that one that was cut off is noticed."""
    pieces = _Pieces(sealed_file.read(path, keys, f"{name_of(path)}.tar"))
    try:
        with tarfile.open(fileobj=pieces, mode="r|", bufsize=PIECE) as tar:  # type: ignore[call-overload]
            yield tar
        while pieces.read(PIECE):
            pass
    except (tarfile.TarError, ChangedError, CutOffError, EOFError) as error:
        raise errors.not_whole(name_of(path), f"{path.name}: {error}") from None
    except FileNotFoundError as error:
        raise errors.not_whole(name_of(path), f"{path.name}: {error.strerror}") from None


def _members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member) if member.isfile() else None
        if content is not None:
            yield member, content


@contextmanager
def _beside(name: str, kept: dict[str, BytesIO], folder: Path) -> Iterator[IO[bytes] | None]:
    """Where a member is written while it is read, as it is needed again: the stream goes forwards only."""
    if name.startswith(f"{JOURNAL}/"):
        with (folder / Path(name).name).open("wb") as file:
            yield file
    else:
        yield kept.get(name)


def _read(content: IO[bytes], beside: IO[bytes] | None) -> str:
    """Read a member to its end; gives its SHA-256."""
    digest = hashlib.sha256()
    while piece := content.read(PIECE):
        digest.update(piece)
        if beside:
            beside.write(piece)
    return digest.hexdigest()


class _Pieces:
    """Pieces as a file that can be read forwards."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int) -> bytes:
        while len(self._rest) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._rest += piece
        found, self._rest = self._rest[:size], self._rest[size:]
        return found
