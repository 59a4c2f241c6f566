"""A citizen takes along all that is kept about somebody of the family, and nobody else's."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from tests.journeys.healthbook.book import add, sign_up
from tests.station import live_on_the_day, open_station
from tests.unit.people.made import declared
from tiemchung.ground.models import AuditEntry
from tiemchung.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    live_on_the_day(settings)
    open_station(product="PF")


@pytest.fixture
def hanh(client: Client) -> Person:
    sign_up(client)
    add(client)
    return Person.objects.get(full_name="Nguyễn Thị Thu Hạnh")


def test_the_page_says_what_is_kept_and_for_how_long(client: Client, hanh: Person) -> None:
    page = client.get(reverse("healthbook:export", args=[hanh.id]))
    assert page["Cache-Control"] == "no-store"
    said = page.content.decode()
    assert "Lời khai" in said
    assert "1825 ngày" in said
    assert (
        reverse("healthbook:export", args=[hanh.id])
        in client.get(reverse("healthbook:card", args=[hanh.id])).content.decode()
    )


def test_the_file_comes_when_it_is_asked_for(client: Client, hanh: Person) -> None:
    answer = client.post(reverse("healthbook:export", args=[hanh.id]))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "no-store")
    assert "Hạnh" not in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert hanh.full_name in file.read("doc-toi.html").decode()
    assert AuditEntry.objects.filter(act="privacy.export", person_id=hanh.id).count() == 1


def test_a_stranger_is_not_found(client: Client, hanh: Person) -> None:
    other = declared(full_name="Lường Thị Mận", identity_numbers=((None, "001184000025"),), phone="0987654321")
    for method in (client.get, client.post):
        assert method(reverse("healthbook:export", args=[other.id])).status_code == 404
    assert not AuditEntry.objects.filter(act="privacy.export").exists()
