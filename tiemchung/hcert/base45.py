"""Base45 (RFC 9285) by table: two bytes are three characters, least significant digit first.

numpy takes all triples at once; the tables (200 kB) stay in the processor's cache, where a dictionary of 65,536
strings does not. Decoding is strict: foreign characters and triples above 65,535 are refused, not wrapped.
"""

import numpy as np

from tiemchung.hcert.errors import DecodeError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_FOREIGN = 1 << 20
"""Value of a character outside the alphabet: any triple that holds one exceeds 65,535."""

_digits = np.frombuffer(ALPHABET.encode(), np.uint8)
_all = np.arange(65536)
_triples = np.stack([_digits[_all % 45], _digits[_all // 45 % 45], _digits[_all // 2025 % 45]], axis=1)
_triples = np.ascontiguousarray(_triples).view("V3").ravel()
# 65,535 is 32 · 2025 + 18 · 45 + 15, so the third character of a triple never exceeds the 33rd of the alphabet.

_ones = np.full(256, _FOREIGN, np.int32)
_ones[_digits] = np.arange(45)
_forty_fives = np.where(_ones < 45, _ones * 45, _FOREIGN).astype(np.int32)
_squares = np.where(_ones < 45, _ones * 2025, _FOREIGN).astype(np.int32)


def encode(data: bytes) -> str:
    """Encode bytes of any length, the empty string included."""
    even = len(data) // 2
    text = _triples.take(np.frombuffer(data, ">u2", even)).tobytes().decode("ascii")
    if len(data) % 2:
        text += ALPHABET[data[-1] % 45] + ALPHABET[data[-1] // 45]
    return text


def decode(text: str) -> bytes:
    """Decode Base45; DecodeError D|B45 for foreign characters, overflow or a length of 3n + 1."""
    if not text.isascii() or len(text) % 3 == 1:
        raise DecodeError("D|B45", f"{len(text)} characters")
    characters = np.frombuffer(text.encode("ascii"), np.uint8)
    whole = len(text) - len(text) % 3
    units = _ones.take(characters[0:whole:3])
    units += _forty_fives.take(characters[1:whole:3])
    units += _squares.take(characters[2:whole:3])
    if whole and units.max() > 65535:
        at = 3 * int(np.argmax(units > 65535))
        raise DecodeError("D|B45", f"{text[at : at + 3]!r} at {at}")
    data = units.astype(">u2").tobytes()
    return data + _last_byte(text[whole:]) if len(text) > whole else data


def _last_byte(pair: str) -> bytes:
    value = int(_ones[ord(pair[0])]) + int(_forty_fives[ord(pair[1])])
    if value > 255:
        raise DecodeError("D|B45", f"{pair!r} at the end")
    return bytes((value,))
