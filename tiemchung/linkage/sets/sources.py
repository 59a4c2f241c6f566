"""The SQL that reads the files of either side, whatever of the optional columns they have."""

from collections.abc import Sequence
from pathlib import Path

from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.files import quoted_path, source
from tiemchung.linkage.statements import statement
from tiemchung.linkage.store import Store

ASKED_COLUMNS = ("record", "number", "full_name", "birth_date", "sex")
KNOWN_COLUMNS = ("citizen", "number", "full_name", "birth_date", "sex")


def asked_source(store: Store, files: Sequence[Path]) -> str:
    """Give the SQL of what is asked. Raises LinkageError: file_absent, file_form, column_absent."""
    found = _columns(store, files, ASKED_COLUMNS)
    foreign = "coalesce(nationality <> 'VN', false)" if "nationality" in found else "false"
    return statement("check_reading", columns=f"{_texts(ASKED_COLUMNS)}, {foreign} AS is_foreign", source=_files(files))


def known_source(store: Store, files: Sequence[Path]) -> str:
    """Give the SQL of what is known. Raises LinkageError: file_absent, file_form, column_absent."""
    found = _columns(store, files, KNOWN_COLUMNS)
    former = next((name for name in ("former_numbers", "old_number") if name in found), "NULL")
    columns = f"{_texts(KNOWN_COLUMNS)}, CAST({former} AS VARCHAR) AS former_numbers"
    return statement("check_reading", columns=columns, source=_files(files))


def _texts(columns: Sequence[str]) -> str:
    first, *others = columns
    return ", ".join((first, *(f"nullif(CAST({name} AS VARCHAR), '') AS {name}" for name in others)))


def _columns(store: Store, files: Sequence[Path], needed: Sequence[str]) -> set[str]:
    found = {name for name, *_ in store.rows("check_describe", source=_files(files))}
    absent = next((name for name in needed if name not in found), None)
    if absent is not None:
        raise LinkageError(
            "column_absent",
            absent,
            f"Tệp {files[0].name} không có cột «{absent}». Cần các cột: {', '.join(needed)}.",
            f"{files[0].name} has no column “{absent}”. Needed are: {', '.join(needed)}.",
        )
    return found


def _files(files: Sequence[Path]) -> str:
    """One reading of all files of a side; they have the same columns."""
    if not files:
        raise LinkageError("file_absent", "files", "Chưa có tệp nào.", "There is no file.")
    readings = [source(path) for path in files]
    if len({reading.split("(")[0] for reading in readings}) > 1:
        raise LinkageError("file_form", "files", "Các tệp phải cùng một dạng.", "The files must be of one form.")
    if len(readings) == 1:
        return readings[0]
    listed = ", ".join(map(quoted_path, files))
    return readings[0].replace(quoted_path(files[0]), f"[{listed}]")
