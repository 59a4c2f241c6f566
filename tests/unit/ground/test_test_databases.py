"""The databases that tests get: copies of one template, apart from each other, swept when their run is dead."""

from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from tests.database import CHECKOUT, SCHEMAS, TestDatabases
from tiemchung.ground.embedded import databases


def _tables(url: str) -> set[str]:
    with psycopg.connect(url) as opened:
        return {name for (name,) in opened.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def _name(url: str) -> str:
    return urlsplit(url).path[1:]


def test_a_fresh_database_is_migrated_and_apart(fresh_database: Callable[..., str]) -> None:
    first, second = fresh_database(), fresh_database()
    with psycopg.connect(first) as opened:
        opened.execute("CREATE TABLE only_here (n int)")
    assert "django_migrations" in _tables(second)
    assert _tables(first) - _tables(second) == {"only_here"}


def test_the_population_side_has_a_schema_of_its_own(fresh_database: Callable[..., str]) -> None:
    population = _tables(fresh_database("population"))
    assert any(name.startswith("population_") for name in population)
    assert not any(name.startswith(("people_", "doses_")) for name in population)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(turn: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (n int)")
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 0


def test_databases_of_a_dead_run_are_swept_and_those_of_a_living_one_kept(
    test_databases: TestDatabases, fresh_database: Callable[..., str]
) -> None:
    mine = _name(fresh_database())
    dead = f"tc_{CHECKOUT}_dead{test_databases.run}_default"
    databases.create(test_databases.server, dead)
    test_databases.sweep()
    left = databases.names(test_databases.server)
    assert mine in left
    assert dead not in left


def test_a_template_that_cannot_be_migrated_leaves_nothing(
    test_databases: TestDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = type(SCHEMAS["health"])("broken", "no.such.settings", "DATABASE_URL")
    with pytest.raises(RuntimeError, match="the broken template cannot be migrated"):
        test_databases.clone(broken, "broken")
    left = databases.names(test_databases.server)
    assert not any(name.startswith(f"template_{CHECKOUT}_broken_") for name in left)
    assert f"tc_{CHECKOUT}_{test_databases.run}_making" not in left
