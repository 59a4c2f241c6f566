"""What is said when an act on the ledger cannot be done as asked?"""

from tiemchung.doses import course
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError
from tiemchung.visits.facts import VisitFacts


def known_product(code: str) -> str:
    """Pass on a product that the rules know. Raises InvalidInputError on product."""
    if code not in course.rules().products:
        raise InvalidInputError(
            "product_unknown",
            field="product",
            vi="Chưa rõ loại vắc xin. Chọn lại trong danh sách.",
            en="The vaccine is not known. Choose it from the list.",
        )
    return code


def already_injected(visit: VisitFacts) -> ConflictError:
    """One visit, one injection."""
    at = f"{clock.local(visit.injected_at):%H:%M}" if visit.injected_at else ""
    return ConflictError(
        "already_injected",
        field="visit_id",
        vi=f"Lượt này đã ghi mũi tiêm lúc {at}. Xem ở bảng theo dõi.",
        en=f"An injection of this visit was recorded at {at}. See the observation board.",
    )


def dose_unknown() -> NotFoundError:
    return NotFoundError(
        "dose_unknown",
        field="dose_id",
        vi="Không thấy mũi tiêm này. Tải lại trang rồi chọn lại.",
        en="This dose is not found. Load the page again and choose it.",
    )


def finding_unknown() -> NotFoundError:
    return NotFoundError(
        "finding_unknown",
        field="finding_id",
        vi="Không thấy mục cần xem này. Tải lại trang rồi chọn lại.",
        en="This finding is not there. Load the page again and choose it.",
    )


def session_unknown() -> NotFoundError:
    return NotFoundError(
        "session_unknown",
        field="session_id",
        vi="Không thấy buổi tiêm này. Chọn lại buổi tiêm.",
        en="This session is not found. Choose it again.",
    )


def no_longer_stands() -> ConflictError:
    """Somebody corrected or voided the entry before."""
    return ConflictError(
        "dose_no_longer_stands",
        field="dose_id",
        vi="Mũi này đã được sửa hoặc hủy trước đó. Tải lại trang để xem bản mới.",
        en="This dose was corrected or voided before. Load the page again to see what stands.",
    )


def no_reason() -> InvalidInputError:
    return InvalidInputError(
        "reason_missing",
        field="reason",
        vi="Chưa ghi lý do. Ghi vì sao mũi này không có.",
        en="Write the reason why this dose never was.",
    )


def tally_out_of_range(doses: int) -> InvalidInputError:
    return InvalidInputError(
        "tally_out_of_range",
        field="doses",
        vi=f"Số mũi là {doses}, ngoài khoảng 0 đến 10.000. Đếm lại trên phiếu.",
        en=f"{doses} is outside 0 to 10,000 doses. Count again on paper.",
    )


def persons_differ() -> InvalidInputError:
    return InvalidInputError(
        "persons_differ",
        field="content.person_id",
        vi="Mũi tiêm và lượt tiêm nói về hai người khác nhau. Xem lại trên phiếu.",
        en="Injection and visit name two different persons. Check on paper.",
    )
