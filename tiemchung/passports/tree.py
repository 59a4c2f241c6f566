"""How does one signature vouch for thousands of doses? It signs the root of a Merkle tree (RFC 6962, section 2.1).

Leaves and nodes are hashed with different prefixes, so that a node can never be passed off as a leaf.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(content: bytes) -> bytes:
    """SHA-256 of a leaf, prefix 00."""
    return hashlib.sha256(b"\x00" + content).digest()


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of no leaves it is the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return _node(root_hash(leaves[:split]), root_hash(leaves[split:]))


def inclusion_path(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The hashes, from the bottom up, that lead from the leaf at `position` to the root (RFC 6962, 2.1.1)."""
    if len(leaves) <= 1:
        return []
    split = _split(len(leaves))
    if position < split:
        return [*inclusion_path(leaves[:split], position), root_hash(leaves[split:])]
    return [*inclusion_path(leaves[split:], position - split), root_hash(leaves[:split])]


def is_included(leaf: bytes, position: int, leaves: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether a leaf stands at its position under a root of that many leaves (RFC 9162, section 2.1.3.2)."""
    if not 0 <= position < leaves:
        return False
    found, place, last = leaf, position, leaves - 1
    for other in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = _node(other, found)
            while not place % 2 and place:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, other)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def _split(count: int) -> int:
    """The largest power of two below a count of two or more."""
    return 1 << (count - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
