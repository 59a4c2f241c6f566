"""A sign-in ends when it should, wherever it was begun, and its row lets nobody in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tests.station import PASSWORD, account_of
from tiemchung.accounts import limits
from tiemchung.accounts.actions_sign_in import end_sign_ins, forget_ended
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.models_sign_in import SignIn
from tiemchung.accounts.sessions import SessionStore
from tiemchung.accounts.signed_in import SignedInMiddleware
from tiemchung.ground import clock

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/125.0 Mobile Safari/537.36"


@pytest.fixture
def head() -> Account:
    return account_of(Role.FACILITY_HEAD)


def signed_in(account: Account, **headers: str) -> Client:
    client = Client(headers={"user-agent": PHONE, **headers})
    client.post("/dang-nhap/", {"username": account.username, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def age(**by: Any) -> None:
    """Let every sign-in have been begun and seen that much earlier."""
    shift = timedelta(**by)
    for row in SignIn.objects.all():
        row.since, row.seen_at, row.expire_date = row.since - shift, row.seen_at - shift, row.expire_date - shift
        row.save()


def test_a_sign_in_is_a_row_with_when_where_and_how(head: Account) -> None:
    signed_in(head)
    row = SignIn.objects.get(account=head)
    assert (row.device, row.address, row.way) == ("Chrome, Android", "127.0.0.1", "password")


def test_the_row_holds_a_digest_of_what_the_browser_holds(head: Account) -> None:
    client = signed_in(head)
    held = client.cookies["sessionid"].value
    assert SignIn.objects.get(account=head).session_key != held
    thief = Client()
    thief.cookies["sessionid"] = SignIn.objects.get(account=head).session_key
    assert is_in(client)
    assert not is_in(thief)


def test_staff_are_out_after_an_hour_without_a_request(head: Account) -> None:
    client = signed_in(head)
    age(minutes=59)
    assert is_in(client)
    age(minutes=61)
    assert not is_in(client)


def test_being_seen_moves_the_end_but_not_beyond_the_longest(head: Account) -> None:
    client = signed_in(head)
    for _ in range(13):
        age(minutes=55)
        assert is_in(client)
    age(minutes=30)
    assert not is_in(client)


def test_a_citizen_stays_signed_in_for_days() -> None:
    client = signed_in(account_of(Role.CITIZEN))
    age(days=6)
    assert is_in(client)
    age(days=8)
    assert not is_in(client)


def test_the_installation_may_shorten_staffs_limits(head: Account, settings: Any) -> None:
    settings.STAFF_IDLE = timedelta(minutes=5)
    client = signed_in(head)
    age(minutes=6)
    assert not is_in(client)
    assert limits.citizen().idle == timedelta(days=7)


def test_what_a_page_writes_into_the_session_moves_no_limit(head: Account) -> None:
    client = signed_in(head)
    age(hours=11, minutes=30)
    SignIn.objects.update(expire_date=datetime.now(UTC) + timedelta(minutes=1))
    session = client.session
    session["x"] = 1
    session.save()
    assert SignIn.objects.get(account=head).expire_date <= datetime.now(UTC) + timedelta(hours=1)


@pytest.mark.parametrize("change", [{"suspended_at": clock.now()}, {"closed_on": date(2000, 1, 1)}, {"password": "!"}])
def test_closing_the_account_or_changing_the_password_ends_it(head: Account, change: dict[str, Any]) -> None:
    client = signed_in(head)
    Account.objects.filter(id=head.id).update(**change)
    assert not is_in(client)


def test_out_everywhere_is_out_at_the_next_request(head: Account) -> None:
    here, there = signed_in(head), signed_in(head)
    assert end_sign_ins(account=head, by=head.id) == 2
    assert not is_in(here)
    assert not is_in(there)


def test_what_ended_is_deleted(head: Account) -> None:
    signed_in(head)
    age(days=2)
    signed_in(head)
    assert forget_ended(by=None) == 1
    assert SignIn.objects.filter(account=head).count() == 1


def test_a_new_key_is_given_at_sign_in(head: Account) -> None:
    client = Client()
    client.get("/so/mo-so/")
    before = SessionStore()
    before["x"] = 1
    before.save()
    client.cookies["sessionid"] = before.session_key
    client.post("/dang-nhap/", {"username": head.username, "password": PASSWORD})
    assert client.cookies["sessionid"].value != before.session_key
    assert not SessionStore().exists(str(before.session_key))


def test_who_signed_in_is_one_question_to_the_database(head: Account, django_assert_num_queries: Any) -> None:
    client = signed_in(head)
    request = RequestFactory().get("/")
    request.session = SessionStore(client.cookies["sessionid"].value)
    SignedInMiddleware(lambda _: HttpResponse())(request)
    with django_assert_num_queries(1):
        assert request.user == head
        assert (request.user.username, request.user.facility_id) == (head.username, head.facility_id)


def test_whose_password_changed_elsewhere_is_out(head: Account) -> None:
    client = signed_in(head)
    head.set_password("nam-sau-bay-tam")
    head.save()
    assert not is_in(client)


def test_who_came_by_a_way_that_is_shut_is_out(head: Account, settings: Any) -> None:
    client = signed_in(head)
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.RemoteUserBackend"]
    assert not is_in(client)
