"""Lists and hashes to vary."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from tiemchung import hcert
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.revocation import Snapshot, SnapshotBuilder, uci_hash

KID = bytes.fromhex("66d25512539d5a6d")
NOON = datetime(2022, 5, 11, 12, tzinfo=UTC)
TOMORROW = NOON + timedelta(days=1)


class PretendSigner:
    """Signs with zeros: whether a signature holds is not asked here."""

    algorithm = Algorithm.ES256
    kid = KID

    def sign(self, data: bytes) -> bytes:
        return bytes(64)


def certificate(content: Any) -> hcert.Decoded:
    """A certificate of Viet Nam with this content, as a verifier has it before him."""
    at = int(NOON.timestamp())
    return hcert.decode(hcert.encode(content, PretendSigner(), issuer="VN", issued_at=at, expires_at=at + 1).text)


def hash_of(number: int) -> bytes:
    """The hash of some certificate."""
    return uci_hash(f"URN:UVCI:01:VN:{number:032X}")


def snapshot(
    hashes: Iterable[bytes], *, kid: bytes | None = KID, version: int = 1, bits: int | None = None, country: str = "VN"
) -> Snapshot:
    """A list made at NOON that holds for a day."""
    builder = SnapshotBuilder()
    builder.add(kid, list(hashes))
    return builder.build(country, version=version, created=NOON, valid_until=TOMORROW, bucket_bits=bits)
