"""Who looked at a person's record? Office, role and reason, never the name of who works there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from tiemchung.accounts.models import Role
from tiemchung.ground import sql

queries = sql.load(__package__)


@dataclass(frozen=True)
class Reading:
    """One look: which office, in which role, why, when."""

    person_id: UUID
    at: datetime
    reason: str
    office: str
    role: str


def latest(person_ids: Iterable[UUID], *, but_by: UUID, limit: int) -> list[Reading]:
    """The latest looks at these persons by others than one account: staff, programmes, the population side."""
    asked = {"persons": list(person_ids), "account": but_by, "limit": limit}
    return [
        Reading(
            person_id=row["person_id"],
            at=row["at"],
            reason=reason_word(row["reason"]),
            office=row["office"] or _office_of(row["role"]),
            role=_role_word(row["role"]),
        )
        for row in sql.fetch_all(queries["readers"], asked)
    ]


def _office_of(role: str | None) -> str:
    """Who has no facility and no area: the nation's offices, the other holders of a book, a programme."""
    return {
        "population": gettext("Cơ sở dữ liệu quốc gia về dân cư"),
        Role.CITIZEN: gettext("Người khác cùng giữ sổ này"),
        Role.AUDITOR: gettext("Kiểm toán"),
        Role.DESK_OPERATOR: gettext("Trung tâm đáp ứng"),
        None: gettext("Hệ thống"),
    }.get(role, gettext("Bộ Y tế"))


def _role_word(role: str | None) -> str:
    return str(Role(role).label) if role in Role.values and role != Role.CITIZEN else ""


def reason_word(reason: str) -> str:
    """Why somebody looked, as the holder reads it."""
    return {
        "scan": gettext("Tìm hồ sơ để tiếp đón"),
        "check_in": gettext("Tiếp đón tại buổi tiêm"),
        "visit": gettext("Khám sàng lọc và tiêm"),
        "observation": gettext("Theo dõi sau tiêm"),
        "late_entry": gettext("Nhập mũi đã tiêm"),
        "passport_hindrance": gettext("Xem vì sao chưa cấp được hộ chiếu"),
        "review_before_signing": gettext("Xem lại trước khi ký dữ liệu tiêm"),
        "correct_dose": gettext("Sửa một mũi đã ghi"),
        "holder": gettext("Mở sổ sức khỏe"),
        "audit": gettext("Kiểm toán: xem ai đã làm gì với hồ sơ"),
        "population_check": gettext("Đối chiếu họ tên, ngày sinh, số định danh"),
        "cleaning": gettext("Làm sạch dữ liệu"),
        "complaint": gettext("Xem phản ánh đã gửi"),
        "duplicates": gettext("Xem hồ sơ nghi trùng"),
    }.get(reason, gettext("Xem hồ sơ tiêm chủng"))
