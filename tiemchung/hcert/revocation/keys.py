"""Truncated hashes as numbers: what the compact list holds of a revoked certificate.

A hash is first combined (exclusive or) with the key id of the signer, so that an entry counts for that key alone,
at no cost in space. Of the outcome the list keeps the first `bucket_bits + 48` bits: those before the last 48 choose a
bucket, the last 48 are the fingerprint that is stored. With 64 to 127 entries in a bucket on average, a hash that is
not revoked meets a fingerprint of its bucket with a probability of 128 / 2^48 = 4.6e-13 or less (the EU's filters are
set to 1e-12).
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Keys: TypeAlias = NDArray[np.uint64]

FINGERPRINT_BYTES = 6
FINGERPRINT_BITS = 48
_FINGERPRINT_MASK = (1 << FINGERPRINT_BITS) - 1
KEY_BYTES = 9
"""Bytes of a hash that may be kept: enough for 24 bits of bucket and 48 of fingerprint."""

PARTITIONS = 256
"""Work is done by the first byte, so that 80 million entries never stand in memory several times over."""

_LEAST_BITS, _MOST_BITS = 8, 24
_ENTRIES_IN_BUCKET = 64
_KID_BYTES = 8


def bucket_bits_for(count: int) -> int:
    """Choose the number of bits that choose a bucket: 64 to 127 entries in each, but 256 buckets at least."""
    return max(_LEAST_BITS, min(_MOST_BITS, (count // _ENTRIES_IN_BUCKET).bit_length() - 1))


def valid_bucket_bits(bits: int) -> bool:
    """Tell whether a list may have that many bits."""
    return _LEAST_BITS <= bits <= _MOST_BITS


def key_mask(kid: bytes | None) -> int:
    """Give the number with which the first 9 bytes of a hash are combined. `kid` None is the unknown key."""
    return int.from_bytes(fitted_kid(kid), "big") << 8


def split(number: int, bucket_bits: int) -> tuple[int, bytes]:
    """Give the bucket of a combined hash (its first 9 bytes as a number) and its fingerprint there."""
    key = number >> (8 * KEY_BYTES - bucket_bits - FINGERPRINT_BITS)
    return key >> FINGERPRINT_BITS, (key & _FINGERPRINT_MASK).to_bytes(FINGERPRINT_BYTES, "big")


def fitted_kid(kid: bytes | None) -> bytes:
    """Give 8 bytes: key ids of another length (there are some) are cut or filled with zeros, an unknown one is zero."""
    return (kid or b"")[:_KID_BYTES].ljust(_KID_BYTES, b"\0")


def combined(hashes: Bytes, kid: bytes | None) -> Bytes:
    """Combine hashes, shape (n, 16), with a key id; give their first 9 bytes, shape (n, 9)."""
    mask = np.frombuffer(fitted_kid(kid) + b"\0", dtype=np.uint8)
    return np.bitwise_xor(hashes[:, :KEY_BYTES], mask)


def by_partition(prefixes: Bytes) -> dict[int, Keys]:
    """Sort 9-byte prefixes, shape (n, 9), by their first byte; the other eight become one number each."""
    first = prefixes[:, 0]
    order = np.argsort(first, kind="stable")
    numbers = np.ascontiguousarray(prefixes[order, 1:]).view(">u8").ravel().astype(np.uint64)
    bounds = np.searchsorted(first[order], np.arange(PARTITIONS + 1))
    return {
        partition: numbers[bounds[partition] : bounds[partition + 1]]
        for partition in range(PARTITIONS)
        if bounds[partition] < bounds[partition + 1]
    }


def cut(numbers: Keys, bucket_bits: int) -> Keys:
    """Cut the eight bytes behind the partition to what the list keeps; sorted, each once."""
    return distinct(numbers >> np.uint64(_dropped(bucket_bits)))


def distinct(numbers: Keys) -> Keys:
    """Sort numbers and keep each once (numpy's `unique` goes through a hash table, thirty times as slow)."""
    ordered = np.sort(numbers)
    return np.concatenate([ordered[:1], ordered[1:][ordered[1:] != ordered[:-1]]])


def without(numbers: Keys, others: Keys) -> Keys:
    """Give the numbers that are not among the others; both are sorted and distinct, and so is the outcome."""
    kept: Keys = np.setdiff1d(numbers, others, assume_unique=True)
    return kept


def prefixes_of(partition: int, keys: Keys, bucket_bits: int) -> Bytes:
    """Give cut keys of a partition as 9-byte prefixes again, filled with zeros; the reverse of `cut`."""
    numbers = (keys << np.uint64(_dropped(bucket_bits))).astype(">u8").view(np.uint8).reshape(-1, 8)
    return np.hstack([np.full((len(keys), 1), partition, dtype=np.uint8), numbers])


def fingerprints_of(keys: Keys) -> Bytes:
    """Give the fingerprints of cut keys, shape (n, 6)."""
    return np.ascontiguousarray(keys.astype(">u8").view(np.uint8).reshape(-1, 8)[:, -FINGERPRINT_BYTES:])


def bucket_sizes(keys: Keys, bucket_bits: int) -> NDArray[np.int64]:
    """Count the cut keys of a partition by bucket."""
    buckets = (keys >> np.uint64(FINGERPRINT_BITS)).astype(np.int64)
    return np.bincount(buckets, minlength=buckets_in_partition(bucket_bits)).astype(np.int64)


def keys_of(fingerprints: Bytes, sizes: NDArray[np.int64]) -> Keys:
    """Put cut keys of a partition together again from fingerprints, shape (n, 6), and the sizes of their buckets."""
    numbers = np.zeros((len(fingerprints), 8), dtype=np.uint8)
    numbers[:, -FINGERPRINT_BYTES:] = fingerprints
    buckets = np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
    return numbers.view(">u8").ravel().astype(np.uint64) | buckets << np.uint64(FINGERPRINT_BITS)


def buckets_in_partition(bucket_bits: int) -> int:
    """Give the number of buckets that share a first byte."""
    return 1 << (bucket_bits - _LEAST_BITS)


def _dropped(bucket_bits: int) -> int:
    """Bits of the eight bytes that the list does not keep."""
    return 8 * KEY_BYTES - bucket_bits - FINGERPRINT_BITS
