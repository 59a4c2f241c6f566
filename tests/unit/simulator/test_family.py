"""A family of the play opens its book as people do: with the code from the message to its phone."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser

from tests.station import campaign, commune
from tiemchung.accounts.models import Account
from tiemchung.people.models import Holder
from tiemchung.places.models import Area
from tiemchung.simulator import family
from tiemchung.simulator.declarations import truthful
from tiemchung.simulator.guests import Guest
from tiemchung.simulator.residents import residents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


class InProcess:
    """Stands in for the play's connection to a server."""

    def __init__(self) -> None:
        self.browser = Browser()

    def get(self, path: str) -> Any:
        return self._shown(self.browser.get(path, follow=True))

    def post_form(self, path: str, fields: dict[str, str]) -> Any:
        return self._shown(self.browser.post(path, fields, follow=True))

    def _shown(self, answer: Any) -> Any:
        assert answer.status_code == 200
        return SimpleNamespace(text=answer.content.decode(), url=answer.request["PATH_INFO"])


def guests(count: int) -> list[Guest]:
    commune()
    campaign()
    people = residents(count, [Area.objects.get(level=3).code], on=family.DAY, seed=5)
    return [Guest(truthful(one), by_himself=True, first_dose_at=None, postponed=False) for one in people]


def test_a_household_opens_one_book_and_all_are_in_it():
    done: list[int] = []
    household = guests(2)[:1]
    family.register_household(InProcess(), household, lambda: done.append(1))  # type: ignore[arg-type]
    assert Account.objects.count() == 1
    assert [holder.person_id for holder in Holder.objects.all()] == [household[0].person_id]
    assert len(done) == 1


def test_two_households_at_once_read_each_its_own_code():
    first, second = InProcess(), InProcess()
    phones = ["0912345678", "0987654321"]
    for client, phone in zip((first, second), phones, strict=True):
        client.post_form("/so/mo-so/", {"phone": phone, "display_name": "An", "password": "mot-hai-ba-bon"})
    for client, phone in zip((first, second), phones, strict=True):
        code = family._code_sent_to(client, phone)  # type: ignore[arg-type]
        client.post_form("/so/mo-so/ma/", {"code": code})
    assert Account.objects.count() == 2
