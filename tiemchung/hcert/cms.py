"""Who signed this content, by a CMS signature beside it (RFC 5652), as the gateways' items carry?

Gateways write CMS with indefinite lengths (BER), which asn1crypto reads. Only SHA-2 is taken. A certificate inside
the message is never believed: the signer must be one of those that the caller trusts.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from asn1crypto import cms as asn1
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tiemchung.hcert.certificates import SignerCertificate
from tiemchung.hcert.errors import KeyUnusable

MAX_SIGNATURE = 64 * 1024
"""Bytes; a signature with its certificates takes about four thousand."""

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


def signer_of(signature: bytes, content: bytes, trusted: Iterable[SignerCertificate]) -> SignerCertificate:
    """The one of the trusted certificates whose key signed the content; KeyUnusable says why there is none."""
    if not signature:
        raise _bad("it is not signed")
    if len(signature) > MAX_SIGNATURE:
        raise _bad(f"the CMS signature has {len(signature)} bytes")
    try:
        signed = _signed_data(signature)
        _check_content(signed, content)
        infos = list(signed["signer_infos"])
        found = next(_signers(infos, content, signed["encap_content_info"]["content_type"].native, trusted), None)
    except KeyUnusable:
        raise
    except _MALFORMED as broken:
        raise _bad(f"the CMS signature cannot be read: {broken}"[:200]) from None
    if found is None:
        raise _bad("no trusted certificate made the CMS signature")
    return found


def _signed_data(signature: bytes) -> Any:
    message = asn1.ContentInfo.load(signature)
    if message["content_type"].native != "signed_data":
        raise ValueError(f"it holds {message['content_type'].native}, not signed data")
    return message["content"]


def _check_content(signed: Any, content: bytes) -> None:
    """Content that travels inside the message must be the one that it is said to be about."""
    inside = signed["encap_content_info"]["content"].native
    if inside is not None and inside != content:
        raise _bad("the CMS signature is of other content")


def _signers(
    infos: list[Any], content: bytes, content_type: str, trusted: Iterable[SignerCertificate]
) -> Iterator[SignerCertificate]:
    for certificate in trusted:
        for info in infos:
            message = _message(info, content, content_type)
            if message is not None and _holds(certificate, info, message):
                yield certificate


def _message(info: Any, content: bytes, content_type: str) -> bytes | None:
    """The bytes that were signed: the content, or attributes that name its type and digest (RFC 5652, 5.4)."""
    if not info["signed_attrs"]:
        return content
    attributes = {one["type"].native: one["values"].native for one in info["signed_attrs"]}
    digest = hashlib.new(_hash_name(info), content).digest()
    if attributes.get("message_digest") != [digest] or attributes.get("content_type") != [content_type]:
        return None
    plain: bytes = info["signed_attrs"].untag().dump(force=True)
    return plain


def _hash_name(info: Any) -> str:
    name: str = info["digest_algorithm"]["algorithm"].native
    if name not in _HASHES:
        raise ValueError(f"digest {name} is not SHA-2")
    return name


def _holds(certificate: SignerCertificate, info: Any, message: bytes) -> bool:
    """Whether the certificate's key verifies; its own key type decides, not what the message claims."""
    digest, signature = _HASHES[_hash_name(info)], info["signature"].native
    try:
        key = load_der_public_key(certificate.parts.public_key_info)
        if isinstance(key, EllipticCurvePublicKey):
            key.verify(signature, message, ECDSA(digest))
        elif isinstance(key, RSAPublicKey):
            pss = info["signature_algorithm"]["algorithm"].native == "rsassa_pss"
            padding = PSS(MGF1(digest), PSS.AUTO) if pss else PKCS1v15()
            key.verify(signature, message, padding, digest)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _bad(reason: str) -> KeyUnusable:
    return KeyUnusable("signature", vi="Chữ ký CMS của mục này không dùng được. Hỏi nơi cấp danh sách.", en=reason)
