"""What campaigns refuse, and the cure: one function for each refusal."""

from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError


def person_unknown() -> NotFoundError:
    return NotFoundError(
        "person_unknown",
        field="person_id",
        vi="Không thấy người này. Khai báo thông tin trước rồi đăng ký.",
        en="This person is not found. Declare the person first, then register.",
    )


def priority_group_unknown() -> InvalidInputError:
    return InvalidInputError(
        "priority_group_unknown",
        field="priority_group",
        vi="Chưa chọn nhóm ưu tiên. Chọn một trong 16 nhóm.",
        en="Choose one of the 16 priority groups.",
    )


def part_of_day_unknown() -> InvalidInputError:
    return InvalidInputError(
        "part_of_day_unknown",
        field="part_of_day",
        vi="Chưa chọn buổi. Chọn sáng, chiều hoặc cả ngày.",
        en="Choose morning, afternoon or any time.",
    )


def wanted_from_past() -> InvalidInputError:
    return InvalidInputError(
        "wanted_from_past",
        field="wanted_from",
        vi="Ngày muốn tiêm đã qua. Chọn từ hôm nay trở đi.",
        en="This day has passed. Choose today or a later day.",
    )


def consent_missing() -> InvalidInputError:
    return InvalidInputError(
        "consent_missing",
        field="consent",
        vi="Chưa có đồng ý tiêm. Đọc phiếu rồi chọn Đồng ý.",
        en="Consent is missing. Read the form, then choose that you agree.",
    )


def already_registered() -> ConflictError:
    return ConflictError(
        "already_registered",
        field="person_id",
        vi="Người này đã đăng ký rồi. Xem lịch hẹn ở trang gia đình.",
        en="This person is registered already. See the appointment on the family page.",
    )


def registration_unknown() -> NotFoundError:
    return NotFoundError(
        "registration_unknown",
        field="registration_id",
        vi="Không thấy đăng ký này. Về trang gia đình để xem lại.",
        en="This registration is not found. Look again on the family page.",
    )


def day_past() -> InvalidInputError:
    return InvalidInputError(
        "session_past",
        field="on",
        vi="Ngày này đã qua. Chọn từ hôm nay trở đi.",
        en="This day has passed. Choose today or a later day.",
    )


def part_unknown() -> InvalidInputError:
    return InvalidInputError(
        "part_unknown",
        field="part",
        vi="Chưa chọn buổi. Chọn sáng hoặc chiều.",
        en="Choose morning or afternoon.",
    )


def product_unknown() -> InvalidInputError:
    return InvalidInputError(
        "product_unknown",
        field="product",
        vi="Không có loại vắc xin này. Chọn lại trong danh sách.",
        en="There is no such vaccine. Choose it from the list.",
    )


def capacity_none() -> InvalidInputError:
    return InvalidInputError(
        "capacity_none",
        field="capacity",
        vi="Buổi tiêm cần ít nhất một chỗ. Ghi lại số người.",
        en="A session needs at least one place. Write the number of people.",
    )


def over_daily_capacity(left: int) -> ConflictError:
    return ConflictError(
        "over_daily_capacity",
        field="capacity",
        vi=f"Cơ sở chỉ còn nhận được {left} người trong ngày. Giảm số người hoặc chọn ngày khác.",
        en=f"The facility can take {left} more people that day. Plan fewer or choose another day.",
    )


def session_exists() -> ConflictError:
    return ConflictError(
        "session_exists",
        field="product",
        vi="Buổi này của loại vắc xin này đã có. Mở buổi đó để sửa.",
        en="There is a session of this product that half day already. Open it instead.",
    )


def session_unknown() -> NotFoundError:
    return NotFoundError(
        "session_unknown",
        field="session_id",
        vi="Không thấy buổi tiêm này. Chọn lại trong danh sách.",
        en="This session is not found. Choose it from the list.",
    )


def session_past() -> ConflictError:
    return ConflictError(
        "session_past",
        field="session_id",
        vi="Buổi tiêm này đã qua. Chọn buổi từ hôm nay trở đi.",
        en="This session has passed. Choose one of today or later.",
    )
