"""A change of keys: everything is found and read before, during and after; then the old key can go."""

import pytest
from django.db import connection

from tests.device import Device
from tiemchung.ground import encryption
from tiemchung.ground.models import AuditEntry
from tiemchung.people import lookup
from tiemchung.people.models import IdentityNumber, PersonStatement
from tiemchung.privacy import actions_data_keys, contents, data_keys
from tiemchung.visits.models import SiteEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
NUMBER = "001167998877"
OLD, NEW = (1, "o" * 32), (2, "n" * 32)


@pytest.fixture
def person(settings, station, client):
    settings.DATA_KEYS = (OLD,)
    found = station.person(identity_numbers=(("cccd", NUMBER),))
    client.force_login(station.nurse)
    device = Device(client, station)
    device.send(*device.journey(found.id), "nonsense", {"id": "\u0000"})
    return found


def test_numbers_are_found_before_during_and_after(settings, person, station, monkeypatch):
    monkeypatch.setattr(data_keys, "BATCH", 2)
    settings.DATA_KEYS = (NEW, OLD)
    assert lookup.by_number(NUMBER) == [person]
    again = station.person(
        full_name=person.full_name, identity_numbers=(("cccd", NUMBER),)
    )  # nobody is declared twice meanwhile
    assert (again, IdentityNumber.objects.filter(person=person).count()) == (person, 1)
    done = actions_data_keys.rotate(by=None)
    assert done["people_identitynumber.value"] == 1
    assert done["visits_siteevent.content"] == 4
    assert all(set(counts) <= {2} for counts in data_keys.status().values.values())
    settings.DATA_KEYS = (NEW,)
    assert lookup.by_number(NUMBER) == [person]
    for said in PersonStatement.objects.filter(person=person):
        assert said.content["identity_numbers"] == [["cccd", NUMBER]]
    assert all(event.content["kind"] == event.kind for event in SiteEvent.objects.all())
    assert AuditEntry.objects.filter(act="privacy.rotate").exists()
    assert sum(actions_data_keys.rotate(by=None).values()) == 0


def test_without_the_old_key_nothing_is_written_anew(settings, person):
    settings.DATA_KEYS = (NEW,)
    with pytest.raises(encryption.UnreadableValueError, match="under key 1, which is not in TIEMCHUNG_DATA_KEYS"):
        actions_data_keys.rotate(by=None)


def test_every_content_is_that_of_its_digest(person):
    assert contents.altered() == []


def test_a_content_that_was_exchanged_is_named(person):
    one, other, *_ = SiteEvent.objects.order_by("id").values_list("id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE visits_siteevent DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE visits_siteevent SET content = (SELECT content FROM visits_siteevent WHERE id = %s) WHERE id = %s",
            [other, one],
        )
    assert contents.altered() == [f"visits_siteevent {one}"]


def test_what_is_sealed_as_it_is_keeps_its_key():
    fixed = {column.title for column in data_keys.columns() if not column.can_change}
    assert "people_personstatement.content" not in fixed
    assert "complaints_complaint.text" in fixed
