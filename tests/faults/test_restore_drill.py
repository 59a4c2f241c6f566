"""The drill: a site day under load, the machine lost, the platform back on another as it was at a named second.

The load goes through the API of a running server, whose processes and database are killed with SIGKILL on the way.
What was acknowledged before the second is there, what was sent after it is not, and every batch is whole or absent.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.servers import processes_of, wait_until
from tiemchung.cli.installation import HEALTH_DATABASE, POPULATION_DATABASE, Installation
from tiemchung.cli.stack import Stack, free_port
from tiemchung.ground.backups import journal
from tiemchung.ground.backups.shelf import Shelf
from tiemchung.ground.backups.source import Source
from tiemchung.ground.ids import new_id
from tiemchung.simulator.client import Client
from tiemchung.simulator.plan import PASSWORD, SITES, STARTS_AT

SITE = SITES[0]
AT_ONCE = 3  # journeys in a batch
STEADY = 5  # batches that must be acknowledged before the next blow falls


def tiemchung(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tiemchung.cli.main", *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(frozen=True)
class Batch:
    """Events that one request sent: when it left, when its answer came, the number of one of its persons."""

    events: frozenset[UUID]
    doses: int
    number: str
    sent_at: datetime
    acknowledged_at: datetime


@dataclass
class Load:
    """A device that sends journey after journey, and again whatever was not answered."""

    url: str
    facility: str
    session: str
    done: list[Batch] = field(default_factory=list)
    problem: BaseException | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _sending: threading.Lock = field(default_factory=threading.Lock)
    _count: int = 0

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run)

    @contextlib.contextmanager
    def going(self) -> Iterator["Load"]:
        self._thread.start()
        try:
            yield self
        finally:
            self.end()

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Everything that was sent is answered, and nothing is sent."""
        with self._sending:
            yield

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def more(self) -> None:
        """Wait until some more batches are acknowledged."""
        target = len(self.done) + STEADY
        wait_until(lambda: len(self.done) >= target or self.problem, "acknowledged batches")
        assert self.problem is None

    def _run(self) -> None:
        try:
            client = Client(self.url)
            client.sign_in(SITE.nurse, PASSWORD)
            while not self._stop.is_set():
                with self._sending:
                    self._send(client)
        except BaseException as problem:
            self.problem = problem

    def _send(self, client: Client) -> None:
        events: list[dict[str, Any]] = []
        for _ in range(AT_ONCE):
            self._count += 1
            number = f"001190{self._count:06}"
            events += self._journey(number)
        sent_at = datetime.now(UTC)
        answers = client.post_json("/api/events", {"events": events})["answers"]
        came_at = datetime.now(UTC)
        assert {each["answer"] for each in answers} <= {"accepted", "accepted_with_findings", "already_had"}, answers
        ids = frozenset(UUID(event["id"]) for event in events)
        self.done.append(Batch(ids, AT_ONCE, number, sent_at, came_at))

    def _journey(self, number: str) -> Iterator[dict[str, Any]]:
        person, visit, at = str(new_id()), str(new_id()), STARTS_AT - timedelta(hours=2)
        who = {"full_name": "Lường Thị Mận", "birth_date": "03/09/1990", "sex": "female"}
        yield self._event("person_declared", {"person_id": person, **who, "identity_numbers": [{"value": number}]}, at)
        yield self._event("checked_in", {"visit_id": visit, "session_id": self.session, "person_id": person}, at)
        signs = {"answers": {}, "vitals": {"temperature": 36.6}, "outcome": "eligible"}
        yield self._event("screened", {"visit_id": visit, **signs}, at + timedelta(minutes=3))
        yield self._event("injected", {"visit_id": visit, "lot_number": SITE.lot}, at + timedelta(minutes=5))
        ended = {"visit_id": visit, "outcome": "well"}
        yield self._event("observation_ended", ended, at + timedelta(minutes=36))

    def _event(self, kind: str, content: dict[str, Any], at: datetime) -> dict[str, Any]:
        made = {"id": str(new_id()), "kind": kind, "facility_id": self.facility, "made_at": at.isoformat()}
        return made | {"content": content}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A small practice installation: sites, accounts, stock, sessions of today, the population side's register."""
    ports = ["--port", str(free_port()), "--population-port", str(free_port())]
    folder = tmp_path / "first"
    tiemchung("demo", "--folder", str(folder), *ports, "--people", "6", "--only", "register", "--json")
    found = Installation(folder)
    found.start_database()
    yield found
    found.server.stop()


