"""Files of strangers: the same people however a file is written; what cannot be read is named by line and cure."""

from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import duckdb
import pytest

from tests.unit.linkage.town import people, renamed, write
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.link import link

TOWN = people(40)
NUMBERED = {"id": "id", "roles": {"number": "number", "full_name": "full_name", "birth_date": "birth_date"}}


@pytest.fixture
def right(tmp_path: Path) -> Path:
    return write(tmp_path / "right.csv", TOWN)


@pytest.fixture
def left_text(tmp_path: Path) -> str:
    return write(tmp_path / "as-is.csv", renamed(TOWN, "q")).read_text(encoding="utf-8")


def linked(left: Path, right: Path, **config: object) -> list[tuple]:
    out = left.with_name("pairs.parquet")
    link(left, right, LinkConfig.of(NUMBERED | config), out)
    return duckdb.execute("SELECT left_id, right_id, decision FROM read_parquet(?)", [str(out)]).fetchall()


def everybody(beginning: str = "q") -> list[tuple]:
    return [(f"{beginning}{row.id[1:]}", row.id, "automatic") for row in TOWN]


def in_cp1258(text: str) -> bytes:
    """As Windows writes Vietnamese: the tone is a sign of its own after the letter."""
    letters = (_with_tone_apart(letter) for letter in normalize("NFC", text))
    return "".join(letters).encode("cp1258")


