"""The compact list of one country: sorted truncated hashes in buckets, about 6.1 bytes for each revoked certificate.

It is read from a file without loading it (memory map), and a look-up touches one bucket.
"""

import mmap
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiemchung.hcert.revocation import files, keys
from tiemchung.hcert.revocation.hashes import HASH_BYTES
from tiemchung.hcert.revocation.keys import Bytes, Keys

MAGIC = b"HCRL1\n"


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All revocations of a country at a moment, numbered by `version`; after `valid_until` it is out of date.

    `offsets`, shape (2^bucket_bits + 1,), says where each bucket begins in `fingerprints`, shape (count, 6).
    """

    country: str
    version: int
    created: datetime
    valid_until: datetime
    bucket_bits: int
    offsets: NDArray[np.uint32]
    fingerprints: Bytes

    def __len__(self) -> int:
        return len(self.fingerprints)

    def holds(self, hashes: Iterable[bytes], kids: Iterable[bytes | None]) -> bool:
        """Tell whether any hash (16 bytes) stands in the list under any of the key ids; None is the unknown key."""
        masks = [keys.key_mask(kid) for kid in kids]
        numbers = [int.from_bytes(one[: keys.KEY_BYTES], "big") for one in hashes]
        return any(self._stores(number ^ mask) for number in numbers for mask in masks)

    def _stores(self, number: int) -> bool:
        bucket, fingerprint = keys.split(number, self.bucket_bits)
        offsets, body = self._views
        start, end = offsets[bucket] * keys.FINGERPRINT_BYTES, offsets[bucket + 1] * keys.FINGERPRINT_BYTES
        stored = bytes(body[start:end])
        at = stored.find(fingerprint)
        while at > 0 and at % keys.FINGERPRINT_BYTES:
            at = stored.find(fingerprint, at + 1)
        return at >= 0

    @cached_property
    def _views(self) -> tuple[memoryview, memoryview]:
        """The two arrays as memory, of which single values are taken faster than from arrays."""
        return self.offsets.data, self.fingerprints.reshape(-1).data

    def partition(self, number: int) -> Keys:
        """Give the cut keys (see `keys.cut`) of the hashes that begin with one byte."""
        per = keys.buckets_in_partition(self.bucket_bits)
        bounds = self.offsets[number * per : (number + 1) * per + 1].astype(np.int64)
        return keys.keys_of(self.fingerprints[bounds[0] : bounds[-1]], np.diff(bounds))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the body: two lists with the same entries and buckets have the same."""
        return files.digest(*self._body())

    def write(self, path: Path) -> int:
        """Write the list to a file; give its length in bytes."""
        with path.open("wb") as file:
            return sum(file.write(part) for part in (files.pack(MAGIC, self._header()), *self._body()))

    def to_bytes(self) -> bytes:
        """Give the list as it is written to a file."""
        return b"".join([files.pack(MAGIC, self._header()), *self._body()])

    @classmethod
    def open(cls, path: Path) -> "Snapshot":
        """Map a file that `write` wrote, without loading it; its digest is checked.

        Raises RevocationUnusable for a damaged file, OSError for one that cannot be read.
        """
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                raise files.damaged("magic", "the file is empty")
            return cls.of_bytes(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    @classmethod
    def of_bytes(cls, data: bytes | mmap.mmap) -> "Snapshot":
        """Read what `to_bytes` gave; the digest is checked. Raises RevocationUnusable."""
        header, body = files.unpack(MAGIC, memoryview(data))
        bits, count = files.number(header, "bucket_bits"), files.number(header, "count")
        if not keys.valid_bucket_bits(bits):
            raise files.damaged("bucket_bits", "no list has so many or so few buckets")
        offset_bytes = 4 * (2**bits + 1)
        if len(body) != offset_bytes + keys.FINGERPRINT_BYTES * count:
            raise files.damaged("count", "its length is not what it says")
        snapshot = cls(
            country=files.text(header, "country"),
            version=files.number(header, "version"),
            created=files.moment(header, "created"),
            valid_until=files.moment(header, "valid_until"),
            bucket_bits=bits,
            offsets=np.frombuffer(body[:offset_bytes], dtype="<u4"),
            fingerprints=np.frombuffer(body[offset_bytes:], dtype=np.uint8).reshape(-1, keys.FINGERPRINT_BYTES),
        )
        snapshot._check(header)
        return snapshot

    def _check(self, header: dict[str, Any]) -> None:
        if self.digest != header.get("sha256"):
            raise files.damaged("sha256", "its content is not what was written")
        if self.offsets[0] != 0 or self.offsets[-1] != len(self) or np.any(self.offsets[1:] < self.offsets[:-1]):
            raise files.damaged("offsets", "its buckets do not follow one another")

    def _header(self) -> dict[str, Any]:
        return {
            "country": self.country,
            "version": self.version,
            "created": self.created.isoformat(),
            "valid_until": self.valid_until.isoformat(),
            "count": len(self),
            "bucket_bits": self.bucket_bits,
            "sha256": self.digest,
        }

    def _body(self) -> tuple[memoryview, memoryview]:
        offsets = self.offsets.astype("<u4", copy=False).view(np.uint8)
        return offsets.data, self.fingerprints.reshape(-1).data


class SnapshotBuilder:
    """Takes hashes, in any order and as often as they come, and gives the compact list of them.

    Memory: 8 bytes for each hash, and the list itself.
    """

    def __init__(self) -> None:
        self._parts: dict[int, list[Keys]] = defaultdict(list)
        self._added = 0

    def add(self, kid: bytes | None, hashes: Iterable[bytes] | Bytes) -> None:
        """Add hashes (16 bytes each; an array has the shape (n, 16)) under a key id; None is the unknown key."""
        if not isinstance(hashes, np.ndarray):
            hashes = np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, HASH_BYTES)
        self.add_prefixes(keys.combined(hashes, kid))

    def add_prefixes(self, prefixes: Bytes) -> None:
        """Add hashes that were combined with their key ids already, shape (n, 9)."""
        for number, part in keys.by_partition(prefixes).items():
            self._parts[number].append(part)
        self._added += len(prefixes)

    def build(
        self, country: str, *, version: int, created: datetime, valid_until: datetime, bucket_bits: int | None = None
    ) -> Snapshot:
        """Make the list. `bucket_bits` is chosen by the number of hashes, or kept from the list before."""
        bits = bucket_bits if bucket_bits is not None else keys.bucket_bits_for(self._added)
        parts = (self._cut(number, bits) for number in range(keys.PARTITIONS))
        offsets, fingerprints = assembled(parts, bits)
        return Snapshot(country, version, created, valid_until, bits, offsets, fingerprints)

    def _cut(self, number: int, bucket_bits: int) -> Keys:
        parts = self._parts.get(number)
        return keys.cut(np.concatenate(parts), bucket_bits) if parts else np.empty(0, dtype=np.uint64)


def assembled(partitions: Iterable[Keys], bucket_bits: int) -> tuple[NDArray[np.uint32], Bytes]:
    """Put the cut keys of all partitions together: offsets of the buckets, and fingerprints."""
    sizes, fingerprints = [], []
    for part in partitions:
        sizes.append(keys.bucket_sizes(part, bucket_bits))
        fingerprints.append(keys.fingerprints_of(part))
    offsets = np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.uint32)
    return offsets, np.concatenate(fingerprints)
