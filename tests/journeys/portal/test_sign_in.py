"""Signing in leads each role to its own door, and tells a stranger nothing."""

from typing import Any

import pytest
from django.test import Client

from tests.station import PASSWORD, account_of, staff
from tiemchung.accounts.models import Account, Role
from tiemchung.ground import clock
from tiemchung.ground.models import AuditEntry
from tiemchung.messages import actions as messages

pytestmark = pytest.mark.django_db

AT_THE_TABLES = {Role.VACCINATOR, Role.DOCTOR, Role.DATA_CLERK}


def door_of(role: Role) -> str:
    return "/so/" if role == Role.CITIZEN else "/diem-tiem/" if role in AT_THE_TABLES else "/van-phong/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/dang-nhap/", {"username": username, "password": password, **more})


@pytest.mark.parametrize("role", list(Role))
def test_each_role_comes_to_its_own_door(client: Client, role: Role) -> None:
    assert sign_in(client, account_of(role).username)["Location"] == "/cua-toi/"
    assert client.get("/cua-toi/")["Location"] == door_of(role)


def test_who_was_stopped_at_a_page_comes_back_to_it(client: Client) -> None:
    head = account_of(Role.FACILITY_HEAD)
    stopped = client.get("/van-phong/ky-du-lieu/")
    assert stopped["Location"] == "/dang-nhap/?next=/van-phong/ky-du-lieu/"
    assert sign_in(client, head.username, next="/van-phong/ky-du-lieu/")["Location"] == "/van-phong/ky-du-lieu/"


def test_nobody_is_led_to_another_host(client: Client) -> None:
    head = account_of(Role.FACILITY_HEAD)
    assert sign_in(client, head.username, next="https://elsewhere.example/")["Location"] == "/cua-toi/"


def test_a_wrong_name_and_a_wrong_password_read_alike(client: Client) -> None:
    head = account_of(Role.FACILITY_HEAD)
    closed = account_of(Role.VACCINATOR)
    Account.objects.filter(id=closed.id).update(closed_on=clock.today())
    pages = []
    for username, password in [(head.username, "sai"), ("khong-co", PASSWORD), (closed.username, PASSWORD)]:
        response = sign_in(client, username, password)
        assert "Tên hoặc mật khẩu chưa khớp." in response.content.decode()
        pages.append(response.status_code)
    assert len(set(pages)) == 1


def test_signing_out_closes_the_door(client: Client) -> None:
    sign_in(client, account_of(Role.FACILITY_HEAD).username)
    assert client.get("/van-phong/").status_code == 200
    assert client.post("/dang-xuat/")["Location"] == "/"
    assert client.get("/van-phong/").status_code == 302


def test_signing_out_is_written_down_once(client: Client) -> None:
    head = account_of(Role.FACILITY_HEAD)
    sign_in(client, head.username)
    client.post("/dang-xuat/")
    client.post("/dang-xuat/")
    entry = AuditEntry.objects.get(act="accounts.sign_out")
    assert (entry.by, entry.subject) == (head.id, head.id)


def test_a_lock_out_says_whose_account_it_is(client: Client) -> None:
    head = account_of(Role.FACILITY_HEAD)
    for _ in range(5):
        sign_in(client, head.username, "wrong")
    assert AuditEntry.objects.get(act="accounts.lock_out").subject == head.id


def test_a_practice_installation_names_its_accounts_and_no_citizen(client: Client, settings: Any) -> None:
    head, citizen = account_of(Role.FACILITY_HEAD), staff(Role.CITIZEN, None, "0912345678", "Hạnh")
    assert head.username not in client.get("/dang-nhap/").content.decode()
    settings.PRACTICE = True
    page = client.get("/dang-nhap/").content.decode()
    assert head.username in page
    assert citizen.username not in page


def test_messages_are_shown_on_a_practice_installation_alone(client: Client, settings: Any) -> None:
    messages.send(to="0912345678", kind="passport", text="Hộ chiếu đã có.", person_id=None, by=None)
    assert client.get("/tin-nhan/").status_code == 404
    settings.PRACTICE = True
    assert "Hộ chiếu đã có." in client.get("/tin-nhan/").content.decode()


@pytest.mark.parametrize("path", ["/", "/tro-giup/"])
def test_the_public_pages_open_in_both_languages(client: Client, path: str) -> None:
    vietnamese = client.get(path).content.decode()
    english = client.get(path, headers={"Accept-Language": "en"}).content.decode()
    assert 'lang="vi"' in vietnamese
    assert "1900 9095" in vietnamese
    assert 'lang="en"' in english


def test_the_process_says_that_it_answers(client: Client) -> None:
    assert client.get("/song/").content == b"ok"


@pytest.mark.parametrize("path", ["/", "/tro-giup/", "/song/", "/san-sang/"])
def test_who_balances_or_watches_may_ask_for_the_head_alone(client: Client, path: str) -> None:
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
