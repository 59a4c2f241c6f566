"""May these doses be attested, and by whom? Only doses that stand, that nobody doubts, and only once.

The head vouches for his own site; its province's health department or CDC may do so in his stead (Decision 5772/QĐ-BYT:
the site signs, or the health department or CDC where the province decides so). Whoever signs passports, or decides for
the nation, vouches for no injection (docs/adr/0058).
"""

from uuid import UUID

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.accounts.roles import Role
from tiemchung.doses.models import Dose
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError

MAX_BATCH = 10_000
VOUCH_FOR_SITES = frozenset({Role.PROVINCE_HEALTH_DEPARTMENT, Role.PROVINCE_CDC})
MAY_ATTEST = VOUCH_FOR_SITES | {Role.FACILITY_HEAD}


def check_may_attest(account: Account, facility_id: UUID) -> None:
    """Refuse who does not vouch for injections, or not for that facility's. Raises NotAllowedError."""
    if account.role not in MAY_ATTEST or not account.is_active:
        raise NotAllowedError(
            "may_not_attest",
            field="account",
            vi="Chỉ trưởng cơ sở, Sở Y tế hoặc CDC tỉnh ký dữ liệu tiêm. Nhờ một trong ba nơi ấy ký.",
            en="Only the head of the site, or its province's health department or CDC, attests doses. Ask one of them.",
        )
    scope.check_acts_at(account, facility_id)


def check_attestable(doses: list[Dose], *, asked: int, facility_id: UUID) -> None:
    """Refuse a batch with a dose that the facility may not vouch for. Raises InvalidInputError or ConflictError."""
    if not 0 < asked <= MAX_BATCH:
        raise InvalidInputError(
            "batch_size",
            field="dose_ids",
            vi="Chọn từ 1 đến 10.000 mũi để ký một lần.",
            en="Choose between 1 and 10,000 doses to sign at once.",
        )
    if len(doses) != asked or any(dose.facility_id != facility_id for dose in doses):
        raise InvalidInputError(
            "not_of_facility",
            field="dose_ids",
            vi="Có mũi không thuộc cơ sở này. Tải lại danh sách rồi ký.",
            en="Some doses are not of this facility. Load the list again, then sign.",
        )
    doubtful = [dose for dose in doses if _reason_against(dose)]
    if doubtful:
        raise ConflictError(
            "not_attestable",
            field="dose_ids",
            vi=f"{len(doubtful)} mũi đã sửa, đã hủy hoặc còn điểm cần xem. Xem các mũi ấy trước.",
            en=f"{len(doubtful)} doses were corrected, voided or have open findings. Look at them first.",
        )


def _reason_against(dose: Dose) -> bool:
    open_findings = any(finding.resolved_at is None for finding in dose.findings.all())
    return bool(dose.void_reason) or hasattr(dose, "superseded_by") or open_findings
