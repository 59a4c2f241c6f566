"""As much of DER (X.690) and X.509 (RFC 5280) as a signer certificate needs, read tolerantly.

Strict parsers refuse certificates that are in real trust lists: an encoded default in an extension, an empty
extension sequence, version 1 with extensions. Their key and validity are sound all the same. The bytes are
bounded by the input: nothing is allocated by announced length.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

SEQUENCE, OID, UTC_TIME, GENERALIZED_TIME, BOOLEAN, OCTETS = 0x30, 0x06, 0x17, 0x18, 0x01, 0x04
_VERSION, _EXTENSIONS = 0xA0, 0xA3
COUNTRY_NAME, UNIT_NAME = "2.5.4.6", "2.5.4.11"


class DerError(ValueError):
    """The bytes are not the DER that was expected."""


class Item(NamedTuple):
    """One element: its tag, its content, and its bytes with tag and length."""

    tag: int
    content: bytes
    whole: bytes


class X509(NamedTuple):
    """The parts of a certificate that count here; extension values by dotted OID."""

    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    public_key_info: bytes
    extensions: dict[str, bytes]


def items(data: bytes) -> Iterator[Item]:
    """The elements one after another; DerError where one runs past the end."""
    start = 0
    while start < len(data):
        content, end = _bounds(data, start)
        yield Item(data[start], data[content:end], data[start:end])
        start = end


def _bounds(data: bytes, start: int) -> tuple[int, int]:
    if start + 2 > len(data):
        raise DerError("cut off")
    length, content = data[start + 1], start + 2
    if length & 0x80:
        width = length & 0x7F
        if not 1 <= width <= 4:
            raise DerError("length out of bounds")
        length = int.from_bytes(data[content : content + width], "big")
        content += width
    if content + length > len(data):
        raise DerError("length beyond the end")
    return content, content + length


def one(data: bytes, tag: int) -> Item:
    """The first element, which must have the given tag."""
    found = next(items(data), None)
    if found is None or found.tag != tag:
        raise DerError(f"tag {tag:#x} expected")
    return found


def dotted(content: bytes) -> str:
    """An object identifier in dots."""
    numbers, value = [], 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    if not numbers:
        raise DerError("empty object identifier")
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


def certificate(data: bytes) -> X509:
    """Read a certificate of any version; DerError if it is none."""
    signed = list(items(one(one(data, SEQUENCE).content, SEQUENCE).content))
    if signed and signed[0].tag == _VERSION:
        signed = signed[1:]
    if len(signed) < 6:
        raise DerError("certificate lacks parts")
    _serial, _algorithm, issuer, validity, subject, key = signed[:6]
    times = [_time(item) for item in items(validity.content)]
    if len(times) != 2 or key.tag != SEQUENCE:
        raise DerError("validity or key")
    rest = [item for item in signed[6:] if item.tag == _EXTENSIONS]
    extensions = _extensions(rest[0]) if rest else {}
    return X509(issuer.whole, subject.whole, times[0], times[1], key.whole, extensions)


def _time(item: Item) -> datetime:
    text = item.content.decode("ascii", "replace")
    if item.tag == UTC_TIME:
        text = ("20" if text[:2] < "50" else "19") + text
    elif item.tag != GENERALIZED_TIME:
        raise DerError("not a time")
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as broken:
        raise DerError(str(broken)) from None


def _extensions(item: Item) -> dict[str, bytes]:
    found = {}
    for extension in items(one(item.content, SEQUENCE).content):
        parts = list(items(extension.content))
        if len(parts) >= 2 and parts[0].tag == OID and parts[-1].tag == OCTETS:
            found[dotted(parts[0].content)] = parts[-1].content
    return found


def attribute(name: bytes, oid: str) -> str | None:
    """The first value of one kind in a distinguished name, by dotted OID, or None."""
    for relative in items(one(name, SEQUENCE).content):
        for pair in items(relative.content):
            parts = list(items(pair.content))
            if len(parts) == 2 and parts[0].tag == OID and dotted(parts[0].content) == oid:
                return parts[1].content.decode("utf-8", "replace")
    return None


def country(name: bytes) -> str | None:
    """The country (C) of a distinguished name, or None."""
    found = attribute(name, COUNTRY_NAME)
    return found.upper() if found is not None else None


def identifiers(value: bytes) -> tuple[str, ...]:
    """The object identifiers in a sequence of them (extended key usage)."""
    return tuple(dotted(item.content) for item in items(one(value, SEQUENCE).content) if item.tag == OID)
