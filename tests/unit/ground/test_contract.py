"""What the version before takes for granted: whatever a migration takes from it is found in the schema itself."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from tests.database import CHECKOUT, TestDatabases
from tiemchung.ground import contract, upgrades
from tiemchung.ground.contract import Contract
from tiemchung.ground.database_url import django_database
from tiemchung.ground.embedded import databases
from tiemchung.vietnam.reference import reference_file

SAFE = [
    "ALTER TABLE people_person ADD COLUMN note text",
    "ALTER TABLE people_person ADD COLUMN note text NOT NULL DEFAULT ''",
    "ALTER TABLE people_person ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE people_person ADD COLUMN note text UNIQUE",
    "ALTER TABLE people_person ADD COLUMN note text CHECK (note <> '')",
    "ALTER TABLE people_person ADD COLUMN note text, ADD COLUMN by uuid, ADD CHECK ((note IS NULL) = (by IS NULL))",
    "ALTER TABLE people_person ADD COLUMN number smallint NOT NULL DEFAULT 0 CHECK (number >= 0)",
    "CREATE TABLE people_note (id bigint PRIMARY KEY)",
    "ALTER TABLE people_person ALTER COLUMN full_name DROP NOT NULL",
    "ALTER TABLE complaints_complaintphoto ALTER COLUMN position TYPE integer",
    "DROP INDEX IF EXISTS people_person_qid_like",
]
BREAKING = [
    ("DROP TABLE people_contact CASCADE", "people_contact is gone: drop or rename it after the deploy"),
    ("ALTER TABLE people_contact RENAME TO people_way", "people_contact is gone"),
    ("ALTER TABLE people_person DROP COLUMN address", "people_person.address is gone"),
    ("ALTER TABLE people_person RENAME COLUMN address TO home", "people_person.address is gone"),
    ("ALTER TABLE people_person ADD COLUMN note text NOT NULL", "people_person.note is new and must be given"),
    (
        "ALTER TABLE people_person ALTER COLUMN full_name TYPE varchar(9)",
        "people_person.full_name was character varying",
    ),
    ("ALTER TABLE people_person ALTER COLUMN birth_date TYPE text", "people_person.birth_date was date and is text"),
    ("ALTER TABLE people_person ALTER COLUMN residence_id SET NOT NULL", "people_person.residence_id may no longer be"),
    ("ALTER TABLE ground_auditentry ALTER COLUMN written_in DROP DEFAULT", "written_in has lost its default"),
    ("ALTER TABLE people_person ADD CONSTRAINT named CHECK (full_name <> '')", "named is new and may refuse"),
    ("CREATE UNIQUE INDEX once ON people_person (birth_date)", "once is new and may refuse"),
    (
        "ALTER TABLE people_person ADD COLUMN note text NOT NULL DEFAULT '' UNIQUE",
        "people_person_note_key is new and may",
    ),
    (
        "ALTER TABLE people_person ADD COLUMN note text DEFAULT '' UNIQUE",
        "people_person_note_key is new and may refuse",
    ),
    (
        "ALTER TABLE people_person ADD COLUMN note text UNIQUE NULLS NOT DISTINCT",
        "people_person_note_key is new and may",
    ),
    (
        "ALTER TABLE people_person ADD COLUMN note text DEFAULT '' CHECK (note <> '-')",
        "note_check is new and may refuse",
    ),
    (
        "ALTER TABLE people_person ADD COLUMN number integer DEFAULT -1, ADD CHECK (number >= 0) NOT VALID",
        "number_check is new and may refuse",
    ),
    (
        "ALTER TABLE people_person ADD COLUMN note text, ADD COLUMN kind text DEFAULT '', ADD UNIQUE (note, kind)",
        "note_kind_key is new and may refuse",
    ),
    (
        "ALTER TABLE people_person ADD COLUMN note text, ADD CHECK (note IS NOT NULL) NOT VALID",
        "note_check is new and may refuse",
    ),
    (
        "ALTER TABLE people_person ADD COLUMN note text, ADD CHECK (coalesce(note, '') <> '') NOT VALID",
        "note_check is new and may refuse",
    ),
    (
        "ALTER TABLE people_person ADD COLUMN a text, ADD COLUMN b text, ADD CHECK (num_nonnulls(a, b) = 1) NOT VALID",
        "is new and may refuse",
    ),
    (
        "ALTER TABLE people_person ADD COLUMN note text, ADD CHECK ((note = '-') IS TRUE) NOT VALID",
        "note_check is new and may refuse",
    ),
    ("DROP VIEW doses_standing CASCADE", "doses_standing is gone"),
]


def changed(statement: str) -> list[str]:
    """What breaks for this version when a statement changes the schema."""
    before = contract.as_it_is()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
    return contract.broken(before, contract.as_it_is())


@pytest.mark.django_db
@pytest.mark.parametrize("statement", SAFE)
def test_what_only_adds_or_loosens_breaks_nothing(statement):
    assert changed(statement) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("statement", "said"), BREAKING)
def test_what_the_old_version_cannot_live_with_is_found(statement, said):
    assert any(said in each for each in changed(statement))


@pytest.mark.django_db
def test_a_contract_that_was_recorded_is_read_as_it_was():
    found = contract.as_it_is()
    assert len(found.columns) > 50
    assert Contract.read(found.as_json()) == found


@pytest.mark.django_db(transaction=True)
def test_what_runs_before_a_deploy_keeps_what_the_last_release_takes_for_granted(empty_database: None) -> None:
    """The release's own migrations, then `migrate --before`; before the first release there are none of its own."""
    recorded = Contract.read(reference_file("released_schema.json").read_text())
    lines = reference_file("released_migrations.txt").read_text().splitlines()
    names = {line for line in lines if line and not line.startswith("#")}
    assert bool(names) == bool(recorded.columns)  # scripts/released.py writes both
    executor = MigrationExecutor(connection)
    plan = [
        each
        for each in planned_one_by_one(executor)
        if names and (f"{each.app_label}.{each.name}" in names or not type(each).__module__.startswith("tiemchung."))
    ]
    executor.migrate([(each.app_label, each.name) for each in plan], plan=[(each, False) for each in plan])
    assert contract.broken(recorded, contract.as_it_is()) == []
    assert upgrades.run("before", lambda _: None) > 0 or names
    assert contract.broken(recorded, contract.as_it_is()) == []


