"""Officers of this side: their own accounts, bound to a commune, locked after wrong passwords."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.unit.population.police import PASSWORD, officer, pages, signed_in
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError
from tiemchung.population import actions_officers
from tiemchung.population.models import Act

__all__ = ["pages"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "field"), [({"commune_code": "99999"}, "commune"), ({"commune_code": "01"}, "commune")]
)
def test_an_officer_has_a_commune(changes: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        officer(**changes)
    assert refused.value.field == field


def test_a_name_is_taken_once() -> None:
    officer()
    with pytest.raises(ConflictError, match="officer_exists"):
        officer()


def test_a_short_password_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        actions_officers.open_officer(username="a", display_name="A", commune_code="00001", password="short")
    assert refused.value.field == "password"


def test_five_wrong_passwords_lock_a_name_for_a_quarter_of_an_hour(settings: Any) -> None:
    known = officer()
    for _ in range(5):
        with pytest.raises(InvalidInputError):
            actions_officers.sign_in(username=known.username, password="wrong")
    with pytest.raises(NotAllowedError, match="locked_out"):
        actions_officers.sign_in(username=known.username, password=PASSWORD)
    settings.CLOCK_OFFSET += timedelta(minutes=16)
    assert actions_officers.sign_in(username=known.username, password=PASSWORD) == known


def test_a_right_password_starts_the_count_anew() -> None:
    known = officer()
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(InvalidInputError):
                actions_officers.sign_in(username=known.username, password="wrong")
        assert actions_officers.sign_in(username=known.username, password=PASSWORD) == known


def test_an_unknown_name_reads_as_a_wrong_password_and_is_locked_too() -> None:
    for _ in range(5):
        with pytest.raises(InvalidInputError, match="not_let_in"):
            actions_officers.sign_in(username="nobody", password="x")
    with pytest.raises(NotAllowedError):
        actions_officers.sign_in(username="nobody", password="x")


def test_a_closed_account_is_out_at_once(pages: Client) -> None:
    known = signed_in(pages)
    assert pages.get("/").status_code == 200
    known.is_active = False
    known.save()
    assert pages.get("/").headers["Location"] == "/dang-nhap/"
    with pytest.raises(InvalidInputError):
        actions_officers.sign_in(username=known.username, password=PASSWORD)


def test_the_page_says_that_it_does_not_let_in(pages: Client) -> None:
    officer()
    answer = pages.post("/dang-nhap/", {"username": "ca.phucxa", "password": "wrong"})
    assert answer.status_code == 422
    assert "Tên hoặc mật khẩu chưa khớp" in answer.content.decode()


def test_signing_in_needs_the_token_of_the_page(pages: Client) -> None:
    officer()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/dang-nhap/", {"username": "ca.phucxa", "password": PASSWORD}).status_code == 403


def test_who_signs_out_is_out(pages: Client) -> None:
    signed_in(pages)
    pages.post("/dang-xuat/")
    assert pages.get("/").status_code == 302
    assert Act.objects.filter(act="sign_in").count() == 1
