"""A connection that stood idle: asked of the socket whether it is good, of the server only when something came in."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.connections import another
from tests.servers import wait_until
from tiemchung.ground.postgresql.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def idle() -> Iterator[DatabaseWrapper]:
    """A connection of one's own to the same database, as it stands between two requests."""
    own = connection.copy()
    own.ensure_connection()
    own.close_if_unusable_or_obsolete()
    yield own
    own.close()


def answers(own: DatabaseWrapper) -> bool:
    with own.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def thrown_out(own: DatabaseWrapper) -> None:
    """Let the server end it, as a restart does, and wait until it has."""
    pid = own.connection.info.backend_pid
    with another() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_good_one_is_known_without_asking_the_server(idle: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.backends.postgresql.base.DatabaseWrapper.is_usable", lambda _: pytest.fail("asked"))
    assert idle.is_usable()


def test_one_that_the_server_ended_is_found_out_and_replaced(idle: DatabaseWrapper) -> None:
    before = idle.connection.info.backend_pid
    thrown_out(idle)
    wait_until(lambda: not idle.is_usable(), "the end of the connection to arrive")
    assert answers(idle)
    assert idle.connection.info.backend_pid != before


def test_one_that_only_brought_news_is_kept(idle: DatabaseWrapper) -> None:
    before = idle.connection.info.backend_pid
    with idle.cursor() as cursor:
        cursor.execute("LISTEN news")
    with another() as other:
        other.execute("NOTIFY news")
    wait_until(lambda: not idle._is_silent(), "the news")
    assert idle.is_usable()
    assert answers(idle)
    assert idle.connection.info.backend_pid == before


def test_one_that_was_closed_here_is_not_good(idle: DatabaseWrapper) -> None:
    idle.connection.close()
    assert not idle.is_usable()
