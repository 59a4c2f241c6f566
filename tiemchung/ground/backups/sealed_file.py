"""How does a backup lie on a disk that others may read? Encrypted in pieces, in their order, with an end to be seen.

A file is a head, then pieces, the last of which says so. A head is MAGIC, the key's number (1 byte), its fingerprint
(8), a salt (16); a piece is its kind (1 byte), the length of its content (4, big-endian), and the content encrypted by
AES-256-GCM. The key is HKDF-SHA-256 of the secret with the file's salt and name, so that files cannot change places;
the nonce is the piece's number, so that pieces cannot either. Who goes on with a file that was cut off begins with a
new head, as the piece that was cut off has used up its nonce under the old key. See docs/adr/0043.

Without keys a file is its plain content, nothing more.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tiemchung.ground.backups import errors

MAGIC = b"TCBK\x01"
PIECE = 1 << 20  # bytes of content in a piece at most; so much memory is enough for any file
SALT, FINGERPRINT = 16, 8
HEAD = len(MAGIC) + 1 + FINGERPRINT + SALT
MORE, LAST = b"P", b"E"


class CutOffError(ValueError):
    """A file ends before its end: it was being written, or somebody cut it off."""


class ChangedError(ValueError):
    """A piece of a file is not what was written there."""


@dataclass(frozen=True)
class BackupKey:
    """One of the keys of TIEMCHUNG_BACKUP_KEYS."""

    number: int  # 1 to 255
    secret: str

    @property
    def fingerprint(self) -> bytes:
        """By which a file says whose it is, and gives nothing of the secret away."""
        return self._derived(b"", "fingerprint", FINGERPRINT)

    def cipher(self, salt: bytes, name: str) -> AESGCM:
        """What encrypts the file of that name under this head."""
        return AESGCM(self._derived(salt, f"file {name}", 32))

    def head(self, salt: bytes) -> bytes:
        """What a file begins with."""
        return MAGIC + bytes((self.number,)) + self.fingerprint + salt

    def _derived(self, salt: bytes, use: str, length: int) -> bytes:
        info = f"tiemchung backup: {use}".encode()
        return HKDF(SHA256(), length, salt=salt, info=info).derive(self.secret.encode())


Keys = tuple[BackupKey, ...]  # the one in use first; none: nothing is encrypted


class PlainWriter:
    """Writes a file as it is."""

    ended = False  # whether the file has its end already, so that nothing more may be written

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, content: bytes) -> None:
        self._file.write(content)

    def sync(self) -> None:
        """Bring what was written to the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def finish(self) -> None:
        """Say that nothing more comes, and close."""
        self.sync()
        self._file.close()

    def close(self) -> None:
        """Leave the file for whoever goes on with it."""
        self._file.close()


class SealedWriter(PlainWriter):
    """Writes a file encrypted, from a piece number on."""

    def __init__(self, file: IO[bytes], key: BackupKey, name: str, number: int = 0) -> None:
        super().__init__(file)
        salt = os.urandom(SALT)
        self._cipher, self._number = key.cipher(salt, name), number
        self._file.write(key.head(salt))

    def write(self, content: bytes) -> None:
        for start in range(0, len(content), PIECE):
            self._piece(MORE, content[start : start + PIECE])

    def finish(self) -> None:
        self._piece(LAST, b"")
        super().finish()

    def _piece(self, kind: bytes, content: bytes) -> None:
        head = kind + len(content).to_bytes(4, "big")
        self._file.write(head + self._cipher.encrypt(_nonce(self._number), content, head))
        self._number += 1


class EndedWriter(PlainWriter):
    """Brings a file to the disk that has its end already; nothing stands behind an end."""

    ended = True

    def write(self, content: bytes) -> None:
        raise ChangedError(f"{len(content)} bytes would stand after the end")


