"""The files of a matching run: how a CSV is written, which of its columns are read, and where the result may go."""

import codecs
import csv
import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

import duckdb

from tiemchung.linkage.errors import LinkageError

DELIMITERS = (",", ";", "\t", "|")
_PARQUET, _CSV = (".parquet", ".pq"), (".csv", ".tsv", ".txt")
RESULT_FORMS = {".parquet": "FORMAT parquet", ".csv": "FORMAT csv, HEADER"}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LONGEST_HEADER = 1_000_000
_WHOLE = ("INTEGER", "BIGINT", "HUGEINT", "UINTEGER", "UBIGINT")
_FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a CSV file is written; what is None is found: UTF-8 or UTF-16 by its mark, the sign between by the header."""

    encoding: str | None = None
    delimiter: str | None = None


def encoding_known(name: Any) -> bool:
    """Whether a name is that of a text encoding."""
    try:
        return isinstance(name, str) and isinstance("".encode(name), bytes)
    except (LookupError, UnicodeError):
        return False


def is_parquet(path: Path) -> bool:
    """Whether a file is to be read as Parquet, else as CSV. Raises LinkageError: file_absent, file_form."""
    if not path.is_file():
        raise LinkageError(
            "file_absent", str(path), f"Không có tệp {path}. Xem lại đường dẫn.", f"There is no file {path}."
        )
    if path.suffix.lower() in (*_PARQUET, *_CSV):
        return path.suffix.lower() in _PARQUET
    raise LinkageError(
        "file_form",
        str(path),
        f"Chưa đọc được tệp {path.name}. Dùng tệp Parquet hoặc CSV.",
        f"{path.name} cannot be read. Use a Parquet or CSV file.",
    )


def source(path: Path) -> str:
    """Give the SQL of all columns of a Parquet file, or of a CSV with commas (TSV: tabs), as texts."""
    if is_parquet(path):
        return f"read_parquet({quoted_path(path)})"
    between = "\\t" if path.suffix.lower() == ".tsv" else ","
    # Said, never guessed from the first rows: a name with a semicolon or an apostrophe would change the guess.
    form = f"delim = '{between}', quote = '\"', escape = '\"'"
    return f"read_csv({quoted_path(path)}, header = true, all_varchar = true, {form})"


def parquet_rows(path: Path) -> str:
    """Give the SQL that reads a Parquet file; texts that are not marked as such are texts all the same."""
    return f"read_parquet({_literal(path)}, binary_as_string = true)"


def parquet_source(
    path: Path, described: Iterable[Sequence[Any]], named: Sequence[str], cccd: Collection[str] = ()
) -> str:
    """Give the SQL of the named columns by the file's (name, type). Raises LinkageError: column_absent.

    The first named is the id and stays as it is. Elsewhere 12.0 is written as 12, as whole numbers with gaps often come
    as fractions; and `cccd`, columns of Vietnamese numbers, get back the zero that a number as a number has lost.
    """
    types = {normalize("NFC", name): (name, str(kind)) for name, kind, *_ in described}
    places, actual = _places(path, list(types), named), list(types.values())
    read = [(name, *actual[place]) for name, place in zip(named, places, strict=True)]
    listed = [quoted(read[0][1]), *(_plain(quoted(there), kind, name in cccd) for name, there, kind in read[1:])]
    if listed == [quoted(name) for name in named]:
        return parquet_rows(path)
    columns = ", ".join(f"{column} AS {quoted(name)}" for name, column in zip(named, listed, strict=True))
    return f"(SELECT {columns} FROM {parquet_rows(path)})"  # noqa: S608 (names are quoted)


def _plain(column: str, kind: str, cccd: bool) -> str:
    """A column of numbers as people write them."""
    if kind.startswith(_FRACTIONS):
        whole = f"CAST(CAST({column} AS HUGEINT) AS VARCHAR)"
        text = f"CASE WHEN {column} = trunc({column}) AND abs({column}) < 1e30 THEN {whole} END"
        text = f"coalesce({text}, CAST({column} AS VARCHAR))"
    elif kind in _WHOLE and cccd:
        text = f"CAST({column} AS VARCHAR)"
    else:
        return column
    return f"CASE WHEN length({text}) IN (8, 11) THEN '0' || {text} ELSE {text} END" if cccd else text


def csv_source(path: Path, named: Sequence[str], form: CsvForm, folder: Path) -> str:
    """Give the SQL of the named columns of a CSV file. Raises LinkageError: file_empty, file_unreadable, column_absent.

    What is not UTF-8 is written anew as such in the folder. The sign between is said, or found by the header alone,
    never by rows: a name with a semicolon in it must not change how a file is read.
    """
    path = _as_utf8(path, form.encoding, folder)
    header, delimiter = _header(path, named, form.delimiter)
    places = _places(path, header, named)
    kinds = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header)))
    written = f"delim = '{delimiter}', quote = '\"', escape = '\"'"
    rows = f"read_csv({_literal(path)}, header = true, auto_detect = false, columns = {{{kinds}}}, {written})"
    listed = ", ".join(f"c{place} AS {quoted(name)}" for name, place in zip(named, places, strict=True))
    return f"(SELECT {listed} FROM {rows})"  # noqa: S608 (names are quoted)


def _as_utf8(path: Path, encoding: str | None, folder: Path) -> Path:
    with path.open("rb") as file:
        encoding = encoding or ("utf-16" if file.read(2) in _UTF16 else None)
    if encoding is None or codecs.lookup(encoding).name in ("utf-8", "utf-8-sig"):
        return path
    copy, line = folder / path.with_suffix(".csv").name, 0
    try:
        with path.open(encoding=encoding, newline="") as rows, copy.open("w", encoding="utf-8", newline="") as out:
            for line, text in enumerate(rows, 1):  # noqa: B007 (told when a line cannot be read)
                out.write(normalize("NFC", text))
    except UnicodeError:
        raise _unreadable(
            path.name,
            f"dòng {line + 1} hoặc sau đó không theo bảng mã {encoding}. Xem lại csv.encoding",
            f"line {line + 1} or one soon after it is not {encoding}. Check csv.encoding",
        ) from None
    return copy


def _header(path: Path, named: Sequence[str], delimiter: str | None) -> tuple[list[str], str]:
    """The header, and the sign with which it has most of the named columns; of equals, the first."""
    with path.open("rb") as file:
        beginning = file.read(_LONGEST_HEADER).removeprefix(codecs.BOM_UTF8)
    if not beginning.strip():
        raise LinkageError(
            "file_empty",
            path.name,
            f"Tệp {path.name} trống. Cần ít nhất một dòng tên cột.",
            f"{path.name} is empty. At least a line with the names of the columns is needed.",
        )
    lines = beginning.decode("utf-8", "replace").splitlines(keepends=True)
    first = ("\t", *DELIMITERS) if path.suffix.lower() == ".tsv" else DELIMITERS
    read = [(_names_of(lines, sign), sign) for sign in ((delimiter,) if delimiter else first)]
    return max(read, key=lambda each: (len(set(named) & set(each[0])), len(each[0])))


def _names_of(lines: Sequence[str], sign: str) -> list[str]:
    try:
        return [normalize("NFC", name.strip()) for name in next(csv.reader(lines, delimiter=sign), [])]
    except csv.Error:
        return []


def _places(path: Path, header: Sequence[str], named: Sequence[str]) -> list[int]:
    wanted = [normalize("NFC", name) for name in named]
    for name, looked_for in zip(named, wanted, strict=True):
        if header.count(looked_for) != 1:
            raise _no_such_column(path, name, header)
    return [header.index(looked_for) for looked_for in wanted]


def _no_such_column(path: Path, name: str, header: Sequence[str]) -> LinkageError:
    if name in header:
        return LinkageError(
            "column_double",
            name,
            f"Tệp {path.name} có nhiều cột «{name}». Đổi tên để chỉ còn một.",
            f"{path.name} has “{name}” more than once. Rename all but one.",
        )
    listed = ", ".join(sorted(header))
    near = {each.casefold(): each for each in header}
    like = difflib.get_close_matches(name.casefold(), near, n=1)
    vi, en = (f" Có phải «{near[like[0]]}»?", f" Is it “{near[like[0]]}”?") if like else ("", "")
    return LinkageError(
        "column_absent",
        name,
        f"Tệp {path.name} không có cột «{name}». Có các cột: {listed}.{vi}",
        f"{path.name} has no column “{name}”. It has: {listed}.{en}",
    )


_CSV_LINE = re.compile(r"CSV Error on Line: (\d+)")
_CSV_FAULTS = (
    (re.compile(r"not utf-8", re.IGNORECASE), "không phải UTF-8; ghi csv: {encoding: …}, ví dụ cp1258",
     "is not UTF-8; say csv: {encoding: …}, cp1258 for example"),
    (re.compile(r"unterminated quote", re.IGNORECASE), "mở dấu \" mà không đóng", "opens a \" that it does not close"),
    (re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)"), r"có \2 ô, dòng đầu có \1 cột",
     r"has \2 cells, the header has \1 columns"),
    (re.compile(r"Maximum line size of (\d+)", re.IGNORECASE), r"dài quá \1 byte", r"is longer than \1 bytes"),
)  # fmt: skip


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Refuse what DuckDB cannot read; its own words hold values of rows. Raises LinkageError: file_unreadable."""
    try:
        yield
    except (duckdb.InvalidInputException, duckdb.ConversionException) as problem:
        raise _fault(name, str(problem)) from None


