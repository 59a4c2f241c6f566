"""What changed from one version of a list to the next, so that a verifier need not fetch it all.

After a delta the count and the digest must be those of the new list; otherwise the whole list is fetched again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from tiemchung.hcert.revocation import files, keys
from tiemchung.hcert.revocation.errors import RevocationUnusable
from tiemchung.hcert.revocation.keys import Bytes, Keys
from tiemchung.hcert.revocation.snapshot import Snapshot, assembled

MAGIC = b"HCRD1\n"


class DeltaUnfit(RevocationUnusable):
    """A delta that does not belong to this list, or does not lead where it says; the cure is the whole list."""

    code = "revocation_delta"


@dataclass(frozen=True, eq=False, slots=True)
class Delta:
    """From a version of a list to a later one: hashes that came and that went, as 9-byte prefixes, shape (n, 9)."""

    country: str
    from_version: int
    to_version: int
    created: datetime
    valid_until: datetime
    bucket_bits: int
    count: int
    digest: str
    added: Bytes
    removed: Bytes

    def to_bytes(self) -> bytes:
        """Give the delta as it travels."""
        header = {
            "country": self.country,
            "from_version": self.from_version,
            "to_version": self.to_version,
            "created": self.created.isoformat(),
            "valid_until": self.valid_until.isoformat(),
            "bucket_bits": self.bucket_bits,
            "count": self.count,
            "digest": self.digest,
            "added": len(self.added),
            "removed": len(self.removed),
            "sha256": files.digest(self.added.tobytes(), self.removed.tobytes()),
        }
        return files.pack(MAGIC, header) + self.added.tobytes() + self.removed.tobytes()

    @classmethod
    def of_bytes(cls, data: bytes) -> "Delta":
        """Read what `to_bytes` gave; its digest is checked. Raises RevocationUnusable."""
        header, body = files.unpack(MAGIC, memoryview(data))
        added, removed = files.number(header, "added"), files.number(header, "removed")
        if len(body) != keys.KEY_BYTES * (added + removed):
            raise files.damaged("added", "its length is not what it says")
        if files.digest(body) != header.get("sha256"):
            raise files.damaged("sha256", "its content is not what was written")
        prefixes = np.frombuffer(body, dtype=np.uint8).reshape(-1, keys.KEY_BYTES)
        return cls(
            country=files.text(header, "country"),
            from_version=files.number(header, "from_version"),
            to_version=files.number(header, "to_version"),
            created=files.moment(header, "created"),
            valid_until=files.moment(header, "valid_until"),
            bucket_bits=files.number(header, "bucket_bits"),
            count=files.number(header, "count"),
            digest=files.text(header, "digest"),
            added=prefixes[:added],
            removed=prefixes[added:],
        )


def delta_between(old: Snapshot, new: Snapshot) -> Delta:
    """Find what changed between two lists of a country. Raises DeltaUnfit when they differ in country or buckets."""
    if (old.country, old.bucket_bits) != (new.country, new.bucket_bits) or old.version >= new.version:
        raise _unfit("version", "the two lists are not of one country, one number of buckets and rising versions")
    bits = old.bucket_bits
    none = np.empty((0, keys.KEY_BYTES), dtype=np.uint8)
    added, removed = [none], [none]
    for number in range(keys.PARTITIONS):
        before, after = old.partition(number), new.partition(number)
        if np.array_equal(before, after):
            continue
        added.append(keys.prefixes_of(number, keys.without(after, before), bits))
        removed.append(keys.prefixes_of(number, keys.without(before, after), bits))
    return Delta(
        new.country,
        old.version,
        new.version,
        new.created,
        new.valid_until,
        bits,
        len(new),
        new.digest,
        np.concatenate(added),
        np.concatenate(removed),
    )


def apply_delta(snapshot: Snapshot, delta: Delta) -> Snapshot:
    """Make the new list from the old one. Raises DeltaUnfit when the delta is for another list, or the result is not
    the list that was published (count or digest): then fetch the whole list.
    """
    if (snapshot.country, snapshot.bucket_bits) != (delta.country, delta.bucket_bits):
        raise _unfit("country", "the delta is for another list")
    if snapshot.version != delta.from_version:
        raise _unfit("from_version", f"the delta is for version {delta.from_version}, this is {snapshot.version}")
    offsets, fingerprints = assembled(_changed(snapshot, delta), snapshot.bucket_bits)
    changed = replace(
        snapshot,
        version=delta.to_version,
        created=delta.created,
        valid_until=delta.valid_until,
        offsets=offsets,
        fingerprints=fingerprints,
    )
    if len(changed) != delta.count:
        raise _unfit("count", f"there are {len(changed)} entries where there should be {delta.count}")
    if changed.digest != delta.digest:
        raise _unfit("digest", "the outcome is not the list that was published")
    return changed


def _changed(snapshot: Snapshot, delta: Delta) -> Iterator[Keys]:
    bits = snapshot.bucket_bits
    added, removed = keys.by_partition(delta.added), keys.by_partition(delta.removed)
    for number in range(keys.PARTITIONS):
        part = snapshot.partition(number)
        if number in removed:
            part = keys.without(part, keys.cut(removed[number], bits))
        if number in added:
            part = keys.distinct(np.concatenate([part, keys.cut(added[number], bits)]))
        yield part


def _unfit(field: str, reason: str) -> DeltaUnfit:
    return DeltaUnfit(
        field,
        vi="Bản cập nhật không khớp với danh sách thu hồi đang có. Vui lòng tải lại cả danh sách.",
        en=f"{reason}; fetch the whole list",
    )
