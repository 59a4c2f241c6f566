"""A copy of the whole database gives no identity number away: each way in is walked, then every table is searched."""

import json
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection

from tests.device import Device
from tests.station import Station, open_station
from tiemchung.ground import encryption
from tiemchung.ground.canonical import canonical
from tiemchung.ground.ids import new_id
from tiemchung.people import actions, lookup
from tiemchung.people.models import PersonStatement
from tiemchung.people.policy import Source
from tiemchung.people.statement import Statement
from tiemchung.visits.models import QuarantinedEvent, SiteEvent

pytestmark = pytest.mark.django_db

NAME, BIRTH_DATE = "Hoàng Thị Quỳnh Khuê", "03/09/1967"
CCCD, CMND, INSURANCE = "001167998877", "011998877", "HC4010998877665"
CORRECTED, ON_DEVICE, UNREADABLE = "001167998878", "001167998866", "001167998855"
NUMBERS = (CCCD, CMND, INSURANCE, CORRECTED, ON_DEVICE, UNREADABLE)


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def device(client, station) -> Device:
    client.force_login(station.nurse)
    return Device(client, station)


def whole_database() -> str:
    """Every row of every table, as COPY writes it: bytes as hexadecimal digits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        return "\n".join(_copied(cursor, table) for table in tables)


def _copied(cursor, table: str) -> str:
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy).decode()


def found_in(text: str, *values: str) -> list[str]:
    return [value for value in values if value in text or value.encode().hex() in text]


def stated(**changes) -> Statement:
    numbers = (("cccd", CCCD), ("cmnd", CMND))
    said = {"full_name": NAME, "birth_date": BIRTH_DATE, "sex": "female", "identity_numbers": numbers}
    return Statement(**said | {"insurance_number": INSURANCE} | changes)


def test_what_people_state_can_be_found_by_number_and_not_read(station):
    person = actions.declare(statement=stated(), source=Source.SITE, by=station.nurse.id)
    now = stated(identity_numbers=(("cccd", CORRECTED),))
    actions.correct(person_id=person.id, statement=now, source=Source.SITE, by=station.nurse.id)
    copy = whole_database()
    assert found_in(copy, NAME) == [NAME]  # what is there is found
    assert found_in(copy, *NUMBERS) == []
    assert lookup.by_number(CORRECTED) == [person]
    first, _ = PersonStatement.objects.order_by("id")
    assert first.content["identity_numbers"] == [["cccd", CCCD], ["cmnd", CMND]]


def test_what_devices_send_is_kept_word_for_word_and_cannot_be_read(device):
    content = {"person_id": new_id(), "full_name": NAME, "birth_date": BIRTH_DATE, "sex": "female"}
    declared = device.event("person_declared", content | {"identity_numbers": [{"value": ON_DEVICE}]})
    nonsense = [UNREADABLE, {"kind": UNREADABLE}, {"id": UNREADABLE, "content": {"scan": f"{UNREADABLE}|{NAME}"}}]
    nonsense += [device.event("person_declared", content | {"full_name": "", "note": UNREADABLE})]
    assert device.outcomes(declared, *nonsense) == ["accepted", *["quarantined"] * 4]
    assert found_in(whole_database(), *NUMBERS) == []
    taken = SiteEvent.objects.get()
    assert taken.content["content"]["identity_numbers"] == [{"value": ON_DEVICE}]
    assert taken.digest == encryption.digests(canonical(taken.content).decode())[0]
    kept = [json.dumps(event.content) for event in QuarantinedEvent.objects.all()]
    assert [UNREADABLE in each for each in kept] == [True] * 4


def test_what_is_typed_between_two_pages_cannot_be_read(device):
    session = device.client.session
    session["draft"] = {"identity_number": CCCD}
    session.save()
    rows = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects.values_list("session_data")
    assert rows
    plain = b"".join(part for (packed,) in rows for part in _unpacked(packed.encode()))
    assert found_in(plain.hex(), *NUMBERS) == []
    assert device.client.session["draft"] == {"identity_number": CCCD}


def _unpacked(packed: bytes):
    """What anybody can make of a session's row without a key: it is signed and packed, which hides nothing."""
    import zlib
    from base64 import urlsafe_b64decode

    for part in packed.strip(b".").split(b":"):
        raw = urlsafe_b64decode(part + b"=" * (-len(part) % 4))
        yield raw
        try:
            yield zlib.decompress(raw)
        except zlib.error:
            continue
