"""CBOR (RFC 8949) as certificates need it: bounded depth, plain values only."""

from io import BytesIO
from typing import Any

import cbor2

from tiemchung.hcert.errors import DecodeError
from tiemchung.hcert.limits import MAX_CBOR_DEPTH


def _keep(value: Any, _immutable: bool) -> Any:
    return value


def _refuse(value: Any, _immutable: bool) -> Any:
    raise ValueError(f"a tag that no certificate needs, on {type(value).__name__}")


# Date-times stay the strings that issuers wrote (tag 0), times stay numbers (tag 1), the self-description
# (tag 55799) is dropped. Big numbers, fractions, shared values, patterns and sets have no place here and are
# where decoders get hurt.
_PLAIN = (0, 1, 1004, 55799)
_FOREIGN = (2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 43000)
_TAGS = dict.fromkeys(_PLAIN, _keep) | dict.fromkeys(_FOREIGN, _refuse)
_BROKEN = (cbor2.CBORError, ValueError, TypeError, OverflowError)

dumps = cbor2.dumps


def loads(data: bytes, code: str = "D|CBR") -> Any:
    """Decode the first item; what follows it is not looked at. DecodeError with `code` if malformed."""
    try:
        return cbor2.loads(data, semantic_decoders=_TAGS, max_depth=MAX_CBOR_DEPTH, allow_duplicate_keys=False)
    except _BROKEN as broken:
        raise DecodeError(code, str(broken)) from None


def loads_first(data: bytes, code: str) -> tuple[Any, int]:
    """Decode the first item; returns it and the bytes that it took. DecodeError with `code` if malformed."""
    stream = BytesIO(data)
    decoder = cbor2.CBORDecoder(stream, semantic_decoders=_TAGS, max_depth=MAX_CBOR_DEPTH, allow_duplicate_keys=False)
    try:
        return decoder.decode(), stream.tell()
    except _BROKEN as broken:
        raise DecodeError(code, str(broken)) from None
