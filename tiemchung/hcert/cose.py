"""COSE_Sign1 (RFC 9052): the envelope that carries the signature.

The signature covers the protected header exactly as it was received: these bytes are kept raw and are never
encoded again, since issuers order and pad them in many ways.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from cbor2 import CBORTag

from tiemchung.hcert import cbor
from tiemchung.hcert.errors import DecodeError

SIGN1_TAG = 18
CWT_TAG = 61
ALG, KID = 1, 4
SIGNATURE1 = b"\x84\x6aSignature1"
"""The array that is signed, up to the protected header (RFC 9052, 4.4)."""

TAGGED = b"\xd2\x84"
"""Tag 18 and the array of four."""

_SHORT = 64
"""Bytes of a protected header up to which it is worth remembering; ours have 13."""

_SHORTEST = 64
"""Bytes below which an envelope is not worth a short cut: a signature alone has as many."""

_NO_STRING = b"\0\0\0"


class Sign1(NamedTuple):
    """The four parts of the envelope, the protected one both raw and read; `notes` are codes of oddities.

    `to_be_signed` are the bytes that the signature covers (RFC 9052, 4.4). `algorithm` is the number, `kid` the key id,
    the protected ones first (HCERT 1.0.8, 3.3.3); None if there is none, or no key id that is bytes.
    """

    protected: bytes
    headers: Mapping[Any, Any]
    unprotected: Mapping[Any, Any]
    payload: bytes
    signature: bytes
    notes: tuple[str, ...]
    to_be_signed: bytes
    algorithm: Any
    kid: bytes | None


def head(major: int, length: int) -> bytes:
    """The first bytes of a CBOR item of the given major type (0 to 7) and length (below 2^32)."""
    kind = major << 5
    if length < 24:
        return bytes((kind | length,))
    if length < 256:
        return bytes((kind | 24, length))
    if length < 65536:
        return bytes((kind | 25,)) + length.to_bytes(2, "big")
    return bytes((kind | 26,)) + length.to_bytes(4, "big")


def byte_string(data: bytes) -> bytes:
    """Bytes as a CBOR byte string."""
    return head(2, len(data)) + data


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """The array ["Signature1", protected, external = empty, payload] in CBOR."""
    return SIGNATURE1 + byte_string(protected) + b"\x40" + byte_string(payload)


@lru_cache(maxsize=64)
def protected_header(algorithm: int, kid: bytes) -> bytes:
    """The protected header as we write it: algorithm, then key id."""
    return cbor.dumps({ALG: int(algorithm), KID: kid})


def assemble(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """Encode a tagged COSE_Sign1 with an empty unprotected header."""
    return TAGGED + byte_string(protected) + b"\xa0" + byte_string(payload) + byte_string(signature)


def read(data: bytes) -> Sign1:
    """Read an envelope, tagged once, twice (CWT and COSE) or not at all; DecodeError D|COS otherwise."""
    return _usual(data) or _of_any_shape(data)


def _usual(data: bytes) -> Sign1 | None:
    """Read an envelope that is written as nearly all are; None for any other shape, which takes the long way."""
    if len(data) < _SHORTEST or not 0x40 <= data[2] < 0x58:
        return None
    start = data[2] - 0x40 + len(TAGGED) + 2
    head = _known_head(data[:start])
    begin, end = _string(data, start)
    signature_from, signature_to = _string(data, end)
    if head is None or not begin or signature_to != len(data):
        return None
    protected, headers, notes, signed, algorithm, kid = head
    payload, signature, signed = data[begin:end], data[signature_from:], signed + data[start:end]
    return Sign1(protected, headers, _NOTHING, payload, signature, notes, signed, algorithm, kid)


def _string(data: bytes, at: int) -> tuple[int, int]:
    """Where a byte string of 24 to 65,535 bytes begins and ends; 0, 0 for others.

    Its length must stand in the shortest form, as it does in the bytes that are signed.
    """
    first, second, third = data[at : at + 3] if at + 3 <= len(data) else _NO_STRING
    if first == 0x58 and second > 23:
        return at + 2, at + 2 + second
    if first == 0x59 and second:
        return at + 3, at + 3 + (second << 8) + third
    return 0, 0


@lru_cache(maxsize=1024)
def _known_head(head: bytes) -> tuple[bytes, Mapping[Any, Any], tuple[str, ...], bytes, Any, bytes | None] | None:
    """All certificates of one key begin alike: what `Sign1` says of the protected header, what is signed of it."""
    if not head.startswith(TAGGED) or not head.endswith(b"\xa0"):
        return None
    protected = head[len(TAGGED) + 1 : -1]
    headers = _known_headers(protected)
    notes = _notes(headers, _NOTHING, [SIGN1_TAG], False)
    signed = SIGNATURE1 + byte_string(protected) + b"\x40"
    return protected, headers, notes, signed, *_algorithm_and_kid(headers, _NOTHING)


def _algorithm_and_kid(headers: Mapping[Any, Any], unprotected: Mapping[Any, Any]) -> tuple[Any, bytes | None]:
    kid = headers.get(KID, unprotected.get(KID))
    return headers.get(ALG, unprotected.get(ALG)), kid if isinstance(kid, bytes) else None


def _of_any_shape(data: bytes) -> Sign1:
    item, used = cbor.loads_first(data, "D|COS")
    parts, tags = _without_tags(item)
    if not isinstance(parts, list | tuple) or len(parts) != 4:
        raise DecodeError("D|COS", "not an array of four")
    protected, unprotected, payload, signature = parts
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise DecodeError("D|COS", "protected header, payload and signature must be byte strings")
    headers = _known_headers(protected) if len(protected) <= _SHORT else _headers(protected)
    if not isinstance(unprotected, Mapping):
        raise DecodeError("D|COS", "the unprotected header is not a map")
    notes = _notes(headers, unprotected, tags, used < len(data))
    signed, found = to_be_signed(protected, payload), _algorithm_and_kid(headers, unprotected)
    return Sign1(protected, headers, unprotected, payload, signature, notes, signed, *found)


def _without_tags(item: Any) -> tuple[Any, list[int]]:
    tags = []
    while isinstance(item, CBORTag):
        if item.tag not in (SIGN1_TAG, CWT_TAG):
            raise DecodeError("D|COS", f"tag {item.tag} is not COSE_Sign1")
        tags.append(item.tag)
        item = item.value
    return item, tags


_NOTHING: Mapping[Any, Any] = MappingProxyType({})


@lru_cache(maxsize=1024)
def _known_headers(protected: bytes) -> Mapping[Any, Any]:
    """All certificates of one key have the same header."""
    return MappingProxyType(_headers(protected))


def _headers(protected: bytes) -> Mapping[Any, Any]:
    if not protected:
        return {}
    headers = cbor.loads(protected, "D|COS")
    if not isinstance(headers, Mapping):
        raise DecodeError("D|COS", "the protected header is not a map")
    return headers


def _notes(
    headers: Mapping[Any, Any], unprotected: Mapping[Any, Any], tags: list[int], trailing: bool
) -> tuple[str, ...]:
    if tags == [SIGN1_TAG] and not unprotected and not trailing and not _odd_kid(headers.get(KID, b"")):
        return ()
    return tuple(
        code
        for code, applies in (
            ("N|TAG", tags != [SIGN1_TAG]),
            ("N|TRL", trailing),
            ("N|ALG", ALG not in headers and ALG in unprotected),
            ("N|KID", KID not in headers and KID in unprotected),
            ("N|KD2", KID in headers and unprotected.get(KID, headers[KID]) != headers[KID]),
            ("N|LEN", _odd_kid(headers.get(KID, unprotected.get(KID)))),
        )
        if applies
    )


def _odd_kid(kid: Any) -> bool:
    return kid is not None and not (isinstance(kid, bytes) and len(kid) == 8)
