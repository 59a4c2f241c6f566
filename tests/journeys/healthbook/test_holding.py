"""A family sees which accounts hold its books, and closes one to whom no site has confirmed."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.journeys.healthbook.book import add, page, person_of, sign_up
from tests.unit.people.made import declared
from tiemchung.people.models import Holder, Person
from tiemchung.people.policy import Source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
STRANGER = "0987654321"


@pytest.fixture
def taken() -> tuple[Person, Client]:
    """A stranger stated her first, under his own phone; then she gave hers at a site."""
    sign_up(stranger := Client(), phone=STRANGER)
    person = person_of(add(stranger, phone=STRANGER))
    declared(Source.SITE)
    return person, stranger


def end(client: Client, phone: str) -> None:
    hold = Holder.objects.get(account__username=phone)
    answer = client.post(reverse("healthbook:end-hold", args=[hold.id]))
    assert answer.url == reverse("healthbook:readers")


def test_the_owner_sees_the_stranger_and_closes_the_book_to_him(client: Client, taken: tuple[Person, Client]):
    person, stranger = taken
    sign_up(client)
    assert person_of(add(client)) == person
    shown = page(client, "readers")
    assert "3 số cuối 321" in shown
    assert STRANGER not in shown
    end(client, STRANGER)
    assert "3 số cuối 321" not in page(client, "readers")
    assert stranger.get(reverse("healthbook:card", args=[person.id])).status_code == 404


def test_the_stranger_does_not_close_the_book_to_the_owner(client: Client, taken: tuple[Person, Client]):
    person, stranger = taken
    sign_up(client)
    add(client)
    end(stranger, "0912345678")
    assert "Chưa ngừng được quyền xem này" in page(stranger, "readers")
    assert client.get(reverse("healthbook:card", args=[person.id])).status_code == 200
