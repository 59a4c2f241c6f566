"""Officers of this side: their own accounts, bound to a commune, locked after wrong passwords."""

import base64
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.unit.population.police import PASSWORD, officer, pages, record, signed_in
from tests.unit.population.register import enrol
from tiemchung.ground import totp
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.recovery_codes import plain
from tiemchung.population import actions_officers, actions_records, lock_out
from tiemchung.population.models import Act, Officer, OfficerRecoveryCode, SignInAttempt
from tiemchung.population.sealed import seal

__all__ = ["pages"]
HERE = "203.0.113.7"
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


def wrong(username: str = "ca.phucxa", network: str = HERE) -> None:
    with pytest.raises(InvalidInputError, match="not_let_in"):
        actions_officers.recognise(username=username, password="wrong", network=network)


def right(network: str = HERE) -> None:
    """Name, password, and in."""
    known = actions_officers.recognise(username="ca.phucxa", password=PASSWORD, network=network)
    actions_officers.let_in(officer=known, network=network)


def locked(network: str = HERE) -> bool:
    try:
        right(network)
    except NotAllowedError:
        return True
    return False


def test_five_wrong_passwords_lock_a_name_there_for_a_quarter_of_an_hour(settings: Any) -> None:
    officer()
    for _ in range(5):
        wrong()
    assert locked()
    settings.CLOCK_OFFSET += timedelta(minutes=16)
    assert not locked()


def test_a_right_password_starts_the_count_anew() -> None:
    officer()
    for _ in range(3):
        for _ in range(4):
            wrong()
        assert not locked()


def test_a_stranger_locks_out_himself_and_not_the_officer() -> None:
    """However often, and from however many networks, a stranger types the name: at his desk the officer goes on."""
    officer()
    right()
    for place in range(20):
        wrong(network=f"198.51.100.{place}")
    assert locked("198.51.100.200")  # from where he was never let in
    assert not locked(HERE)


def test_who_goes_from_name_to_name_is_locked_out() -> None:
    officer()
    for number in range(20):
        wrong(username=f"ca.{number}")
    assert locked()
    assert not locked("198.51.100.1")


@pytest.mark.parametrize("here", ["127.0.0.1", "::"])
def test_a_proxy_that_tells_nothing_of_its_callers_is_nobodys_network(here: str) -> None:
    """All callers look alike there: who goes from name to name must not shut out every officer of the country."""
    officer()
    for number in range(20):
        wrong(username=f"ca.{number}", network=here)
    assert not locked(here)
    for _ in range(5):
        wrong(network=here)
    assert locked(here)


def test_tries_go_by_time_whatever_name_was_typed(settings: Any) -> None:
    officer()
    right()
    for number in range(10):
        wrong(username=f"ca.{number}")
    settings.CLOCK_OFFSET += lock_out.WITHIN
    wrong()
    assert list(SignInAttempt.objects.values_list("succeeded", flat=True).order_by("id")) == [True, False]
    settings.CLOCK_OFFSET += lock_out.KNOWN_FOR
    wrong()
    assert list(SignInAttempt.objects.values_list("succeeded", flat=True)) == [False]


def test_an_unknown_name_reads_as_a_wrong_password_and_is_locked_too() -> None:
    for _ in range(5):
        wrong("nobody")
    with pytest.raises(NotAllowedError):
        actions_officers.recognise(username="nobody", password="x", network=HERE)


def test_a_closed_account_is_out_at_once(pages: Client) -> None:
    known = signed_in(pages)
    assert pages.get("/").status_code == 200
    known.is_active = False
    known.save()
    assert pages.get("/").headers["Location"] == "/dang-nhap/"
    with pytest.raises(InvalidInputError):
        right()


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


def code_of(secret: bytes) -> str:
    """The code that the app shows now."""
    return totp.code_at(secret, time.time())


def at_the_password(pages: Client) -> str:
    """Type name and password; gives where that leads."""
    answer = pages.post("/dang-nhap/", {"username": "ca.phucxa", "password": PASSWORD})
    return str(answer.headers["Location"])


def secret_shown(pages: Client) -> bytes:
    found = re.search(r"data-secret>([A-Z2-7 ]+)<", pages.get("/dang-nhap/cai-ma/").content.decode())
    assert found
    return base64.b32decode(found[1].replace(" ", ""))


@pytest.fixture
def asked(settings: Any, pages: Client) -> Client:
    """An installation that asks officers for a second factor."""
    settings.SECOND_FACTOR = True
    officer()
    return pages


