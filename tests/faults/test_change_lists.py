"""Lists of changes go out by the clock: whatever is killed in between, each change is told, and twice does no harm."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ledger import judged
from tests.station import open_station
from tests.unit.population.register import HANH, NUMBER, ask, enrol
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError
from tiemchung.identity import actions_batches, inbox, states
from tiemchung.identity.models import PopulationCheck, Recheck
from tiemchung.population import actions as register
from tiemchung.population import changes
from tiemchung.population.actions_changes import amend, amend_all
from tiemchung.population.models import ChangeList, Citizen, CitizenNumber, RegisterChange, Sent

pytestmark = pytest.mark.django_db


class KilledError(BaseException):
    """As good as SIGKILL."""


def killed(*_: Any, **__: Any) -> Any:
    raise KilledError


@pytest.fixture
def hanh() -> Citizen:
    """Mrs Hạnh, whom somebody at the health side was told to be right."""
    citizen = enrol()
    said = ask()
    person = open_station().person(birth_date="18/11/1984", identity_numbers=(("cccd", NUMBER),))
    kept = judged(person)
    kept.handle = said.handle
    kept.save()
    return citizen


def lists(folder: Path) -> list[dict[str, Any]]:
    """What the files in the folder say."""
    return [json.loads(json.loads(path.read_text())["list"]) for path in sorted(folder.glob("*.json"))]


def test_a_list_is_written_when_something_changed_and_else_not(hanh: Citizen, tmp_path: Path) -> None:
    assert changes.write_due(tmp_path / "in") == 0
    register.note_change(citizen=hanh)
    assert changes.write_due(tmp_path / "in") == 1
    assert changes.write_due(tmp_path / "in") == 0
    register.note_change(citizen=hanh)
    assert changes.write_due(tmp_path / "in") == 1
    first, second = lists(tmp_path / "in")
    assert (first["after"], second["after"]) == (0, first["upto"])
    assert [one.body for one in Sent.objects.filter(what="changes")] == [one.body for one in ChangeList.objects.all()]


def test_the_health_side_asks_anew_by_itself(hanh: Citizen, tmp_path: Path) -> None:
    amend(number=NUMBER, values={**HANH, "birth_date": "1984-11-19"})
    changes.write_due(tmp_path / "in")
    inbox.take_in(tmp_path)
    person = PopulationCheck.objects.get().person
    assert states.of(person.id).state == "unchecked"


@pytest.mark.parametrize("at", ["_write", "actions_changes.note_written"])
def test_a_list_whose_writer_was_killed_is_written_again_and_taken_in_once(
    hanh: Citizen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    register.note_change(citizen=hanh)
    with monkeypatch.context() as patch:
        patch.setattr(f"tiemchung.population.changes.{at}", killed)
        with pytest.raises(KilledError):
            changes.write_due(tmp_path / "in")
    inbox.take_in(tmp_path)  # the health side may have taken the file already
    register.note_change(citizen=hanh)
    assert changes.write_due(tmp_path / "in") == 2
    inbox.take_in(tmp_path)
    assert not list((tmp_path / "in").iterdir())
    assert Recheck.objects.count() == 2
    assert actions_batches.last_change() == RegisterChange.objects.latest("pk").pk
    assert Sent.objects.filter(what="changes").count() == 2


def test_two_processes_that_write_one_list_at_once_do_not_get_in_each_others_way(
    hanh: Citizen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.note_change(citizen=hanh)
    with monkeypatch.context() as patch:  # what the other writes becomes a file while this one's lies aside
        replace = Path.replace

        def after_another(aside: Path, target: Path) -> Path:
            patch.setattr(Path, "replace", replace)
            changes.write_changes(target, after=0)
            return replace(aside, target)

        patch.setattr(Path, "replace", after_another)
        changes.write_changes(tmp_path / "changes.json", after=0)
    assert [path.name for path in tmp_path.glob("changes*")] == ["changes.json"]


def test_a_file_of_amendments_is_taken_whole_or_not_at_all(hanh: Citizen) -> None:
    better = {"number": NUMBER, **HANH, "full_name": "Nguyễn Thị Thu Hằng"}
    with pytest.raises(InvalidInputError) as refused:
        amend_all(rows=[better, {**better, "sex": "nữ"}])
    assert refused.value.field == "sex"
    assert "Dòng 3:" in refused.value.vi
    assert "Row 3:" in refused.value.en
    assert Citizen.objects.get(pk=hanh.pk).full_name == HANH["full_name"]
    assert not RegisterChange.objects.exists()
    assert amend_all(rows=[better, better]) == 1


def test_without_a_key_nothing_is_written(hanh: Citizen, tmp_path: Path, settings: Any) -> None:
    settings.SLIP_KEY = ""
    register.note_change(citizen=hanh)
    with pytest.raises(ConflictError) as refused:
        changes.write_due(tmp_path / "in")
    assert refused.value.code == "no_slip_key"
    assert not ChangeList.objects.exists()


def test_an_amendment_is_told_only_where_something_is_other_that_is_compared(hanh: Citizen) -> None:
    assert not amend(number=NUMBER, values=HANH)
    assert amend(number=NUMBER, values={**HANH, "residence_code": "00001"})
    assert not RegisterChange.objects.exists()
    assert amend(number=NUMBER, values={**HANH, "full_name": "Nguyễn Thị Thu Hằng"})
    assert RegisterChange.objects.count() == 1
    assert Citizen.objects.get(pk=hanh.pk).full_name == "Nguyễn Thị Thu Hằng"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", "1234"),
        ("birth_date", "31/12/1984"),
        ("birth_date", "1984-13-01"),
        ("sex", "nữ"),
        ("residence_code", "99999"),
        ("residence_code", "01"),
    ],
)
def test_an_amendment_that_could_not_be_compared_names_field_and_cure(hanh: Citizen, field: str, value: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        amend(number=NUMBER, values={**HANH, field: value})
    assert refused.value.field == field
    assert refused.value.vi
    assert refused.value.en
    assert not RegisterChange.objects.exists()


def test_an_amendment_needs_one_citizen(hanh: Citizen) -> None:
    with pytest.raises(NotFoundError):
        amend(number="001184000018", values=HANH)
    two = enrol("001184000025", full_name="Lê Thị Sáu")
    for citizen in (hanh, two):
        CitizenNumber.objects.create(citizen=citizen, value="011234567")
    with pytest.raises(ConflictError):
        amend(number="011234567", values=HANH)
