"""Names, numbers and phones stay where they belong: not in addresses, audit details, error pages or logs.

A person with a name that occurs nowhere else goes through the system; wherever it must not be, it is looked for.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.ledger import attested, enrol_keys, given_dose, judged
from tests.station import PASSWORD, Station, open_station
from tiemchung.doses import actions as doses
from tiemchung.figures import actions as figures
from tiemchung.ground import clock
from tiemchung.ground.models import AuditEntry, ReadEntry
from tiemchung.messages.models import Message
from tiemchung.passports import actions_issue
from tiemchung.passports.models import Passport
from tiemchung.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]

NAME, NUMBER, PHONE = "Hoàng Thị Quỳnh Khuê", "001167998877", "0987654321"
MARKS = ("Quỳnh Khuê", "QUYNH KHUE", "QUYNH<KHUE", NUMBER, PHONE, PHONE[1:], "1967-09-03", "03/09/1967")


def marks_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text]


@pytest.fixture
def station() -> Station:
    found = open_station()
    enrol_keys(found.facility.id)
    return found


@pytest.fixture
def person(station: Station) -> Person:
    """She has had her course, was verified and attested, has a passport, and a doubtful dose that was voided."""
    found = station.person(full_name=NAME, identity_numbers=(("cccd", NUMBER),), phone=PHONE)
    for month in (9, 12):
        given_dose(station, found, clock.today().replace(year=2021, month=month, day=1))
    judged(found)
    attested(station, found)
    actions_issue.issue_due(by=None)
    odd = doses.report(person_id=found.id, product="AZ", lot_number="KHONGCO", injected_at=clock.now(), by=station.head)
    doses.void(dose_id=odd.id, reason=f"Không phải của {NAME}", by=station.head)
    figures.take(by=None)
    return found


def test_the_audit_holds_ids_codes_and_counts(person: Person) -> None:
    assert AuditEntry.objects.filter(person_id=person.id).exists()
    for entry in AuditEntry.objects.all():
        assert marks_in(f"{entry.act} {json.dumps(entry.detail, ensure_ascii=False)}") == [], entry.act


def test_looks_at_a_record_name_it_by_id(person: Person, client: Client, station: Station) -> None:
    client.login(username=station.head.username, password=PASSWORD)
    client.get("/van-phong/ky-du-lieu/")
    for entry in ReadEntry.objects.all():
        assert marks_in(entry.reason) == []


def test_messages_say_neither_name_nor_number(person: Person) -> None:
    texts = list(Message.objects.values_list("text", flat=True))
    assert texts
    assert [marks_in(text) for text in texts] == [[] for _ in texts]


def test_an_attested_leaf_holds_no_name_and_a_passport_no_number(person: Person) -> None:
    from tiemchung.hcert import decode
    from tiemchung.passports import proof

    passport = Passport.objects.get()
    said = json.dumps(decode(passport.text).dcc, ensure_ascii=False)
    assert [mark for mark in (NUMBER, PHONE) if mark in said] == []
    assert "Quỳnh Khuê" in said
    for one in proof.of_passport(passport):
        assert marks_in(json.dumps(one.content, ensure_ascii=False) + one.statement) == []


CODES_IN_ADDRESSES = {
    "office:audit-time": "the moment at which an hour begins",
    "portal:trust-list-country": "a country",
    "clinic:person": "how somebody was found",
    "office:cleaning-group": "which field is wrong, and how",
}


def test_no_address_has_room_for_more_than_ids_but_for_these_codes() -> None:
    assert set(_with_text(get_resolver())) == set(CODES_IN_ADDRESSES)


def _with_text(resolver: Any, space: str = "") -> list[str]:
    found = []
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            found += _with_text(one, one.namespace or space)
        elif {type(each).__name__ for each in one.pattern.converters.values()} - {"UUIDConverter"}:
            found.append(f"{space}:{one.name}")
    return found


def test_public_pages_show_nobody(person: Person, client: Client) -> None:
    for path in ("/", "/so-lieu/", "/so-lieu/tinh.csv", "/tro-giup/", "/kiem-tra/", "/dang-nhap/", "/trustList"):
        assert marks_in(client.get(path).content.decode()) == [], path


@pytest.mark.parametrize(
    "ask",
    [
        lambda client, person: client.get(f"/{NUMBER}"),
        lambda client, person: client.get(f"/van-phong/?so={NUMBER}"),
        lambda client, person: client.post("/dang-nhap/", {"username": PHONE, "password": NUMBER}),
        lambda client, person: client.get(f"/so/{person.id}/the/"),
        lambda client, person: client.post("/kiem-tra/", {"text": f"HC1:{NUMBER}"}),
    ],
)
def test_an_error_page_repeats_nothing_of_a_record(
    person: Person, client: Client, caplog: pytest.LogCaptureFixture, ask: Callable[[Client, Person], Any]
) -> None:
    with caplog.at_level(logging.DEBUG):
        page = ask(client, person).content.decode()
    assert [mark for mark in marks_in(page) if mark not in (PHONE, PHONE[1:])] == []
    assert "Quỳnh Khuê" not in caplog.text


def test_a_page_that_breaks_says_nothing_of_what_it_was_about(
    person: Person, client: Client, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tiemchung.office import views

    def broken(_: Any) -> Any:
        raise RuntimeError(NAME)

    monkeypatch.setattr(views, "of_facility", broken)
    client.raise_request_exception = False
    client.login(username=station.head.username, password=PASSWORD)
    response = client.get("/van-phong/")
    assert response.status_code == 500
    assert marks_in(response.content.decode()) == []


def test_a_person_and_a_citizen_print_as_ids(person: Person) -> None:
    from tiemchung.population.models import Citizen

    citizen = Citizen(full_name=NAME, birth_date="1967-09-03", sex="female")
    assert marks_in(f"{person} {person!r} {citizen} {citizen!r}") == []