def create(path: Path, keys: Keys, name: str) -> PlainWriter:
    """Begin a file, in place of any that is there; `name` is what it is finally called."""
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    return SealedWriter(file, keys[0], name) if keys else PlainWriter(file)


def go_on(path: Path, keys: Keys, name: str) -> tuple[PlainWriter, int]:
    """Go on with a file that was cut off; gives the writer, and how many bytes of content are there already.

    One that has its end is only to be finished. Raises ChangedError, and ConflictError for a key that is missing.
    """
    reader = _Reader(path, keys, name)
    length = sum(map(len, reader.until_cut_off()))
    file = path.open("r+b")
    file.truncate(reader.good)
    file.seek(reader.good)
    if reader.ended:
        return EndedWriter(file), length
    return (SealedWriter(file, keys[0], name, reader.number) if keys else PlainWriter(file)), length


def read(path: Path, keys: Keys, name: str) -> Iterator[bytes]:
    """The content of a whole file, piece by piece; each is as it was written before it is given.

    Raises CutOffError, ChangedError, and ConflictError for a key that is missing or another.
    """
    return _Reader(path, keys, name).pieces()


def read_begun(path: Path, keys: Keys, name: str) -> Iterator[bytes]:
    """The content of a file that is still being written, as far as it goes. Raises as `read`, but for CutOffError."""
    return _Reader(path, keys, name).until_cut_off()


class _Reader:
    """One file that is read: up to where it is good, how many pieces that are, whether its end was seen."""

    def __init__(self, path: Path, keys: Keys, name: str) -> None:
        self.path, self.keys, self.name = path, keys, name
        self.good = self.number = 0
        self.ended = False
        self._cipher: AESGCM | None = None

    def until_cut_off(self) -> Iterator[bytes]:
        try:
            yield from self.pieces()
        except CutOffError:
            return

    def pieces(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            beginning = file.read(len(MAGIC))
            file.seek(0)
            sealed = bool(beginning) and MAGIC.startswith(beginning)
            if self.keys and not sealed and beginning:
                raise errors.not_encrypted(self.path)
            yield from self._sealed(file) if sealed or self.keys else self._plain(file)

    def _plain(self, file: IO[bytes]) -> Iterator[bytes]:
        while content := file.read(PIECE):
            self.good += len(content)
            yield content

    def _sealed(self, file: IO[bytes]) -> Iterator[bytes]:
        while True:
            kind = _exactly(file, 1)
            if kind == MAGIC[:1]:
                self._cipher = self._cipher_of(kind + _exactly(file, HEAD - 1))
                self.good = file.tell()
                continue
            content = self._piece(kind, file)
            self.number, self.good = self.number + 1, file.tell()
            if kind == LAST:
                self.ended = True
                break
            yield content
        if file.read(1):
            raise ChangedError("something stands after the end")

    def _piece(self, kind: bytes, file: IO[bytes]) -> bytes:
        length = _exactly(file, 4)
        size = int.from_bytes(length, "big")
        if self._cipher is None or kind not in (MORE, LAST) or size > PIECE:
            raise ChangedError(f"piece {self.number}")
        try:
            return self._cipher.decrypt(_nonce(self.number), _exactly(file, size + 16), kind + length)
        except InvalidTag:
            raise ChangedError(f"piece {self.number}") from None

    def _cipher_of(self, head: bytes) -> AESGCM:
        if not head.startswith(MAGIC):
            raise ChangedError("head")
        number, fingerprint, salt = head[len(MAGIC)], head[-SALT - FINGERPRINT : -SALT], head[-SALT:]
        key = next((each for each in self.keys if each.number == number), None)
        if key is None:
            raise errors.key_missing(number, self.path)
        if key.fingerprint != fingerprint:
            raise errors.key_other(number, self.path)
        return key.cipher(salt, self.name)


def _exactly(file: IO[bytes], size: int) -> bytes:
    found = file.read(size)
    if len(found) < size:
        raise CutOffError("cut off")
    return found


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
