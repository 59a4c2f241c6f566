"""By what a certificate is named in a revocation list: the first 16 bytes of a SHA-256, of one of three things."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any

from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.chain import Decoded

HASH_BYTES = 16

_MAX_ENTRIES = 16
"""Entries of one certificate whose identifiers are looked up; a proper one has one."""


class HashType(StrEnum):
    """What was hashed. SIGNATURE is for new systems; the other two are deprecated and still read."""

    SIGNATURE = "SIGNATURE"
    UCI = "UCI"
    COUNTRYCODEUCI = "COUNTRYCODEUCI"


def signature_hash(signature: bytes, algorithm: int) -> bytes:
    """Hash the signature, of an ECDSA one its first half (r) only.

    Whoever holds (r, s) can make (r, n-s), which is as good a signature: a hash of both would let him evade the list.
    `algorithm` is the COSE number. Source: EU DCC revocation B2B specification, hash type SIGNATURE.
    """
    part = signature[: len(signature) // 2] if algorithm == Algorithm.ES256 else signature
    return _hash(part)


def uci_hash(identifier: str, *, issuer: str = "") -> bytes:
    """Hash the identifier `ci` as it stands in the certificate, behind the issuer's country for COUNTRYCODEUCI."""
    return _hash(f"{issuer}{identifier}".encode("utf-8", "surrogatepass"))


def certificate_hashes(decoded: Decoded, country: str | None = None) -> tuple[bytes, ...]:
    """Give every hash under which a certificate may stand in a list, that of its signature first.

    `country` stands in for the issuer where the certificate names none.
    """
    issuer = decoded.claims.issuer or country or ""
    signature, algorithm = decoded.message.signature, decoded.message.algorithm
    hashes = [signature_hash(signature, algorithm if algorithm is not None else 0)]
    for identifier in _identifiers(decoded.dcc):
        hashes += [uci_hash(identifier), uci_hash(identifier, issuer=issuer)]
    return tuple(hashes)


def _identifiers(content: Any) -> Iterator[str]:
    groups = [content.get(name) for name in ("v", "t", "r")] if isinstance(content, Mapping) else []
    entries = [entry for group in groups if isinstance(group, list) for entry in group[:_MAX_ENTRIES]]
    for entry in entries:
        if isinstance(entry, Mapping) and isinstance(entry.get("ci"), str):
            yield entry["ci"]


def _hash(data: bytes) -> bytes:
    return sha256(data).digest()[:HASH_BYTES]
