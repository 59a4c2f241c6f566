"""A device signs in, asks for the day, scans, works without network and sends what happened."""

import json
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from tests.device import ADDRESS, Device
from tests.station import PASSWORD, Station, code_read, open_station, staff
from tiemchung.accounts.models import Role
from tiemchung.doses.models import Dose
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import ReadEntry
from tiemchung.people.personal_qr import text_of
from tiemchung.visits.models import SiteEvent, Visit

pytestmark = pytest.mark.django_db


def signed_in(station: Station) -> Client:
    """A browser that keeps cookies and checks CSRF as a real one does."""
    browser = Client(enforce_csrf_checks=True)
    browser.get("/dang-nhap/")
    token = browser.cookies["csrftoken"].value
    said = {"username": station.nurse.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post("/dang-nhap/", said).status_code == 302
    return browser


def post(browser: Client, address: str, body: object, token: str | None = None):
    headers = {"X-CSRFToken": token} if token else {}
    return browser.post(address, data=json.dumps(body), content_type="application/json", headers=headers)


def test_a_device_signs_in_and_works_the_day(station):
    browser = signed_in(station)
    token = browser.cookies["csrftoken"].value
    (session,) = browser.get("/api/sessions/today").json()
    assert (session["id"], session["product"], session["came"]) == (str(station.session.id), "AZ", 0)
    person = station.person(full_name="Bùi Thị Ngát")
    arrival = post(browser, "/api/checkin/scan", {"text": text_of(person)}, token).json()
    assert arrival["person"]["full_name"] == "Bùi Thị Ngát"
    assert (arrival["session_id"], arrival["may_give"]["allowed"]) == (str(station.session.id), True)
    assert (arrival["due"]["number"], arrival["card"]) == (1, "none")
    assert ReadEntry.objects.get(person_id=person.id).by == station.nurse.id
    batch = Device(browser, station).journey(person.id)
    answers = post(browser, ADDRESS, {"events": batch}, token).json()["answers"]
    assert [answer["answer"] for answer in answers] == ["accepted"] * 4
    (session,) = browser.get("/api/sessions/today").json()
    assert (session["came"], session["injected"], session["observed"]) == (1, 1, 0)
    arrival = post(browser, "/api/checkin/scan", {"text": text_of(person)}, token).json()
    assert (arrival["card"], arrival["may_give"]["allowed"]) == ("yellow", False)
    assert arrival["visit_id"] == str(Visit.objects.get().id)


def test_without_the_csrf_token_nothing_is_taken(station):
    browser = signed_in(station)
    refused = post(browser, ADDRESS, {"events": [Device(browser, station).checked_in(new_id(), new_id())]})
    assert refused.status_code == 403
    assert set(refused.json()) == {"code", "field", "vi", "en"}
    assert not SiteEvent.objects.exists()


def test_nobody_and_others_are_refused_in_both_languages(client, station):
    refused = post(client, ADDRESS, {"events": []})
    assert refused.status_code == 401
    assert refused.json()["vi"] == "Xin đăng nhập trước."
    assert refused.json()["en"] == "Please sign in first."
    client.force_login(staff(Role.MINISTRY, None, "bo-y-te", "Bộ Y tế"))
    refused = post(client, ADDRESS, {"events": []})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"events": 7}', '{"events": null}'])
def test_a_body_that_is_no_batch_is_refused_by_its_field(client, station, body):
    client.force_login(station.nurse)
    refused = client.post(ADDRESS, data=body, content_type="application/json")
    assert refused.status_code in (400, 422)
    assert set(refused.json()) == {"code", "field", "vi", "en"}


def test_an_empty_batch_has_no_answers(client, station):
    client.force_login(station.nurse)
    assert post(client, ADDRESS, {"events": []}).json() == {"answers": []}


@pytest.mark.parametrize(
    ("text", "status"),
    [("001167999999", 404), ("0011", 422), ("", 422), ("HC1:NCFOXN%TS3D", 422), ("1|2|3", 422), ("x" * 2001, 422)],
)
def test_a_code_that_finds_nobody_says_why(client, station, text, status):
    client.force_login(station.nurse)
    refused = post(client, "/api/checkin/scan", {"text": text})
    assert refused.status_code == status
    assert all(refused.json()[language] for language in ("vi", "en"))


def test_the_document_describes_every_endpoint(client):
    document = client.get("/api/openapi.json").json()
    assert set(document["paths"]) == {"/api/events", "/api/sessions/today", "/api/checkin/scan"}
    events = document["components"]["schemas"]["Batch"]["properties"]["events"]
    assert events["maxItems"] == 500
    assert "injected" in events["items"]["properties"]["kind"]["enum"]


def test_no_personal_data_stands_in_an_address(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    assert not [one for path in paths.values() for method in path.values() for one in method.get("parameters", [])]


def test_a_step_at_a_time_comes_to_the_same(client, station):
    client.force_login(station.nurse)
    device = Device(client, station)
    answers = [device.outcomes(event) for event in device.journey(station.person().id)]
    assert answers == [["accepted"]] * 4


def test_a_batch_out_of_order_loses_nothing(client, station):
    client.force_login(station.nurse)
    device = Device(client, station)
    checked_in, screened, injected, ended = device.journey(station.person().id)
    assert device.outcomes(ended, injected) == ["quarantined", "quarantined"]
    assert device.outcomes(checked_in, screened) == ["accepted", "accepted"]
    assert device.outcomes(ended, injected) == ["accepted_with_findings", "accepted"]
    assert Dose.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_batch_sent_twice_at_one_moment_is_taken_once(client, station):
    people = [station.person() for _ in range(5)]
    client.force_login(station.nurse)
    batch = [event for person in people for event in Device(client, station).journey(person.id)]
    answers = at_once([station, station], [batch, batch])
    assert sorted(answers[0] + answers[1]) == ["accepted"] * 20 + ["already_had"] * 20
    assert (Visit.objects.count(), Dose.objects.count(), SiteEvent.objects.count()) == (5, 5, 20)


@pytest.mark.django_db(transaction=True)
def test_two_sites_that_enter_one_dose_at_one_moment_see_each_other(client, station):
    person, elsewhere = station.person(), open_station()
    code_read(elsewhere, person)
    batches = [Device(client, each).journey(person.id) for each in (station, elsewhere)]
    answers = at_once([station, elsewhere], batches)
    assert sorted(answers[0] + answers[1]) == ["accepted"] * 7 + ["accepted_with_findings"]
    assert Dose.objects.filter(person=person).count() == 2


def at_once(stations: list[Station], batches: list[list[dict]]) -> list[list[str]]:
    """Send each batch from a device of its own, all at one moment."""
    start, answers = Barrier(len(batches)), [[] for _ in batches]

    def send(index: int) -> None:
        browser = Client()
        browser.force_login(stations[index].nurse)
        start.wait()
        answers[index] = Device(browser, stations[index]).outcomes(*batches[index])
        connection.close()

    threads = [Thread(target=send, args=[index]) for index in range(len(batches))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
