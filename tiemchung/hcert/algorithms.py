"""The two signature algorithms of health certificates, as COSE numbers them (RFC 9053).

ES256 is ECDSA with SHA-256, its signature r and s side by side; PS256 is RSASSA-PSS with SHA-256 and a salt
of 32 bytes. The HCERT specification 1.0.8 (section 3.3.2) makes both mandatory for whoever reads.
"""

from collections.abc import Callable
from enum import IntEnum
from functools import partial
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

PublicKey: TypeAlias = EllipticCurvePublicKey | RSAPublicKey
PrivateKey: TypeAlias = EllipticCurvePrivateKey | RSAPrivateKey

RSA_BITS = range(2048, 4097)
"""Accepted RSA sizes; trust lists hold 2048, 3072 and 4096."""


class Algorithm(IntEnum):
    """COSE algorithm numbers."""

    ES256 = -7
    PS256 = -37


_SHA256 = SHA256()
_ECDSA = ECDSA(_SHA256)
_PSS = PSS(MGF1(_SHA256), 32)
_NOT_ITS_OWN = (InvalidSignature, UnsupportedAlgorithm, ValueError)


def algorithm_of(key: PublicKey | PrivateKey) -> Algorithm | None:
    """The algorithm that a key is for, or None if health certificates cannot use it."""
    if isinstance(key, (EllipticCurvePublicKey, EllipticCurvePrivateKey)):
        return Algorithm.ES256 if isinstance(key.curve, (SECP256R1, SECP384R1)) else None
    if isinstance(key, (RSAPublicKey, RSAPrivateKey)):
        return Algorithm.PS256 if key.key_size in RSA_BITS else None
    return None


def signing(key: PrivateKey) -> Callable[[bytes], bytes]:
    """How a key signs a message in COSE's form: 64 bytes for P-256, 256 for RSA-2048."""
    if not isinstance(key, EllipticCurvePrivateKey):
        return partial(key.sign, padding=_PSS, algorithm=_SHA256)
    sign_der, width = key.sign, (key.key_size + 7) // 8
    return lambda message: raw_from_der(sign_der(message, _ECDSA), width)


def holds(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """Say whether a signature is the key's over the message; never raises, whatever the signature's length."""
    return verifying(key)(signature, message)


def verifying(key: PublicKey) -> Callable[[bytes, bytes], bool]:
    """How a key answers whether a signature in COSE's form is its own over a message; the answer never raises."""
    return _verifying_ecdsa(key) if isinstance(key, EllipticCurvePublicKey) else _verifying_pss(key)


def _verifying_ecdsa(key: EllipticCurvePublicKey) -> Callable[[bytes, bytes], bool]:
    verify, width = key.verify, (key.key_size + 7) // 8

    def holds(signature: bytes, message: bytes) -> bool:
        if len(signature) != 2 * width:
            return False
        try:
            verify(der_from_raw(signature, width), message, _ECDSA)
        except _NOT_ITS_OWN:
            return False
        return True

    return holds


def _verifying_pss(key: RSAPublicKey) -> Callable[[bytes, bytes], bool]:
    verify = key.verify

    def holds(signature: bytes, message: bytes) -> bool:
        try:
            verify(signature, message, _PSS, _SHA256)
        except _NOT_ITS_OWN:
            return False
        return True

    return holds


def raw_from_der(signature: bytes, width: int) -> bytes:
    """ECDSA signature from X.509's form (a DER sequence) to COSE's: r and s, `width` bytes each."""
    r, s = decode_dss_signature(signature)
    return r.to_bytes(width, "big") + s.to_bytes(width, "big")


def der_from_raw(signature: bytes, width: int) -> bytes:
    """ECDSA signature from COSE's form to X.509's."""
    return encode_dss_signature(int.from_bytes(signature[:width], "big"), int.from_bytes(signature[width:], "big"))