@contextlib.contextmanager
def served(installation: Installation) -> Iterator[Stack]:
    stack = Stack(installation.environment(), installation.logs, free_port(), free_port())
    stack.environment = {
        **stack.environment,
        "TIEMCHUNG_POPULATION_URL": f"http://127.0.0.1:{stack.population_port}",
    }
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@contextlib.contextmanager
def followed(installation: Installation, shelf: Shelf) -> Iterator[None]:
    command = ["backup", "follow", "--embedded", str(installation.folder), "--folder", str(shelf.root)]
    with subprocess.Popen([sys.executable, "-m", "tiemchung.cli.main", *command]) as following:
        source = Source(installation.server.url("postgres"))
        wait_until(lambda: (journal.standing(source) or {}).get("receiving"), "the receiver")
        try:
            yield
        finally:
            following.kill()  # it goes with the machine


def rows(installation: Installation, database: str, query: str) -> list[Any]:
    with psycopg.connect(installation.server.url(database)) as connection:
        return [value for (value,) in connection.execute(query).fetchall()]


def kill_database(installation: Installation, *, keeper: bool) -> None:
    """SIGKILL to PostgreSQL's processes; with the keeper nobody starts it again."""
    keeper_pid = installation.server.status().keeper_pid
    for pid in processes_of(installation.server):
        if keeper or pid != keeper_pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def next_second() -> datetime:
    """A whole second that is just over, while the load goes on."""
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    wait_until(lambda: datetime.now(UTC) > moment, "the next second")
    return moment


FIGURES = """
import json
import django
django.setup()
from tiemchung.figures import actions, public
actions.take(by=None)
found = public.latest()
provinces = [[each.code, each.counts.given, each.counts.recorded, each.counts.verified, each.counts.signed, each.behind]
             for each in found.provinces]
days = [[str(on), recorded] for on, recorded in found.days]
print(json.dumps({"nation": vars(public.national()), "provinces": provinces, "days": days}))
"""


