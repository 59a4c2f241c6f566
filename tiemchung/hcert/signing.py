"""Who signs: the protocol that the chain needs, and the signer whose key lies in a PEM file.

Keys in a hardware module sign through `hsm.HsmSigner`, which follows the same protocol.
"""

from collections.abc import Callable
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)

from tiemchung.hcert import algorithms
from tiemchung.hcert.algorithms import Algorithm, PrivateKey
from tiemchung.hcert.certificates import SignerCertificate
from tiemchung.hcert.errors import KeyUnusable


class Signer(Protocol):
    """What the chain asks of a key: its id (8 bytes), its algorithm, and a signature over bytes."""

    @property
    def kid(self) -> bytes:
        """First 8 bytes of SHA-256 over the signer certificate."""

    @property
    def algorithm(self) -> Algorithm:
        """ES256 or PS256."""

    @property
    def certificate(self) -> SignerCertificate:
        """The certificate whose validity and uses bind what may be signed."""

    def sign(self, message: bytes) -> bytes:
        """Sign a message in COSE's form; KeyUnusable if the key fails."""

    def __hash__(self) -> int:
        """By identity: what follows from a signer alone is worked out once."""


class PemSigner:
    """Signs with a private key in memory, together with its certificate."""

    def __init__(self, key: PrivateKey, certificate: SignerCertificate) -> None:
        """KeyUnusable unless the certificate is the key's and the key can sign ES256 (P-256) or PS256."""
        algorithm = algorithms.algorithm_of(key)
        if algorithm is None or _not_p256(key):
            raise KeyUnusable(
                "key",
                vi="Khóa này không ký được ES256 hay PS256. Dùng khóa P-256 hoặc RSA từ 2048 bit.",
                en="This key cannot sign ES256 or PS256. Use a P-256 key or RSA of 2048 bits or more.",
            )
        if key.public_key() != certificate.public_key:
            raise KeyUnusable(
                "certificate",
                vi="Chứng thư không thuộc về khóa này. Chọn đúng cặp khóa và chứng thư.",
                en="The certificate does not belong to this key. Give the pair that belongs together.",
            )
        self._key = key
        self._sign = algorithms.signing(key)
        self.algorithm = algorithm
        self.certificate = certificate
        self.kid = certificate.kid

    @classmethod
    def from_pem(cls, key: bytes, certificate: bytes, password: bytes | None = None) -> "PemSigner":
        """Read a private key and its certificate in PEM; KeyUnusable if either cannot be read."""
        try:
            private_key = load_pem_private_key(key, password)
        except (ValueError, TypeError) as broken:
            raise KeyUnusable(
                "key",
                vi="Chưa đọc được khóa PEM. Kiểm tra tệp và mật khẩu.",
                en=f"The PEM key cannot be read: {broken}. Check the file and its password.",
            ) from broken
        return cls(private_key, SignerCertificate.read(certificate))  # type: ignore[arg-type]

    def __reduce__(self) -> tuple[Callable[[bytes, SignerCertificate], "PemSigner"], tuple[bytes, SignerCertificate]]:
        """Travel to a process of the same batch, over its pipe."""
        der = self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return _from_der, (der, self.certificate)

    def sign(self, message: bytes) -> bytes:
        """Sign with ECDSA or RSASSA-PSS, whichever the key is for."""
        return self._sign(message)


def _not_p256(key: PrivateKey) -> bool:
    """Readers need not know other curves, so none is signed with (HCERT 1.0.8, 3.3.2)."""
    return isinstance(key, EllipticCurvePrivateKey) and key.key_size != 256


def _from_der(key: bytes, certificate: SignerCertificate) -> PemSigner:
    return PemSigner(load_der_private_key(key, None), certificate)  # type: ignore[arg-type]
