"""What commune police are told when something may not be done: the field, the reason, the cure."""

from collections.abc import Sequence

from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, RefusedError


def record_unknown() -> NotFoundError:
    """There is no such record in this commune: one of another commune reads the same."""
    return NotFoundError(
        "record_unknown",
        field="confirmation",
        vi="Không thấy hồ sơ này trong địa bàn. Về danh sách để chọn lại.",
        en="There is no such record in this commune. Go back to the list and choose again.",
    )


def decided_already() -> ConflictError:
    return ConflictError(
        "decided_already",
        field="confirmation",
        vi="Hồ sơ này đã có kết luận khác. Tải lại trang để xem.",
        en="This record was decided otherwise already. Load the page again to see how.",
    )


def withdrawn() -> ConflictError:
    return ConflictError(
        "withdrawn",
        field="confirmation",
        vi="Bên y tế không cần xác nhận hồ sơ này nữa. Chọn hồ sơ khác.",
        en="The health side needs no answer about this record any more. Choose another.",
    )


def citizen_needed() -> InvalidInputError:
    return InvalidInputError(
        "citizen_needed",
        field="citizen",
        vi="Chưa chọn công dân trong dữ liệu dân cư. Chọn một người trong danh sách.",
        en="No citizen of the register is chosen. Choose one of the list.",
    )


def citizen_without_number() -> ConflictError:
    return ConflictError(
        "citizen_without_number",
        field="citizen",
        vi="Công dân này chưa có số định danh nên chưa so được. Cấp số trong dữ liệu dân cư trước.",
        en="This citizen has no identity number yet and cannot be compared. Enter the number in the register first.",
    )


def ground_weak() -> InvalidInputError:
    return InvalidInputError(
        "ground_weak",
        field="ground",
        vi="Chỉ họ tên, ngày sinh, giới tính giống nhau, người khác có thể trùng. Xem giấy tờ rồi chọn căn cứ đó.",
        en="Only name, birth date and sex agree, and others may share them. See a paper, and choose that ground.",
    )


def ground_needed() -> InvalidInputError:
    return InvalidInputError(
        "ground_needed",
        field="ground",
        vi="Chưa chọn căn cứ. Chọn giấy tờ hoặc dữ liệu đã xem.",
        en="No ground is chosen. Choose the paper or the data that you have seen.",
    )


def value_unreadable(field: str) -> InvalidInputError:
    return InvalidInputError(
        "value_unreadable",
        field=field,
        vi="Điều bên y tế ghi chưa đọc được nên không đưa vào dữ liệu dân cư. Chọn kết luận khác.",
        en="What the health side wrote cannot be read, so it does not go into the register. Decide otherwise.",
    )


def number_taken() -> ConflictError:
    return ConflictError(
        "number_taken",
        field="number",
        vi="Số 12 chữ số này là của công dân khác nên không thêm được. Xem lại người hoặc chọn kết luận khác.",
        en="This 12-digit number is another citizen's and cannot be added. Check the person, or decide otherwise.",
    )


def citizen_unknown() -> NotFoundError:
    return NotFoundError(
        "citizen_unknown",
        field="number",
        vi="Không có công dân nào mang số này. Kiểm tra số, hoặc nạp công dân mới.",
        en="No citizen has this number. Check the number, or load the citizen as a new one.",
    )


def citizen_not_one() -> ConflictError:
    return ConflictError(
        "citizen_not_one",
        field="number",
        vi="Hai công dân cùng mang số này. Dùng số 12 chữ số của người cần sửa.",
        en="Two citizens have this number. Give the 12-digit number of the one to amend.",
    )


def amendment_unreadable(field: str) -> InvalidInputError:
    return InvalidInputError(
        "amendment_unreadable",
        field=field,
        vi="Chưa đọc được mục này. Họ tên viết bằng chữ, ngày sinh YYYY-MM-DD, giới tính male hoặc female.",
        en="This field cannot be read. A name in letters, a birth date as YYYY-MM-DD, a sex as male or female.",
    )