def figures(installation: Installation) -> Any:
    """All public figures, counted now."""
    settings = {"DJANGO_SETTINGS_MODULE": "tiemchung.ground.settings", **installation.environment()}
    done = subprocess.run(
        [sys.executable, "-c", FIGURES], env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def seals(installation: Installation) -> list[str]:
    """Every seal, word for word."""
    query = "SELECT number || ' ' || statement || ' ' || signature FROM oversight_seal ORDER BY number"
    return rows(installation, HEALTH_DATABASE, query)


@dataclass(frozen=True)
class Standing:
    """How the platform stood at a whole second in which nobody wrote."""

    moment: datetime
    figures: Any
    seals: list[str]


def standing(installation: Installation, published: Path) -> Standing:
    """Note figures and seals, and copy the published seals, at a second around which nothing changed."""
    for _ in range(10):  # the worker may write in between
        tiemchung("audit", "seal", "--embedded", str(installation.folder))
        before = figures(installation), seals(installation)
        moment = next_second()
        shutil.copytree(installation.folder / "seals", published, dirs_exist_ok=True)
        if (figures(installation), seals(installation)) == before:
            return Standing(moment, *before)
    pytest.fail("the worker wrote ten times in a row")


def restored(shelf: Shelf, of: Installation, moment: datetime, folder: Path) -> Installation:
    """Restore on another machine: the vault's secrets first, then the database as it was at the moment."""
    folder.mkdir()
    shutil.copy(of.folder / "secrets.json", folder)
    shutil.copy(of.folder / "practice.json", folder)
    shutil.copytree(of.folder / "keys", folder / "keys")
    said = tiemchung(
        "restore", "--folder", str(shelf.root), "--to", moment.isoformat(), "--into", str(folder), "--json"
    )
    assert datetime.fromisoformat(json.loads(said)["last_transaction"]) <= moment
    return Installation(folder)


@contextlib.contextmanager
def started(installation: Installation) -> Iterator[None]:
    installation.start_database()
    try:
        yield
    finally:
        installation.server.stop()


@pytest.mark.slow
def test_the_platform_comes_back_elsewhere_as_it_was_at_a_named_second(
    installation: Installation, tmp_path: Path
) -> None:
    shelf = Shelf.at(tmp_path / "backups")
    facility, session = (
        str(rows(installation, HEALTH_DATABASE, query)[0])
        for query in (
            f"SELECT id FROM places_facility WHERE code = '{SITE.code}'",
            f"SELECT s.id FROM campaigns_session s JOIN places_facility f ON f.id = s.facility_id "
            f"WHERE f.code = '{SITE.code}'",
        )
    )
    citizens = rows(installation, POPULATION_DATABASE, "SELECT count(*) FROM population_citizen")
    with (
        followed(installation, shelf),
        served(installation) as stack,
        Load(stack.url, facility, session).going() as load,
    ):
        load.more()
        tiemchung("backup", "take", "--embedded", str(installation.folder), "--folder", str(shelf.root), "--json")
        load.more()
        stack.kill_server()
        kill_database(installation, keeper=False)
        stack.start_server()
        load.more()
        tiemchung("audit", "seal", "--embedded", str(installation.folder))
        busy = next_second()
        load.more()
        with load.paused():
            quiet = standing(installation, tmp_path / "published")
        load.more()
        wait_until(lambda: (shelf.journal_until() or quiet.moment) > quiet.moment, "the journal up to the moment")
        load.end()
        kill_database(installation, keeper=True)
        stack.kill_server()
    shutil.rmtree(installation.folder / "pg")

    back = restored(shelf, installation, busy, tmp_path / "busy")
    with started(back):
        check(back, load.done, busy)
        assert rows(back, POPULATION_DATABASE, "SELECT count(*) FROM population_citizen") == citizens

    back = restored(shelf, installation, quiet.moment, tmp_path / "quiet")
    with started(back):
        assert seals(back) == quiet.seals
        assert figures(back) == quiet.figures
        recorded = rows(back, HEALTH_DATABASE, "SELECT count(*) FROM doses_standing")
        assert recorded == [quiet.figures["nation"]["recorded"]]
        verified = tiemchung(
            *("audit", "verify", "--embedded", str(back.folder)), "--published", str(tmp_path / "published"), "--json"
        )
        proof = json.loads(verified)
        assert (proof["problems"], proof["seals"], proof["published"]) == ([], len(quiet.seals), len(quiet.seals))
        assert proof["rows"] > 0


def check(back: Installation, sent: list[Batch], moment: datetime) -> None:
    before = [batch for batch in sent if batch.acknowledged_at < moment]
    after = [batch for batch in sent if batch.sent_at > moment]
    assert before
    assert after
    there = set(rows(back, HEALTH_DATABASE, "SELECT id FROM visits_siteevent WHERE kind <> 'tally_typed'"))
    assert [batch for batch in before if not batch.events <= there] == []  # none missing
    assert [batch for batch in after if batch.events & there] == []  # none beyond
    assert [batch for batch in sent if batch.events & there and not batch.events <= there] == []  # none in part
    whole = [batch for batch in sent if batch.events <= there]
    ledger = rows(back, HEALTH_DATABASE, "SELECT count(*) FROM doses_standing WHERE visit_id IS NOT NULL")
    assert ledger == [sum(batch.doses for batch in whole)]
    with served(back) as stack:
        client = Client(stack.url)
        client.sign_in(SITE.nurse, PASSWORD)
        found = client.post_json("/api/checkin/scan", {"text": before[-1].number})
        assert found["person"]["full_name"] == "Lường Thị Mận"
        missing = client.post_json("/api/checkin/scan", {"text": after[-1].number}, expect=frozenset({404}))
        assert missing["code"] == "person_unknown"
