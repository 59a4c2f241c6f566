"""What is said when a step of cleaning may not be taken: the field, the reason, the cure."""

from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError


def task_unknown() -> NotFoundError:
    """There is no such task within reach: one of another commune reads the same."""
    return NotFoundError(
        "task_unknown",
        field="task",
        vi="Không thấy việc này trong địa bàn. Về danh sách để chọn lại.",
        en="There is no such task within your reach. Go back to the list and choose again.",
    )


def step_closed() -> ConflictError:
    return ConflictError(
        "task_cured",
        field="task",
        vi="Hồ sơ này đã khớp, không còn gì để sửa.",
        en="This record matches by now; nothing is left to put right.",
    )


def step_out_of_turn() -> ConflictError:
    return ConflictError(
        "step_out_of_turn",
        field="step",
        vi="Việc này đang ở nơi khác. Tải lại trang để xem đang ở đâu.",
        en="This task lies elsewhere now. Load the page again to see where.",
    )


def step_not_yours() -> NotAllowedError:
    return NotAllowedError(
        "step_not_yours",
        field="step",
        vi="Bước này không thuộc vai trò của tài khoản. Chuyển cho nơi có trách nhiệm.",
        en="This step does not belong to the account's role. Pass it on to who is responsible.",
    )


def value_needed() -> InvalidInputError:
    return InvalidInputError(
        "value_needed",
        field="value",
        vi="Chưa có giá trị mới. Ghi theo thẻ căn cước.",
        en="The new value is missing. Write it as on the ID card.",
    )


def no_commune() -> ConflictError:
    return ConflictError(
        "no_commune",
        field="commune",
        vi="Chưa biết người này ở xã nào nên chưa chuyển được công an. Bổ sung nơi ở trước.",
        en="The person's commune is not known, so no police can be asked. Add the residence first.",
    )


def facility_missing() -> ConflictError:
    return ConflictError(
        "no_site",
        field="facility",
        vi="Không có điểm tiêm nào ghi hồ sơ này. Giao tổ dân phố hoặc chuyển công an xã.",
        en="No site wrote this record. Give it to the hamlet team or pass it on to the commune police.",
    )


def no_proposal() -> ConflictError:
    return ConflictError(
        "no_proposal",
        field="value",
        vi="Lỗi này không suy ra được giá trị đúng. Hỏi người dân hoặc chuyển công an xã.",
        en="The right value does not follow from this kind of error. Ask the person, or the commune police.",
    )
