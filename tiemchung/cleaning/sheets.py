"""Cleaning tasks as an Excel sheet: out for who works on them, in with what they found. The id in column A is the key.

What comes in is bounded before it is opened: a small file may unfold to gigabytes. A formula is never read as a value.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from tiemchung.cleaning.causes import words
from tiemchung.cleaning.lists import born_of, numbers_of
from tiemchung.ground.errors import InvalidInputError

MAX_BYTES = 2 * 1024 * 1024
MAX_UNFOLDED = 40 * 1024 * 1024
MAX_ROWS = 2000
MAX_TEXT = 300
RESULTS = {"đúng": "confirmed", "sửa": "corrected", "không rõ": "unknown"}
HEADER = (
    "Mã việc",
    "Họ tên",
    "Ngày sinh",
    "Giới tính",
    "Số định danh",
    "Địa chỉ",
    "Mục cần sửa",
    "Lỗi",
    "Kết quả",
    "Giá trị mới",
)
WIDTHS = (38, 28, 12, 10, 16, 32, 14, 32, 12, 24)
FIELD_WORDS = {"number": "Số định danh", "full_name": "Họ tên", "birth_date": "Ngày sinh", "sex": "Giới tính"}
SEX_WORDS = {"male": "Nam", "female": "Nữ", "unknown": ""}
SEXES = {"nam": "male", "nữ": "female"}
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Row:
    """A row that says something: which task, what was found, and the new value for a correction."""

    number: int  # as the sheet counts, the header is 1
    task_id: UUID
    result: str  # confirmed, corrected, unknown
    value: str


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row, in which column, and the cure."""

    row: int
    column: str
    vi: str
    en: str


def write(rows: list[dict[str, Any]]) -> bytes:
    """The tasks of a list as a workbook; every cell is text: no number loses its zero, nothing is computed."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Làm sạch"
    sheet.append(HEADER)
    numbers = numbers_of({row["person_id"] for row in rows})
    for row in rows:
        sheet.append(_cells(row, numbers))
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for cell, width in zip(sheet[1], WIDTHS, strict=True):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "B2"
    choice = DataValidation(type="list", formula1=f'"{",".join(RESULTS)}"', allow_blank=True)
    sheet.add_data_validation(choice)
    choice.add(f"I2:I{max(2, len(rows) + 1)}")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> tuple[list[Row], list[Problem]]:
    """The rows of a sheet that say something, and what is wrong with the others. Raises InvalidInputError on file."""
    _check_bounds(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        lines = list(_lines(book.worksheets[0]))
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, TypeError, SyntaxError):
        raise _not_a_sheet() from None
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, cells in lines:
        found = _row(number, cells)
        if isinstance(found, Problem):
            problems.append(found)
        elif found:
            rows.append(found)
    return rows, problems


def _cells(row: dict[str, Any], numbers: dict[UUID, str]) -> list[str]:
    return [
        str(row["id"]),
        row["full_name"],
        born_of(row),
        SEX_WORDS[row["sex"]],
        numbers.get(row["person_id"], ""),
        ", ".join(each for each in (row["address"], row["commune"]) if each),
        FIELD_WORDS[row["field"]],
        words(row["field"], row["kind"]).vi,
        "",
        "",
    ]


def _check_bounds(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise _too_large()
    try:
        with ZipFile(BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MAX_UNFOLDED:
                raise _too_large()
    except BadZipFile:
        raise _not_a_sheet() from None


def _lines(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    for number, cells in enumerate(sheet.iter_rows(min_row=2, max_col=len(HEADER)), start=2):
        if number > MAX_ROWS + 1:
            raise _too_large()
        if any(cell.value not in (None, "") for cell in cells):
            yield number, list(cells)


def _row(number: int, cells: list[Any]) -> Row | Problem | None:
    """A row, its problem, or None for one that nobody has filled in yet."""
    cells += [None] * (len(HEADER) - len(cells))
    for place in (0, 8, 9):
        cell = cells[place]
        if cell is not None and (cell.data_type == "f" or str(cell.value or "").startswith("=")):
            return Problem(number, HEADER[place], *_FORMULA)
    result, value = _text(cells[8]).lower(), _text(cells[9])
    if not result and not value:
        return None
    try:
        task_id = UUID(_text(cells[0]))
    except ValueError:
        return Problem(number, HEADER[0], *_ID)
    if result not in RESULTS:
        return Problem(number, HEADER[8], *_RESULT)
    if RESULTS[result] == "corrected" and not value:
        return Problem(number, HEADER[9], *_VALUE)
    if len(value) > MAX_TEXT:
        return Problem(number, HEADER[9], *_LONG)
    return Row(number, task_id, RESULTS[result], SEXES.get(value.lower(), value))


_FORMULA = ("Ô có công thức. Gõ chữ, không gõ công thức.", "The cell holds a formula. Type the text itself.")
_ID = ("Mã việc không đọc được. Giữ nguyên cột A của bảng đã tải.", "The id cannot be read. Leave column A as it came.")
_RESULT = ("Kết quả chưa rõ. Ghi: đúng, sửa hoặc không rõ.", "The result is not clear. Write: đúng, sửa or không rõ.")
_VALUE = ("Chưa có giá trị mới. Ghi theo thẻ căn cước.", "The new value is missing. Write it as on the ID card.")
_LONG = ("Giá trị quá dài. Chỉ ghi giá trị đúng.", "The value is too long. Write the right value alone.")


def _text(cell: Any) -> str:
    """A cell as text: Excel turns what looks like a date or a number into one."""
    value = cell.value if cell is not None else None
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _not_a_sheet() -> InvalidInputError:
    return InvalidInputError(
        "not_a_sheet",
        field="file",
        vi="Tệp này không phải bảng Excel đã tải từ đây. Tải bảng mới rồi điền vào.",
        en="This file is no Excel sheet from here. Download a sheet and fill it in.",
    )


def _too_large() -> InvalidInputError:
    return InvalidInputError(
        "sheet_too_large",
        field="file",
        vi=f"Bảng quá lớn. Gửi từng phần, mỗi phần tối đa {MAX_ROWS} dòng.",
        en=f"The sheet is too large. Send it in parts of at most {MAX_ROWS} rows.",
    )
