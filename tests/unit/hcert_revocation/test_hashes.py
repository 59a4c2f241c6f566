"""By what a certificate is named in a revocation list."""

from hashlib import sha256

import pytest

from tests.unit.hcert_revocation.examples import certificate
from tiemchung.hcert.revocation import certificate_hashes, signature_hash, uci_hash

DCC = {
    "ver": "1.3.3",
    "nam": {"fn": "Nguyễn", "fnt": "NGUYEN"},
    "dob": "1990-01-01",
    "v": [{"ci": "URN:UVCI:01:VN:00FF", "co": "VN"}],
}


def test_of_an_ecdsa_signature_only_r_is_hashed() -> None:
    r, s = bytes(range(32)), bytes(32)
    assert signature_hash(r + s, -7) == sha256(r).digest()[:16]
    assert signature_hash(r + s, -7) == signature_hash(r + bytes(reversed(s)), -7)


def test_an_rsa_signature_is_hashed_whole() -> None:
    assert signature_hash(bytes(256), -37) == sha256(bytes(256)).digest()[:16]


def test_identifier_is_hashed_as_it_stands_alone_and_behind_the_issuer() -> None:
    assert uci_hash("URN:UVCI:01:VN:00ff") == sha256(b"URN:UVCI:01:VN:00ff").digest()[:16]
    assert uci_hash("00FF", issuer="VN") == sha256(b"VN00FF").digest()[:16]


def test_certificate_has_three_hashes() -> None:
    decoded = certificate(DCC)
    message = decoded.message
    assert certificate_hashes(decoded) == (
        signature_hash(message.signature, message.algorithm or 0),
        uci_hash("URN:UVCI:01:VN:00FF"),
        uci_hash("URN:UVCI:01:VN:00FF", issuer="VN"),
    )


@pytest.mark.parametrize(
    "content",
    [{"v": None}, {"v": [None]}, {"v": [{"ci": 1}]}, {"v": "x"}, {"ver": "1.3.3"}, {"v": [{"ci": None}], "t": {}}],
)
def test_certificate_without_an_identifier_is_named_by_its_signature(content: object) -> None:
    assert len(certificate_hashes(certificate(content))) == 1


def test_every_identifier_of_a_certificate_counts() -> None:
    two = {"v": [{"ci": "A"}, {"ci": "B"}], "r": [{"ci": "C"}]}
    assert len(certificate_hashes(certificate(two))) == 7
