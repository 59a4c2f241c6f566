"""Signer certificates (DSC): key id, key, validity and the kinds of certificate the key may sign."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tiemchung.hcert import der
from tiemchung.hcert.algorithms import PublicKey, algorithm_of
from tiemchung.hcert.content import KINDS
from tiemchung.hcert.errors import KeyUnusable

EXTENDED_KEY_USAGE = "2.5.29.37"
_USES = {"1": "t", "2": "v", "3": "r"}
USE_OIDS = {
    f"{arc}.{number}": kind
    for arc in ("1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1")
    for number, kind in _USES.items()
}
"""Key usage by object identifier, in the spelling of the governance guide and in the one with a stray 0."""

ALL_USES = frozenset(KINDS)
PRACTICE_UNIT = "PRACTICE, NOT FOR REAL USE"
"""The organizational unit in the subject of every certificate below a root made for trials."""
_PEM_BEGIN, _PEM_END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


def key_id(der_bytes: bytes) -> bytes:
    """First 8 bytes of SHA-256 over the certificate's DER (HCERT 1.0.8, 3.3.3)."""
    return hashlib.sha256(der_bytes).digest()[:8]


@dataclass(frozen=True)
class SignerCertificate:
    """An X.509 certificate as verifiers need it; read tolerantly, see `der`."""

    raw: bytes
    parts: der.X509

    @classmethod
    def read(cls, data: bytes) -> "SignerCertificate":
        """Read DER, PEM, or Base64 without armour; KeyUnusable if it is no certificate."""
        try:
            plain = _der_of(data)
            return cls(plain, der.certificate(plain))
        except (der.DerError, binascii.Error) as broken:
            raise KeyUnusable(
                "certificate",
                vi="Chưa đọc được chứng thư. Cần tệp X.509 dạng DER hoặc PEM.",
                en=f"The certificate cannot be read: {broken}. Give X.509 in DER or PEM.",
            ) from None

    def __reduce__(self) -> tuple[type["SignerCertificate"], tuple[bytes, der.X509]]:
        """Travel to another process without the key object, which cannot."""
        return SignerCertificate, (self.raw, self.parts)

    @cached_property
    def kid(self) -> bytes:
        """The key id that certificates signed with this key carry."""
        return key_id(self.raw)

    @cached_property
    def public_key(self) -> PublicKey | None:
        """The key, or None where it is of a type or curve that health certificates do not use."""
        return load_public_key(self.parts.public_key_info)

    @property
    def not_before(self) -> datetime:
        """Start of validity, UTC."""
        return self.parts.not_before

    @property
    def not_after(self) -> datetime:
        """End of validity, UTC."""
        return self.parts.not_after

    @cached_property
    def country(self) -> str | None:
        """Country of the subject, else of the issuer, else None."""
        try:
            return der.country(self.parts.subject) or der.country(self.parts.issuer)
        except der.DerError:
            return None

    @cached_property
    def is_for_practice(self) -> bool:
        """Whether the subject's organizational unit says that the key is for practice alone."""
        try:
            return der.attribute(self.parts.subject, der.UNIT_NAME) == PRACTICE_UNIT
        except der.DerError:
            return False

    @cached_property
    def uses(self) -> frozenset[str]:
        """Kinds (v, t, r) that this key may sign: all, unless its extended key usage names some.

        Governance guide, key usage: unknown identifiers are passed over, none of ours means any kind.
        """
        try:
            oids = der.identifiers(self.parts.extensions.get(EXTENDED_KEY_USAGE, b"0\0"))
        except der.DerError:
            return ALL_USES
        return frozenset(USE_OIDS[oid] for oid in oids if oid in USE_OIDS) or ALL_USES

    def pem(self) -> bytes:
        """The certificate in PEM."""
        text = base64.encodebytes(self.raw).replace(b"\n", b"")
        lines = [text[i : i + 64] for i in range(0, len(text), 64)]
        return b"\n".join([_PEM_BEGIN, *lines, _PEM_END, b""])


def read_bundle(data: bytes) -> list[SignerCertificate]:
    """Read one certificate, or all of a PEM file; KeyUnusable if one cannot be read."""
    if _PEM_BEGIN not in data:
        return [SignerCertificate.read(data)]
    return [
        SignerCertificate.read(_PEM_BEGIN + block.split(_PEM_END)[0] + _PEM_END) for block in data.split(_PEM_BEGIN)[1:]
    ]


def load_public_key(public_key_info: bytes) -> PublicKey | None:
    """A key from its SubjectPublicKeyInfo, or None if it cannot be read or used here."""
    try:
        key = load_der_public_key(public_key_info)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if algorithm_of(key) is not None else None  # type: ignore[arg-type, return-value]


def _der_of(data: bytes) -> bytes:
    text = data.strip()
    if text.startswith(_PEM_BEGIN):
        text = text[len(_PEM_BEGIN) :].split(_PEM_END)[0]
    elif text[:1] == b"0" and len(text) > 4 and text[1] & 0x80:
        return data
    return base64.b64decode(b"".join(text.split()), validate=True)
