"""What passes between the two sides as files: data files, and a manifest of them that is written last and signed.

A folder is one batch. Each data file is written aside and renamed, then `manifest.json`, then `manifest.sig`: a folder
without a signature is not finished yet, and one whose files differ from the manifest is refused whole.
"""

import csv
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from tiemchung.ground.canonical import canonical
from tiemchung.ground.errors import InvalidInputError

# Said, never guessed from the first rows: a name with a semicolon or an apostrophe in it would change the guess.
CSV_FORM = "delim = ',', quote = '\"', escape = '\"'"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FORMS = ("parquet", "csv")
LARGEST_MANIFEST = 1024 * 1024  # bytes
# Questions and answers are told apart by what is signed, so that neither can stand for the other.
QUESTIONS, ANSWERS, CHANGES = "tiemchung questions 1", "tiemchung answers 1", "tiemchung changes 1"


@dataclass(frozen=True)
class DataFile:
    """One data file as the manifest names it."""

    name: str
    rows: int
    bytes: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "DataFile":
        """Describe a file as it lies there."""
        return cls(path.name, rows_of(path), path.stat().st_size, _sha256(path))


@dataclass(frozen=True)
class Manifest:
    """What a folder holds. `period` is from the first question to the last; `answers_to` a manifest's digest."""

    format: str
    batch: UUID
    made_at: datetime
    period: tuple[str, str]
    files: tuple[DataFile, ...]
    answers_to: str = ""

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(one.rows for one in self.files)

    @property
    def text(self) -> str:
        """The text that is written and signed: the same facts give the same text."""
        content = {
            "format": self.format,
            "batch": str(self.batch),
            "made_at": self.made_at.isoformat(),
            "period": list(self.period),
            "answers_to": self.answers_to,
            "rows": self.rows,
            "files": [one.__dict__ for one in self.files],
        }
        return canonical(content).decode()

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def write(folder: Path, manifest: Manifest, signature: dict[str, str]) -> None:
    """Finish a folder: the manifest, then its signature."""
    for name, text in ((MANIFEST, manifest.text), (SIGNATURE, json.dumps(signature))):
        aside = folder / f"{name}.part"
        aside.write_text(text, encoding="utf-8")
        aside.replace(folder / name)


def is_finished(folder: Path) -> bool:
    """Whether the folder's writer has come to its end."""
    return (folder / SIGNATURE).is_file()


def read(folder: Path, form: str, genuine: Callable[[str, dict[str, str]], bool]) -> Manifest:
    """Read a folder's manifest and hold every file against it. Nothing of a folder that differs is used.

    Raises InvalidInputError on the file or word that is wrong: manifest_absent, manifest_unreadable, manifest_format,
    manifest_signature, file_absent, file_half, file_changed, file_rows.
    """
    text, signature = (_text(folder / name) for name in (MANIFEST, SIGNATURE))
    manifest = _parsed(text, signature, form, genuine)
    for one in manifest.files:
        _hold_against(folder / one.name, one)
    return manifest


def rows_of(path: Path) -> int:
    """How many rows a data file has."""
    with duckdb.connect() as connection:
        return int(connection.execute(f"SELECT count(*) FROM {reading([path])}").fetchall()[0][0])  # noqa: S608


def reading(paths: Sequence[Path]) -> str:
    """The SQL by which DuckDB reads data files of one form, every column of CSV as text."""
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    if paths[0].suffix == ".parquet":
        return f"read_parquet([{listed}])"
    return f"read_csv([{listed}], header = true, all_varchar = true, {CSV_FORM})"


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Refuse what DuckDB cannot read. Its own words hold values of rows and go nowhere. Raises InvalidInputError."""
    try:
        yield
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.BinderException):
        raise _refusal(
            "file_unreadable", name, f"Chưa đọc được dữ liệu của {name}. Xin bên gửi gửi lại cả lô.",
            f"The data of {name} cannot be read. Have the whole batch sent again.",
        ) from None  # fmt: skip


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> DataFile:
    """Write a CSV or Parquet file of texts; it is complete or absent."""
    aside = path.with_name(f"{path.name}.part.csv")
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    if path.suffix == ".parquet":
        packed = path.with_name(f"{path.name}.part")
        with duckdb.connect() as connection:
            connection.execute("SET enable_progress_bar = false")
            connection.execute(f"COPY (FROM {reading([aside])}) TO '{_escaped(packed)}' (FORMAT parquet)")
        aside.unlink()
        aside = packed
    aside.replace(path)
    return DataFile.of(path)


def sign_by_secret(text: str, secret: str) -> dict[str, str]:
    """The health side's signature of a manifest, by the secret that both sides know."""
    return {
        "key": "secret",
        "signature": hmac.new(secret.encode(), b"manifest\n" + text.encode(), "sha256").hexdigest(),
    }


