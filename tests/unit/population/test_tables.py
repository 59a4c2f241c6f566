"""Files of citizens and officers: taken whole or not at all, and what is wrong is named by row and field."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.population.register import HANH, NUMBER
from tiemchung.ground.errors import ConflictError, InvalidInputError, RefusedError
from tiemchung.population import tables
from tiemchung.population.actions_changes import enrol_all
from tiemchung.population.actions_officers import open_all
from tiemchung.population.models import Citizen, CitizenNumber, Officer

pytestmark = pytest.mark.django_db
LOADED = "number,old_number,full_name,birth_date,sex,residence_code"
OFFICERS = "username,name,commune,password"


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def test_a_file_that_excel_saved_is_read_and_a_short_row_ends_in_empty_cells(tmp_path: Path) -> None:
    written = "number,full_name,birth_date,sex,residence_code\r\n001184000017,Hạnh, 1984-11-18,female\r\n"
    [row] = tables.rows(table(tmp_path / "a.csv", written, "utf-8-sig"), tables.AMENDED)
    assert list(row.values()) == ["001184000017", "Hạnh", "1984-11-18", "female", ""]


@pytest.mark.parametrize(
    ("heads", "columns", "absent"),
    [
        ("", tables.AMENDED, "number"),
        ("number,full_name,birth_date,residence_code", tables.AMENDED, "sex"),
        ("number,full_name,birth_date,sex,residence_code", tables.LOADED, "old_number"),
        (LOADED.replace(",", ";"), tables.LOADED, "number"),
        ("username,name,password", tables.OFFICERS, "commune"),
    ],
)
def test_a_file_that_lacks_a_column_is_refused_by_its_name(
    tmp_path: Path, heads: str, columns: Sequence[str], absent: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        list(tables.rows(table(tmp_path / "a.csv", f"{heads}\n"), columns))
    assert refused.value.field == absent
    assert ", ".join(columns) in refused.value.en


def test_a_password_stays_as_it_is_written(tmp_path: Path) -> None:
    file = table(tmp_path / "officers.csv", f"{OFFICERS}\n ca.a , Trung úy A,00001, có dấu cách \n")
    (row,) = tables.rows(file, tables.OFFICERS)
    assert row == {"username": "ca.a", "name": "Trung úy A", "commune": "00001", "password": " có dấu cách "}


def test_a_file_in_another_encoding_is_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as refused:
        list(tables.rows(table(tmp_path / "a.csv", f"{LOADED}\n1,,Hân,1990,male,\n", "utf-16"), tables.LOADED))
    assert (refused.value.code, refused.value.field) == ("table_unreadable", "a.csv")
    assert "CSV UTF-8" in refused.value.en


def test_citizens_are_loaded_with_today_s_number_and_the_one_before(tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", f"{LOADED}\n{NUMBER},012345678,Nguyễn Thị Hạnh,1984-11-18,female,00001\n")
    assert enrol_all(rows=tables.rows(file, tables.LOADED)) == 1
    numbers = CitizenNumber.objects.filter(citizen=Citizen.objects.get()).order_by("id")
    assert [one.value for one in numbers] == [NUMBER, "012345678"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_date": "18/11/1984"}, "birth_date"),
        ({"sex": "nữ"}, "sex"),
        ({"residence_code": "99999"}, "residence_code"),
        ({"number": "1184000017"}, "number"),
        ({"number": "o01184000017"}, "number"),
        ({"old_number": "0123456789012"}, "old_number"),
    ],
)
def test_citizens_are_loaded_whole_or_not_at_all(changes: dict[str, str], field: str) -> None:
    good = {"number": NUMBER, "old_number": "", **HANH, "residence_code": "00001"}
    with pytest.raises(InvalidInputError) as refused:
        enrol_all(rows=[good, {**good, **changes}])
    assert refused.value.field == field
    assert "Row 3:" in refused.value.en
    assert not Citizen.objects.exists()


def test_a_citizen_whose_number_stayed_the_same_has_it_once() -> None:
    enrol_all(rows=[{"number": NUMBER, "old_number": NUMBER, **HANH, "residence_code": ""}])
    assert [one.value for one in CitizenNumber.objects.all()] == [NUMBER]


GOOD = {"username": "ca.a", "name": "Trung úy A", "commune": "00001", "password": "cong-an-phuc-xa"}


@pytest.mark.parametrize(
    ("second", "kind", "field"),
    [
        (GOOD, ConflictError, "username"),
        ({**GOOD, "username": ""}, InvalidInputError, "username"),
        ({**GOOD, "username": "b" * 61}, InvalidInputError, "username"),
        ({**GOOD, "username": "ca\u200bb"}, InvalidInputError, "username"),
        ({**GOOD, "username": "ca.b", "name": ""}, InvalidInputError, "name"),
        ({**GOOD, "username": "ca.b", "name": "B" * 121}, InvalidInputError, "name"),
        ({**GOOD, "username": "ca.b", "commune": "1"}, InvalidInputError, "commune"),
        ({**GOOD, "username": "ca.b", "password": "ngan"}, InvalidInputError, "password"),
    ],
)
def test_officers_are_opened_all_or_none(second: dict[str, str], kind: type[RefusedError], field: str) -> None:
    with pytest.raises(kind) as refused:
        open_all(rows=[GOOD, second])
    assert refused.value.field == field
    assert "Row 3:" in refused.value.en
    assert not Officer.objects.exists()


def test_officers_of_a_file_are_opened(tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", f"{OFFICERS}\n{','.join(GOOD.values())}\n", "utf-8-sig")
    assert open_all(rows=tables.rows(file, tables.OFFICERS)) == [("ca.a", "00001")]
