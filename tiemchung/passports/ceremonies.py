"""May this be done to a key, and by whom? Four eyes: one key officer proposes, another decides, within a week.

A key that follows another signs only once everybody can have it: verifiers that fetch seldom need a month
(certificate governance guide of the EU's network; `hcert.handover`). None is destroyed that may still sign.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings

from tiemchung.accounts.models import Account, Role
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.hcert import SignerCertificate
from tiemchung.hcert.handover import ANNOUNCED_BEFORE
from tiemchung.passports import keys, models

OPEN_FOR = timedelta(days=7)
SHORTEST_NOTICE = timedelta(hours=48)  # a trust list may be that old (hcert.gateway.MAX_AGE)


class CeremonyState(StrEnum):
    """How a ceremony stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"  # nobody decided within a week


class KeyState(StrEnum):
    """How a signing key stands."""

    ANNOUNCED = "announced"  # published, not signing yet
    SIGNING = "signing"
    RESTING = "resting"  # another took over; what it signed is still checked against it
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def state_of(ceremony: models.KeyCeremony) -> CeremonyState:
    """The state of a ceremony now."""
    if ceremony.approved is not None:
        return CeremonyState.APPROVED if ceremony.approved else CeremonyState.REFUSED
    return CeremonyState.LAPSED if clock.now() > ceremony.proposed_at + OPEN_FOR else CeremonyState.PROPOSED


def key_state(row: models.SignerCertificate, signing: set[str]) -> KeyState:
    """The state of a key now; `signing` are the key ids that sign."""
    now = clock.now()
    if row.withdrawn_at is not None:
        return KeyState.WITHDRAWN
    if row.valid_until <= now:
        return KeyState.EXPIRED
    if row.key_id in signing:
        return KeyState.SIGNING
    return KeyState.ANNOUNCED if max(row.signs_from, row.valid_from) > now else KeyState.RESTING


def check_officer(by: UUID) -> Account:
    """Refuse everybody but an active key officer. Raises NotAllowedError."""
    account = Account.objects.filter(pk=by, role=Role.KEY_OFFICER).first()
    if account is None or not account.is_active:
        raise NotAllowedError(
            "not_key_officer",
            field="account",
            vi="Chỉ người giữ khóa được làm việc này. Đăng nhập bằng tài khoản người giữ khóa.",
            en="Only a key officer may do this. Sign in as one.",
        )
    return account


def check_decidable(ceremony: models.KeyCeremony, by: UUID, *, even_lapsed: bool = False) -> None:
    """Refuse who proposed it, and what is no longer open. NotAllowedError or ConflictError."""
    check_officer(by)
    if ceremony.proposed_by == by:
        raise NotAllowedError(
            "four_eyes",
            field="account",
            vi="Người đề nghị không tự duyệt. Nhờ người giữ khóa khác.",
            en="Who proposed it does not decide it. Ask another key officer.",
        )
    state = state_of(ceremony)
    if state is not CeremonyState.PROPOSED and not (even_lapsed and state is CeremonyState.LAPSED):
        raise ConflictError(
            "ceremony_over",
            field="ceremony",
            vi="Đề nghị này đã được quyết định hoặc đã quá 7 ngày. Đề nghị lại nếu còn cần.",
            en="This was decided already, or is more than seven days old. Propose it anew if it is still wanted.",
        )


def first_signature(use: str, facility_id: UUID | None, asked: datetime | None) -> datetime:
    """When a new key begins to sign: at once where none does, else after its notice. Raises InvalidInputError."""
    earliest, now = earliest_signature(use, facility_id), clock.now()
    if asked is not None and asked < earliest and earliest > now:
        raise InvalidInputError(
            "notice_too_short",
            field="signs_from",
            vi="Khóa mới phải công bố ít nhất 48 giờ trước khi ký. Chọn ngày sau đó.",
            en="A new key is published at least 48 hours before it signs. Choose a later moment.",
        )
    return asked or (now + ANNOUNCED_BEFORE if earliest > now else now)


def earliest_signature(use: str, facility_id: UUID | None) -> datetime:
    """When a key that is published now may sign: at once where no other is in force, else after 48 hours."""
    now = clock.now()
    follows = models.SignerCertificate.objects.filter(
        keys.of_facility(facility_id), use=use, withdrawn_at=None, destroyed_at=None, valid_until__gt=now
    ).exists()
    return now + SHORTEST_NOTICE if follows else now


def check_lasts(certificate: SignerCertificate, signs_from: datetime) -> None:
    """Refuse a certificate that is over before its key signs. Raises InvalidInputError on certificate."""
    if certificate.not_after <= max(clock.now(), signs_from):
        raise InvalidInputError(
            "certificate_expired",
            field="certificate",
            vi=f"Chứng thư hết hạn ngày {certificate.not_after:%d/%m/%Y}, trước khi khóa ký. Xin cấp chứng thư mới.",
            en=f"The certificate expires on {certificate.not_after:%d/%m/%Y}, before its key signs. Ask for a new one.",
        )


def enrolled(key_id: str) -> models.SignerCertificate:
    """A key of ours. Raises NotFoundError."""
    row = models.SignerCertificate.objects.filter(pk=key_id).first()
    if row is None:
        raise NotFoundError("no_such_key", field="key_id", vi="Không có khóa này.", en="There is no such key.")
    return row


def check_withdrawable(row: models.SignerCertificate) -> None:
    """Refuse what is withdrawn already. Raises ConflictError."""
    if row.withdrawn_at is not None:
        raise ConflictError(
            "key_withdrawn", field="key_id", vi="Khóa này đã thu hồi.", en="This key is withdrawn already."
        )


def check_destroyable(row: models.SignerCertificate) -> None:
    """Refuse to destroy a key that signs or will sign, or that is gone. Raises ConflictError."""
    if row.destroyed_at is not None:
        raise ConflictError("key_destroyed", field="key_id", vi="Khóa này đã hủy.", en="This key is destroyed already.")
    if key_state(row, keys.all_signing()) in {KeyState.SIGNING, KeyState.ANNOUNCED}:
        raise ConflictError(
            "key_in_use",
            field="key_id",
            vi="Khóa này đang ký hoặc sắp ký. Đưa khóa khác vào thay, hoặc thu hồi trước.",
            en="This key signs, or will. Let another take over, or withdraw it first.",
        )


def check_practice() -> None:
    """Refuse outside a practice installation. Raises NotAllowedError."""
    if not settings.PRACTICE:
        raise NotAllowedError(
            "not_practice",
            field="practice",
            vi="Khóa tập dượt chỉ dùng trong bản tập dượt (TIEMCHUNG_PRACTICE=1). Bản thật: tiemchung keys propose.",
            en="Practice keys are for practice only (TIEMCHUNG_PRACTICE=1). For real use: tiemchung keys propose.",
        )
