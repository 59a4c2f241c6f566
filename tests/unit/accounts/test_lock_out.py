"""Guessing ends soon, and shuts out nobody but the guesser."""

from datetime import timedelta
from typing import Any

import pytest

from tiemchung.accounts import lock_out
from tiemchung.accounts.actions_tries import clear, forget_old, give_back, take_try
from tiemchung.accounts.lock_out import ADDRESS, DEVICE, NAME, PAIR, Bucket, Counted
from tiemchung.accounts.models_sign_in import Tries
from tiemchung.ground.errors import TooManyError
from tiemchung.ground.models import AuditEntry

pytestmark = pytest.mark.django_db
STRANGER, OTHER = "203.0.113.9", "198.51.100.7"


def counts(name: str = "truong-tram", address: str = STRANGER, device: str | None = None) -> list[Counted]:
    return lock_out.of_sign_in(name, address, device)


def take(**who: Any) -> None:
    take_try(counts=counts(**who), refuse=lock_out.locked)


def is_locked(**who: Any) -> bool:
    try:
        take(**who)
    except TooManyError:
        return True
    give_back(counts=counts(**who))
    return False


def guess(times: int, **who: Any) -> None:
    for _ in range(times):
        take(**who)


def later(settings: Any, **by: int) -> None:
    settings.CLOCK_OFFSET += timedelta(**by)


def test_the_sixth_try_from_one_address_waits_a_minute(settings: Any) -> None:
    guess(5)
    assert is_locked()
    later(settings, seconds=61)
    assert not is_locked()


def test_each_further_wrong_try_waits_twice_as_long_up_to_an_hour() -> None:
    waits = [PAIR.wait(count) for count in range(4, 15)]
    minutes = [None if wait is None else wait.total_seconds() / 60 for wait in waits]
    assert minutes == [None, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_tries_during_the_wait_make_it_no_longer(settings: Any) -> None:
    guess(5)
    for _ in range(20):
        assert is_locked()
    later(settings, seconds=61)
    assert not is_locked()


def test_who_guesses_shuts_out_nobody_at_another_address() -> None:
    guess(5)
    assert not is_locked(address=OTHER)


def test_a_device_that_signed_in_before_goes_on_while_strangers_lock_the_name(settings: Any) -> None:
    for number in range(NAME.free // 4):
        guess(4, address=f"203.0.113.{number}")
    guess(NAME.free % 4, address="203.0.113.99")
    assert is_locked(address=OTHER)
    assert not is_locked(address=OTHER, device="0190-device")


def test_a_known_device_is_counted_too() -> None:
    guess(DEVICE.free, device="0190-device")
    assert is_locked(device="0190-device")


def test_one_address_has_many_names_but_not_endlessly() -> None:
    Tries.objects.create(
        key=lock_out.counted(ADDRESS, STRANGER).key, count=ADDRESS.free - 1, since=lock_out.clock.now()
    )
    guess(1, name="a")
    assert is_locked(name="b")
    assert not is_locked(name="b", address=OTHER)


def test_a_name_that_is_no_account_reads_as_one_that_is() -> None:
    guess(5, name="khong-co-ai")
    with pytest.raises(TooManyError) as nobody:
        take(name="khong-co-ai")
    guess(5)
    with pytest.raises(TooManyError) as somebody:
        take()
    assert (nobody.value.vi, nobody.value.code) == (somebody.value.vi, somebody.value.code)


def test_the_refusal_says_until_when_and_how_long() -> None:
    guess(5)
    with pytest.raises(TooManyError, match="sign_in_locked") as refused:
        take()
    assert 1 <= refused.value.retry_after <= 60
    assert f"{lock_out.clock.local(Tries.objects.get(until__isnull=False).until):%H:%M}" in refused.value.vi


def test_a_success_forgets_ones_own_tries_and_no_strangers() -> None:
    guess(4)
    clear(counts=counts())
    guess(4)
    assert not is_locked()
    assert Tries.objects.get(key=lock_out.counted(NAME, "truong-tram").key).count == 7


def test_after_a_day_all_is_forgotten(settings: Any) -> None:
    guess(5)
    later(settings, days=1, seconds=1)
    guess(4)
    assert not is_locked()


def test_old_counts_are_deleted(settings: Any) -> None:
    guess(1)
    assert forget_old(by=None) == 0
    later(settings, days=1, seconds=1)
    assert forget_old(by=None) == 3


def test_the_table_knows_neither_names_nor_addresses() -> None:
    guess(1)
    kept = " ".join(str(vars(row)) for row in Tries.objects.all())
    assert "truong-tram" not in kept
    assert STRANGER not in kept


def test_the_first_lock_out_is_written_down_once(settings: Any) -> None:
    guess(5)
    later(settings, minutes=2)
    guess(1)
    assert AuditEntry.objects.filter(act="accounts.lock_out", detail__kind="pair").count() == 1


def test_no_wait_grows_beyond_its_longest() -> None:
    assert Bucket("x", 1, timedelta(minutes=15)).wait(10_000) == timedelta(minutes=15)