def number_unreadable(field: str) -> InvalidInputError:
    return InvalidInputError(
        "number_unreadable",
        field=field,
        vi="Số định danh có 12 chữ số, CMND cũ có 9. Gõ lại; số 0 ở đầu có thể đã bị bảng tính cắt mất.",
        en="An identity number has 12 digits, an old CMND 9. Type it again; a spreadsheet may have cut a leading 0.",
    )


def residence_unknown() -> InvalidInputError:
    return InvalidInputError(
        "residence_unknown",
        field="residence_code",
        vi="Không có xã, phường nào mang mã này. Ghi mã 5 chữ số, hoặc để trống khi chưa rõ.",
        en="No commune has this code. Give its five digits, or nothing where it is not known.",
    )


def in_row(row: int, refused: RefusedError) -> RefusedError:
    """The same, said of a row of a file of which nothing was taken."""
    return type(refused)(
        refused.code,
        field=refused.field,
        vi=f"Dòng {row}: {refused.vi} Chưa dòng nào được ghi; sửa rồi chạy lại cả tệp.",
        en=f"Row {row}: {refused.en} No row was taken; mend it and run the whole file again.",
    )


def table_without_column(column: str, columns: Sequence[str]) -> InvalidInputError:
    listed = ", ".join(columns)
    return InvalidInputError(
        "table_without_column",
        field=column,
        vi=f"Tệp không có cột «{column}». Dòng đầu ghi tên cột, cách nhau bằng dấu phẩy: {listed}.",
        en=f"The file has no column “{column}”. Its first row names them, with commas between: {listed}.",
    )


def table_unreadable(name: str) -> InvalidInputError:
    return InvalidInputError(
        "table_unreadable",
        field=name,
        vi=f"Chưa đọc được tệp {name}. Lưu lại dạng «CSV UTF-8», phân cách bằng dấu phẩy.",
        en=f"{name} cannot be read. Save it as “CSV UTF-8”, with commas.",
    )


def no_slip_key() -> ConflictError:
    return ConflictError(
        "no_slip_key",
        field="confirmation",
        vi="Hệ thống chưa có khóa ký phiếu đính chính. Báo quản trị đặt TIEMCHUNG_SLIP_KEY.",
        en="There is no key to sign correction slips. Ask the administrator to set TIEMCHUNG_SLIP_KEY.",
    )


def locked_out() -> NotAllowedError:
    return NotAllowedError(
        "locked_out",
        field="username",
        vi="Gõ sai quá nhiều lần từ đây. Thử lại sau 15 phút, hoặc báo quản trị.",
        en="Wrong too often from here. Try again in 15 minutes, or tell the administrator.",
    )


def not_let_in() -> InvalidInputError:
    return InvalidInputError(
        "not_let_in",
        field="username",
        vi="Tên hoặc mật khẩu chưa khớp. Gõ lại, hoặc báo quản trị.",
        en="Name or password does not match. Type again, or tell the administrator.",
    )


def officer_unknown() -> NotFoundError:
    return NotFoundError(
        "officer_unknown",
        field="username",
        vi="Không có cán bộ với tên này. Kiểm tra tên.",
        en="There is no officer of this name. Check the name.",
    )


def factor_is_set() -> ConflictError:
    return ConflictError(
        "factor_is_set",
        field="code",
        vi="Mã hai lớp vừa được cài ở nơi khác. Đăng nhập lại và gõ mã đó; không phải mình cài thì báo quản trị.",
        en="A second factor was set up elsewhere. Sign in again with it; if that was not you, tell the administrator.",
    )


def officer_exists() -> ConflictError:
    return ConflictError(
        "officer_exists",
        field="username",
        vi="Đã có cán bộ với tên này. Chọn tên khác.",
        en="There is an officer of this name. Choose another.",
    )


def officer_unreadable(field: str, longest: int) -> InvalidInputError:
    return InvalidInputError(
        "officer_unreadable",
        field=field,
        vi=f"Mục này cần từ 1 đến {longest} ký tự, không có ký tự điều khiển hay khoảng trắng ở hai đầu. Gõ lại.",
        en=f"This needs 1 to {longest} signs, no control characters and no space at its ends. Type it again.",
    )