def _with_tone_apart(letter: str) -> str:
    marks = normalize("NFD", letter)
    tone = next((mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"), "")
    return normalize("NFC", marks.replace(tone, "")) + tone if tone else letter


WRITINGS = {
    "with a mark of UTF-8": lambda text: text.encode("utf-8-sig"),
    "in UTF-16": lambda text: text.encode("utf-16"),
    "letters and marks apart": lambda text: normalize("NFD", text).encode(),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "bars": lambda text: text.replace(",", "|").encode(),
    "lines of Windows": lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n").encode(),
    "quoted": lambda text: "\n".join('"' + line.replace(",", '","') + '"' for line in text.splitlines()).encode(),
    "spaces in the header": lambda text: text.replace(",", ", ", 5).encode(),
    "empty lines at the end": lambda text: (text + "\n\n").encode(),
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_csv_gives_the_same_people_however_it_is_written(
    tmp_path: Path, right: Path, left_text: str, writing: str
) -> None:
    left = tmp_path / "left.csv"
    left.write_bytes(WRITINGS[writing](left_text))
    assert linked(left, right) == everybody()


def test_a_csv_in_another_encoding_is_read_as_said(tmp_path: Path, right: Path, left_text: str) -> None:
    left = tmp_path / "left.csv"
    left.write_bytes(in_cp1258(left_text))
    assert linked(left, right, csv={"left": {"encoding": "cp1258"}}) == everybody()


def test_a_file_whose_name_has_signs_of_patterns_is_itself(tmp_path: Path, right: Path, left_text: str) -> None:
    (tmp_path / "left1.csv").write_text("id,number,full_name,birth_date\nx,1,A,1990\n", encoding="utf-8")
    left = tmp_path / "left[1]*?.csv"
    left.write_text(left_text, encoding="utf-8")
    assert linked(left, right) == everybody()


BROKEN = {
    "too few cells": (lambda text: text.encode() + b"x,1,y\n", "line 42 has 3 cells, the header has 6 columns"),
    "too many cells": (lambda text: text.encode() + b"x,1,y,1990,Nam,1,Lan\n", "line 42 has 7 cells"),
    "an open quote": (lambda text: text.encode() + b'x,1,"y,1990,Nam,1\n', 'line 42 opens a " that it does not close'),
    "another encoding": (in_cp1258, "is not UTF-8; say csv: {encoding: …}, cp1258 for example"),
    "a cell of megabytes": (lambda text: text.encode() + b"x,1," + b"A" * 3_000_000 + b",1990,Nam,1\n", "longer than"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_cannot_be_read_is_named_by_line_and_cure_without_its_content(
    tmp_path: Path, right: Path, left_text: str, fault: str
) -> None:
    breaking, cure = BROKEN[fault]
    left = tmp_path / "left.csv"
    left.write_bytes(breaking(left_text))
    with pytest.raises(LinkageError) as refused:
        linked(left, right)
    assert (refused.value.code, refused.value.field) == ("file_unreadable", "left.csv")
    assert cure in refused.value.en
    assert "Lan" not in refused.value.en
    assert TOWN[0].full_name not in refused.value.en


@pytest.mark.parametrize(
    ("content", "code", "cure"),
    [
        (b"", "file_empty", "names of the columns"),
        (b"ID,number,full_name,birth_date\n", "column_absent", "Is it “ID”?"),
        (b"id,number,full_name,born\n", "column_absent", "It has: born, full_name, id, number"),
        (b"id,number,number,full_name,birth_date\n", "column_double", "Rename all but one"),
    ],
)
def test_a_header_that_lacks_a_column_is_refused(
    tmp_path: Path, right: Path, content: bytes, code: str, cure: str
) -> None:
    left = tmp_path / "left.csv"
    left.write_bytes(content)
    with pytest.raises(LinkageError) as refused:
        linked(left, right)
    assert refused.value.code == code
    assert cure in refused.value.en


def test_a_wrong_encoding_is_refused(tmp_path: Path, right: Path, left_text: str) -> None:
    left = tmp_path / "left.csv"
    left.write_text(left_text, encoding="utf-8")
    with pytest.raises(LinkageError, match=r"is not ascii\. Check csv\.encoding"):
        linked(left, right, csv={"left": {"encoding": "ascii"}})


def parquet(path: Path, columns: str) -> Path:
    out = path.with_suffix(".parquet")
    duckdb.execute(f"COPY (SELECT {columns} FROM read_csv('{path}', all_varchar = true)) TO '{out}'")
    return out


@pytest.mark.parametrize(
    "columns",
    [
        "* REPLACE (CAST(number AS BIGINT) AS number)",
        "* REPLACE (CAST(number AS DOUBLE) AS number)",
        "* REPLACE (CAST(number AS DECIMAL(18, 2)) AS number)",
        "* REPLACE (encode(full_name) AS full_name)",
        "* REPLACE (STRPTIME(birth_date, '%d/%m/%Y') AS birth_date)",
        "* REPLACE (CAST(STRPTIME(birth_date, '%d/%m/%Y') AS DATE) AS birth_date)",
    ],
)
def test_a_parquet_gives_the_same_people_whatever_the_types(tmp_path: Path, right: Path, columns: str) -> None:
    left = parquet(write(tmp_path / "left.csv", renamed(TOWN, "q")), columns)
    assert linked(left, right, cccd_numbers=True) == everybody()


def test_a_csv_of_a_data_frame_with_gaps_gives_the_same_people(tmp_path: Path, right: Path) -> None:
    left = write(tmp_path / "left.csv", [replace(row, number=f"{row.number}.0") for row in renamed(TOWN, "q")])
    assert linked(left, right) == everybody()


@pytest.mark.parametrize("kind", ["INTEGER", "DOUBLE", "UUID"])
def test_ids_keep_their_type(tmp_path: Path, right: Path, kind: str) -> None:
    number = "CAST(substr(id, 2) AS INTEGER)"
    made = f"CAST({number} AS {kind})" if kind != "UUID" else f"CAST(md5(CAST({number} AS VARCHAR)) AS UUID)"
    left = parquet(write(tmp_path / "left.csv", TOWN), f"* REPLACE ({made} AS id)")
    linked(left, right)
    ((found,),) = duckdb.execute(
        "SELECT DISTINCT typeof(left_id) FROM read_parquet(?)", [str(tmp_path / "pairs.parquet")]
    ).fetchall()
    assert found == kind


@pytest.mark.parametrize(
    ("out", "code"),
    [("pairs.ods", "file_form"), ("absent/pairs.csv", "out_folder_absent"), ("right.csv", "out_is_input")],
)
def test_a_result_is_refused_before_anything_is_done(tmp_path: Path, right: Path, out: str, code: str) -> None:
    before = right.read_bytes()
    with pytest.raises(LinkageError) as refused:
        link(right, right, LinkConfig.of(NUMBERED), tmp_path / out)
    assert refused.value.code == code
    assert right.read_bytes() == before


def test_too_little_memory_is_said_with_the_cure(tmp_path: Path, right: Path) -> None:
    left = tmp_path / "left.parquet"
    duckdb.execute(
        f"COPY (SELECT i AS id, i AS number, repeat(md5(CAST(i AS VARCHAR)), 20) AS full_name, '1990' AS birth_date "
        f"FROM range(400000) AS numbers(i)) TO '{left}'"
    )
    with pytest.raises(LinkageError) as refused:
        linked(left, right, memory_limit="100MB", threads=8)
    assert (refused.value.code, refused.value.field) == ("memory", "memory_limit")
