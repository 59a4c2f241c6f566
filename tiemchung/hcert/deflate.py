"""zlib (RFC 1950) with a bound on what it may inflate to."""

import zlib

import deflate

from tiemchung.hcert.errors import DecodeError
from tiemchung.hcert.limits import MAX_INFLATED

_LEVEL = 9
"""Of twelve; on certificate-sized input it costs no more than the sixth, and the higher ones gain nothing."""


def compress(data: bytes) -> bytes:
    """Deflate with libdeflate, which is faster than zlib on short input and packs it no worse."""
    return bytes(deflate.zlib_compress(data, _LEVEL))


def decompress(data: bytes) -> bytes:
    """Inflate; DecodeError D|ZLB for broken or uncompressed data, D|BIG beyond the bound."""
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(data, MAX_INFLATED)
    except zlib.error as broken:
        raise DecodeError("D|ZLB", str(broken)) from None
    if inflater.eof:
        return inflated
    raise DecodeError("D|BIG" if inflater.unconsumed_tail else "D|ZLB", "the stream does not end")