def _fault(name: str, said: str) -> LinkageError:
    line = _CSV_LINE.search(said)
    for fault, vi, en in _CSV_FAULTS:
        found = fault.search(said)
        if found and line:
            place = int(line[1])
            return _unreadable(name, f"dòng {place} {found.expand(vi)}", f"line {place} {found.expand(en)}")
    return _unreadable(
        name,
        "lưu lại tệp dạng CSV có dòng tên cột, hoặc Parquet",
        "save it anew as CSV with a line of column names, or Parquet",
    )


def _unreadable(name: str, vi: str, en: str) -> LinkageError:
    return LinkageError(
        "file_unreadable", name, f"Chưa đọc được dữ liệu của {name}: {vi}.", f"The data of {name} cannot be read: {en}."
    )


def result_form(out: Path, inputs: Iterable[Path]) -> str:
    """Give how the result is written by its name. Raises LinkageError: file_form, out_is_input, out_folder_absent."""
    if out.suffix.lower() not in RESULT_FORMS:
        raise LinkageError(
            "file_form",
            str(out),
            "Tệp kết quả phải có đuôi .parquet hoặc .csv.",
            "The file for the result must end in .parquet or .csv.",
        )
    if not out.absolute().parent.is_dir():
        raise LinkageError(
            "out_folder_absent",
            str(out),
            f"Không có thư mục {out.absolute().parent} cho tệp kết quả. Tạo thư mục trước.",
            f"There is no folder {out.absolute().parent} for the result. Make it first.",
        )
    if any(path.exists() and out.exists() and path.samefile(out) for path in inputs):
        raise LinkageError(
            "out_is_input",
            str(out),
            f"Tệp kết quả {out.name} trùng với tệp đầu vào. Đặt tên khác.",
            f"The result {out.name} is one of the files to match. Give it another name.",
        )
    return RESULT_FORMS[out.suffix.lower()]


@contextmanager
def within(memory_limit: str) -> Iterator[None]:
    """Say in our words that the memory limit was too little. Raises LinkageError: memory."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise LinkageError(
            "memory",
            "memory_limit",
            f"Bộ nhớ {memory_limit} không đủ. Tăng memory_limit, giảm threads, hoặc chạy với --parts.",
            f"{memory_limit} of memory is too little. Raise memory_limit, take fewer threads, or run with --parts.",
        ) from None


def quoted(column: str) -> str:
    """A column's name as SQL."""
    return '"' + column.replace('"', '""') + '"'


def quoted_path(path: Path) -> str:
    """A path as an SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def _literal(path: Path) -> str:
    """A path as SQL; signs that stand for other signs in a pattern stand for themselves."""
    return quoted_path(Path(re.sub(r"[*?\[]", r"[\g<0>]", str(path))))
