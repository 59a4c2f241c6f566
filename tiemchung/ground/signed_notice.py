"""How does one side prove to the other that a notice is its own, word for word? Ed25519 (RFC 8032) over its text.

Keys are 32 bytes in base64url: the private one stays with the side that signs, the public ones (several, while a key
is changed for another) are the other side's configuration.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_PURPOSE = b"tiemchung notice 1\n"  # a signature for another purpose is none here


def new_key() -> tuple[str, str]:
    """Make a key: private and public."""
    key = Ed25519PrivateKey.generate()
    return _written(key.private_bytes_raw()), _written(key.public_key().public_bytes_raw())


def key_id(public: str) -> str:
    """The name of a key: the first 16 hex digits of its hash."""
    return hashlib.sha256(_read(public)).hexdigest()[:16]


def public_of(private: str) -> str:
    """The public key of a private one."""
    return _written(Ed25519PrivateKey.from_private_bytes(_read(private)).public_key().public_bytes_raw())


def sign(text: str, *, private: str) -> str:
    """The signature of a text. Raises ValueError when the key cannot be read."""
    return _written(Ed25519PrivateKey.from_private_bytes(_read(private)).sign(_PURPOSE + text.encode()))


def is_genuine(text: str, signature: str, *, key: str, known: Iterable[str]) -> bool:
    """Say whether the text was signed with the key of that name, and the key is one of the known public ones."""
    public = next((each for each in known if key_id(each) == key), None)
    if public is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(_read(public)).verify(_read(signature), _PURPOSE + text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _written(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _read(text: str) -> bytes:
    return urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
