"""Single certificates that no longer hold: batches between countries, and a compact list for verifiers without network.

Sources: EU DCC revocation B2B specification (batches, hashes, the list's endpoints); dcc-revocation-sha256-store
(sorted truncated hashes); the Italian DRL (versions, deltas, a count at the end, no use of a list out of date).
"""

from tiemchung.hcert.revocation.batch_list import BatchList, Gone, Page
from tiemchung.hcert.revocation.batches import MAX_ENTRIES, Batch, Entry, make_batches
from tiemchung.hcert.revocation.delta import Delta, DeltaUnfit, apply_delta, delta_between
from tiemchung.hcert.revocation.errors import RevocationUnusable
from tiemchung.hcert.revocation.hashes import HashType, certificate_hashes, signature_hash, uci_hash
from tiemchung.hcert.revocation.lookup import (
    CannotTell,
    NotRevoked,
    Revocations,
    Revoked,
    read_snapshot,
    snapshot_of,
)
from tiemchung.hcert.revocation.snapshot import Snapshot, SnapshotBuilder
from tiemchung.hcert.revocation.statement import Statement, read_statement, sign_statement

__all__ = [
    "MAX_ENTRIES",
    "Batch",
    "BatchList",
    "CannotTell",
    "Delta",
    "DeltaUnfit",
    "Entry",
    "Gone",
    "HashType",
    "NotRevoked",
    "Page",
    "RevocationUnusable",
    "Revocations",
    "Revoked",
    "Snapshot",
    "SnapshotBuilder",
    "Statement",
    "apply_delta",
    "certificate_hashes",
    "delta_between",
    "make_batches",
    "read_snapshot",
    "read_statement",
    "sign_statement",
    "signature_hash",
    "snapshot_of",
    "uci_hash",
]
