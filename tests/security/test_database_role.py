"""The application's role adds to what only grows, and can do nothing else to it, whatever runs in its name."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from tests.database import TestDatabases
from tiemchung.ground import roles, sql
from tiemchung.ground.database_url import django_database
from tiemchung.ground.embedded import databases
from tiemchung.ground.errors import ConflictError

LEDGERS = """SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
             WHERE attname = 'written_in' AND relkind = 'r' ORDER BY 1"""


@pytest.fixture(scope="module")
def addresses(test_databases: TestDatabases, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A database with an owner, and a role of the application's: both addresses."""
    from tests.database import SCHEMAS

    role = f"app_{uuid4().hex[:12]}"
    databases.ensure_role(test_databases.server, role)
    owner = test_databases.clone(SCHEMAS["health"], "roles")
    parts = urlsplit(owner)
    application = f"postgresql://{role}@{parts.netloc.rpartition('@')[2]}{parts.path}?{parts.query}"
    assert roles.bind(owner, application)
    yield owner, application
    test_databases.drop(owner)
    with psycopg.connect(test_databases.server, autocommit=True) as server:
        server.execute(f"DROP ROLE {role}")


@pytest.fixture
def application(addresses: tuple[str, str]) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(addresses[1], autocommit=True) as found:
        yield found


def ledgers(found: "psycopg.Connection[tuple[object, ...]]") -> list[str]:
    return [str(name) for (name,) in found.execute(LEDGERS)]


def test_what_only_grows_can_be_read_and_added_to_and_nothing_else(
    application: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    tables = ledgers(application)
    assert len(tables) > 14
    for table in tables:
        application.execute(f"SELECT * FROM {table}")
        for statement in (
            f"UPDATE {table} SET written_in = 1",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
            f"SELECT FROM {table} FOR UPDATE",
            f"INSERT INTO {table} (written_in) VALUES (1)",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TRIGGER {table}_append_only ON {table}",
            f"DROP TABLE {table} CASCADE",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement)
    application.execute(
        "INSERT INTO ground_auditentry (at, act, detail, page, client, network) VALUES (now(), 'x', '{}', '', '', '')"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE OR REPLACE FUNCTION this_transaction() RETURNS bigint LANGUAGE sql RETURN 1::bigint",
        "CREATE TABLE doses_dose2 ()",
        "DELETE FROM django_migrations",
        "SET ROLE postgres",
    ],
)
def test_the_guards_themselves_are_out_of_reach(
    application: "psycopg.Connection[tuple[object, ...]]", statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement)


def test_what_changes_can_be_changed(application: "psycopg.Connection[tuple[object, ...]]") -> None:
    for table in ("accounts_onetimecode", "procrastinate_jobs", "stock_lot"):
        assert application.execute(f"DELETE FROM {table}").statusmessage == "DELETE 0"
    numbers = [application.execute("SELECT nextval('ground_auditentry_id_seq')").fetchone() for _ in range(2)]
    assert numbers[0] != numbers[1]
    assert application.execute("SELECT hold_doses('{}'), hold_passports('{}')").rowcount == 1


def test_another_installations_role_does_not_get_in(addresses: tuple[str, str], test_databases: TestDatabases) -> None:
    role = f"neighbour_{uuid4().hex[:12]}"
    databases.ensure_role(test_databases.server, role)
    neighbour = addresses[1].replace(urlsplit(addresses[1]).username or "", role)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(neighbour)
    with psycopg.connect(test_databases.server, autocommit=True) as server:
        server.execute(f"DROP ROLE {role}")


def test_one_role_for_both_is_left_as_it_is(addresses: tuple[str, str]) -> None:
    assert not roles.bind(addresses[0], addresses[0])


@pytest.mark.django_db
def test_a_process_that_could_change_the_ledger_does_not_start() -> None:
    with pytest.raises(ConflictError, match="role_too_strong") as refused:
        roles.check_bound()
    assert refused.value.field == "DATABASE_URL"


@pytest.mark.django_db(transaction=True)
def test_a_process_that_only_adds_starts(addresses: tuple[str, str]) -> None:
    own = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(django_database(addresses[1]))
    try:
        roles.check_bound()
        assert sql.fetch_all(roles.queries["changeable"]) == []
    finally:
        connection.close()
        connection.settings_dict.update(own)


EVIL = """CREATE FUNCTION pg_temp.evil() RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE doses_dose DISABLE TRIGGER ALL;
    RETURN ''::bytea;
END $$;
CREATE FUNCTION pg_temp.evil_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.evil();
    RETURN NEW;
END $$;"""


