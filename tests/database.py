"""Which database does a test work on? A copy of a migrated template, made by PostgreSQL in a fraction of a second.

One embedded server for each checkout, without durability, found again by the next run and gone a minute after the last
one; or the server at TIEMCHUNG_TEST_DATABASE_URL. A template is made once for each state of the migrations. Each worker
copies it; a run holds a lock as long as it lives, by which later runs know what a dead one left behind.
"""

import hashlib
import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tiemchung.ground.database_url import django_database
from tiemchung.ground.embedded import databases, locks
from tiemchung.ground.embedded.programs import DEFAULT_VERSION
from tiemchung.ground.embedded.server import EmbeddedServer

ROOT = Path(__file__).resolve().parents[1]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tiemchung"
CHECKOUT = hashlib.sha256(f"{socket.gethostname()}:{ROOT}".encode()).hexdigest()[:8]
PATIENCE = 300.0  # seconds to wait for another worker that makes the template


@dataclass(frozen=True)
class Schema:
    """One kind of database: which settings migrate it, and which variable tells them its address."""

    name: str
    settings: str
    variable: str


SCHEMAS = {
    "health": Schema("health", "tests.settings", "DATABASE_URL"),
    "population": Schema("population", "tiemchung.population.settings", "POPULATION_DATABASE_URL"),
}
ALIASES = {"default": "health", "population": "population"}  # which schema a Django alias has


@dataclass(frozen=True)
class TestDatabases:
    """The templates on one server, and the copies that one run makes of them."""

    __test__ = False

    server: str  # the address of the server's maintenance database
    folder: Path  # for locks
    run: str

    def url(self, name: str) -> str:
        """The address of a database of this server."""
        parts = urlsplit(self.server)
        return f"postgresql://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")

    def clone(self, schema: Schema, name: str) -> str:
        """Make a copy of a schema's template under the run's name; gives its address."""
        database = f"tc_{CHECKOUT}_{self.run}_{name}"
        databases.create(self.server, database, self._template(schema))
        return self.url(database)

    def drop(self, url: str) -> None:
        """Delete a copy."""
        databases.drop(self.server, urlsplit(url).path[1:])

    def renew(self, schema: Schema, url: str) -> None:
        """Make a copy anew: what a test committed is gone."""
        self.drop(url)
        databases.create(self.server, urlsplit(url).path[1:], self._template(schema))

    def sweep(self) -> None:
        """Delete what dead runs of this checkout left: their locks are free."""
        with locks.locked(self.folder / "sweep.lock", PATIENCE):
            for name in databases.names(self.server):
                parts = name.split("_")
                if parts[:2] == ["tc", CHECKOUT] and self._is_dead(parts[2]):
                    databases.drop(self.server, name)
            for lock in self.folder.glob("run-*.lock"):
                if self._is_dead(lock.stem.removeprefix("run-")):
                    lock.unlink()

    def _is_dead(self, run: str) -> bool:
        return run != self.run and not locks.is_held(self.folder / f"run-{run}.lock")

    def _template(self, schema: Schema) -> str:
        """The name of the template for the migrations as they are; the first who needs it makes it."""
        name = f"template_{CHECKOUT}_{schema.name}_{migrations_digest()}"
        if not self._exists(name):
            with locks.locked(self.folder / "template.lock", PATIENCE):
                if not self._exists(name):
                    self._make_template(schema, name)
        return name

    def _exists(self, name: str) -> bool:
        with psycopg.connect(self.server, autocommit=True) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            return found.rowcount > 0

    def _make_template(self, schema: Schema, name: str) -> None:
        """Migrate under another name, so that a template is whole or absent; then close it to connections."""
        draft = f"tc_{CHECKOUT}_{self.run}_making"
        self._drop_old_templates(f"template_{CHECKOUT}_{schema.name}_")
        databases.create(self.server, draft)
        try:
            migrate(schema, self.url(draft))
        except RuntimeError:
            databases.drop(self.server, draft)
            raise
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {draft} RENAME TO {name}")
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")

    def _drop_old_templates(self, prefix: str) -> None:
        """All but the last few, which runs on another state of the sources may still copy."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC OFFSET 5"
            for (name,) in connection.execute(query, [prefix]).fetchall():
                connection.execute(f"DROP DATABASE {name}")


@cache
def migrations_digest() -> str:
    """What the schema depends on: migrations, SQL files, settings, locked packages; as they are when a run begins."""
    digest = hashlib.sha256()
    package = ROOT / "tiemchung"
    changing = [*package.glob("*/migrations/*.py"), *package.glob("**/*.sql"), *package.glob("*/settings.py")]
    for path in [*sorted(changing), ROOT / "tests" / "settings.py", ROOT / "uv.lock"]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def migrate(schema: Schema, url: str) -> None:
    """Bring a database to the schema of its settings, in a process of its own."""
    names = ("TIEMCHUNG_SECRET_KEY", "TIEMCHUNG_POPULATION_SECRET", "TIEMCHUNG_POPULATION_KEY")
    secrets = dict.fromkeys(names, "tests-only") | {"TIEMCHUNG_DATA_KEYS": "tests-only-tests-only-tests-only-"}
    addresses = {"DATABASE_URL": url, schema.variable: url}
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--skip-checks", f"--settings={schema.settings}"],
        env={**os.environ, **secrets, **addresses},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the {schema.name} template cannot be migrated:\n{done.stderr[-1000:]}")


@pytest.fixture(scope="session")
def test_databases(request: pytest.FixtureRequest) -> Iterator[TestDatabases]:
    """The server that tests use, and this worker's name on it."""
    folder = CACHE / f"tests-{CHECKOUT}-pg{DEFAULT_VERSION}"
    server = EmbeddedServer(folder / "server", durable=False)
    outside = os.environ.get("TIEMCHUNG_TEST_DATABASE_URL")
    folder.mkdir(parents=True, exist_ok=True)
    run = uuid.uuid4().hex[:12]
    lock = locks.wait_for_lock(folder / f"run-{run}.lock", PATIENCE)
    assert lock is not None
    if not outside:
        server.start()
    found = TestDatabases(outside or server.url(databases.MAINTENANCE), folder, run)
    found.sweep()
    yield found
    os.close(lock)
    found.sweep()
    server.release()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, test_databases: TestDatabases) -> Iterator[None]:
    """In place of pytest-django's: each alias of the settings gets a copy of its template."""
    from django.db import connections
    from django.test import TransactionTestCase

    urls = {alias: test_databases.clone(SCHEMAS[ALIASES[alias]], alias) for alias in connections}
    for alias, url in urls.items():
        connections[alias].close()
        connections[alias].settings_dict.update(django_database(url))

    def renew(case: TransactionTestCase) -> None:
        """Committed rows cannot be flushed away, as append-only tables refuse TRUNCATE: copy the template again."""
        for alias, url in urls.items():
            connections[alias].close()
            test_databases.renew(SCHEMAS[ALIASES[alias]], url)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
        yield
    for alias, url in urls.items():
        connections[alias].close()
        test_databases.drop(url)


@pytest.fixture
def fresh_database(test_databases: TestDatabases) -> Iterator[Callable[..., str]]:
    """Make a committed database for one test and its processes: `fresh_database()`, or of another schema by name."""
    made: list[str] = []

    def make(schema: str = "health") -> str:
        made.append(test_databases.clone(SCHEMAS[schema], f"fresh{len(made)}"))
        return made[-1]

    yield make
    for url in made:
        test_databases.drop(url)
