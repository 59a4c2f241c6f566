"""The outer form of lists and deltas: a line that names the kind, the length of a JSON header, the header, the body."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from tiemchung.hcert.revocation.errors import RevocationUnusable

_LENGTH_BYTES = 4
_MAX_HEADER = 65_536


def pack(magic: bytes, header: dict[str, Any]) -> bytes:
    """Give what stands before the body; its length is a multiple of 8, so that the body may be mapped."""
    text = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-(len(magic) + _LENGTH_BYTES + len(text)) % 8)
    return magic + len(text).to_bytes(_LENGTH_BYTES, "big") + text


def unpack(magic: bytes, data: memoryview) -> tuple[dict[str, Any], memoryview]:
    """Take header and body apart; raises RevocationUnusable for another kind of file or a damaged header."""
    start = len(magic) + _LENGTH_BYTES
    if bytes(data[: len(magic)]) != magic:
        raise damaged("magic", "it does not begin as such a file does")
    length = int.from_bytes(data[len(magic) : start], "big")
    if length > _MAX_HEADER:
        raise damaged("header", "the header is too long")
    try:
        header = json.loads(bytes(data[start : start + length]))
    except (ValueError, RecursionError) as error:
        raise damaged("header", "the header is not JSON") from error
    if not isinstance(header, dict):
        raise damaged("header", "the header is not an object")
    return header, data[start + length :]


def number(header: dict[str, Any], name: str) -> int:
    """Read a number of the header that is not negative."""
    value = header.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise damaged(name, "a number is needed")
    return value


def text(header: dict[str, Any], name: str) -> str:
    """Read a text of the header."""
    value = header.get(name)
    if not isinstance(value, str):
        raise damaged(name, "a string is needed")
    return value


def moment(header: dict[str, Any], name: str) -> datetime:
    """Read a moment of the header; it carries a time zone."""
    try:
        value = datetime.fromisoformat(text(header, name))
    except ValueError as error:
        raise damaged(name, "a time is needed") from error
    if value.tzinfo is None:
        raise damaged(name, "the time lacks its zone")
    return value


def digest(*parts: bytes | memoryview) -> str:
    """Give the SHA-256 of the parts, in hexadecimal."""
    total = sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()


def damaged(field: str, reason: str) -> RevocationUnusable:
    """Say that a file is of no use."""
    return RevocationUnusable(
        field,
        vi=f"Danh sách thu hồi bị hỏng ({field}). Vui lòng tải lại.",
        en=f"the revocation list is damaged: {reason}; fetch it again",
    )
