"""`tiemchung import doses`: the counts, the lines with faults, and what is refused before anything is recorded."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.station import Station, live_on_the_day, open_station
from tests.unit.doses.test_import import HEADER, line, somebody
from tiemchung.cli import importing
from tiemchung.doses.models import Dose
from tiemchung.ground.errors import InvalidInputError, NotFoundError, RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(settings: Any) -> Station:
    live_on_the_day(settings)
    return open_station()


@pytest.fixture
def listed(station: Station, tmp_path: Path) -> Path:
    somebody(station)
    path = tmp_path / "doses.csv"
    path.write_text(HEADER + line(station) + line(station, product="XX"), encoding="utf-8")
    return path


def run(station: Station, path: Path, monkeypatch: pytest.MonkeyPatch, *more: str, by: str | None = None) -> Result:
    monkeypatch.setattr(importing, "prepare", lambda _folder: None)
    who = ("--facility", station.facility.code, "--by", by or station.head.username)
    return CliRunner().invoke(importing.group, ["doses", str(path), *who, *more])


def test_what_is_good_is_recorded_and_what_is_not_is_named(
    station: Station, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(station, listed, monkeypatch, "--json")
    said = json.loads(done.stdout)
    assert (done.exit_code, said["recorded"], said["known"], said["faults"]) == (1, 1, 0, 1)
    assert [(one["line"], one["column"]) for one in said["lines"]] == [(3, "product")]
    assert Dose.objects.count() == 1


def test_lines_with_faults_are_written_to_a_file(
    station: Station, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = listed.with_name("faults.csv")
    run(station, listed, monkeypatch, "--faults", str(target))
    with target.open(encoding="utf-8", newline="") as file:
        assert [(row["line"], row["column"]) for row in csv.DictReader(file)] == [("3", "product")]


@pytest.mark.parametrize(
    ("faults", "by", "refused", "field"),
    [("nowhere/faults.csv", None, InvalidInputError, "faults"), ("faults.csv", "nobody", NotFoundError, "by")],
)
def test_what_cannot_be_is_refused_before_anything_is_recorded(
    station: Station, listed: Path, monkeypatch: pytest.MonkeyPatch, faults: str, by: str | None,
    refused: type[RefusedError], field: str,
) -> None:  # fmt: skip
    done = run(station, listed, monkeypatch, "--faults", str(listed.parent / faults), by=by)
    assert isinstance(done.exception, refused)
    assert (done.exception.field, Dose.objects.count()) == (field, 0)
