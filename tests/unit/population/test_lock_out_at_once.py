"""Tries to sign in that are made at one moment are counted as many, not as one."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.connections import another
from tests.servers import wait_until
from tiemchung.ground import clock
from tiemchung.ground.errors import InvalidInputError, NotAllowedError, RefusedError
from tiemchung.population import actions_officers, lock_out, refusals
from tiemchung.population.models import SignInAttempt

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose passwords are compared: each comparison takes until all others were begun or refused."""
    begun: list[str] = []
    refused: list[NotAllowedError] = []
    locked_out = refusals.locked_out

    def compare(password: str) -> bool:
        begun.append(password)
        wait_until(lambda: len(begun) + len(refused) == AT_ONCE, "the others")
        return False

    def refuse() -> NotAllowedError:
        refused.append(locked_out())
        return refused[-1]

    monkeypatch.setattr(actions_officers, "_in_vain", compare)
    monkeypatch.setattr(refusals, "locked_out", refuse)
    return begun


def said_to(username: str) -> type[RefusedError]:
    """What somebody hears who types a wrong password, over a connection of his own."""
    try:
        with pytest.raises(RefusedError) as refused:
            actions_officers.recognise(username=username, password="wrong", network="203.0.113.7")
        return refused.type
    finally:
        connection.close()


def said_at_once(usernames: Sequence[str]) -> list[type[RefusedError]]:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(said_to, usernames))


def test_of_tries_with_one_name_at_one_moment_five_are_made(compared: list[str]) -> None:
    said = said_at_once(["ca.phucxa"] * AT_ONCE)
    assert len(compared) == lock_out.OF_NAME_AND_NETWORK
    assert sorted(map(said.count, (InvalidInputError, NotAllowedError))) == [3, 5]


def test_of_tries_from_one_network_at_one_moment_as_many_are_made_as_it_may(
    compared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_out, "OF_NETWORK", 6)
    said = said_at_once([f"ca.{number}" for number in range(AT_ONCE)])
    assert len(compared) == 6
    assert sorted(map(said.count, (InvalidInputError, NotAllowedError))) == [2, 6]


def test_who_signs_in_does_not_wait_for_who_sweeps_old_tries() -> None:
    long_ago = clock.now() - 2 * lock_out.KNOWN_FOR
    held, other = (SignInAttempt.objects.create(about=n, network=n, at=long_ago, succeeded=False) for n in ("a", "b"))
    with another() as somebody:
        somebody.execute("SELECT FROM population_signinattempt WHERE id = %s FOR UPDATE", [held.id])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        lock_out.take("ca.phucxa", "203.0.113.7")
    assert SignInAttempt.objects.filter(id=held.id).exists()
    assert not SignInAttempt.objects.filter(id=other.id).exists()
    connection.close()
