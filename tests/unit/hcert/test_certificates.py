"""Signer certificates as they are in the world's trust lists, and keys for trials."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.hcert.samples import START, authority, signer
from tiemchung import hcert
from tiemchung.hcert import authority as authorities
from tiemchung.hcert import der
from tiemchung.hcert.certificates import SignerCertificate, read_bundle

SHORT, STRAY = "1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1"


def certificate(oids=(), key=None, subject="VN", days=10) -> SignerCertificate:
    """A self-signed certificate with the given extended key usage."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, "Test")]
    if subject:
        attributes.append(x509.NameAttribute(NameOID.COUNTRY_NAME, subject))
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(attributes))
        .issuer_name(x509.Name(attributes))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=days))
    )
    if oids:
        usage = x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in oids])
        builder = builder.add_extension(usage, critical=False)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return SignerCertificate.read(builder.sign(key, algorithm).public_bytes(Encoding.DER))


def test_key_id_is_the_beginning_of_the_digest_of_the_certificate():
    made = certificate()
    assert made.kid == hashlib.sha256(made.raw).digest()[:8]


def test_der_pem_and_bare_base64_are_the_same_certificate():
    made = certificate()
    bare = base64.b64encode(made.raw)
    assert SignerCertificate.read(made.pem()).raw == SignerCertificate.read(bare).raw == made.raw
    assert [each.raw for each in read_bundle(made.pem() + b"\n# comment\n" + made.pem())] == [made.raw] * 2


def test_validity_and_country_are_those_of_x509():
    made = certificate(subject="vn")
    assert (made.not_before, made.not_after) == (START, START + timedelta(days=10))
    assert made.country == "VN"
    assert certificate(subject=None).country is None


def test_years_beyond_2049_are_read():
    assert certificate(days=40 * 365).not_after == START + timedelta(days=40 * 365)


@pytest.mark.parametrize(
    ("oids", "uses"),
    [
        ((), "vtr"),
        ((f"{SHORT}.1",), "t"),
        ((f"{SHORT}.2",), "v"),
        ((f"{STRAY}.3",), "r"),
        ((f"{SHORT}.2", f"{STRAY}.3", "1.3.6.1.5.5.7.3.1"), "vr"),
        (("2.23.136.1.1.14.2",), "vtr"),
    ],
)
def test_uses_follow_both_spellings_of_the_key_usage_and_none_of_ours_means_all(oids, uses):
    assert certificate(oids).uses == frozenset(uses)


@pytest.mark.parametrize(
    "key",
    [ed25519.Ed25519PrivateKey.generate, lambda: ec.generate_private_key(ec.SECP521R1()),
     lambda: ec.generate_private_key(ec.SECP256K1()), lambda: rsa.generate_private_key(65537, 1024)],
    ids=["ed25519", "p521", "secp256k1", "rsa1024"],
)  # fmt: skip
def test_keys_of_other_kinds_and_sizes_are_no_keys_here(key):
    assert certificate(key=key()).public_key is None


def test_empty_extensions_and_an_encoded_default_do_not_matter():
    made = certificate((f"{SHORT}.2",))
    usage = bytes.fromhex("0603551d25")
    assert usage in made.raw
    with_default = made.raw.replace(usage, usage[:2] + usage[2:])
    assert SignerCertificate.read(with_default).uses == {"v"}


@pytest.mark.parametrize(
    "data", [b"", b"0", b"0\x03\x02\x01", b"-----BEGIN CERTIFICATE-----", b"MIIC", b"\x30\x82\xff\xff"]
)
def test_what_is_no_certificate_is_refused_with_words(data):
    with pytest.raises(hcert.KeyUnusable) as refused:
        SignerCertificate.read(data)
    assert "DER" in refused.value.vi


@given(st.data())
def test_a_damaged_certificate_is_read_or_refused(data):
    raw = bytearray(signer().certificate.raw)
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=4)):
        raw[at] = data.draw(st.integers(0, 255))
    try:
        read = SignerCertificate.read(bytes(raw))
    except hcert.KeyUnusable:
        return
    assert read.uses <= {"v", "t", "r"}
    assert read.public_key is None or read.public_key.key_size


def test_object_identifiers_are_read_with_large_numbers():
    assert der.dotted(bytes.fromhex("2b06010401008e37 8f65".replace(" ", ""))) == "1.3.6.1.4.1.0.1847.2021"
    with pytest.raises(der.DerError):
        der.dotted(b"")


def test_a_root_vouches_for_its_own_signers_only():
    stranger = hcert.demo_authority("LA", valid_from=START)
    authorities.check_issued_by(signer().certificate, authority().signer_certificate)
    with pytest.raises(hcert.KeyUnusable):
        authorities.check_issued_by(signer().certificate, stranger.signer_certificate)


def test_demo_keys_have_the_shape_that_the_governance_guide_asks_for():
    parsed = x509.load_der_x509_certificate(signer(uses="v").certificate.raw)
    extensions = parsed.extensions
    assert extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    assert [oid.dotted_string for oid in extensions.get_extension_for_class(x509.ExtendedKeyUsage).value] == [
        f"{SHORT}.2"
    ]
    root = authority().certificate
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert parsed.not_valid_before_utc == datetime(2022, 1, 1, tzinfo=UTC)
