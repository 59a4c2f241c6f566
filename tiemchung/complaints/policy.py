"""May this complaint be sent, seen, answered? And what is said when it may not."""

from datetime import timedelta

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.accounts.roles import Role
from tiemchung.complaints import states
from tiemchung.complaints.models import Complaint
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError

MOST_A_DAY = 5  # by one account; more is a program, or somebody who should be called
MOST_PHOTOS = 3
LONGEST_TEXT = 1000
ANSWERS = frozenset(
    {
        *(Role.FACILITY_HEAD, Role.COMMUNE_HEALTH_STATION, Role.DISTRICT),
        *(Role.PROVINCE_HEALTH_DEPARTMENT, Role.PROVINCE_CDC, Role.MINISTRY),
    }
)


def check_may_send(account: Account) -> None:
    """Refuse the sixth complaint of a day. Raises NotAllowedError."""
    since = clock.now() - timedelta(days=1)
    if Complaint.objects.filter(account=account, sent_at__gt=since).count() >= MOST_A_DAY:
        raise NotAllowedError(
            "complaints_a_day",
            field="text",
            vi=f"Đã gửi {MOST_A_DAY} phản ánh trong 24 giờ. Gửi tiếp sau, hoặc gọi 1900 9095.",
            en=f"{MOST_A_DAY} complaints were sent within 24 hours. Send more later, or call 1900 9095.",
        )


def may_answer(account: Account, complaint: Complaint) -> bool:
    """Say whether the account may see and answer it: the site that is asked, and every level above it."""
    if account.role not in ANSWERS:
        return False
    if complaint.facility_id and scope.can_see_facility(account, complaint.facility_id):
        return True
    return complaint.area_id is not None and scope.can_see_area(account, complaint.area_id)


def check_may_answer(account: Account, complaint: Complaint) -> None:
    """Out of scope and unknown read alike. Raises NotFoundError."""
    if not may_answer(account, complaint):
        raise unknown()


def check_open(complaint: Complaint) -> None:
    """Refuse to answer twice. Raises ConflictError."""
    if not states.of(complaint).is_open:
        raise answered_already()


def unknown() -> NotFoundError:
    return NotFoundError(
        "complaint_unknown",
        field="complaint_id",
        vi="Không thấy phản ánh này. Tải lại danh sách rồi chọn lại.",
        en="This complaint is not found. Load the list again and choose.",
    )


def answered_already() -> ConflictError:
    return ConflictError(
        "complaint_answered",
        field="complaint_id",
        vi="Phản ánh này đã có người trả lời. Tải lại trang để xem.",
        en="Somebody answered this complaint. Load the page again to see.",
    )


def nothing_said() -> InvalidInputError:
    return InvalidInputError(
        "complaint_empty",
        field="text",
        vi="Chưa ghi sai ở đâu. Ghi một câu, ví dụ: mũi 2 tiêm ngày 10/12/2021 chưa có.",
        en="What is wrong is missing. Write a sentence, for example: dose 2 of 10/12/2021 is not there.",
    )


def no_photo() -> InvalidInputError:
    return InvalidInputError(
        "photo_missing",
        field="photo",
        vi="Chưa có ảnh giấy tiêm. Chụp giấy xác nhận, phiếu sàng lọc, giấy hẹn hoặc tin nhắn mời.",
        en="The photo is missing. Photograph the certificate, screening slip, appointment slip or invitation message.",
    )


def reason_unknown() -> InvalidInputError:
    return InvalidInputError(
        "reason_unknown",
        field="reason",
        vi="Chưa chọn lý do. Chọn một trong mười ba lý do.",
        en="No reason is chosen. Choose one of the thirteen.",
    )


def nobody_to_ask() -> InvalidInputError:
    return InvalidInputError(
        "facility_missing",
        field="facility_id",
        vi="Chưa rõ gửi đến đâu. Chọn nơi đã tiêm.",
        en="It is not clear whom to ask. Choose the site of the injection.",
    )
