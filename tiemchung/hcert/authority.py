"""Making keys: a country's root (CSCA), and the signer certificates (DSC) below it.

Shapes follow the EU's certificate governance guide: a CSCA of four years with path length 0, a DSC of two years
that the CSCA signed, its key usage naming the kinds it may sign. `demo_authority` is for trials and tests;
a real root lives off line and is used by two people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from tiemchung.hcert.algorithms import Algorithm, PrivateKey, PublicKey
from tiemchung.hcert.certificates import ALL_USES, PRACTICE_UNIT, SignerCertificate
from tiemchung.hcert.errors import KeyUnusable
from tiemchung.hcert.signing import PemSigner

CSCA_LIFE = timedelta(days=4 * 365)
DSC_LIFE = timedelta(days=2 * 365)
_OID_BY_USE = {"t": "1.3.6.1.4.1.1847.2021.1.1", "v": "1.3.6.1.4.1.1847.2021.1.2", "r": "1.3.6.1.4.1.1847.2021.1.3"}


@dataclass(frozen=True)
class Authority:
    """A country's root: its private key and self-signed certificate."""

    key: PrivateKey
    certificate: x509.Certificate

    @property
    def signer_certificate(self) -> SignerCertificate:
        """The root as readers of this library see it."""
        return SignerCertificate.read(self.certificate.public_bytes(Encoding.DER))

    def certify(
        self,
        public_key: PublicKey,
        *,
        name: str,
        valid_from: datetime,
        life: timedelta = DSC_LIFE,
        uses: Iterable[str] = ALL_USES,
    ) -> SignerCertificate:
        """Sign a DSC for a public key, made here or in a hardware module; `uses` are letters of v, t and r.

        Raises ValueError for another use.
        """
        subject = _name(self._country, name, practice=self.signer_certificate.is_for_practice)
        builder = _builder(subject, self.certificate.subject, public_key, valid_from, life)
        builder = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signature=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(_authority_key(self.certificate), critical=False)
        )
        named = set(uses)
        if not named or named - ALL_USES:
            raise ValueError(f"uses must be some of v (vaccination), t (test) and r (recovery), not {uses!r}.")
        if named != ALL_USES:
            oids = [x509.ObjectIdentifier(_OID_BY_USE[use]) for use in sorted(named)]
            builder = builder.add_extension(x509.ExtendedKeyUsage(oids), critical=False)
        signed = builder.sign(self.key, SHA256())
        return SignerCertificate.read(signed.public_bytes(Encoding.DER))

    def new_signer(
        self,
        algorithm: Algorithm = Algorithm.ES256,
        *,
        name: str,
        valid_from: datetime,
        life: timedelta = DSC_LIFE,
        uses: Iterable[str] = ALL_USES,
    ) -> PemSigner:
        """Make a key pair in memory and a DSC for it."""
        key = new_key(algorithm)
        certificate = self.certify(key.public_key(), name=name, valid_from=valid_from, life=life, uses=uses)
        return PemSigner(key, certificate)

    @property
    def _country(self) -> str:
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)[0].value)


def new_key(algorithm: Algorithm) -> PrivateKey:
    """A fresh P-256 key for ES256, or RSA-2048 for PS256."""
    return generate_rsa(65537, 2048) if algorithm == Algorithm.PS256 else generate_private_key(SECP256R1())


def demo_authority(
    country: str = "VN", *, name: str = "Demo CSCA, not for real use", valid_from: datetime
) -> Authority:
    """Make a root for trials: P-256, four years. Its name says so, and that of every certificate below it.

    Raises ValueError for a country that is not two letters.
    """
    if len(country) != 2:
        raise ValueError(f"country must be two letters of ISO 3166, such as VN, not {country!r}.")
    key = new_key(Algorithm.ES256)
    subject = _name(country, name, practice=True)
    public = key.public_key()
    certificate = (
        _builder(subject, subject, public, valid_from, CSCA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signature=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, SHA256())
    )
    return Authority(key, certificate)


def private_pem(key: PrivateKey, password: bytes | None = None) -> bytes:
    """A private key in PEM (PKCS#8), encrypted where a password is given."""
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def check_issued_by(certificate: SignerCertificate, root: SignerCertificate) -> None:
    """Check that a CSCA signed a DSC; KeyUnusable if it did not, or if that cannot be established."""
    try:
        child, parent = (x509.load_der_x509_certificate(each.raw) for each in (certificate, root))
        child.verify_directly_issued_by(parent)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as broken:
        raise KeyUnusable(
            "certificate",
            vi="Chứng thư ký không do chứng thư gốc này cấp. Kiểm tra lại với nước cấp.",
            en=f"This root did not issue the signer certificate: {broken!r}. Ask the issuing country.",
        ) from broken


def _name(country: str, name: str, *, practice: bool) -> x509.Name:
    named = [(NameOID.COUNTRY_NAME, country), (NameOID.COMMON_NAME, name)]
    if practice:
        named.insert(1, (NameOID.ORGANIZATIONAL_UNIT_NAME, PRACTICE_UNIT))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in named])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PublicKey, valid_from: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_from + life)
    )


def _key_usage(*, signature: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signature,
        crl_sign=not signature,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_key(root: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
        root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    )
