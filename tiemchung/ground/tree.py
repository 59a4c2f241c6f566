"""How does one signature vouch for thousands of rows? It signs the root of a Merkle tree (RFC 6962, section 2.1).

Leaves and nodes are hashed with different prefixes, so that a node can never be passed off as a leaf.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(content: bytes) -> bytes:
    """SHA-256 of a leaf, prefix 00."""
    return hashlib.sha256(b"\x00" + content).digest()


def root_hash(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of no leaves it is the hash of nothing.

    The roots of runs of 2^k leaves (the last may be shorter) have the root of the whole: a tree may be built in parts.
    """
    level = list(hashes)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else hashlib.sha256(b"").digest()


def inclusion_path(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The hashes, from the bottom up, that lead from the leaf at `position` to the root (RFC 6962, 2.1.1)."""
    level, path = list(leaves), []
    while len(level) > 1:
        if (other := position ^ 1) < len(level):
            path.append(level[other])
        level, position = _above(level), position >> 1
    return path


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


def _above(level: list[bytes]) -> list[bytes]:
    """The next level: nodes over pairs; one that is left over goes up as it is, which gives the tree of RFC 6962."""
    sha256 = hashlib.sha256  # looked up once, and no call of ours for each of a nation's rows
    nodes = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
    return nodes + level[-1:] if len(level) % 2 else nodes


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
