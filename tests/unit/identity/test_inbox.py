"""The exchange folder: what is finished and right is taken in by itself, the rest waits or is put aside."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.station import open_station
from tests.unit.population.register import enrol
from tiemchung.identity import actions_batches, inbox, states
from tiemchung.identity.tasks import take_in_what_came
from tiemchung.linkage.sets.check import CheckOptions
from tiemchung.people.models import Person
from tiemchung.population import actions as register
from tiemchung.population import batches as theirs
from tiemchung.population.changes import write_changes
from tiemchung.population.models import Citizen, RegisterChange

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Somebody in a batch whose answers have arrived."""
    enrol("001167000999", full_name="Lý Thị Sửu", birth_date="1967-09-03", sex="female")
    made = open_station().person(full_name="Lý Thị Sửu", identity_numbers=(("cccd", "001167000999"),))
    actions_batches.export(folder=tmp_path / "questions", by=None)
    theirs.check_batch(tmp_path / "questions", tmp_path / "in" / "answers", options=CheckOptions("500MB", 1, 1, 1))
    return made


def test_the_worker_takes_in_answers_and_changes(person: Person, tmp_path: Path, settings: Any) -> None:
    settings.EXCHANGE_FOLDER = tmp_path
    take_in_what_came(0)
    assert states.of(person.id).state == "right"
    register.note_change(citizen=Citizen.objects.get())
    write_changes(tmp_path / "in" / "changes.json", after=0)
    take_in_what_came(0)
    assert states.of(person.id).state == "unchecked"
    assert {path.name for path in (tmp_path / "taken").iterdir()} == {"answers", "changes.json"}
    assert not list((tmp_path / "in").iterdir())


def test_what_is_not_finished_waits(person: Person, tmp_path: Path) -> None:
    (tmp_path / "in" / "answers" / "manifest.sig").unlink()
    (tmp_path / "in" / "changes.part").write_text("half")
    assert inbox.take_in(tmp_path) == {}
    assert states.of(person.id).state == "unchecked"


def test_a_list_of_changes_waits_for_the_one_before_it(person: Person, tmp_path: Path) -> None:
    inbox.take_in(tmp_path)
    for _ in range(2):
        register.note_change(citizen=Citizen.objects.get())
    first = RegisterChange.objects.order_by("pk").values_list("pk", flat=True)[0]
    write_changes(tmp_path / "in" / "changes-10.json", after=first)
    assert inbox.take_in(tmp_path) == {"changes-10.json": "changes_missing"}
    write_changes(tmp_path / "in" / "changes-9.json", after=0)
    assert inbox.take_in(tmp_path) == {"changes-10.json": "changes_missing", "changes-9.json": "taken"}
    assert inbox.take_in(tmp_path) == {"changes-10.json": "taken"}
    assert states.of(person.id).state == "unchecked"


def test_what_is_refused_is_put_aside_with_the_reason(person: Person, tmp_path: Path) -> None:
    next((tmp_path / "in" / "answers").glob("answers-0*.parquet")).write_bytes(b"half")
    (tmp_path / "in" / "changes.json").write_text("{}")
    assert inbox.take_in(tmp_path) == {"answers": "file_half", "changes.json": "changes_unreadable"}
    reason = json.loads((tmp_path / "refused" / "answers.reason.json").read_text())
    assert (reason["code"], reason["field"]) == ("file_half", "answers-0000.parquet")
    assert states.of(person.id).state == "unchecked"


def test_the_same_name_again_is_put_beside(person: Person, tmp_path: Path) -> None:
    for _ in range(2):
        (tmp_path / "in" / "changes.json").write_text("{}")
        inbox.take_in(tmp_path)
    assert {"changes.json", "changes-2.json"} <= {path.name for path in (tmp_path / "refused").iterdir()}


def test_no_folder_is_no_fault(settings: Any, tmp_path: Path) -> None:
    settings.EXCHANGE_FOLDER = None
    take_in_what_came(0)
    assert inbox.take_in(tmp_path / "nowhere") == {}
