"""The nation to practise on: consistent with the rules for real people, and the same for the same seed."""

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tiemchung.simulator import nation
from tiemchung.simulator.nation import make_nation
from tiemchung.simulator.nation_tables import province_sizes
from tiemchung.vietnam import areas
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.identity_checks import cross_check
from tiemchung.vietnam.identity_numbers import IdentityKind, IdentityNumber
from tiemchung.vietnam.names import NormalisedName
from tiemchung.vietnam.phones import PhoneNumber
from tiemchung.vietnam.sex import Sex

CITIZENS = 20_000


def rows(files: list[Path], sql: str) -> list[Any]:
    with duckdb.connect() as connection:
        connection.execute("CREATE TEMP TABLE people AS SELECT * FROM read_parquet(?)", [[str(file) for file in files]])
        found: list[Any] = connection.execute(sql).fetchall()
        return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return make_nation(CITIZENS, tmp_path_factory.mktemp("nation"), seed=3, threads=1)


def test_there_are_as_many_as_were_asked_for_each_once(files: list[Path]) -> None:
    found = rows(files, "SELECT min(citizen), max(citizen), count(*), count(DISTINCT citizen) FROM people")
    assert found == [(1, CITIZENS, CITIZENS, CITIZENS)]


def test_numbers_agree_with_sex_and_birth_and_are_used_once(files: list[Path]) -> None:
    people = rows(files, "SELECT number, birth_date, sex FROM people")
    odd = [one for one in people if cross_check(one[0], PartialDate.parse(one[1]), Sex(one[2]))]
    assert odd == []
    assert len({IdentityNumber.parse(number).text for number, *_ in people}) == CITIZENS


def test_old_numbers_are_readable_and_only_those_issued_twice_have_two_people(files: list[Path]) -> None:
    found = rows(files, "SELECT old_number, count(*) FROM people WHERE old_number IS NOT NULL GROUP BY old_number")
    numbers = [(IdentityNumber.parse(text), count) for text, count in found]
    assert {number.kind for number, _ in numbers} == {IdentityKind.CMND}
    assert all(count == 1 or (count == 2 and number.may_belong_to_two) for number, count in numbers)
    assert 0.4 < len(found) / CITIZENS < 0.7


def test_names_and_phones_can_be_registered(files: list[Path]) -> None:
    for name, phone in rows(files, "SELECT full_name, phone FROM people USING SAMPLE 2000 (reservoir, 7)"):
        assert NormalisedName.parse(name).match_key
        assert PhoneNumber.parse(phone).e164


def test_a_household_lives_in_one_commune_and_has_one_phone(files: list[Path]) -> None:
    sql = "SELECT count(DISTINCT residence_code), count(DISTINCT phone), count(*) FROM people GROUP BY household"
    found = rows(files, sql)
    assert {(communes, phones) for communes, phones, _ in found} == {(1, 1)}
    assert 3.2 < CITIZENS / len(found) < 4.0
    assert all(areas.area_or_none(code) for (code,) in rows(files, "SELECT DISTINCT residence_code FROM people"))


def test_twins_are_born_on_one_day_into_one_family(files: list[Path]) -> None:
    sql = """SELECT count(*), count(DISTINCT birth_date), count(DISTINCT split_part(full_name, ' ', 1))
             FROM people WHERE twin AND full_name NOT LIKE 'H''%' AND full_name NOT LIKE 'Y %' GROUP BY household"""
    found = Counter(rows(files, sql))
    assert found[(2, 1, 1)] > 20
    assert all((days, families) == (1, 1) for _, days, families in found)


def test_ages_are_as_the_census_has_them_within_three_points(files: list[Path]) -> None:
    sql = """SELECT sum(CAST(age < 12 AS INTEGER)), sum(CAST(age >= 12 AND age < 18 AS INTEGER)),
                 sum(CAST(age >= 18 AND age < 50 AS INTEGER)), sum(CAST(age >= 50 AND age < 65 AS INTEGER)),
                 sum(CAST(age >= 65 AS INTEGER))
             FROM (SELECT 2021 - CAST(substr(birth_date, 1, 4) AS INTEGER) AS age FROM people) AS ages"""
    shares = [count / CITIZENS for count in rows(files, sql)[0]]
    assert shares == pytest.approx([0.19, 0.09, 0.48, 0.16, 0.08], abs=0.035)


def test_the_same_seed_makes_the_same_nation_whatever_the_threads(files: list[Path], tmp_path: Path) -> None:
    again = make_nation(CITIZENS, tmp_path / "again", seed=3, threads=2)
    other = make_nation(CITIZENS, tmp_path / "other", seed=4, threads=2)
    everybody = "SELECT * FROM people ORDER BY citizen"
    assert rows(again, everybody) == rows(files, everybody)
    assert rows(other, everybody) != rows(files, everybody)


def test_batches_make_the_same_citizens_as_one(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nation, "AT_ONCE", 5000)
    parts = make_nation(CITIZENS, tmp_path, seed=3)
    assert len(parts) == 4
    everybody = "SELECT * FROM people ORDER BY citizen"
    assert rows(parts, everybody) == rows(files, everybody)


@pytest.mark.parametrize("citizens", [1, 17, 96_108_532])
def test_provinces_share_the_citizens_out_to_the_last(citizens: int) -> None:
    assert sum(province_sizes(citizens).values()) == citizens


@pytest.mark.parametrize("citizens", [0, 100_000_001])
def test_a_size_that_cannot_be_is_refused(citizens: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 to 100,000,000"):
        make_nation(citizens, tmp_path)
