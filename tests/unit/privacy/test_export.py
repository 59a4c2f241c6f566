"""All that is kept about a person is in what he is given: every table, every row, of every record of his."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from PIL import Image

from tests.device import Device
from tests.ledger import attested, enrol_keys, full_course, judged
from tests.station import Station
from tests.unit.people.made import citizen
from tiemchung.accounts.models import Account, Role
from tiemchung.complaints import actions as complaints
from tiemchung.complaints.models import Complaint
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.passports import actions_issue
from tiemchung.people.actions import hold
from tiemchung.people.models import Holder, Person, Relation
from tiemchung.privacy import actions, export
from tiemchung.privacy.retention import rules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
NUMBER = "001167998877"


@pytest.fixture
def person(station: Station, client: Any) -> Person:
    """She has a course, a visit, a passport, a book, and was looked at."""
    enrol_keys(station.facility.id)
    found = full_course(station, identity_numbers=(("cccd", NUMBER),), phone="0912345678")
    judged(found)
    attested(station, found)
    actions_issue.issue_due(by=None)
    hold(account=citizen(), person=found, relation=Relation.SELF, by=None)
    audit.read(person_id=found.id, by=station.nurse.id, reason="check_in", facility_id=station.facility.id)
    client.force_login(station.nurse)
    device = Device(client, station)
    device.send(device.checked_in(new_id(), found.id, clock.now()))
    return found


def given(person: Person) -> dict[str, Any]:
    tables: dict[str, Any] = actions.give_all(person_id=person.id, by=None).as_json()["tables"]
    return tables


def test_every_table_about_a_person_is_there(person: Person) -> None:
    assert set(given(person)) == {rule.table for rule in rules() if rule.about}


def test_every_row_that_names_the_person_is_there(person: Person) -> None:
    """Asked of the database itself: each column that leads to a person is followed."""
    tables = given(person)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.attname in {"person_id"} and not model._meta.db_table.startswith("population"):
                rows = model._default_manager.filter(person_id=person.id).exclude(**_written_by_the_export(model))
                assert len(tables[model._meta.db_table]["rows"]) == rows.count(), model._meta.db_table


def test_every_table_that_leads_to_a_person_is_in_it_and_every_other_personal_one_says_why_not(person: Person) -> None:
    """Asked of the models: by whatever name a column leads to a person, at one step or over another row."""
    found = actions.give_all(person_id=person.id, by=None).as_json()
    leading = {Person}
    while more := {model for model in apps.get_models() if model not in leading and _leads_to(model, leading)}:
        leading |= more
    tables = {model._meta.db_table for model in leading if not model._meta.db_table.startswith("population")}
    assert tables - found["tables"].keys() == set()
    personal = {rule.table for rule in rules() if rule.personal != "none"}
    assert found["tables"].keys() | found["not_in_it"].keys() == personal
    assert all(said["vi"] and said["en"] for said in found["not_in_it"].values())


def _leads_to(model: type[models.Model], wanted: set[type[models.Model]]) -> bool:
    return any(field.attname == "person_id" or field.related_model in wanted for field in model._meta.concrete_fields)


def test_a_photo_is_shown_as_one_on_the_page(person: Person) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(picture, "JPEG")
    picture.seek(0)
    holder = Holder.objects.get(person=person).account
    complaints.send(person_id=person.id, kind=Complaint.Kind.DOSE_MISSING, text="Thiếu", files=[picture], by=holder)
    page = actions.give_all(person_id=person.id, by=None).page()
    assert page.count('<img src="data:image/jpeg;base64,/9j/') == 1


def _written_by_the_export(model: type[models.Model]) -> dict[str, Any]:
    return {"act": "privacy.export"} if model is AuditEntry else {"pk__isnull": True}


def test_what_is_encrypted_is_given_in_the_clear(person: Person) -> None:
    tables = given(person)
    assert [row["value"] for row in tables["people_identitynumber"]["rows"]] == [NUMBER]
    (said,) = tables["people_personstatement"]["rows"]
    assert said["content"]["identity_numbers"] == [["cccd", NUMBER]]


def test_who_of_the_staff_it_was_is_said_by_office(person: Person, station: Station) -> None:
    (look, *_) = given(person)["ground_readentry"]["rows"]
    assert look["by"] == f"Nhân viên tiêm chủng, {station.facility.name}"
    assert not {"client", "network"} & set(look)
    text = json.dumps(given(person), ensure_ascii=False)
    for account in Account.objects.exclude(role=Role.CITIZEN):
        assert str(account.id) not in text
        assert account.display_name not in text


def test_records_that_were_found_to_be_the_same_human_are_all_there(person: Person, station: Station) -> None:
    from tiemchung.people import actions_merge

    other = station.person()
    actions_merge.merge(kept_id=person.id, merged_id=other.id, evidence={}, by=station.head.id)
    found = actions.give_all(person_id=other.id, by=None)
    assert set(found.records) == {person.id, other.id}
    assert {row["id"] for row in found.as_json()["tables"]["people_person"]["rows"]} == {str(person.id), str(other.id)}


def test_it_is_written_down_who_was_given_it(person: Person, station: Station) -> None:
    actions.give_all(person_id=person.id, by=station.head.id)
    (entry,) = AuditEntry.objects.filter(act="privacy.export")
    assert (entry.person_id, entry.by) == (person.id, station.head.id)
    assert entry.detail["rows"] > 10


def test_nobody_is_not_found() -> None:
    with pytest.raises(NotFoundError) as refusal:
        actions.give_all(person_id=new_id(), by=None)
    assert refusal.value.field == "person_id"


def test_the_file_can_be_read_by_people_and_by_programs(person: Person, station: Station) -> None:
    found = actions.give_all(person_id=person.id, by=None)
    with zipfile.ZipFile(io.BytesIO(found.as_zip())) as file:
        assert set(file.namelist()) == {export.FOR_PEOPLE, export.FOR_PROGRAMS}
        page = file.read(export.FOR_PEOPLE).decode()
        content = json.loads(file.read(export.FOR_PROGRAMS))
    for word in (
        person.full_name,
        NUMBER,
        station.facility.name,
        "15/09/2021",
        "Tiếp đón tại buổi tiêm",
        "+84912345678",
    ):
        assert word in page
    assert "http" not in page  # it needs nothing from elsewhere
    assert content == json.loads(json.dumps(found.as_json()))
