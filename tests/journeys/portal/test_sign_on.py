"""A ministry's own sign-on, against a provider in a process's thread: whose account it is, and who is turned away."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.conf import settings
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread

from tests.station import account_of
from tiemchung.accounts import second_factor
from tiemchung.accounts.actions_second_factor import set_up
from tiemchung.accounts.actions_sign_on import link
from tiemchung.accounts.actions_staff import reset_password
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.models_access import ApiClient
from tiemchung.accounts.models_sign_in import SignIn, SignOnLink
from tiemchung.ground.environment_sign_on import SignOn
from tiemchung.ground.errors import NotAllowedError
from tiemchung.ground.models import AuditEntry
from tiemchung.portal import sign_on

pytestmark = pytest.mark.django_db
TWO, ONE, STRANGER = "truong-hai-lop", "truong-mot-lop", "nguoi-la"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    people = [
        User(sub="1", claims={"preferred_username": TWO, "amr": ["pwd", "mfa"]}),
        User(sub="2", claims={"preferred_username": ONE, "amr": ["pwd"]}),
        User(sub="4", claims={"preferred_username": TWO, "amr": ["mfa"]}),
        User(sub="3", claims={"preferred_username": STRANGER, "amr": ["mfa"]}),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with run_server_in_thread(user_claims=people, require_nonce=True) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def configured(provider: str, settings: Any) -> SignOn:
    sign_on._client.cache_clear()
    settings.SECOND_FACTOR = True
    settings.SIGN_ON = SignOn(provider, "tiemchung", "bi-mat", "Bộ Y tế", "preferred_username", frozenset({"mfa"}))
    return settings.SIGN_ON


def head(username: str, **changes: Any) -> Account:
    account = account_of(Role.FACILITY_HEAD)
    Account.objects.filter(id=account.id).update(username=username, **changes)
    return Account.objects.get(id=account.id)


def to_provider(client: Client, following: str = "") -> str:
    response = client.get("/dang-nhap/mot-cua/", {"next": following})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def answered(address: str, sub: str) -> str:
    """Who signs in at the provider: gives the address that he is sent back to, on our host."""
    back = urlsplit(httpx.post(address, data={"sub": sub}).headers["Location"])
    return f"{back.path}?{back.query}"


def sign_in(client: Client, sub: str, following: str = "") -> Any:
    return client.get(answered(to_provider(client, following), sub))


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def test_the_button_stands_there_only_where_there_is_a_provider(client: Client, settings: Any) -> None:
    assert "vào qua Bộ Y tế" in client.get("/dang-nhap/").content.decode()
    settings.SIGN_ON = None
    assert "vào qua" not in client.get("/dang-nhap/").content.decode()
    assert client.get("/dang-nhap/mot-cua/").status_code == 404
    assert client.get("/dang-nhap/mot-cua/ve/").status_code == 404


def test_the_provider_is_asked_with_state_nonce_and_pkce(client: Client) -> None:
    asked = parse_qs(urlsplit(to_provider(client)).query)
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert asked["code_challenge_method"] == ["S256"]


def test_who_gave_two_factors_there_is_in_and_comes_to_where_he_wanted(client: Client) -> None:
    account = head(TWO)
    assert sign_in(client, "1", "/van-phong/ky-du-lieu/")["Location"] == "/van-phong/ky-du-lieu/"
    assert is_in(client)
    assert SignIn.objects.get(account=account).way == "sign_on"


def test_who_gave_one_is_asked_for_ours_on_top(client: Client) -> None:
    head(ONE)
    assert sign_in(client, "2")["Location"] == "/dang-nhap/cai-ma/"
    assert not is_in(client)


def test_two_factors_are_only_what_the_installation_takes_for_them(client: Client, settings: Any) -> None:
    settings.SIGN_ON = replace(settings.SIGN_ON, two_factors=frozenset({"hwk"}))
    head(TWO)
    assert sign_in(client, "1")["Location"] == "/dang-nhap/cai-ma/"


def is_turned_away(client: Client, response: Any, words: str) -> bool:
    return response.status_code == 403 and words in response.content.decode() and not is_in(client)


def test_nobody_gets_an_account_by_signing_in_there(client: Client) -> None:
    assert is_turned_away(client, sign_in(client, "3"), "Chưa có tài khoản nào ở đây")
    assert not Account.objects.exists()


def test_a_suspended_account_stays_shut(client: Client) -> None:
    from tiemchung.ground import clock

    head(TWO, suspended_at=clock.now())
    assert is_turned_away(client, sign_in(client, "1"), "Chưa có tài khoản nào ở đây")


def test_a_citizens_account_is_none_of_the_ministrys(client: Client) -> None:
    citizen = account_of(Role.CITIZEN)
    Account.objects.filter(id=citizen.id).update(username=TWO)
    assert is_turned_away(client, sign_in(client, "1"), "Chưa có tài khoản nào ở đây")


def test_a_programs_account_is_nobodys_to_sign_on_to(client: Client) -> None:
    program = head(TWO)
    ApiClient.objects.create(
        account=program, contact="x", pages=["api:events"], per_minute=1, per_day=1, made_at=program.created_at
    )
    assert is_turned_away(client, sign_in(client, "1"), "Chưa có tài khoản nào ở đây")


def test_who_is_bound_is_found_by_sub_whatever_he_is_called_there(client: Client) -> None:
    account = head(TWO)
    sign_in(client, "1")
    Account.objects.filter(id=account.id).update(username="ten-khac")
    again = Client()
    sign_in(again, "1")
    assert is_in(again)
    assert AuditEntry.objects.filter(act="accounts.link_sign_on", subject=account.id).count() == 1


def test_who_has_the_name_later_is_not_the_account(client: Client) -> None:
    head(TWO)
    sign_in(client, "1")
    later = Client()
    assert is_turned_away(later, sign_in(later, "4"), "đã gắn với người khác")


def test_nobody_is_bound_before_the_last_step(client: Client) -> None:
    account = head(ONE)
    sign_in(client, "2")
    assert not SignOnLink.objects.filter(account=account).exists()


def test_who_was_overtaken_on_the_way_is_turned_away(client: Client) -> None:
    account = head(ONE)
    secret = second_factor.new_secret()
    set_up(account=account, secret=secret, code=second_factor.code_at(secret, time.time() - 30), by=None)
    assert sign_in(client, "2")["Location"] == "/dang-nhap/ma/"
    link(account=account, issuer=settings.SIGN_ON.issuer, subject="5", by=None)
    page = client.post("/dang-nhap/ma/", {"code": second_factor.code_at(secret, time.time())}, follow=True)
    assert "đã gắn với người khác" in page.content.decode()
    assert not is_in(client)


def test_a_new_activation_code_unbinds(client: Client) -> None:
    account = head(TWO)
    sign_in(client, "1")
    reset_password(account_id=account.id, by=None)
    later = Client()
    sign_in(later, "4")
    assert is_in(later)
    assert SignOnLink.objects.get(account=account).subject == "4"


def test_the_same_sub_of_another_provider_is_somebody_else(client: Client) -> None:
    account = head("khac-ten")
    link(account=account, issuer="https://elsewhere.example", subject="1", by=None)
    assert is_turned_away(client, sign_in(client, "1"), "Chưa có tài khoản nào ở đây")


def test_an_account_is_bound_to_one_person_at_a_time() -> None:
    account = head(TWO)
    link(account=account, issuer="https://a.example", subject="1", by=None)
    link(account=account, issuer="https://a.example", subject="1", by=None)
    with pytest.raises(NotAllowedError, match="sign_on_bound"):
        link(account=account, issuer="https://a.example", subject="2", by=None)
    assert SignOnLink.objects.count() == 1


def test_another_state_than_was_sent_is_not_taken(client: Client) -> None:
    head(TWO)
    back = answered(to_provider(client), "1")
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert is_turned_away(client, client.get(back.replace(state, "khac")), "Thử lại từ đầu")


def test_an_answer_meant_for_another_browser_is_not_taken(client: Client) -> None:
    head(TWO)
    back = answered(to_provider(Client()), "1")
    assert is_turned_away(client, client.get(back), "Thử lại từ đầu")


def test_another_nonce_than_was_sent_is_not_taken(client: Client) -> None:
    head(TWO)
    asked = to_provider(client)
    nonce = parse_qs(urlsplit(asked).query)["nonce"][0]
    back = answered(asked.replace(nonce, "khac"), "1")
    assert is_turned_away(client, client.get(back), "Thử lại từ đầu")


def test_an_answer_is_taken_once(client: Client) -> None:
    head(TWO)
    back = answered(to_provider(client), "1")
    client.get(back)
    client.post("/dang-xuat/")
    assert is_turned_away(client, client.get(back), "Thử lại từ đầu")


def test_a_provider_that_calls_itself_otherwise_is_not_believed(client: Client, settings: Any) -> None:
    settings.SIGN_ON = replace(settings.SIGN_ON, issuer=settings.SIGN_ON.issuer.replace("localhost", "127.0.0.1"))
    right = sign_on._client(settings.SIGN_ON)
    right.server_metadata["issuer"] = "https://elsewhere.example"
    right.server_metadata["_loaded_at"] = 1
    assert is_turned_away(client, client.get("/dang-nhap/mot-cua/"), "Thử lại từ đầu")


def test_a_token_of_another_issuer_is_not_taken(client: Client, configured: SignOn) -> None:
    head(TWO)
    back = answered(to_provider(client), "1")
    client_of_ours = sign_on._client(configured)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign_on, "_check_issuer", lambda provider: None)
        patch.setitem(client_of_ours.server_metadata, "issuer", "https://elsewhere.example")
        assert is_turned_away(client, client.get(back), "Thử lại từ đầu")


def test_who_says_no_there_is_told_how_to_go_on(client: Client) -> None:
    state = parse_qs(urlsplit(to_provider(client)).query)["state"][0]
    response = client.get("/dang-nhap/mot-cua/ve/", {"error": "access_denied", "state": state})
    assert is_turned_away(client, response, "Thử lại từ đầu")


def test_a_provider_that_does_not_answer_is_said_so(client: Client, settings: Any) -> None:
    settings.SIGN_ON = replace(settings.SIGN_ON, issuer="http://localhost:9")
    assert is_turned_away(client, client.get("/dang-nhap/mot-cua/"), "Thử lại từ đầu")


def test_nothing_of_a_refusal_is_logged_but_its_kind(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/dang-nhap/mot-cua/ve/", {"error": "x", "error_description": "Hoàng Thị Khuê"})
    assert "Khuê" not in caplog.text
    assert "OAuthError" in caplog.text