def is_signed_by_secret(text: str, signature: dict[str, str], secret: str) -> bool:
    """Whether the secret made it."""
    return hmac.compare_digest(sign_by_secret(text, secret)["signature"], str(signature.get("signature", "")))


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def _text(path: Path) -> str:
    if not path.is_file():
        raise _refusal(
            "manifest_absent", path.name, f"Chưa có tệp {path.name}. Chờ bên gửi ghi xong rồi nhận lại.",
            f"There is no {path.name} yet. Wait until the sender has finished, then take the batch again.",
        )  # fmt: skip
    if path.stat().st_size > LARGEST_MANIFEST:
        raise _unreadable(path.name)
    return path.read_text(encoding="utf-8", errors="replace")


def _parsed(text: str, signature: str, form: str, genuine: Callable[[str, dict[str, str]], bool]) -> Manifest:
    try:
        signed = {str(name): str(value) for name, value in json.loads(signature).items()}
        content = json.loads(text)
    except (ValueError, AttributeError, RecursionError):
        raise _unreadable(MANIFEST) from None
    if not genuine(text, signed):
        raise _refusal(
            "manifest_signature", SIGNATURE, "Chữ ký của lô không đúng. Xin bên gửi gửi lại; kiểm tra khóa hai bên.",
            "The batch is not signed by the other side. Have it sent again; check both sides' keys.",
        )  # fmt: skip
    if not isinstance(content, dict) or content.get("format") != form:
        raise _refusal(
            "manifest_format", "format", f"Lô này không theo dạng «{form}». Kiểm tra phiên bản phần mềm hai bên.",
            f"The batch is not of the format “{form}”. Check which versions both sides run.",
        )  # fmt: skip
    return _manifest(content, text)


def _manifest(content: dict[str, Any], text: str) -> Manifest:
    try:
        files = tuple(
            DataFile(one["name"], int(one["rows"]), int(one["bytes"]), one["sha256"]) for one in content["files"]
        )
        start, end = content["period"]
        found = Manifest(
            content["format"], UUID(content["batch"]), datetime.fromisoformat(content["made_at"]), (start, end), files,
            content["answers_to"],
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise _unreadable(MANIFEST) from None
    if found.text != text or any(Path(one.name).name != one.name for one in files):
        raise _unreadable(MANIFEST)
    return found


def _hold_against(path: Path, said: DataFile) -> None:
    if not path.is_file():
        raise _refusal(
            "file_absent", said.name, f"Thiếu tệp {said.name}. Xin bên gửi gửi lại cả lô.",
            f"{said.name} is missing. Have the whole batch sent again.",
        )  # fmt: skip
    size = path.stat().st_size
    if size != said.bytes:
        raise _refusal(
            "file_half", said.name, f"Tệp {said.name} có {size} byte, bản kê ghi {said.bytes}. Xin gửi lại cả lô.",
            f"{said.name} has {size} bytes where the manifest says {said.bytes}. Have the whole batch sent again.",
        )  # fmt: skip
    if _sha256(path) != said.sha256:
        raise _refusal(
            "file_changed", said.name, f"Nội dung tệp {said.name} khác bản kê. Xin bên gửi gửi lại cả lô.",
            f"The content of {said.name} is not that of the manifest. Have the whole batch sent again.",
        )  # fmt: skip
    _count(path, said)


def _count(path: Path, said: DataFile) -> None:
    try:
        rows = rows_of(path)
    except duckdb.Error:
        rows = -1
    if rows != said.rows:
        raise _refusal(
            "file_rows", said.name, f"Tệp {said.name} không đủ {said.rows} dòng như bản kê. Xin gửi lại cả lô.",
            f"{said.name} does not hold the {said.rows} rows of the manifest. Have the whole batch sent again.",
        )  # fmt: skip


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(name: str) -> InvalidInputError:
    return _refusal(
        "manifest_unreadable", name, f"Chưa đọc được {name}. Xin bên gửi gửi lại cả lô.",
        f"{name} cannot be read. Have the whole batch sent again.",
    )  # fmt: skip


def _refusal(code: str, field: str, vi: str, en: str) -> InvalidInputError:
    return InvalidInputError(code, field=field, vi=vi, en=en)
