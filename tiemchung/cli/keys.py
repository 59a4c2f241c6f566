"""`tiemchung keys`: enrol signing keys; in practice, make them."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from tiemchung.cli.found import facility
from tiemchung.cli.processes import embedded, prepare

if TYPE_CHECKING:
    from tiemchung.hcert import SignerCertificate

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
USES = ("passport", "attestation", "seal")


@click.group()
def group() -> None:
    """The keys that sign passports and facilities' doses."""


@group.command("make-practice")
@embedded
def make_practice(embedded: Path | None) -> None:
    """Make a key for passports and one for each facility that has none, under a practice root. In practice only."""
    server = prepare(embedded)
    _check_practice()
    from tiemchung.ground import clock
    from tiemchung.hcert import Algorithm, demo_authority
    from tiemchung.hcert.authority import new_key, private_pem

    start = clock.now() - timedelta(days=1)
    root = demo_authority(valid_from=start)
    lacking = _without_key()
    for use, facility_id, name in lacking:
        key = new_key(Algorithm.ES256)
        certificate = root.certify(key.public_key(), name=name, valid_from=start)
        _enrol(use, facility_id, certificate, private_pem(key))
    click.echo(f"{len(lacking)} practice keys made")
    del server


@group.command()
@embedded
@click.option("--use", type=click.Choice(USES), required=True)
@click.option("--certificate", type=FILE, required=True, help="Certificate of the key, PEM or DER.")
@click.option("--key", type=FILE, required=True, help="Private key in PEM, without a password.")
@click.option("--facility", "code", help="Code of the facility whose doses it signs; with --use attestation.")
def enrol(embedded: Path | None, use: str, certificate: Path, key: Path, code: str | None) -> None:
    """Publish a certificate and keep its key. The same again is harmless."""
    if (use == "attestation") != (code is not None):
        raise click.UsageError("--use attestation needs --facility, and no other use has one.")
    server = prepare(embedded)
    published = _read(key, certificate)
    _check_lasts(published)
    _enrol(use, facility(code).id if code else None, published, key.read_bytes())
    click.echo(f"{published.kid.hex()}: enrolled for {use}")
    del server


def _check_practice() -> None:
    from django.conf import settings

    from tiemchung.ground.errors import NotAllowedError

    if not settings.PRACTICE:
        raise NotAllowedError(
            "not_practice",
            field="practice",
            vi="Khóa tập dượt chỉ dùng trong bản tập dượt (TIEMCHUNG_PRACTICE=1). Bản thật: tiemchung keys enrol.",
            en="Practice keys are for practice only (TIEMCHUNG_PRACTICE=1). For real use: tiemchung keys enrol.",
        )


def _without_key() -> list[tuple[str, UUID | None, str]]:
    """Use, facility and name of each key that is still to be made."""
    from tiemchung.passports.models import SignerCertificate
    from tiemchung.places.models import Facility

    held = set(SignerCertificate.objects.filter(withdrawn_at=None).values_list("use", "facility_id"))
    wanted: list[tuple[str, UUID | None, str]] = [("passport", None, "Practice DSC, not for real use")]
    wanted += [("seal", None, "Practice seals, not for real use")]
    wanted += [("attestation", one.id, f"Practice attestation {one.code}") for one in Facility.objects.order_by("code")]
    return [each for each in wanted if each[:2] not in held]


def _read(key: Path, certificate: Path) -> "SignerCertificate":
    """The certificate, once key and certificate are known to belong together. Raises InvalidInputError on key."""
    from tiemchung.ground.errors import InvalidInputError
    from tiemchung.hcert import KeyUnusable, PemSigner

    try:
        return PemSigner.from_pem(key.read_bytes(), certificate.read_bytes()).certificate
    except KeyUnusable as problem:
        raise InvalidInputError(
            "key_unusable",
            field="key",
            vi="Khóa và chứng thư không đọc được hoặc không thuộc về nhau. Kiểm tra lại hai tệp.",
            en=f"Key and certificate cannot be read or do not belong together: {problem}",
        ) from problem


def _check_lasts(certificate: "SignerCertificate") -> None:
    from tiemchung.ground import clock
    from tiemchung.ground.errors import InvalidInputError

    if certificate.not_after <= clock.now():
        raise InvalidInputError(
            "certificate_expired",
            field="certificate",
            vi=f"Chứng thư đã hết hạn ngày {certificate.not_after:%d/%m/%Y}. Xin cấp chứng thư mới.",
            en=f"The certificate expired on {certificate.not_after:%d/%m/%Y}. Ask for a new one.",
        )


def _enrol(use: str, facility_id: UUID | None, certificate: "SignerCertificate", private_pem: bytes) -> None:
    from tiemchung.ground.errors import ConflictError
    from tiemchung.passports import actions

    row = actions.enrol_signer(
        use=use, facility_id=facility_id, certificate=certificate, private_pem=private_pem, by=None
    )
    if (row.use, row.facility_id) != (use, facility_id):
        raise ConflictError(
            "certificate_in_use",
            field="certificate",
            vi="Chứng thư này đã dùng cho việc khác. Mỗi việc, mỗi cơ sở cần một khóa riêng.",
            en="This certificate is enrolled for something else. Each use and each facility needs a key of its own.",
        )