def planned_one_by_one(executor: MigrationExecutor) -> list[Migration]:
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    return [migration for migration, _ in plan]


@pytest.mark.django_db(transaction=True)
def test_what_no_risk_was_seen_in_breaks_nothing_in_the_whole_history(empty_database: None) -> None:
    """Every migration there ever was, one after the other: the rules for the files are held against the schema itself.

    A rule that lets something pass which breaks the version before is found here, with the migration that shows it.
    """
    executor = MigrationExecutor(connection)
    plan = planned_one_by_one(executor)
    state, before = executor._create_project_state(with_applied_migrations=True), contract.as_it_is()
    seen: Counter[bool] = Counter()
    for migration in plan:
        state = executor.apply_migration(state, migration)
        now = contract.as_it_is()
        broken = contract.broken(before, now)
        seen[bool(broken)] += 1
        if broken and not upgrades.is_after(migration):
            assert upgrades.risks(migration), f"{migration}: {broken[0]}"
        before = now
    assert seen[True] > 2  # history has both kinds, or this would show nothing
    assert seen[False] > 20


@pytest.fixture
def empty_database(test_databases: TestDatabases) -> Iterator[None]:
    """Django is connected to a database in which nothing is."""
    own, name = dict(connection.settings_dict), f"tc_{CHECKOUT}_{test_databases.run}_empty"
    connection.close()
    databases.create(test_databases.server, name)
    connection.settings_dict.update(django_database(test_databases.url(name)))
    yield
    connection.close()
    connection.settings_dict.update(own)
    databases.drop(test_databases.server, name)
