"""Ask whether a certificate is revoked: yes, no, or that it cannot be told: no list, or one that is out of date."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tiemchung.hcert.chain import Decoded
from tiemchung.hcert.codes import CODES
from tiemchung.hcert.revocation import snapshot as snapshots
from tiemchung.hcert.revocation.batches import Batch
from tiemchung.hcert.revocation.errors import RevocationUnusable
from tiemchung.hcert.revocation.hashes import certificate_hashes
from tiemchung.hcert.revocation.snapshot import Snapshot, SnapshotBuilder

MAX_JSON_BYTES = 64 * 1024 * 1024
"""A list in JSON is for small countries and for trying out; larger ones come in the compact form."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """The country revoked the certificate; `stale` when its list is out of date, which does not undo a revocation."""

    country: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class NotRevoked:
    """The certificate is not in the country's list, which is in date."""

    country: str


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Why it cannot be told: `reason` is "absent" (no list of that country) or "stale" (out of date)."""

    reason: str

    @property
    def words(self) -> dict[str, str]:
        """The sentence in Vietnamese and English, with its cure."""
        return CODES["R|ABS" if self.reason == "absent" else "R|OLD"].words


class Revocations:
    """The lists of the countries; of each country the highest version counts."""

    def __init__(self, lists: Iterable[Snapshot]) -> None:
        self._lists: dict[str, Snapshot] = {}
        for one in sorted(lists, key=lambda one: one.version):
            self._lists[one.country] = one

    def lookup(
        self, kid: bytes | None, hashes: Iterable[bytes], country: str | None, at: datetime
    ) -> Revoked | NotRevoked | CannotTell:
        """Look for any of a certificate's hashes in the list of the country that issued it, and in no other.

        `at` carries a time zone. A list that is out of date still tells what is revoked, but no longer what is not.
        """
        one = self._lists.get(country or "")
        if one is None:
            return CannotTell("absent")
        stale = at > one.valid_until
        if one.holds(hashes, (kid, None)):
            return Revoked(one.country, stale)
        return CannotTell("stale") if stale else NotRevoked(one.country)

    def state(self, decoded: Decoded, *, country: str | None, at: datetime) -> str:
        """Answer the verdict's question: "clear", "revoked", "stale" or "absent" (`verdict.RevocationCheck`)."""
        found = self.lookup(decoded.message.kid, certificate_hashes(decoded, country), country, at)
        match found:
            case Revoked():
                return "revoked"
            case NotRevoked():
                return "clear"
        return found.reason

    @classmethod
    def open(cls, paths: Iterable[Path]) -> "Revocations":
        """Open lists from files, compact or JSON (see `read_snapshot`). Raises RevocationUnusable, OSError."""
        return cls([_open(path) for path in paths])


def snapshot_of(
    batches: Iterable[Batch], country: str, *, version: int, created: datetime, valid_until: datetime
) -> Snapshot:
    """Make the compact list of a country from its batches; other countries' and expired ones are left out."""
    builder = SnapshotBuilder()
    for batch in batches:
        if batch.country == country and batch.expires > created:
            builder.add(batch.kid, batch.hashes)
    return builder.build(country, version=version, created=created, valid_until=valid_until)


def read_snapshot(data: bytes) -> Snapshot:
    """Read a list from the compact form, or from JSON: `{"country", "version", "created", "validUntil", "batches"}`.

    Raises RevocationUnusable, naming the field.
    """
    if data.startswith(snapshots.MAGIC):
        return Snapshot.of_bytes(data)
    if len(data) > MAX_JSON_BYTES:
        raise _wrong("batches", "danh sách JSON quá lớn", "a list in JSON must be smaller; use the compact form")
    try:
        return _of_json(json.loads(data))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise _wrong("list", "tệp không phải danh sách thu hồi", "the file is no revocation list") from error


def _open(path: Path) -> Snapshot:
    with path.open("rb") as file:
        compact = file.read(len(snapshots.MAGIC)) == snapshots.MAGIC
    return Snapshot.open(path) if compact else read_snapshot(path.read_bytes())


def _of_json(data: Any) -> Snapshot:
    match data:
        case {"country": str(country), "version": int(version), "batches": list(batches)}:
            created, valid_until = _time(data, "created"), _time(data, "validUntil")
            read = [Batch.of_json(batch) for batch in batches]
            return snapshot_of(read, country, version=version, created=created, valid_until=valid_until)
    raise _wrong("list", "cần country, version và batches", "country, version and batches are needed")


def _time(data: dict[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(data[name])
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(name, "cần một thời điểm ISO 8601", "an ISO 8601 time is needed") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _wrong(field: str, vi: str, en: str) -> RevocationUnusable:
    return RevocationUnusable(field, vi=f"Danh sách thu hồi sai ở {field}: {vi}.", en=en)
