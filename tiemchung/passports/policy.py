"""May these doses be attested? A site vouches for its own doses that stand, that nobody doubts, and only once."""

from uuid import UUID

from tiemchung.doses.models import Dose
from tiemchung.ground.errors import ConflictError, InvalidInputError

MAX_BATCH = 10_000


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
