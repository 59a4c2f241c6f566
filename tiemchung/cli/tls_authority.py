"""Certificates of one's own for `serve --tls`: an authority that a phone can trust, and the server's certificate.

The authority is kept in the installation and may only vouch for the machine's own names and for private addresses (name
constraints, RFC 5280 section 4.2.1.10): a phone that trusts it trusts it for nothing else. The server's certificate is
made anew when it nears its end or the machine has another name or address; the phones need not be told.
"""

import ipaddress
import itertools
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=397)  # the longest that browsers take from anybody
RENEW_BEFORE = timedelta(days=30)
A_DAY = timedelta(days=1)  # a phone's clock may be behind
PRIVATE = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Own:
    """The files of one's own certificates."""

    folder: Path

    @property
    def authority(self) -> Path:
        """What a phone is to trust."""
        return self.folder / "authority.pem"

    @property
    def authority_key(self) -> Path:
        """Leaves the machine never."""
        return self.folder / "authority-key.pem"

    @property
    def certificate(self) -> Path:
        """The server's, followed by the authority's."""
        return self.folder / "server.pem"

    @property
    def key(self) -> Path:
        """The server's."""
        return self.folder / "server-key.pem"


def ensure(folder: Path, names: list[str], *, anew: bool = False) -> Own:
    """Make what is lacking, near its end, or does not fit these names and addresses; keep the rest. Gives the files.

    `anew` makes the server's certificate again in any case.
    """
    own = Own(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = _read(own.authority, own.authority_key)
    if authority is None or _near_end(authority[0], 2 * SERVER_LASTS) or not _may_vouch(authority[0], names):
        authority = _make_authority(own, names)
        anew = True
    if anew or not _fits(own, authority[0], names):
        _make_server(own, authority, names)
    return own


def fingerprint(path: Path) -> str:
    """The SHA-256 of a certificate, as phones show it: pairs of hexadecimal digits."""
    found = x509.load_pem_x509_certificate(path.read_bytes())
    return found.fingerprint(hashes.SHA256()).hex(":").upper()


def ends_on(path: Path) -> datetime:
    """Until when a certificate holds, in UTC."""
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def names_of(path: Path) -> list[str]:
    """The names and addresses that a certificate is for."""
    found = x509.load_pem_x509_certificate(path.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in names]


def machine_names() -> list[str]:
    """What this machine is called and where it is reached: its name, also as mDNS says it, and its addresses."""
    name = socket.gethostname().split(".")[0].lower()
    found = ["localhost", socket.gethostname().lower(), f"{name}.local", "127.0.0.1", "::1", *_addresses()]
    return list(dict.fromkeys(found))


def _addresses() -> list[str]:
    """The machine's IPv4 addresses, from the kernel's table; without one, that of the way out."""
    table = Path("/proc/net/fib_trie")
    if not table.exists():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # sends nothing
            return [probe.getsockname()[0]]
    lines = table.read_text().splitlines()
    pairs = itertools.pairwise(lines)
    found = {line.split()[-1] for line, following in pairs if "|--" in line and "/32 host LOCAL" in following}
    return sorted(found - {"127.0.0.1"})


def _names(names: list[str]) -> list[x509.GeneralName]:
    return [_name(name) for name in names]


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _make_authority(own: Own, names: list[str]) -> tuple[x509.Certificate, Key]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Tiem chung {socket.gethostname()}")])
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    made = (
        _builder(subject, subject, key, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(own.authority_key, _pem(key), private=True)
    _write(own.authority, made.public_bytes(serialization.Encoding.PEM))
    return made, key


def _permitted(names: list[str]) -> list[x509.GeneralName]:
    """Private addresses, names that no public name server knows, and what was asked for by name."""
    private = [x509.IPAddress(ipaddress.ip_network(network)) for network in PRIVATE]
    public = [x509.IPAddress(ipaddress.ip_network(name)) for name in names if is_address(name) and not _private(name)]
    dns = sorted({"localhost", "local", *(name for name in names if not is_address(name))})
    return [*private, *public, *(x509.DNSName(name) for name in dns)]


def _make_server(own: Own, authority: tuple[x509.Certificate, Key], names: list[str]) -> None:
    issuer, issuer_key = authority
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, socket.gethostname()[:64])])
    made = (
        _builder(subject, issuer.subject, key, SERVER_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(_names(names)), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    _write(own.key, _pem(key), private=True)
    _write(own.certificate, made.public_bytes(pem) + issuer.public_bytes(pem))


def _builder(subject: x509.Name, issuer: x509.Name, key: Key, lasts: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return builder.not_valid_before(now - A_DAY).not_valid_after(now - A_DAY + lasts)


def _read(certificate: Path, key: Path) -> tuple[x509.Certificate, Key] | None:
    """A certificate and its key; None when one lacks, cannot be read, or they are not each other's."""
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError):
        return None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.public_key() != found.public_key():
        return None
    return found, private


def _near_end(found: x509.Certificate, margin: timedelta) -> bool:
    now = datetime.now(UTC)
    return found.not_valid_after_utc - margin < now or found.not_valid_before_utc > now


def _may_vouch(authority: x509.Certificate, names: list[str]) -> bool:
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    dns = {name.value for name in permitted if isinstance(name, x509.DNSName)}
    networks = [name.value for name in permitted if isinstance(name, x509.IPAddress)]
    return all(_in_one(name, networks) if is_address(name) else _under_one(name, dns) for name in names)


def _in_one(address: str, networks: Sequence[object]) -> bool:
    found = ipaddress.ip_address(address)
    known = [one for one in networks if isinstance(one, ipaddress.IPv4Network | ipaddress.IPv6Network)]
    return any(found in one for one in known if one.version == found.version)


def _under_one(name: str, permitted: set[str]) -> bool:
    return any(name == one or name.endswith(f".{one}") for one in permitted)


def _fits(own: Own, authority: x509.Certificate, names: list[str]) -> bool:
    found = _read(own.certificate, own.key)
    if found is None or _near_end(found[0], RENEW_BEFORE) or set(names_of(own.certificate)) != set(names):
        return False
    try:
        found[0].verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def is_address(name: str) -> bool:
    """Say whether it is an IP address and no name."""
    return isinstance(_name(name), x509.IPAddress)


def _private(address: str) -> bool:
    return _in_one(address, [ipaddress.ip_network(network) for network in PRIVATE])


def _pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, *, private: bool = False) -> None:
    """Whole or not at all: a full disk or a killed process leaves what was there."""
    draft = path.with_suffix(f".{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600 if private else 0o644)
    draft.write_bytes(content)
    draft.replace(path)
