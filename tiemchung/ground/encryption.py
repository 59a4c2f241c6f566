"""How is a value kept so that a copy of the database gives it away to nobody?

Encrypted with AES-256-GCM-SIV (RFC 8452), whose random nonces may serve for far more values than a nation has; found
again by a keyed hash, HMAC-SHA-256 cut to 128 bits. The keys come from the environment (`TIEMCHUNG_DATA_KEYS`), the
one in use first; the others read what was written before. What a value is for is bound into both, so that a value
copied into another column does not open. See docs/adr/0023.
"""

import hmac
import json
import os
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = 1
NONCE_BYTES = 12
LOOK_UP_BYTES = 16
_HEAD = 2 + NONCE_BYTES  # version, number of the key, nonce


class UnreadableValueError(RuntimeError):
    """An encrypted value does not open: its key is not at hand, or the value was changed or moved."""


class MissingKeyError(UnreadableValueError):
    """The key that a value was written under is not in TIEMCHUNG_DATA_KEYS."""


@dataclass(frozen=True)
class DataKey:
    """What one of the keys in the environment is used for: one key to encrypt with, one to hash with."""

    number: int
    cipher: AESGCMSIV
    hashing: bytes

    @classmethod
    def of(cls, number: int, secret: str) -> "DataKey":
        return cls(number, AESGCMSIV(_derived(secret, "encrypt")), _derived(secret, "look up"))

    def hash(self, text: str, purpose: str) -> bytes:
        return hmac.digest(self.hashing, f"{purpose}\0{text}".encode(), "sha256")


def encrypt(plain: bytes, *, purpose: str) -> bytes:
    """Encrypt with the key in use. Equal values give different texts."""
    key, nonce = _in_use(), os.urandom(NONCE_BYTES)
    return bytes((VERSION, key.number)) + nonce + key.cipher.encrypt(nonce, plain, purpose.encode())


def decrypt(kept: bytes, *, purpose: str) -> bytes:
    """Give what was encrypted for this purpose, under any of the keys. Raises UnreadableValueError."""
    number = key_number(kept)
    key = _keys().get(number)
    if key is None:
        raise MissingKeyError(
            f"{purpose}: written under key {number}, which is not in TIEMCHUNG_DATA_KEYS; add it at the end"
        )
    try:
        return key.cipher.decrypt(kept[2:_HEAD], kept[_HEAD:], purpose.encode())
    except InvalidTag:
        raise UnreadableValueError(f"{purpose}: the key does not fit, or the value was changed") from None


def key_number(kept: bytes) -> int:
    """The number of the key that an encrypted value needs. Raises UnreadableValueError for what is none."""
    if len(kept) < _HEAD or kept[0] != VERSION:
        raise UnreadableValueError("this is no encrypted value")
    return kept[1]


def number_in_use() -> int:
    """The number of the key that new values are written under."""
    return _in_use().number


def numbers_at_hand() -> frozenset[int]:
    """The numbers of the keys by which values can be read."""
    return frozenset(_keys())


def look_up(text: str, *, purpose: str) -> bytes:
    """The keyed hash, 16 bytes, by which an equal value is found: as it is written now."""
    return _in_use().hash(text, purpose)[:LOOK_UP_BYTES]


def look_ups(text: str, *, purpose: str) -> list[bytes]:
    """The same under each key, for `= ANY(...)`: until a change of keys is through, rows of both are there."""
    return [key.hash(text, purpose)[:LOOK_UP_BYTES] for key in _keys().values()]


def digests(text: str) -> tuple[str, ...]:
    """Keyed digests of a text, under the key in use first: `<number of the key>.<64 hex digits>`.

    A plain SHA-256 would not do: who knows a person's name and birth date could try all numbers.
    """
    return digests_of_sha256(sha256(text.encode()).hexdigest())


def digests_of_sha256(plain: str) -> tuple[str, ...]:
    """The same, of a text whose SHA-256 is known."""
    return tuple(f"{key.number}.{key.hash(plain, 'digest').hex()}" for key in _keys().values())


def is_other(kept: str, now: tuple[str, ...]) -> bool:
    """Say whether a digest was made of another text. Under a key that is gone nobody can say so."""
    known = {each.partition(".")[0] for each in now}
    return kept.partition(".")[0] in known and kept not in now


class SessionSerializer:
    """Keeps a session's content encrypted: between two pages it may hold what a person typed."""

    def dumps(self, content: Any) -> bytes:
        return encrypt(json.dumps(content, separators=(",", ":")).encode(), purpose="session")

    def loads(self, kept: bytes) -> Any:
        return json.loads(decrypt(kept, purpose="session"))


def _keys() -> dict[int, DataKey]:
    """The keys by number, in the order of the environment."""
    return _made(settings.DATA_KEYS)


@cache
def _made(secrets: tuple[tuple[int, str], ...]) -> dict[int, DataKey]:
    return {number: DataKey.of(number, secret) for number, secret in secrets}


def _in_use() -> DataKey:
    return next(iter(_keys().values()))


def _derived(secret: str, use: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"tiemchung data key: {use}".encode()).derive(secret.encode())
