"""Certificates of one's own: for this machine, trusted for nothing else, made again in time."""

import ssl
import stat
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from tiemchung.cli import tls_authority
from tiemchung.cli.tls_authority import Own, ensure

NAMES = ["localhost", "tram.local", "127.0.0.1", "::1", "192.168.1.20"]


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return ensure(tmp_path / "tls", NAMES)


def loaded(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def is_trusted(own: Own, name: str, certificate: x509.Certificate | None = None) -> bool:
    """Say whether who trusts the authority takes the server for `name`."""
    subject = x509.DNSName(name)
    verifier = PolicyBuilder().store(Store([loaded(own.authority)])).build_server_verifier(subject)
    try:
        verifier.verify(certificate or loaded(own.certificate), [])
    except VerificationError:
        return False
    return True


def test_the_certificate_names_the_machine_and_its_addresses(own: Own) -> None:
    assert tls_authority.names_of(own.certificate) == NAMES
    assert is_trusted(own, "tram.local")
    assert not is_trusted(own, "tiemchung.gov.vn")


def greeted(own: Own, name: str) -> str | None:
    """Let a client that trusts the authority greet the server; gives what they agreed on, None while they do not."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=own.authority)
    server.load_cert_chain(own.certificate, own.key)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    theirs = client.wrap_bio(to_client, to_server, server_hostname=name)
    ours = server.wrap_bio(to_server, to_client, server_side=True)
    for end in (theirs, ours, theirs, ours):
        with suppress(ssl.SSLWantReadError):
            end.do_handshake()
    return ours.version()


def test_a_server_can_use_it(own: Own) -> None:
    assert greeted(own, "tram.local") == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        greeted(own, "elsewhere.local")


def test_keys_are_readable_by_the_owner_alone(own: Own) -> None:
    assert {stat.S_IMODE(path.stat().st_mode) for path in (own.key, own.authority_key)} == {0o600}


def test_a_second_start_changes_nothing(own: Own) -> None:
    before = {path: path.read_bytes() for path in own.folder.iterdir()}
    ensure(own.folder, NAMES)
    assert {path: path.read_bytes() for path in own.folder.iterdir()} == before


def test_a_new_address_makes_a_new_certificate_of_the_same_authority(own: Own) -> None:
    authority = own.authority.read_bytes()
    ensure(own.folder, [*NAMES, "10.0.0.7"])
    assert "10.0.0.7" in tls_authority.names_of(own.certificate)
    assert own.authority.read_bytes() == authority


def test_a_public_name_asked_for_needs_a_new_authority_that_may_vouch_for_it(own: Own) -> None:
    authority = own.authority.read_bytes()
    ensure(own.folder, [*NAMES, "tram.example.vn"])
    assert own.authority.read_bytes() != authority
    assert is_trusted(own, "tram.example.vn")


def test_the_authority_vouches_for_no_other_site(own: Own, tmp_path: Path) -> None:
    constraints = loaded(own.authority).extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    key = tls_authority._read(own.authority, own.authority_key)
    assert key
    stolen = Own(tmp_path / "stolen")
    stolen.folder.mkdir()
    tls_authority._make_server(stolen, key, ["bank.example"])
    assert not is_trusted(own, "bank.example", loaded(stolen.certificate))


@pytest.mark.parametrize(("days_left", "renewed"), [(29, True), (31, False)])
def test_the_certificate_is_made_again_a_month_before_its_end(
    own: Own, days_left: int, renewed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = own.certificate.read_bytes()
    ahead = tls_authority.ends_on(own.certificate) - timedelta(days=days_left) - datetime.now(UTC)

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + ahead

    monkeypatch.setattr(tls_authority, "datetime", Later)
    ensure(own.folder, NAMES)
    assert (own.certificate.read_bytes() != before) == renewed


@pytest.mark.parametrize("name", ["server.pem", "server-key.pem", "authority.pem", "authority-key.pem"])
@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\nhalf"])
def test_what_is_lost_or_half_written_is_made_again(own: Own, name: str, content: bytes | None) -> None:
    path = own.folder / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    ensure(own.folder, NAMES)
    assert is_trusted(own, "tram.local")
    assert greeted(own, "tram.local") == "TLSv1.3"


def test_the_machine_knows_its_names() -> None:
    found = tls_authority.machine_names()
    assert {"localhost", "127.0.0.1", "::1"} <= set(found)
    assert any(name.endswith(".local") for name in found)
    assert all(tls_authority._name(name) for name in found)
