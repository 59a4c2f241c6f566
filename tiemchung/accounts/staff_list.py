"""A list of staff as a file: CSV with a header, one account a line, up to twenty thousand.

Columns: username, name, role, facility (code), area (GSO code), expires_on (YYYY-MM-DD or DD/MM/YYYY). Facility, area
and expires_on may be left out when no line needs them. Commas, semicolons or tabs between, as a spreadsheet writes
them; UTF-8. Each fault names line, column and cure, and a line with a fault keeps no other from being read.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tiemchung.accounts.policy import check_display_name, check_username
from tiemchung.accounts.roles import AT_FACILITY, CODE_LENGTH, LEVEL_OF, STAFF, Role
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.ground.line_faults import Fault
from tiemchung.vietnam.dates import PartialDate, Precision
from tiemchung.vietnam.errors import InputError

NEEDED = ("username", "name", "role")
COLUMNS = (*NEEDED, "facility", "area", "expires_on")
LARGEST = 4 * 1024 * 1024  # bytes
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One account of the list as written, by the number that its line has in the file."""

    number: int
    username: str
    name: str
    role: Role
    facility: str
    area: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read: the good lines, and a fault for each other."""

    lines: list[Line]
    faults: list[Fault]


def read(data: bytes) -> Reading:
    """Read a list. Raises InvalidInputError on file for what is no such list at all."""
    if len(data) > LARGEST:
        raise _no_list("Tệp lớn quá 4 MB. Chia ra rồi gửi từng phần.", "The file exceeds 4 MB. Send it in parts.")
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, row in _rows(_text(data)):
        try:
            line = _line(number, row)
            _check_first(line, seen)
        except RefusedError as error:
            faults.append(Fault.of(number, error))
        else:
            lines.append(line)
    if not lines and not faults:
        raise _no_list("Tệp không có dòng nào. Ghi mỗi tài khoản một dòng.", "It is empty. Write a line per account.")
    return Reading(lines, faults)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
        if "\0" not in text:
            return text
    except UnicodeDecodeError:
        pass
    raise _no_list(
        "Tệp không phải CSV mã UTF-8. Trong Excel chọn Lưu thành «CSV UTF-8».",
        "The file is no CSV in UTF-8. In Excel save it as “CSV UTF-8”.",
    )


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line that is not empty, by column; the header is line 1."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_header(names)
        for count, cells in enumerate(reader, start=1):
            if count > MOST_LINES:
                raise _no_list("Tệp có hơn 20.000 dòng. Chia ra.", "It has more than 20,000 lines. Send parts.")
            values = [cell.strip() for cell in cells]
            if any(values):
                yield reader.line_num, dict.fromkeys(COLUMNS, "") | dict(zip(names, values, strict=False))
    except csv.Error as error:
        raise _no_list(
            f"Dòng {reader.line_num} không đọc được. Kiểm tra dấu ngoặc kép rồi gửi lại.",
            f"Line {reader.line_num} cannot be read ({error}). Mend its quotes and send it again.",
        ) from None


def _check_header(names: list[str]) -> None:
    lacking = [name for name in NEEDED if name not in names]
    if lacking:
        raise _no_list(
            f"Dòng đầu thiếu cột: {', '.join(lacking)}. Ghi tên cột ở dòng đầu như tệp mẫu.",
            f"The first line lacks the columns: {', '.join(lacking)}. Name the columns there as the sample does.",
        )


def _line(number: int, row: dict[str, str]) -> Line:
    username = row["username"].lower()
    check_username(username)
    check_display_name(row["name"])
    role = _role(row["role"])
    _check_place(role, row)
    return Line(number, username, row["name"], role, row["facility"], row["area"], _day(row["expires_on"]))


def _role(written: str) -> Role:
    if written not in STAFF:
        raise InvalidInputError(
            "role_unknown",
            field="role",
            vi=f"Không có vai trò này. Ghi một trong: {', '.join(STAFF)}.",
            en=f"There is no such role. Write one of: {', '.join(STAFF)}.",
        )
    return Role(written)


def _check_place(role: Role, row: dict[str, str]) -> None:
    """Say which of the two columns a role needs, before anything is looked up."""
    level = LEVEL_OF.get(role)
    if (role in AT_FACILITY) != bool(row["facility"]):
        raise InvalidInputError(
            "facility_of_role",
            field="facility",
            vi="Nhân viên và trưởng cơ sở cần mã cơ sở; vai trò khác thì bỏ trống.",
            en="Staff and heads of a facility need its code; for other roles leave it empty.",
        )
    if len(row["area"]) != (CODE_LENGTH[level] if level else 0):
        raise InvalidInputError(
            "area_of_role",
            field="area",
            vi="Mã địa bàn chưa hợp vai trò: xã 5 số, huyện 3 số, tỉnh 2 số; vai trò khác thì bỏ trống.",
            en="The area does not fit the role: 5 digits for a commune, 3 district, 2 province; else leave it empty.",
        )


def _day(written: str) -> date | None:
    if not written:
        return None
    try:
        found = PartialDate.parse(written)
    except InputError:
        found = None
    if found is None or found.precision != Precision.DAY:
        raise InvalidInputError(
            "expires_on_form",
            field="expires_on",
            vi="Ngày hết hạn chưa đọc được. Ghi như 31/12/2022.",
            en="The last day cannot be read. Write it like 31/12/2022.",
        )
    return found.first_day


def _check_first(line: Line, seen: dict[str, int]) -> None:
    first = seen.setdefault(line.username, line.number)
    if first != line.number:
        raise InvalidInputError(
            "username_twice",
            field="username",
            vi=f"Tên này đã có ở dòng {first}. Mỗi người một tên.",
            en=f"Line {first} has this username already. Give each person one of his own.",
        )


def _no_list(vi: str, en: str) -> InvalidInputError:
    return InvalidInputError("list_unreadable", field="file", vi=vi, en=en)
