"""Where are our keys? Each signer certificate says so: as PEM in a folder, named by key id, or in a hardware module.

A key is only ever loaded into an installation of its own kind: one made for practice signs nothing in a real one, and
the reverse (docs/adr/0008). What may be done to a key, and by whom, is in `ceremonies`.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, quote
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.hcert import KeyUnusable, PemSigner, SignerCertificate
from tiemchung.hcert.hsm import HsmSigner, HsmToken
from tiemchung.hcert.signing import Signer
from tiemchung.passports import models

PASSPORT = "passport"
ATTESTATION = "attestation"
SEAL = "seal"  # of the audit trail


@dataclass(frozen=True)
class KeyPlace:
    """Where a private key lies: in the folder of PEM files, or in a token of a hardware module under a label."""

    token: str = ""
    label: str = ""

    @classmethod
    def parse(cls, text: str) -> "KeyPlace":
        """Read `pem` or `pkcs11:token=NAME;object=LABEL` (RFC 7512). Raises InvalidInputError on where."""
        if text == "pem":
            return cls()
        scheme, _, rest = text.partition(":")
        named = dict(parse_qsl(rest, separator=";"))
        if scheme != "pkcs11" or set(named) != {"token", "object"}:
            raise InvalidInputError(
                "key_place",
                field="where",
                vi="Nơi giữ khóa phải là pem, hoặc pkcs11:token=TÊN;object=NHÃN.",
                en="A key lies in pem, or in pkcs11:token=NAME;object=LABEL.",
            )
        return cls(named["token"], named["object"])

    def __str__(self) -> str:
        return f"pkcs11:token={quote(self.token)};object={quote(self.label)}" if self.in_module else "pem"

    @property
    def in_module(self) -> bool:
        """Whether a hardware module holds it."""
        return bool(self.token)

    def as_token(self) -> HsmToken:
        """The way to a key in a module. Raises ConflictError where this process was given no module and PIN."""
        if not settings.HSM_MODULE:
            raise ConflictError(
                "no_module",
                field="TIEMCHUNG_HSM_MODULE",
                vi="Khóa nằm trong thiết bị. Đặt TIEMCHUNG_HSM_MODULE và TIEMCHUNG_HSM_PIN rồi khởi động lại.",
                en="The key lies in a hardware module. Set TIEMCHUNG_HSM_MODULE and TIEMCHUNG_HSM_PIN; restart.",
            )
        return HsmToken(settings.HSM_MODULE, self.token, settings.HSM_PIN, self.label)


def current(use: str, facility_id: UUID | None = None) -> Signer:
    """The signer that signs now for that use; of several the one that took over last. Raises ConflictError if none."""
    row = signing(use, facility_id)
    if row is None:
        raise ConflictError(
            "no_key",
            field="key",
            vi="Chưa có khóa ký còn hạn. Báo người giữ khóa.",
            en="There is no signing key in force. Tell the key officer.",
        )
    return load(row.where, SignerCertificate.read(row.pem.encode()))


def in_force(use: str) -> models.SignerCertificate | None:
    """The national signer certificate that signs now for that use; of several the one that took over last."""
    return signing(use, None)


def signing(use: str, facility_id: UUID | None) -> models.SignerCertificate | None:
    """The certificate whose key signs now for that use, of a facility or of the nation."""
    bound = _able().filter(of_facility(facility_id), use=use)
    return bound.order_by("-signs_from", "-valid_from", "-key_id").first()


def of_facility(facility_id: UUID | None) -> Q:
    """Those of a facility, or those of the nation."""
    return Q(facility__isnull=True) if facility_id is None else Q(facility_id=facility_id)


def all_signing() -> set[str]:
    """The ids of all keys that sign now: one for each use, and one for each facility's attestations."""
    newest = _able().order_by("use", "facility_id", "-signs_from", "-valid_from", "-key_id")
    return set(newest.distinct("use", "facility_id").values_list("key_id", flat=True))


