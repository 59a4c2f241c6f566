"""Which change of the schema the version before can live with; and that nobody waits for one that is under way."""

import threading
from collections.abc import Iterator

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import OperationalError, connection, connections, migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.unit.people.made import stated
from tiemchung.ground import upgrades
from tiemchung.ground.errors import ConflictError
from tiemchung.people.actions import declare
from tiemchung.people.models import Person
from tiemchung.people.policy import Source
from tiemchung.vietnam.reference import reference_file


def migration(*operations, after=False):
    made = migrations.Migration("0099_next", "people")
    made.operations, made.after_deploy = list(operations), after
    return made


def add(**options):
    return migrations.AddField("person", "note", models.CharField(max_length=9, **options))


INDEX = models.Index(fields=["birth_date"], name="by_birth")
RISKY = [
    (migrations.RemoveField("person", "address"), "the old version still uses it"),
    (migrations.RenameField("person", "address", "home"), "the old version still uses it"),
    (migrations.DeleteModel("guardian"), "the old version still uses it"),
    (add(default=""), "the old version inserts without it"),
    (add(null=True, unique=True), "its index locks the table"),
    (migrations.AlterField("person", "address", models.CharField(max_length=9)), "rewrites or narrows"),
    (migrations.AddIndex("person", INDEX), "writers wait meanwhile"),
    (migrations.RunSQL("CREATE VIEW x AS SELECT 1; DROP VIEW y"), "do it after deploy"),
    (migrations.RunSQL("ALTER TABLE people_person DROP COLUMN address"), "do it after deploy"),
]
SAFE = [
    add(null=True),
    add(db_default=""),
    AddIndexConcurrently("person", INDEX),
    migrations.CreateModel("thing", [("id", models.BigAutoField(primary_key=True))]),
    migrations.RunSQL("CREATE VIEW x AS SELECT 1"),
    migrations.RunPython(migrations.RunPython.noop),
]


@pytest.mark.parametrize(("operation", "said"), RISKY)
def test_what_the_old_version_cannot_live_with_is_named_with_its_cure(operation, said):
    (risk,) = upgrades.risks(migration(operation))
    assert said in risk


@pytest.mark.parametrize("operation", SAFE)
def test_what_only_adds_is_no_risk(operation):
    assert upgrades.risks(migration(operation)) == []


def test_a_table_that_the_migration_makes_may_be_treated_in_any_way():
    made = migrations.CreateModel("person", [("id", models.BigAutoField(primary_key=True))])
    assert upgrades.risks(migration(made, migrations.AddIndex("person", INDEX))) == []


def test_after_a_release_every_new_migration_is_safe_or_waits_until_after_the_deploy(released):
    loader = MigrationLoader(None)
    for (app, name), each in loader.disk_migrations.items():
        ours = type(each).__module__.startswith("tiemchung.")
        if ours and released and f"{app}.{name}" not in released and not upgrades.is_after(each):
            assert upgrades.risks(each) == [], f"{app}.{name}: mend it, or set after_deploy = True"


@pytest.fixture
def released():
    """The migrations of the last release; before the first one there are none, and nothing is held to the rules."""
    lines = reference_file("released_migrations.txt").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


@pytest.fixture
def old_version() -> Iterator[list[BaseException]]:
    """The code as it is writes person after person, on a connection of its own, until the test ends."""
    stop, problems, written = threading.Event(), [], threading.Semaphore(0)

    def write() -> None:
        try:
            for n in range(10_000):
                if stop.is_set():
                    break
                numbers = ((None, f"001184{n:06}"),)
                declare(statement=stated(identity_numbers=numbers, phone=""), source=Source.SITE, by=None)
                written.release()
        except BaseException as problem:
            problems.append(problem)
            written.release()
        finally:
            connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    written.acquire()
    yield problems
    before = Person.objects.count()
    for _ in range(3):  # it still writes after the change
        written.acquire()
    stop.set()
    thread.join()
    assert problems == []
    assert Person.objects.count() > before


@pytest.mark.django_db(transaction=True)
def test_the_old_version_goes_on_writing_while_a_column_and_an_index_come(old_version):
    state = MigrationLoader(connection).project_state()
    wider = migration(add(null=True), add_index := AddIndexConcurrently("person", INDEX))
    assert upgrades.risks(wider) == []
    for operation in wider.operations:
        after = state.clone()
        operation.state_forwards("people", after)
        with connection.schema_editor(atomic=operation is not add_index) as editor:
            operation.database_forwards("people", editor, state, after)
        state = after
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'by_birth'")
        assert cursor.fetchone() == (1,)
    assert old_version == []


@pytest.mark.django_db(transaction=True)
def test_a_migration_gives_way_when_a_table_is_in_use(monkeypatch):
    """It gives up its place in the queue instead of letting everybody wait behind it, and tries again."""
    monkeypatch.setattr(upgrades, "LOCK_TIMEOUT", "10ms")
    monkeypatch.setattr(upgrades, "PAUSE", 0)
    monkeypatch.setattr(upgrades, "TRIES", 3)
    told: list[str] = []

    def blocked(when, tell):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10ms'")
            cursor.execute("ALTER TABLE people_person ADD COLUMN note text")
        return 1

    monkeypatch.setattr(upgrades, "_apply", blocked)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE people_person IN ACCESS SHARE MODE")
        with pytest.raises(ConflictError) as refusal:
            upgrades.run("before", told.append)
        cursor.execute("COMMIT")
    other.close()
    assert refusal.value.code == "MIGRATION_LOCKED"
    assert len(told) == 3
    assert upgrades.run("before", told.append) == 1


@pytest.mark.django_db
def test_what_waits_for_the_deploy_holds_back_what_builds_on_it(monkeypatch):
    first, second, third = (migration(add(null=True)) for _ in range(3))
    first.name, second.name, third.name = "0099_drop", "0100_on_it", "0101_other"
    first.after_deploy, second.dependencies = True, [("people", "0099_drop")]
    plan = [(first, False), (second, False), (third, False)]
    monkeypatch.setattr(upgrades.MigrationExecutor, "migration_plan", lambda self, targets: plan)
    assert [each.name for each in upgrades.planned("before")] == ["0101_other"]
    assert [each.name for each in upgrades.planned("after")] == ["0099_drop", "0100_on_it", "0101_other"]


def test_another_fault_is_not_mistaken_for_a_lock(monkeypatch):
    def broken(when, tell):
        raise OperationalError("gone")

    monkeypatch.setattr(upgrades, "_apply", broken)
    with pytest.raises(OperationalError, match="gone"):
        upgrades.run("before", lambda _: None)
