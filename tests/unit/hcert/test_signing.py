"""Signing with keys in files and keys in a hardware token (SoftHSM2)."""

import pickle
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.unit.hcert.samples import ISSUED, NOW, START, authority, content, signer, trust
from tiemchung import hcert
from tiemchung.hcert import algorithms
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.authority import new_key, private_pem
from tiemchung.hcert.hsm import HsmSigner, HsmToken


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("password", [None, b"mat khau"])
def test_a_key_in_pem_signs_for_its_certificate(algorithm, password):
    key = new_key(algorithm)
    certificate = authority().certify(key.public_key(), name="PEM", valid_from=START)
    by = hcert.PemSigner.from_pem(private_pem(key, password), certificate.pem(), password)
    assert (by.algorithm, by.kid) == (algorithm, certificate.kid)
    assert algorithms.holds(certificate.public_key, by.sign(b"message"), b"message")


def test_a_certificate_of_another_key_is_refused():
    with pytest.raises(hcert.KeyUnusable) as refused:
        hcert.PemSigner(new_key(Algorithm.ES256), signer().certificate)
    assert refused.value.field == "certificate"


@pytest.mark.parametrize("key", [b"", b"no key", private_pem(new_key(Algorithm.ES256), b"other")])
def test_what_cannot_be_read_as_a_key_is_refused(key):
    with pytest.raises(hcert.KeyUnusable) as refused:
        hcert.PemSigner.from_pem(key, signer().certificate.pem())
    assert "PEM" in refused.value.vi


def test_a_curve_that_verifiers_need_not_know_is_refused_for_signing():
    key = ec.generate_private_key(ec.SECP384R1())
    certificate = authority().certify(key.public_key(), name="P-384", valid_from=START)
    with pytest.raises(hcert.KeyUnusable):
        hcert.PemSigner(key, certificate)


def test_ecdsa_signatures_take_both_forms():
    raw = signer().sign(b"message")
    assert algorithms.raw_from_der(algorithms.der_from_raw(raw, 32), 32) == raw


@pytest.fixture
def token(hardware):
    """The way to a key of the token."""
    return lambda key, pin=hardware.pin: replace(hardware, key=key, pin=pin)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_key_made_in_the_token_issues_certificates_that_verify(token, algorithm):
    where = token(f"dsc-{algorithm.name}")
    certificate = authority().certify(where.generate(algorithm), name="HSM", valid_from=START)
    by = HsmSigner(where, certificate)
    made = hcert.issue(content(), by, issued_at=ISSUED)
    assert by.algorithm == algorithm
    assert hcert.verify(made.text, trust(by), at=NOW).code == "OK"
    copy = pickle.loads(pickle.dumps(by))
    assert algorithms.holds(certificate.public_key, copy.sign(b"message"), b"message")


def test_a_name_that_is_taken_is_not_taken_twice(token):
    token("taken").generate(Algorithm.ES256)
    with pytest.raises(hcert.KeyUnusable):
        token("taken").generate(Algorithm.ES256)


def test_what_the_token_lacks_is_said_in_words(token):
    with pytest.raises(hcert.KeyUnusable) as refused:
        HsmSigner(token("absent"), signer().certificate)
    assert "absent" in refused.value.vi
    with pytest.raises(hcert.KeyUnusable):
        HsmSigner(HsmToken("/nowhere/lib.so", "test", "1234", "k"), signer().certificate)


def test_the_pin_is_never_shown():
    assert "1234" not in repr(HsmToken("m", "t", "1234", "k"))