def commune_unknown() -> InvalidInputError:
    return InvalidInputError(
        "commune_unknown",
        field="commune",
        vi="Không có xã, phường với mã này. Dùng mã 5 số của Tổng cục Thống kê.",
        en="No commune has this code. Use the 5-digit code of the General Statistics Office.",
    )


def password_short() -> InvalidInputError:
    return InvalidInputError(
        "password_short",
        field="password",
        vi="Mật khẩu cần ít nhất 8 chữ. Chọn mật khẩu dài hơn.",
        en="A password needs at least 8 characters. Choose a longer one.",
    )


def other_batch() -> ConflictError:
    return ConflictError(
        "batch_conflict",
        field="batch",
        vi="Lô mang mã này đã được trả lời, nội dung lại khác. Xuất lại thành lô mới.",
        en="Another batch was answered under this id. Export the questions anew as a batch of its own.",
    )


def other_answers() -> ConflictError:
    return ConflictError(
        "answers_of_another_batch",
        field="out",
        vi="Thư mục trả lời đang có lô khác. Chọn thư mục trống.",
        en="The folder for the answers holds those of another batch. Choose an empty one.",
    )


def batch_under_way() -> ConflictError:
    return ConflictError(
        "batch_under_way",
        field="batch",
        vi="Một tiến trình khác đang trả lời lô này. Chờ tiến trình ấy xong.",
        en="Another process is answering this batch. Wait until it has finished.",
    )


def work_in_sight() -> ConflictError:
    return ConflictError(
        "work_in_sight",
        field="TIEMCHUNG_POPULATION_WORK",
        vi="Thư mục làm việc nằm trong thư mục mà bên y tế đọc được. Đặt TIEMCHUNG_POPULATION_WORK ở nơi khác.",
        en="The folder to work in lies in one that the health side reads. Set TIEMCHUNG_POPULATION_WORK elsewhere.",
    )


def column_absent(column: str) -> InvalidInputError:
    return InvalidInputError(
        "column_absent",
        field=column,
        vi=f"Lô không có cột «{column}». Xuất lại bằng đúng phiên bản.",
        en=f"The batch has no column “{column}”. Export it anew with the right version.",
    )


# What is wrong with a row of a batch, by field: Vietnamese, English.
ROW_CURES = {
    "id": ("Mã câu hỏi không phải UUID. Xuất lại lô.", "The question's id is no UUID. Export the batch anew."),
    "double": (
        "Mã câu hỏi đã có ở dòng trên, dòng này bỏ qua. Kiểm tra nơi xuất lô.",
        "The question's id stands in an earlier row; this row is left out. Check the export.",
    ),
    "number": (
        "Số định danh quá dài hoặc có ký tự lạ. Sửa ở hồ sơ rồi hỏi lại.",
        "The number is too long or holds control characters. Mend the record and ask again.",
    ),
    "full_name": (
        "Họ tên dài quá 250 ký tự hoặc có ký tự lạ. Sửa ở hồ sơ rồi hỏi lại.",
        "The name is longer than 250 signs or holds control characters. Mend the record and ask again.",
    ),
    "birth_date": (
        "Ngày sinh chưa đọc được. Ghi YYYY-MM-DD, YYYY-MM hoặc YYYY.",
        "The birth date cannot be read. Write YYYY-MM-DD, YYYY-MM or YYYY.",
    ),
    "sex": ("Giới tính phải là male, female hoặc unknown.", "The sex must be male, female or unknown."),
    "record": ("Mã hồ sơ dài quá 64 ký tự. Xuất lại lô.", "The record's handle is longer than 64 signs. Export anew."),
}


def recovery_code_wrong() -> InvalidInputError:
    return InvalidInputError(
        "recovery_code_wrong",
        field="code",
        vi="Mã dự phòng chưa đúng hoặc đã dùng. Gõ một mã khác trên tờ giấy; hết mã thì báo quản trị.",
        en="This is no recovery code, or it was used. Type another; with none left tell the administrator.",
    )