def withdrawn() -> set[str]:
    """The ids of the keys whose signatures are no longer believed."""
    found = models.SignerCertificate.objects.filter(withdrawn_at__isnull=False)
    return set(found.values_list("key_id", flat=True))


def _able() -> QuerySet[models.SignerCertificate]:
    now = clock.now()
    return models.SignerCertificate.objects.filter(
        withdrawn_at=None, destroyed_at=None, signs_from__lte=now, valid_from__lte=now, valid_until__gt=now
    )


def load(where: str, certificate: SignerCertificate) -> Signer:
    """The signer of a certificate. Raises InvalidInputError for a key of another kind of installation, ConflictError
    where the key is not there or cannot be used."""
    check_kind(certificate)
    return _loaded(settings.KEYS_FOLDER, where, certificate.raw)


def check_kind(certificate: SignerCertificate) -> None:
    """Refuse a practice key in a real installation, and a real one in practice. Raises InvalidInputError."""
    if certificate.is_for_practice == settings.PRACTICE:
        return
    if certificate.is_for_practice:
        raise InvalidInputError(
            "practice_key",
            field="certificate",
            vi="Đây là khóa tập dượt, không ký được trong hệ thống thật. Dùng chứng thư do gốc quốc gia cấp.",
            en="This key is for practice and signs nothing here. Use a certificate that the national root issued.",
        )
    raise InvalidInputError(
        "real_key",
        field="certificate",
        vi="Khóa thật không dùng trong bản tập dượt. Tạo khóa tập dượt: tiemchung keys make-practice.",
        en="A real key is not used in practice. Make practice keys: tiemchung keys make-practice.",
    )


def check_pair(private_pem: bytes, certificate: SignerCertificate) -> None:
    """Refuse a private key in PEM that is not the certificate's or cannot sign. Raises ConflictError on key."""
    try:
        PemSigner.from_pem(private_pem, certificate.pem()).sign(b"tiemchung: this key can sign")
    except KeyUnusable as problem:
        raise _unusable(certificate, "PEM", problem) from problem


@lru_cache(maxsize=256)
def _loaded(folder: Path, where: str, certificate: bytes) -> Signer:
    signer, place = SignerCertificate.read(certificate), KeyPlace.parse(where)
    try:
        if place.in_module:
            return HsmSigner(place.as_token(), signer)
        return PemSigner.from_pem(path_of(folder, signer.kid.hex()).read_bytes(), signer.pem())
    except (OSError, KeyUnusable) as problem:
        raise _unusable(signer, where, problem) from problem


def _unusable(certificate: SignerCertificate, where: str, problem: Exception) -> ConflictError:
    key_id = certificate.kid.hex()
    return ConflictError(
        "key_unusable",
        field="key",
        vi=f"Không dùng được khóa {key_id} ở {where}. Báo người giữ khóa.",
        en=f"The key {key_id} in {where} cannot be used: {problem}. Tell the key officer.",
    )


def path_of(folder: Path, key_id: str) -> Path:
    """The file of a key that is a PEM."""
    return folder / f"{key_id}.pem"


def store(key_id: str, private_pem: bytes) -> None:
    """Put a private key into the folder, readable by its owner alone; whole, or not at all."""
    folder: Path = settings.KEYS_FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f"{key_id}.draft"
    draft.touch(mode=0o600)
    draft.write_bytes(private_pem)
    draft.replace(path_of(folder, key_id))


def erase(where: str, key_id: str) -> None:
    """Destroy a private key: overwrite and remove its file, or tell the module to. What is gone already stays gone."""
    _loaded.cache_clear()
    place = KeyPlace.parse(where)
    if place.in_module:
        place.as_token().destroy()
        return
    path = path_of(settings.KEYS_FOLDER, key_id)
    if path.exists():
        path.write_bytes(bytes(path.stat().st_size))
        path.unlink()


def certificate_of(key_id: str, use: str) -> SignerCertificate | None:
    """The certificate with that key id, withdrawn ones too; None when it is not ours, or for another use."""
    row = models.SignerCertificate.objects.filter(pk=key_id, use=use).first()
    return SignerCertificate.read(row.pem.encode()) if row else None
