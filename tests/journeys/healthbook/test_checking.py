"""The holder put something right and sees at once whether it matches: the field and the cure, never the kind."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.other_side import OtherSide, patiently_asked
from tests.unit.people.made import citizen, declared
from tiemchung.identity import patience
from tiemchung.people.actions import hold
from tiemchung.people.models import Person, Relation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
HX = {"HX-Request": "true"}


@pytest.fixture
def side(settings: Any) -> Iterator[OtherSide]:
    patience.note("")
    with patiently_asked() as found:
        settings.POPULATION_URL = found.address
        yield found


@pytest.fixture
def person(client: Client) -> Person:
    found, account = declared(), citizen()
    hold(account=account, person=found, relation=Relation.SELF, by=account.id)
    client.force_login(account)
    return found


def swapped(asked: list[dict[str, Any]]) -> dict[str, Any]:
    fields = {"number": "right", "full_name": "right", "birth_date": "day_month_swap", "sex": "right"}
    return {"answers": [{"id": one["id"], "verdict": "wrong", "fields": fields, "handle": ""} for one in asked]}


def test_the_card_asks_by_itself_while_he_is_unchecked(client: Client, person: Person, side: OtherSide) -> None:
    assert (
        f'hx-post="/so/nguoi/{person.id}/doi-chieu/"'
        in client.get(f"/so/nguoi/{person.id}/chung-nhan/").content.decode()
    )
    part = client.post(f"/so/nguoi/{person.id}/doi-chieu/", headers=HX).content.decode()
    assert "Thông tin đã khớp" in part
    assert "hx-post" not in client.get(f"/so/nguoi/{person.id}/chung-nhan/").content.decode()


def test_he_sees_field_and_cure_and_not_the_kind(client: Client, person: Person, side: OtherSide) -> None:
    side.answer = swapped
    part = client.post(f"/so/nguoi/{person.id}/doi-chieu/", headers=HX).content.decode()
    assert "Ngày sinh chưa khớp. Xin sửa theo thẻ căn cước." in part
    assert "đổi chỗ" not in part
    assert "day_month_swap" not in part


def test_another_familys_person_is_not_asked_about(client: Client, person: Person, side: OtherSide) -> None:
    stranger = declared(full_name="Đặng Quang Lộc", birth_date="29/03/1957", sex="male", identity_numbers=())
    assert client.post(f"/so/nguoi/{stranger.id}/doi-chieu/", headers=HX).status_code == 404
    assert side.asked == []


def test_without_a_script_the_button_leads_back_to_the_card(client: Client, person: Person, side: OtherSide) -> None:
    answer = client.post(f"/so/nguoi/{person.id}/doi-chieu/")
    assert answer.headers["Location"] == f"/so/nguoi/{person.id}/chung-nhan/"
