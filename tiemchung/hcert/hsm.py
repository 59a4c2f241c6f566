"""Signing with a key that never leaves its hardware module (PKCS#11).

ECDSA signs the digest (CKM_ECDSA), which every module knows; PKCS#11 gives r and s side by side, as COSE wants.
Tested on SoftHSM2.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

from tiemchung.hcert.algorithms import Algorithm, PublicKey
from tiemchung.hcert.certificates import SignerCertificate
from tiemchung.hcert.errors import KeyUnusable

_RSA_PSS = pkcs11.Mechanism.SHA256_RSA_PKCS_PSS
_PSS = (pkcs11.Mechanism.SHA256, pkcs11.MGF.SHA256, 32)


@dataclass(frozen=True)
class HsmToken:
    """Where a key lies: the module's library, the token's label, the user's PIN, the key's label."""

    module: str
    token: str
    pin: str = field(repr=False)
    key: str

    def generate(self, algorithm: Algorithm) -> PublicKey:
        """Make a key pair inside the token and return its public half, for a CSCA to certify.

        Raises KeyUnusable if the token cannot be opened or refuses.
        """
        with self.session() as session:
            if list(session.get_objects({pkcs11.Attribute.LABEL: self.key})):
                raise _unusable(self, ValueError("the token has a key of this name"))
            return _GENERATE[algorithm](session, self.key)

    def destroy(self) -> None:
        """Destroy both halves of the key pair; one that is not there is destroyed. KeyUnusable if the token fails."""
        with self.session() as session:
            for found in list(session.get_objects({pkcs11.Attribute.LABEL: self.key})):
                found.destroy()

    @contextmanager
    def session(self) -> Iterator[Any]:
        """The session with this token, for one thread at a time; what fails in it becomes KeyUnusable."""
        try:
            session, lock = _login(self.module, self.token, self.pin, os.getpid())
            with lock:
                yield session
        except (pkcs11.PKCS11Error, RuntimeError) as broken:
            raise _unusable(self, broken) from broken


@cache
def _login(module: str, token: str, pin: str, _process: int) -> tuple[Any, Lock]:
    """Log in once per process: PKCS#11 shares the login between all sessions with a token, and the first
    session to close would end it for the others."""
    return pkcs11.lib(module).get_token(token_label=token).open(user_pin=pin, rw=True), Lock()


class HsmSigner:
    """Signs by a PKCS#11 token; a copy sent to another process opens its own session there."""

    def __init__(self, where: HsmToken, certificate: SignerCertificate) -> None:
        """KeyUnusable if the token cannot be opened, or lacks the key."""
        self._where = where
        with where.session() as session:
            self._key = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=where.key)
            rsa = self._key.key_type == pkcs11.KeyType.RSA
        self.algorithm = Algorithm.PS256 if rsa else Algorithm.ES256
        self.certificate = certificate
        self.kid = certificate.kid

    def sign(self, message: bytes) -> bytes:
        """Sign inside the token; KeyUnusable if the token fails."""
        with self._where.session():
            if self.algorithm == Algorithm.PS256:
                return bytes(self._key.sign(message, mechanism=_RSA_PSS, mechanism_param=_PSS))
            return bytes(self._key.sign(hashlib.sha256(message).digest(), mechanism=pkcs11.Mechanism.ECDSA))

    def __reduce__(self) -> tuple[type["HsmSigner"], tuple[HsmToken, SignerCertificate]]:
        """Travel to another process as the way to the key."""
        return HsmSigner, (self._where, self.certificate)


def _generate_ec(session: Any, label: str) -> PublicKey:
    parameters = session.create_domain_parameters(
        pkcs11.KeyType.EC,
        {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")},
        local=True,
    )
    public, _private = parameters.generate_keypair(store=True, label=label)
    return load_der_public_key(encode_ec_public_key(public))  # type: ignore[return-value]


def _generate_rsa(session: Any, label: str) -> PublicKey:
    public, _private = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label=label)
    pkcs1 = encode_rsa_public_key(public)
    return load_der_public_key(pkcs1)  # type: ignore[return-value]


_GENERATE: dict[Algorithm, Callable[[Any, str], PublicKey]] = {
    Algorithm.ES256: _generate_ec,
    Algorithm.PS256: _generate_rsa,
}


def _unusable(where: HsmToken, broken: Exception) -> KeyUnusable:
    return KeyUnusable(
        "key",
        vi=f"Thiết bị khóa {where.token} chưa ký được. Kiểm tra thiết bị, mã PIN và tên khóa {where.key}.",
        en=f"The token {where.token} cannot sign: {broken!r}. Check the device, its PIN and the key {where.key}.",
    )
