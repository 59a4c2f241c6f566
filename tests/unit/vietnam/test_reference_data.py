"""The national reference data: complete, as its source says, and the same as the shared material."""

import csv
import json
from pathlib import Path

import pytest
import yaml

from tests.shared import shared
from tiemchung.vietnam import areas
from tiemchung.vietnam.name_tokens import SAMPLE_SIZE, NameRole, name_counts
from tiemchung.vietnam.provinces import AS_OF, province_figures
from tiemchung.vietnam.reference import reference_file
from tiemchung.vietnam.sex import Sex

PORTAL_COLUMNS = {
    "population": "population",
    "population_18_plus": "popOverEighteen",
    "vaccination_sites": "totalVaccinationLocation",
    "first_doses": "totalOnceInjected",
    "second_doses": "totalTwiceInjected",
    "doses": "totalInjected",
    "doses_allocated": "totalVaccineAllocatedReality",
    "doses_planned": "totalVaccineAllocated",
}
SHARED_ROLES = {"family": "family", "middle": "middle", "middle1": "first_middle", "given": "given"}
SHARED_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}


def note(name: str) -> dict[str, object]:
    """The source note beside a reference file."""
    found = yaml.safe_load(reference_file(name).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def header(name: str) -> list[str]:
    return reference_file(name).read_text(encoding="utf-8").splitlines()[0].split(",")


@pytest.mark.parametrize("stem", ["provinces_2021-08-05", "names/name_tokens", "mobile_prefixes_2018"])
def test_every_file_has_a_note_with_its_source_and_columns(stem: str) -> None:
    found = note(f"{stem}.yaml")
    assert found["source"]
    assert found["file"] == Path(f"{stem}.csv").name
    columns = found["columns"]
    assert isinstance(columns, dict)
    assert list(columns) == header(f"{stem}.csv")


def test_province_figures_add_up_to_the_totals_of_their_note() -> None:
    totals = note("provinces_2021-08-05.yaml")["totals"]
    assert isinstance(totals, dict)
    rows = province_figures().values()
    assert totals.pop("provinces") == len(rows)
    assert totals == {column: sum(getattr(row, column) for row in rows) for column in totals}
    assert sum(row.doses for row in rows) == 6_481_682


def test_province_figures_have_the_provinces_of_the_area_list() -> None:
    assert list(province_figures()) == [each.code for each in areas.provinces()]
    assert AS_OF.isoformat() == note("provinces_2021-08-05.yaml")["as_of"].isoformat()  # type: ignore[attr-defined]


def test_province_figures_are_those_the_portal_showed() -> None:
    shown = json.loads(shared("testdata/vietnam/portal_provinces_2021-08-05.json").read_text(encoding="utf-8"))
    assert len(shown) == len(province_figures())
    for row in shown:
        ours = province_figures()[row["provinceCode"]]
        assert ours.name == row["provinceName"]
        assert {ours_: getattr(ours, ours_) for ours_ in PORTAL_COLUMNS} == {
            ours_: row[theirs] for ours_, theirs in PORTAL_COLUMNS.items()
        }


def test_name_counts_are_those_of_the_sample() -> None:
    path = shared("testdata/vietnam/name_token_frequencies.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    theirs = {(SHARED_ROLES[row["role"]], SHARED_SEXES[row["sex"]], row["token"]): int(row["count"]) for row in rows}
    ours = {
        (role.value, sex, token): count
        for role in NameRole
        for sex in Sex
        for token, count in name_counts(role, sex).items()
    }
    assert ours == theirs
    for row in rows:
        share = int(row["count"]) / SAMPLE_SIZE[SHARED_SEXES[row["sex"]]]
        assert share == pytest.approx(float(row["share"]), abs=1e-6)


def test_no_name_stands_there_with_fewer_than_five_bearers() -> None:
    assert min(count for role in NameRole for sex in Sex for count in name_counts(role, sex).values()) >= 5


def test_most_frequent_names_come_first() -> None:
    assert list(name_counts(NameRole.FAMILY, Sex.MALE))[:3] == ["Nguyễn", "Trần", "Lê"]


def test_missing_reference_data_says_where_it_was_looked_for() -> None:
    with pytest.raises(FileNotFoundError, match=r"no_such\.csv"):
        reference_file("no_such.csv")
