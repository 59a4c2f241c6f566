"""Batches: how countries exchange revocations. Immutable, of one key id, one expiry and at most 1,000 entries.

Source: EU DCC revocation B2B specification. A batch travels as JSON within a CMS signature of its country.
"""

import base64
import binascii
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from tiemchung.hcert.revocation.errors import RevocationUnusable
from tiemchung.hcert.revocation.hashes import HASH_BYTES, HashType

MAX_ENTRIES = 1_000
KID_BYTES = 8
UNKNOWN_KID = "UNKNOWN_KID"


class Entry(NamedTuple):
    """One revoked certificate: the key id of its signer (None when unknown), its hash, its own expiry in UTC."""

    kid: bytes | None
    hash: bytes
    expires: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """Revoked certificates of one country, key and expiry; checked on birth, never changed afterwards.

    `kid` is None when the key is unknown; `expires` carries a time zone. Raises RevocationUnusable.
    """

    country: str
    expires: datetime
    kid: bytes | None
    hash_type: HashType
    hashes: tuple[bytes, ...]
    id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        if not (len(self.country) == 2 and self.country.isascii() and self.country.isupper()):
            raise _wrong("country", "mã nước phải gồm hai chữ hoa", "the country must be two capital letters")
        if self.kid is not None and len(self.kid) != KID_BYTES:
            raise _wrong("kid", f"mã khóa phải dài {KID_BYTES} byte", f"a key id has {KID_BYTES} bytes")
        if not 1 <= len(self.hashes) <= MAX_ENTRIES:
            raise _wrong("entries", f"mỗi lô có 1 đến {MAX_ENTRIES} mục", f"a batch has 1 to {MAX_ENTRIES} entries")
        if any(len(one) != HASH_BYTES for one in self.hashes):
            raise _wrong("entries", f"mỗi mã băm dài {HASH_BYTES} byte", f"each hash has {HASH_BYTES} bytes")
        if self.expires.tzinfo is None:
            raise _wrong("expires", "thời hạn phải có múi giờ", "the expiry must carry a time zone")

    def as_json(self) -> dict[str, Any]:
        """Give the batch as gateways exchange it; its id travels beside it."""
        return {
            "country": self.country,
            "expires": self.expires.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "kid": UNKNOWN_KID if self.kid is None else _text(self.kid),
            "hashType": self.hash_type.value,
            "entries": [{"hash": _text(one)} for one in self.hashes],
        }

    @classmethod
    def of_json(cls, data: Any, *, id: UUID | None = None) -> "Batch":
        """Read a batch of a gateway; raises RevocationUnusable, naming the field."""
        if not isinstance(data, Mapping):
            raise _wrong("batch", "cần một lô dạng JSON", "a batch, as a JSON object, is needed")
        kid = data.get("kid")
        return cls(
            country=_string(data, "country"),
            expires=_time(data),
            kid=None if kid == UNKNOWN_KID else _bytes(kid, "kid"),
            hash_type=_hash_type(data),
            hashes=tuple(_entry_hashes(data.get("entries"))),
            id=id or uuid4(),
        )


def make_batches(country: str, hash_type: HashType, entries: Iterable[Entry]) -> Iterator[Batch]:
    """Sort revocations into batches: by key id and by the day (UTC) on which the certificates expire.

    A batch expires with the last certificate in it: until then the revocation is needed. Raises RevocationUnusable.
    """
    groups: dict[tuple[bytes, object], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.kid or b"", entry.expires.astimezone(UTC).date()].append(entry)
    for _, group in sorted(groups.items(), key=lambda one: (one[0][0], str(one[0][1]))):
        expires = max(entry.expires for entry in group)
        hashes = sorted({entry.hash for entry in group})
        for start in range(0, len(hashes), MAX_ENTRIES):
            yield Batch(country, expires, group[0].kid, hash_type, tuple(hashes[start : start + MAX_ENTRIES]))


def _entry_hashes(entries: Any) -> Iterator[bytes]:
    if not isinstance(entries, list):
        raise _wrong("entries", "cần một dãy mục", "a list of entries is needed")
    for entry in entries[: MAX_ENTRIES + 1]:
        yield _bytes(entry.get("hash") if isinstance(entry, Mapping) else None, "entries")


def _hash_type(data: Mapping[str, Any]) -> HashType:
    value = _string(data, "hashType")
    if value not in list(HashType):
        known = ", ".join(HashType)
        raise _wrong("hashType", f"phải là một trong: {known}", f"the hash type must be one of {known}")
    return HashType(value)


def _time(data: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_string(data, "expires"))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError as error:
        raise _wrong("expires", "thời hạn không đọc được", "the expiry is not an ISO 8601 time") from error


def _string(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise _wrong(name, "cần một chuỗi chữ", "a string is needed")
    return value


def _bytes(value: Any, name: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise _wrong(name, "không phải Base64", "it is not Base64") from error


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _wrong(name: str, vi: str, en: str) -> RevocationUnusable:
    return RevocationUnusable(name, vi=f"Lô thu hồi sai ở {name}: {vi}.", en=f"{en}; have the sender correct it")
