"""A list of doses that were given and not recorded: CSV with a header, one dose a line.

Columns: number (of the person: CCCD, CMND, mã định danh, passport), name, birth_date, product, lot, injected_on, and,
where known, injected_time and dose_number. Commas, semicolons or tabs between, as a spreadsheet writes them; UTF-8.
Each fault names line, column and cure, and a line with a fault keeps no other from being read.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path

from tiemchung.doses import refusals
from tiemchung.ground import clock
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.ground.line_faults import Fault
from tiemchung.vietnam.dates import PartialDate, Precision
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.identity_numbers import IdentityNumber
from tiemchung.vietnam.names import match_key

NEEDED = ("number", "name", "birth_date", "product", "lot", "injected_on")
COLUMNS = (*NEEDED, "injected_time", "dose_number")
LONGEST_LINE = 2_000  # characters
EARLIEST = 2021  # the first year in which the campaign's vaccines were given in Viet Nam
DOSE_NUMBERS = frozenset("123456789")
NOON = time(12)  # of a day whose hour nobody wrote down


@dataclass(frozen=True, slots=True)
class Line:
    """One dose as written, by the number that its line has in the file."""

    number: int
    identity: str  # the number's text, normalised
    name_key: str
    birth_date: date  # the first day that the precision allows
    birth_precision: str
    product: str
    lot_number: str
    injected_at: datetime
    stated_number: int | None


@contextmanager
def opened(path: Path) -> Iterator[Iterable[str]]:
    """The lines of a file. Raises InvalidInputError on file, also while it is read, for what is no text in UTF-8."""
    try:
        with path.open(encoding="utf-8", newline="") as text:
            yield text
    except UnicodeDecodeError:
        raise no_text() from None


def read(text: Iterable[str]) -> Iterator[Line | Fault]:
    """Read a list line by line, of any length. Raises InvalidInputError on file for what is no such list at all."""
    lines = iter(text)
    header = next(lines, "").lstrip("\ufeff")
    delimiter = max(",;\t", key=header.count)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    _check_header(names)
    for number, line in enumerate(lines, start=2):
        if line.strip(f"{delimiter} \r\n"):
            yield _read_line(number, line, names, delimiter)


def _read_line(number: int, line: str, names: list[str], delimiter: str) -> Line | Fault:
    """A dose stands on one line: a quote that is left open spoils this line and no other."""
    try:
        if len(line) > LONGEST_LINE or "\0" in line:
            raise _unreadable_line()
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True))]
        if any(cells[len(names) :]):
            raise _too_many_cells()
        return _line(number, dict.fromkeys(COLUMNS, "") | dict(zip(names, cells, strict=False)))
    except csv.Error:
        return Fault.of(number, _unreadable_line())
    except RefusedError as error:
        return Fault.of(number, error)


def _line(number: int, row: dict[str, str]) -> Line:
    for column in NEEDED:
        if not row[column]:
            raise _missing(column)
    born = _date(row["birth_date"], "birth_date")
    injected_on = _date(row["injected_on"], "injected_on")
    if injected_on.precision != Precision.DAY:
        raise _unreadable("injected_on", "10/03/2022")
    moment = datetime.combine(injected_on.first_day, _time(row["injected_time"]), clock.VIETNAM)
    line = Line(
        number=number,
        identity=_identity(row["number"]),
        name_key=match_key(row["name"]),
        birth_date=born.first_day,
        birth_precision=str(born.precision),
        product=refusals.known_product(row["product"].upper()),
        lot_number=row["lot"],
        injected_at=moment,
        stated_number=_stated(row["dose_number"]),
    )
    return _checked(line)


def _checked(line: Line) -> Line:
    """What cannot have been: it is a slip in a date, and would stay in the ledger for ever."""
    if line.injected_at > clock.now():
        raise InvalidInputError(
            "injected_in_future",
            field="injected_on",
            vi="Ngày tiêm còn chưa đến. Xem lại ngày trên phiếu.",
            en="The day of injection lies ahead. Check the date on the paper.",
        )
    if line.injected_at.year < EARLIEST or line.injected_at.date() < line.birth_date:
        raise InvalidInputError(
            "injected_too_early",
            field="injected_on",
            vi="Ngày tiêm trước chiến dịch hoặc trước ngày sinh. Xem lại hai ngày trên phiếu.",
            en="The injection is dated before the campaign, or before birth. Check both dates on the paper.",
        )
    return line


def _identity(written: str) -> str:
    try:
        return IdentityNumber.parse(written).text
    except InputError as error:
        raise InvalidInputError("number_form", field="number", vi=error.vi, en=error.en) from error


@lru_cache(maxsize=65_536)
def _parsed(written: str) -> PartialDate | None:
    try:
        return PartialDate.parse(written)
    except InputError:
        return None


def _date(written: str, column: str) -> PartialDate:
    found = _parsed(written)
    if found is None:
        raise _unreadable(column, "10/03/2022")
    return found


def _time(written: str) -> time:
    try:
        return time.fromisoformat(written.zfill(5)) if written else NOON
    except ValueError:
        raise _unreadable("injected_time", "08:50") from None


def _stated(written: str) -> int | None:
    if written and written not in DOSE_NUMBERS:
        raise _unreadable("dose_number", "2")
    return int(written) if written else None


def _check_header(names: list[str]) -> None:
    lacking = [name for name in NEEDED if name not in names]
    if lacking:
        raise InvalidInputError(
            "list_unreadable",
            field="file",
            vi=f"Dòng đầu thiếu cột: {', '.join(lacking)}. Ghi tên các cột ấy ở dòng đầu.",
            en=f"The first line lacks the columns: {', '.join(lacking)}. Name them in the first line.",
        )
    twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    if twice:
        raise InvalidInputError(
            "list_unreadable",
            field="file",
            vi=f"Dòng đầu có cột này hai lần: {', '.join(twice)}. Để lại một cột.",
            en=f"The first line has these columns twice: {', '.join(twice)}. Leave one of each.",
        )


def no_text() -> InvalidInputError:
    """A file in another encoding, or no text at all."""
    return InvalidInputError(
        "list_unreadable",
        field="file",
        vi="Tệp không phải CSV mã UTF-8. Trong Excel chọn Lưu thành «CSV UTF-8».",
        en="The file is no CSV in UTF-8. In Excel save it as “CSV UTF-8”.",
    )


def _missing(column: str) -> InvalidInputError:
    return InvalidInputError(
        "column_empty",
        field=column,
        vi=f"Cột {column} còn trống. Ghi như trên phiếu tiêm.",
        en=f"The column {column} is empty. Fill it in from the paper.",
    )


def _unreadable(column: str, sample: str) -> InvalidInputError:
    return InvalidInputError(
        f"{column}_form",
        field=column,
        vi=f"Cột {column} chưa đọc được. Ghi như {sample}.",
        en=f"The column {column} cannot be read. Write it like {sample}.",
    )


def _unreadable_line() -> InvalidInputError:
    return InvalidInputError(
        "line_unreadable",
        field="file",
        vi="Dòng này không đọc được. Kiểm tra dấu ngoặc kép, và ghi mỗi mũi một dòng.",
        en="This line cannot be read. Mend its quotes, and write one dose a line.",
    )


def _too_many_cells() -> InvalidInputError:
    return InvalidInputError(
        "line_unreadable",
        field="file",
        vi="Dòng này có nhiều ô hơn dòng đầu. Ô nào có dấu ngăn cách ở trong thì đặt trong ngoặc kép.",
        en="This line has more cells than the first line. Put a cell that holds the separator into quotes.",
    )
