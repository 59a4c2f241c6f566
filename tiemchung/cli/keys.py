"""`tiemchung keys`: what is done to signing keys, by two key officers; in practice, make keys for all."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from tiemchung.cli.found import facility
from tiemchung.cli.hcert_options import Moment
from tiemchung.cli.key_officers import by_officer, proven
from tiemchung.cli.processes import embedded, prepare

if TYPE_CHECKING:
    from tiemchung.hcert import SignerCertificate
    from tiemchung.passports.models import KeyCeremony

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
USES = ("passport", "attestation", "seal")
use_option = click.option("--use", type=click.Choice(USES), required=True, help="What the key signs.")


@click.group()
def group() -> None:
    """The keys that sign passports, facilities' doses and seals."""


@group.command("make-practice")
@embedded
def make_practice(embedded: Path | None) -> None:
    """Make a key for each national use and one for each facility that has none, under a practice root."""
    server = prepare(embedded)
    from tiemchung.ground import clock
    from tiemchung.hcert import Algorithm, demo_authority
    from tiemchung.hcert.authority import new_key, private_pem
    from tiemchung.passports import actions_keys, ceremonies

    ceremonies.check_practice()
    start = clock.now() - timedelta(days=1)
    root = demo_authority(valid_from=start)
    lacking = _without_key()
    for use, facility_id, name in lacking:
        key = new_key(Algorithm.ES256)
        certificate = root.certify(key.public_key(), name=name, valid_from=start)
        actions_keys.enrol_practice_key(
            use=use, facility_id=facility_id, certificate=certificate, private_pem=private_pem(key), by=None
        )
    click.echo(f"{len(lacking)} practice keys made")
    del server


@group.command()
@embedded
@click.option("--token", required=True, help="Label of the token in the module TIEMCHUNG_HSM_MODULE.")
@click.option("--label", required=True, help="Label that the new key gets.")
@click.option(
    "--algorithm", type=click.Choice(["ES256", "PS256"]), default="ES256", show_default=True, help="Of the new key."
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File for the public half (PEM)."
)
def make(embedded: Path | None, token: str, label: str, algorithm: str, output: Path) -> None:
    """Make a key inside a hardware module; its public half goes to OUTPUT (PEM), for the root to certify."""
    server = prepare(embedded)
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from tiemchung.hcert import Algorithm
    from tiemchung.passports.keys import KeyPlace

    public = KeyPlace(token, label).as_token().generate(Algorithm[algorithm])
    output.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    click.echo(f"{output}: public half of {label} in {token}")
    del server


@group.command()
@embedded
@by_officer
@use_option
@click.option("--certificate", type=FILE, required=True, help="Certificate of the key, PEM or DER.")
@click.option("--key", type=FILE, help="Private key in PEM, without a password; left out for a key in a module.")
@click.option("--where", default="pem", show_default=True, help="pem, or pkcs11:token=NAME;object=LABEL.")
@click.option("--facility", "code", help="Code of the facility whose doses it signs; with --use attestation.")
@click.option("--signs-from", type=Moment(), help="When it begins to sign; left out: when its notice is over.")
def propose(
    embedded: Path | None,
    officer: str,
    use: str,
    certificate: Path,
    key: Path | None,
    where: str,
    code: str | None,
    signs_from: datetime | None,
) -> None:
    """Propose that a key signs for a use; it does once another key officer has approved."""
    if (use == "attestation") != (code is not None):
        raise click.UsageError("--use attestation needs --facility, and no other use has one.")
    if (key is None) == (where == "pem"):
        raise click.UsageError("Give --key for a key in PEM, or --where pkcs11:… for one in a module.")
    server = prepare(embedded)
    from tiemchung.passports import actions_keys
    from tiemchung.passports.keys import KeyPlace

    row = actions_keys.propose_enrolment(
        use=use,
        certificate=_read(key, certificate),
        by=proven(officer),
        facility_id=facility(code).id if code else None,
        place=KeyPlace.parse(where),
        private_pem=key.read_bytes() if key else None,
        signs_from=signs_from,
    )
    _say(row)
    del server