def guards(found: "psycopg.Connection[tuple[object, ...]]") -> list[tuple[object, ...]]:
    query = "SELECT tgname, tgenabled FROM pg_catalog.pg_trigger WHERE tgrelid = 'doses_dose'::regclass ORDER BY tgname"
    return found.execute(query).fetchall()


TRAP = """CREATE TEMP TABLE bait (id uuid, content text, at timestamptz);
INSERT INTO bait VALUES ('00000000-0000-0000-0000-000000000000', 'x', '2000-01-01');
GRANT ALL ON bait TO PUBLIC;
CREATE TRIGGER guard BEFORE UPDATE ON bait FOR EACH ROW EXECUTE FUNCTION refuse_change('content', 'at');
CREATE TRIGGER evil BEFORE UPDATE ON bait FOR EACH ROW EXECUTE FUNCTION pg_temp.evil_trigger()"""


def test_what_the_owner_lends_runs_nothing_of_the_applications(
    application: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    before = guards(application)
    application.execute(EVIL)
    application.execute(TRAP)
    with pytest.raises(psycopg.errors.RestrictViolation):
        application.execute("SELECT erase_content('bait', '{00000000-0000-0000-0000-000000000000}')")
    assert guards(application) == before


def test_whatever_the_owner_lends_looks_into_the_callers_schema_last(
    application: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    lent = application.execute(
        """SELECT proname, array_to_string(proconfig, ' ') FROM pg_proc
           WHERE prosecdef AND pronamespace = 'public'::regnamespace"""
    ).fetchall()
    assert {str(name) for name, _ in lent} >= {"erase_content", "hold_doses", "hold_passports"}
    assert [name for name, config in lent if not str(config).endswith("pg_temp")] == []


def population(*command: str, **addresses: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the population side as its owner runs it: not for practice, with these addresses."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TIEMCHUNG_", "DJANGO"))}
    secrets = {"TIEMCHUNG_POPULATION_KEY": "theirs", "TIEMCHUNG_POPULATION_SECRET": "x" * 32}
    words = [sys.executable, "-m", "tiemchung.cli.main", "population", *command]
    return subprocess.run(
        words, env={**kept, **secrets, **addresses}, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def other_side(fresh_database: Callable[[str], str], test_databases: TestDatabases) -> Iterator[dict[str, str]]:
    """The population side's database: the addresses of its owner and of its application, which has no rights yet."""
    owner, role = urlsplit(fresh_database("population")), f"other_{uuid4().hex[:12]}"
    databases.ensure_role(test_databases.server, role)
    application = owner._replace(netloc=f"{role}@{owner.netloc.rpartition('@')[2]}")
    yield {"POPULATION_DATABASE_OWNER_URL": owner.geturl(), "POPULATION_DATABASE_URL": application.geturl()}
    with psycopg.connect(owner.geturl()) as connection:
        connection.execute(f"DROP OWNED BY {role}")
    with psycopg.connect(test_databases.server, autocommit=True) as server:
        server.execute(f"DROP ROLE {role}")


@pytest.mark.parametrize("command", [["serve"], ["work", "--once", "--exchange", "exchange"]])
def test_the_population_side_does_not_start_with_a_role_that_could_change_what_it_sent(
    other_side: dict[str, str], command: list[str]
) -> None:
    done = population(*command, POPULATION_DATABASE_URL=other_side["POPULATION_DATABASE_OWNER_URL"])
    assert done.returncode == 1
    assert "population_act" in done.stderr
    assert "POPULATION_DATABASE_OWNER_URL for tiemchung population migrate" in done.stderr


def test_migrating_gives_the_population_sides_application_a_role_that_only_adds(other_side: dict[str, str]) -> None:
    assert population("migrate", **other_side).returncode == 0
    with psycopg.connect(other_side["POPULATION_DATABASE_URL"], autocommit=True) as connection:
        assert connection.execute("INSERT INTO population_sent (at, what, body) VALUES (now(), '', '')").rowcount == 1
        assert connection.execute(roles.queries["changeable"].statement).fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM population_sent")


def test_migrating_the_population_side_needs_both_addresses(other_side: dict[str, str]) -> None:
    done = population("migrate", POPULATION_DATABASE_URL=other_side["POPULATION_DATABASE_URL"])
    assert (done.returncode, done.stderr.split(" ")[0]) == (1, "POPULATION_DATABASE_OWNER_URL")