def test_who_has_no_second_factor_sets_one_up_before_he_is_in(asked: Client) -> None:
    assert at_the_password(asked) == "/dang-nhap/cai-ma/"
    assert asked.get("/").headers["Location"] == "/dang-nhap/"
    secret = secret_shown(asked)
    assert asked.post("/dang-nhap/cai-ma/", {"code": "000000"}).status_code == 422
    assert len(codes_shown(asked.post("/dang-nhap/cai-ma/", {"code": code_of(secret)}))) == 10
    assert asked.get("/").status_code == 200
    kept = Officer.objects.get()
    assert totp.kept(secret) not in kept.factor
    assert set(Act.objects.values_list("act", flat=True)) >= {"set_factor", "sign_in"}


def codes_shown(answer: Any) -> list[str]:
    """The recovery codes on a page."""
    return re.findall(r"<li>([2-9a-z]{5}-[2-9a-z]{5})</li>", answer.content.decode())


def sheet() -> list[str]:
    """The recovery codes of an officer whose app is set up."""
    with_factor()
    return actions_officers.renew_recovery_codes(officer=Officer.objects.get())


def give(pages: Client, code: str, **more: str) -> Any:
    """Type the password, then a recovery code."""
    assert at_the_password(pages) == "/dang-nhap/ma/"
    return pages.post("/dang-nhap/ma-du-phong/", {"code": code, **more})


def test_a_recovery_code_lets_in_once_and_those_left_are_counted(asked: Client) -> None:
    first, second, *_ = sheet()
    assert give(asked, first.upper().replace("-", " ")).headers["Location"] == "/"
    asked.post("/dang-xuat/")
    again = give(asked, first)
    assert (again.status_code, "Mã dự phòng chưa đúng hoặc đã dùng" in again.content.decode()) == (422, True)
    assert give(asked, second).headers["Location"] == "/"
    assert [one.detail["left"] for one in Act.objects.filter(act="use_recovery_code").order_by("id")] == [9, 8]


def test_recovery_codes_are_kept_as_hashes_and_each_officer_has_his_own(asked: Client) -> None:
    codes = sheet()
    kept = set(OfficerRecoveryCode.objects.values_list("hashed", flat=True))
    assert not kept & {plain(code) for code in codes}
    other = officer(username="ca.khac")
    with pytest.raises(InvalidInputError, match="recovery_code_wrong"):
        actions_officers.take_recovery_code(officer=other, code=codes[0], network=HERE)


def test_who_lost_his_phone_sets_another_up_by_a_recovery_code(asked: Client) -> None:
    old, codes = with_factor(), actions_officers.renew_recovery_codes(officer=Officer.objects.get())
    assert give(asked, codes[0], lost="on").headers["Location"] == "/dang-nhap/cai-ma/"
    assert asked.get("/").headers["Location"] == "/dang-nhap/"
    assert Officer.objects.get().factor  # until the new app has shown a code the old one stays
    new = codes_shown(asked.post("/dang-nhap/cai-ma/", {"code": code_of(secret_shown(asked))}))
    assert asked.get("/").status_code == 200
    asked.post("/dang-xuat/")
    at_the_password(asked)
    assert asked.post("/dang-nhap/ma/", {"code": code_of(old)}).status_code == 422
    assert give(asked, codes[1]).status_code == 422
    assert give(asked, new[0]).headers["Location"] == "/"


def test_who_guesses_recovery_codes_is_locked_out(asked: Client) -> None:
    codes = sheet()
    for _ in range(5):
        give(asked, "22222-22222")
    assert asked.post("/dang-nhap/ma-du-phong/", {"code": codes[0]}).status_code == 422
    assert OfficerRecoveryCode.objects.filter(used_at=None).count() == 10


def test_a_reset_by_the_administrator_ends_the_sheet_too(asked: Client) -> None:
    sheet()
    actions_officers.reset_factor(username="ca.phucxa")
    assert not OfficerRecoveryCode.objects.exists()


def test_a_recovery_code_opens_nothing_without_the_password(asked: Client) -> None:
    code = sheet()[0]
    assert asked.post("/dang-nhap/ma-du-phong/", {"code": code}).headers["Location"] == "/dang-nhap/"


def with_factor() -> bytes:
    """An officer whose app is set up, as it was some time ago."""
    secret = totp.new_secret()
    Officer.objects.update(factor=seal(totp.kept(secret)))
    return secret