@group.command()
@embedded
@by_officer
@click.option("--reason", required=True, help="Why; kept with the proposal.")
@click.argument("key_id")
def withdraw(embedded: Path | None, officer: str, reason: str, key_id: str) -> None:
    """Propose to withdraw a key that is lost or leaked; all that it signed becomes invalid and is issued anew."""
    server = prepare(embedded)
    from tiemchung.passports import actions_keys

    _say(actions_keys.propose_withdrawal(key_id=key_id, reason=reason, by=proven(officer)))
    del server


@group.command()
@embedded
@by_officer
@click.option("--reason", required=True, help="Why; kept with the proposal.")
@click.argument("key_id")
def destroy(embedded: Path | None, officer: str, reason: str, key_id: str) -> None:
    """Propose to destroy the private half of a key that signs no more."""
    server = prepare(embedded)
    from tiemchung.passports import actions_keys

    _say(actions_keys.propose_destruction(key_id=key_id, reason=reason, by=proven(officer)))
    del server


@group.command()
@embedded
@by_officer
@click.argument("ceremony", type=click.UUID)
def approve(embedded: Path | None, officer: str, ceremony: UUID) -> None:
    """Approve what another key officer proposed, and do it."""
    server = prepare(embedded)
    from tiemchung.passports import actions_keys

    _say(actions_keys.approve(ceremony_id=ceremony, by=proven(officer)))
    del server


@group.command()
@embedded
@by_officer
@click.option("--reason", required=True, help="Why; kept with the proposal.")
@click.argument("ceremony", type=click.UUID)
def refuse(embedded: Path | None, officer: str, reason: str, ceremony: UUID) -> None:
    """Refuse what another key officer proposed."""
    server = prepare(embedded)
    from tiemchung.passports import actions_keys

    _say(actions_keys.refuse(ceremony_id=ceremony, reason=reason, by=proven(officer)))
    del server


@group.command("list")
@embedded
def list_keys(embedded: Path | None) -> None:
    """List keys and open proposals with their states."""
    server = prepare(embedded)
    from tiemchung.passports import ceremonies, keys, models

    signing = keys.all_signing()
    for key in models.SignerCertificate.objects.order_by("use", "signs_from", "key_id"):
        state = ceremonies.key_state(key, signing)
        click.echo(f"{key.key_id}  {key.use:<12}{state:<12}{key.signs_from:%Y-%m-%d}  {key.valid_until:%Y-%m-%d}")
    for row in models.KeyCeremony.objects.filter(approved=None).order_by("proposed_at"):
        _say(row)
    del server


def _say(row: "KeyCeremony") -> None:
    from tiemchung.passports import ceremonies

    click.echo(f"{row.id}  {row.act} {row.key_id} for {row.use}: {ceremonies.state_of(row)}")


def _without_key() -> list[tuple[str, UUID | None, str]]:
    """Use, facility and name of each key that is still to be made."""
    from tiemchung.passports.models import SignerCertificate
    from tiemchung.places.models import Facility

    held = set(SignerCertificate.objects.filter(withdrawn_at=None).values_list("use", "facility_id"))
    wanted: list[tuple[str, UUID | None, str]] = [("passport", None, "Practice DSC, not for real use")]
    wanted += [("seal", None, "Practice seals, not for real use")]
    wanted += [("attestation", one.id, f"Practice attestation {one.code}") for one in Facility.objects.order_by("code")]
    return [each for each in wanted if each[:2] not in held]


def _read(key: Path | None, certificate: Path) -> "SignerCertificate":
    """The certificate, once it is known to belong to the key in PEM, if there is one. Raises InvalidInputError."""
    from tiemchung.ground.errors import InvalidInputError
    from tiemchung.hcert import KeyUnusable, PemSigner, SignerCertificate

    try:
        if key is None:
            return SignerCertificate.read(certificate.read_bytes())
        return PemSigner.from_pem(key.read_bytes(), certificate.read_bytes()).certificate
    except KeyUnusable as problem:
        raise InvalidInputError(
            "key_unusable",
            field="key",
            vi="Khóa và chứng thư không đọc được hoặc không thuộc về nhau. Kiểm tra lại hai tệp.",
            en=f"Key and certificate cannot be read or do not belong together: {problem}",
        ) from problem
