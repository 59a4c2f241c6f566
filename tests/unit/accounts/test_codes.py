"""One-time codes: they prove that who asks has the phone in hand."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tiemchung.accounts import codes, lock_out
from tiemchung.accounts.actions import redeem_code, send_code
from tiemchung.accounts.models import OneTimeCode
from tiemchung.ground.errors import ConflictError, InvalidInputError, TooManyError
from tiemchung.ground.models import AuditEntry

pytestmark = pytest.mark.django_db
PHONE = "+84912345678"


def sent(phone: str = PHONE, address: str = "203.0.113.9") -> str:
    """Send a code and give what was delivered; empty when none was, as the last one is still fresh."""
    delivered: list[str] = []
    send_code(phone=phone, address=address, deliver=delivered.append)
    return delivered[0] if delivered else ""


def later(settings, **by: int) -> None:
    settings.CLOCK_OFFSET += timedelta(**by)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_has_six_digits_and_is_kept_as_a_hash_only():
    code = sent()
    assert re.fullmatch(r"\d{6}", code)
    row = OneTimeCode.objects.get()
    assert code not in " ".join(str(value) for value in vars(row).values())


def test_the_right_code_is_taken_once():
    code = sent()
    redeem_code(phone=PHONE, code=code)
    with pytest.raises(ConflictError) as refused:
        redeem_code(phone=PHONE, code=code)
    assert refused.value.code == "code_over"


def test_a_code_holds_for_its_own_phone_only():
    code = sent()
    with pytest.raises(ConflictError):
        redeem_code(phone="+84987654321", code=code)


def test_a_code_may_be_typed_with_blanks():
    code = sent()
    redeem_code(phone=PHONE, code=f" {code[:3]} {code[3:]}")
    assert OneTimeCode.objects.get().redeemed_at


def test_a_code_is_over_after_five_minutes(settings):
    code = sent()
    later(settings, minutes=5)
    with pytest.raises(ConflictError) as refused:
        redeem_code(phone=PHONE, code=code)
    assert (refused.value.code, refused.value.field) == ("code_over", "code")


def test_after_five_wrong_codes_the_right_one_is_over_too():
    code = sent()
    for _ in range(codes.ATTEMPTS):
        with pytest.raises(InvalidInputError) as refused:
            redeem_code(phone=PHONE, code=wrong(code))
        assert refused.value.code == "code_wrong"
    with pytest.raises(ConflictError):
        redeem_code(phone=PHONE, code=code)


def test_asking_again_at_once_sends_nothing_and_the_code_still_holds():
    code = sent()
    assert sent() == ""
    redeem_code(phone=PHONE, code=code)


def test_a_new_code_ends_the_earlier_one(settings):
    first = sent()
    later(settings, seconds=41)
    second = sent()
    if first != second:
        with pytest.raises(InvalidInputError):
            redeem_code(phone=PHONE, code=first)
    redeem_code(phone=PHONE, code=second)


def test_a_phone_gets_three_codes_in_a_quarter_of_an_hour(settings):
    for _ in range(3):
        assert sent()
        later(settings, seconds=60)
    with pytest.raises(ConflictError) as refused:
        sent()
    assert (refused.value.code, refused.value.field) == ("codes_too_many", "phone")
    assert sent("+84987654321")
    later(settings, minutes=13)
    assert sent()


def test_neither_code_nor_phone_is_in_the_audit():
    code = sent()
    redeem_code(phone=PHONE, code=code)
    acts = {entry.act: entry.detail for entry in AuditEntry.objects.all()}
    assert set(acts) == {"accounts.send_code", "accounts.redeem_code"}
    assert code not in str(acts)
    assert PHONE[3:] not in str(acts)


def test_one_network_may_ask_for_many_phones_and_then_waits(monkeypatch):
    monkeypatch.setattr(lock_out, "CODE_BY_ADDRESS", replace(lock_out.CODE_BY_ADDRESS, free=3))
    for number in range(3):
        assert sent(f"+8491234567{number}")
    with pytest.raises(TooManyError, match="codes_locked"):
        sent("+84912345679")
    assert sent("+84912345679", address="198.51.100.7")


def test_all_networks_together_are_bounded_too(monkeypatch):
    monkeypatch.setattr(lock_out, "CODE_IN_ALL", replace(lock_out.CODE_IN_ALL, free=3))
    for number in range(3):
        assert sent(f"+8491234567{number}", address=f"203.0.113.{number}")
    with pytest.raises(TooManyError, match="codes_locked"):
        sent("+84912345679", address="198.51.100.7")
