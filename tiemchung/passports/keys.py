"""Where are our keys? In a folder, as PEM, named by key id; their certificates are in the database for all to read.

A national installation keeps its passport key in a hardware module (`hcert.hsm.HsmSigner`); the folder then holds none.
"""

from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError
from tiemchung.hcert import PemSigner, SignerCertificate
from tiemchung.passports import models

PASSPORT = "passport"
ATTESTATION = "attestation"
SEAL = "seal"  # of the audit trail


def current(use: str, facility_id: UUID | None = None) -> PemSigner:
    """The signer whose certificate is valid now for that use; of several the newest. Raises ConflictError if none."""
    row = _in_force(use, facility_id)
    if row is None:
        raise ConflictError(
            "no_key",
            field="key",
            vi="Chưa có khóa ký còn hạn. Báo người giữ khóa.",
            en="There is no signing key in force. Tell the key officer.",
        )
    return _load(settings.KEYS_FOLDER, row.key_id, row.pem)


def in_force(use: str) -> models.SignerCertificate | None:
    """The national signer certificate that is valid now for that use; of several the newest."""
    return _in_force(use, None)


def _in_force(use: str, facility_id: UUID | None) -> models.SignerCertificate | None:
    now = clock.now()
    found = models.SignerCertificate.objects.filter(
        use=use, withdrawn_at=None, valid_from__lte=now, valid_until__gt=now
    )
    bound = found.filter(facility=None) if facility_id is None else found.filter(facility=facility_id)
    return bound.order_by("-valid_from", "-key_id").first()


@lru_cache(maxsize=256)
def _load(folder: Path, key_id: str, certificate: str) -> PemSigner:
    return PemSigner.from_pem((folder / f"{key_id}.pem").read_bytes(), certificate.encode())


def store(key_id: str, private_pem: bytes) -> None:
    """Put a private key into the folder, readable by its owner alone."""
    folder: Path = settings.KEYS_FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{key_id}.pem"
    path.touch(mode=0o600)
    path.write_bytes(private_pem)


def certificate_of(key_id: str) -> SignerCertificate | None:
    """The certificate with that key id, withdrawn ones too; None when it is not ours."""
    row = models.SignerCertificate.objects.filter(pk=key_id).first()
    return SignerCertificate.read(row.pem.encode()) if row else None