def test_who_has_one_is_asked_for_its_code_and_a_code_is_taken_once(asked: Client) -> None:
    code = code_of(with_factor())
    assert at_the_password(asked) == "/dang-nhap/ma/"
    assert asked.get("/dang-nhap/cai-ma/").headers["Location"] == "/dang-nhap/"
    assert asked.get("/").headers["Location"] == "/dang-nhap/"
    assert asked.post("/dang-nhap/ma/", {"code": code}).headers["Location"] == "/"
    asked.post("/dang-xuat/")
    at_the_password(asked)
    again = asked.post("/dang-nhap/ma/", {"code": code})
    assert again.status_code == 422
    assert "Mã chưa đúng hoặc đã dùng" in again.content.decode()


def test_wrong_codes_lock_as_wrong_passwords_do(asked: Client) -> None:
    secret = with_factor()
    for _ in range(5):
        at_the_password(asked)
        asked.post("/dang-nhap/ma/", {"code": "000000"})
    assert SignInAttempt.objects.filter(succeeded=False).count() == 5
    assert asked.post("/dang-nhap/ma/", {"code": code_of(secret)}).status_code == 422
    assert asked.post("/dang-nhap/", {"username": "ca.phucxa", "password": PASSWORD}).status_code == 422


def test_no_code_opens_without_the_password_or_long_after_it(asked: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = with_factor()
    for path in ("/dang-nhap/ma/", "/dang-nhap/cai-ma/"):
        assert asked.post(path, {"code": code_of(secret)}).headers["Location"] == "/dang-nhap/"
    at_the_password(asked)
    later = time.time() + 601
    monkeypatch.setattr("tiemchung.population.signing_in.time.time", lambda: later)
    assert asked.post("/dang-nhap/ma/", {"code": code_of(secret)}).headers["Location"] == "/dang-nhap/"


def test_who_lost_his_phone_sets_up_another_when_the_administrator_has_reset_it(asked: Client) -> None:
    with_factor()
    with pytest.raises(NotFoundError) as refused:
        actions_officers.reset_factor(username="nobody")
    assert refused.value.field == "username"
    actions_officers.reset_factor(username="ca.phucxa")
    assert at_the_password(asked) == "/dang-nhap/cai-ma/"


def test_a_factor_is_not_set_over_another(asked: Client) -> None:
    with_factor()
    secret = totp.new_secret()
    with pytest.raises(ConflictError) as refused:
        actions_officers.set_factor(officer=Officer.objects.get(), secret=secret, code=code_of(secret), network=HERE)
    assert refused.value.code == "factor_is_set"


def test_an_installation_for_practice_asks_for_none_but_of_who_has_one(pages: Client, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    officer()
    assert at_the_password(pages) == "/"
    pages.post("/dang-xuat/")
    with_factor()
    assert at_the_password(pages) == "/dang-nhap/ma/"


def test_whose_second_factor_was_reset_is_out_on_every_browser(asked: Client) -> None:
    """Whoever found the phone may have found a browser that is signed in."""
    code = code_of(with_factor())
    at_the_password(asked)
    asked.post("/dang-nhap/ma/", {"code": code})
    assert asked.get("/").status_code == 200
    actions_officers.reset_factor(username="ca.phucxa")
    assert asked.get("/").headers["Location"] == "/dang-nhap/"


def test_who_sets_another_phone_up_is_out_on_the_browsers_from_before(asked: Client) -> None:
    codes, before = sheet(), Client()
    give(before, codes[0])
    assert before.get("/").status_code == 200
    give(asked, codes[1], lost="on")
    asked.post("/dang-nhap/cai-ma/", {"code": code_of(secret_shown(asked))})
    assert asked.get("/").status_code == 200
    assert before.get("/").headers["Location"] == "/dang-nhap/"


def test_a_record_that_was_withdrawn_shows_nobody_any_more(pages: Client) -> None:
    """The health side needs no answer: then no officer needs the register's values."""
    enrol()
    signed_in(pages)
    found = record()
    assert "1984" in pages.get(f"/ho-so/{found.id}/").content.decode()
    actions_records.withdraw(ids=[found.id])
    answer = pages.get(f"/ho-so/{found.id}/")
    assert (answer.status_code, "1984" in answer.content.decode()) == (409, False)
    assert "không cần xác nhận hồ sơ này nữa" in answer.content.decode()
