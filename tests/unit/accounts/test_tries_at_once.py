"""Two who sign in at one moment share counts: neither may hold one that the other waits for, and wait for his."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from tiemchung.accounts import lock_out
from tiemchung.accounts.actions_tries import clear, forget_old, give_back, take_try
from tiemchung.accounts.lock_out import ADDRESS, NAME, PAIR, Counted
from tiemchung.accounts.models_sign_in import Tries
from tiemchung.ground import clock

pytestmark = pytest.mark.django_db(transaction=True)

# One's own count last in the order of the keys, those that strangers share before it: who forgot his own wrong tries
# first would hold what the other comes to last.
SHARED = [Counted(ADDRESS, "a"), Counted(NAME, "b")]
OWN = [Counted(PAIR, "z")]
WAITING = """SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'"""


def try_once(counts: list[Counted]) -> None:
    take_try(counts=counts, refuse=lock_out.locked)


@contextmanager
def held(key: str) -> Iterator[None]:
    """Somebody else has the row of a count, until the block ends."""
    with transaction.atomic():
        Tries.objects.select_for_update().get(key=key)
        yield


def begun(pool: ThreadPoolExecutor, act: Callable[[], object]) -> "Future[object]":
    """Let a thread of its own do something, and go on as soon as it waits for a row."""

    def in_a_transaction_of_its_own() -> object:
        try:
            return act()
        finally:
            connection.close()

    before = waiting()
    future = pool.submit(in_a_transaction_of_its_own)
    while not future.done() and waiting() == before:
        pass
    return future


def waiting() -> int:
    """How many connections of this database wait for a row just now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the same moment for ever
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("held_key", ["a", "b", "z"])
@pytest.mark.parametrize("ends", [clear, give_back])
@pytest.mark.parametrize("turned", [False, True])
def test_two_sign_ins_over_the_same_counts_in_opposite_order_both_end(
    held_key: str, ends: Callable[..., None], turned: bool
) -> None:
    counts = [*SHARED, *OWN]
    Tries.objects.bulk_create(Tries(key=one.key, count=1, since=clock.now()) for one in counts)
    acts: list[Callable[[], object]] = [lambda: ends(counts=counts), lambda: try_once(counts[::-1])]
    with ThreadPoolExecutor(2) as pool:
        with held(held_key):
            signing_in = [begun(pool, act) for act in (acts[::-1] if turned else acts)]
        assert [each.result() for each in signing_in] == [None, None]


def test_what_is_swept_waits_for_nobody_who_signs_in() -> None:
    long_ago = clock.now() - 2 * lock_out.WINDOW
    Tries.objects.bulk_create(Tries(key=key, count=1, since=long_ago) for key in ("a", "b"))
    with ThreadPoolExecutor(1) as pool:
        with held("a"):
            sweep = begun(pool, lambda: forget_old(by=None))
            assert sweep.done()
        assert sweep.result() == 1
    assert list(Tries.objects.values_list("key", flat=True)) == ["a"]
