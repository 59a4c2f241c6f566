"""What does sealing cost, and how fast is verifying? Two processes write journeys while a sealer works as in service.

    ROUNDS=9 SECONDS=20 python benchmarks/audit.py

The rows are those of real journeys: batches of fifty through the same code as the API, validated and recorded. Writers
never stop. In the middle of every round the sealer seals and publishes what was written since the last time, through
the worker's own calls. In service a round is a minute; a shorter one gives more rounds to take the median of, and
weighs what a seal costs however few its rows. The window in which the sealer works (and the two seconds after) is held
against the rest of the same round, so that neither the machine's moods nor growing tables count:

    cost    what the round's journeys fall short of the rest's rate kept up for the whole round; lock waits included
    share   processor seconds of the sealer and its server process, of all processor seconds of the round
    pooled  both over all rounds together, which a single odd one moves less

`share` is what to believe: time that is spent is counted, whatever else the machine does, while `cost` is the small
difference of two rates that each swing by a tenth. What the server's writer of pages and of the journal do for the
sealer counts to everybody. `us_per_row` says what sealing a row takes of the processor, and what writing one does:
validating, recording, answering, all that was not the sealer's, over the rows that were sealed.

The limit of verifying is PostgreSQL's own SHA-256 over the same rows' text.
"""

import json
import multiprocessing as mp
import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measure import percentiles, report, say  # noqa: E402
from benchmarks.served import migrated  # noqa: E402

SECONDS = float(os.environ.get("SECONDS", "20"))  # between two seals
ROUNDS = int(os.environ.get("ROUNDS", "9"))  # odd, so that the median is one of them
WRITERS = 2
BATCH = 50
PEOPLE = int(os.environ.get("PEOPLE", "500000"))  # each comes once
AFTER = 2.0  # seconds after a seal that are still counted to it
TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Batch:
    """One batch that a writer wrote: when, by the machine's monotonic clock."""

    began: float
    ended: float

    def within(self, since: float, until: float) -> float:
        """How many of its journeys fall into a window, taken as evenly spread over it."""
        return BATCH * max(0.0, min(self.ended, until) - max(self.began, since)) / (self.ended - self.began)


@dataclass(frozen=True)
class Round:
    """The window of the seal in a round, and what it cost."""

    began: float
    sealed_from: float
    sealed_until: float
    ended: float
    rows: int  # under its seals
    sealer: float  # processor seconds
    everybody: float

    def made(self, batches: list[Batch]) -> float:
        """How many journeys were written in it."""
        return sum(each.within(self.began, self.ended) for each in batches)

    def expected(self, batches: list[Batch]) -> float:
        """How many would have been at the rate beside the window."""
        window, whole = self.sealed_until - self.sealed_from, self.ended - self.began
        inside = sum(each.within(self.sealed_from, self.sealed_until) for each in batches)
        return (self.made(batches) - inside) / (whole - window) * whole

    def touches(self, batch: Batch) -> bool:
        return batch.began < self.sealed_until and batch.ended > self.sealed_from


def main() -> None:
    """Set up, measure, report."""
    with migrated() as folder:
        _measure(folder)


def _measure(folder: Path) -> None:
    station, people = _set_up()
    say(f"{len(people)} people at one station; {ROUNDS} rounds of {SECONDS:.0f} s, a seal in the middle of each")
    from django.db import connection

    connection.close()
    context = mp.get_context("fork")
    stop, go, sealed = context.Event(), context.Semaphore(0), context.SimpleQueue()
    logs = [folder / f"writer-{number}.json" for number in range(WRITERS)]
    writers = [
        context.Process(target=_write, args=(station, people[number::WRITERS], stop, log))
        for number, log in enumerate(logs)
    ]
    sealer = context.Process(target=_seal, args=(stop, go, sealed), daemon=True)
    for one in (*writers, sealer):
        one.start()
    rounds = _rounds(go, sealed, [process.pid for process in (*writers, sealer)])
    stop.set()
    go.release()
    for one in (*writers, sealer):
        one.join()
    batches = [Batch(*each) for log in logs for each in json.loads(log.read_text())]
    _report(rounds, batches)


def _rounds(go: Any, sealed: Any, pids: list[int]) -> list[Round]:
    """The first seal, of what the writers wrote while they warmed up, does not count."""
    time.sleep(max(10.0, SECONDS / 4))
    go.release()
    sealed.get()
    found = []
    for number in range(ROUNDS):
        began, before = time.monotonic(), _all_processor_seconds(pids)
        time.sleep(SECONDS / 2)
        go.release()
        since, until, seconds, rows = sealed.get()
        time.sleep(max(AFTER, began + SECONDS - time.monotonic()))
        used = _all_processor_seconds(pids) - before
        found.append(Round(began, since, until + AFTER, time.monotonic(), rows, seconds, used))
        say(f"round {number + 1}: {rows:,} rows sealed and published in {until - since:.1f} s, "
            f"{seconds:.1f} of {used:.1f} processor seconds")  # fmt: skip
    return found


def _set_up() -> tuple[Any, list[Any]]:
    from tests.ledger import enrol_key
    from tests.station import open_station
    from tiemchung.ground import clock
    from tiemchung.passports import keys
    from tiemchung.people.models import Person

    station = open_station(doses=2 * PEOPLE)
    enrol_key(keys.SEAL)
    first = Person.objects.create(
        full_name="Hà Thị Mai",
        name_key="ha thi mai",
        name_tokens=["ha", "thi", "mai"],
        name_sort="mai",
        birth_date="1967-09-03",
        birth_precision="day",
        sex="female",
        qid=f"{0:018}",
        created_at=clock.now(),
    )
    _more_like(first, PEOPLE - 1)
    return station, list(Person.objects.order_by("qid").values_list("id", flat=True))


def _more_like(person: Any, count: int) -> None:
    """Copies of a person, each with an id and a QID of its own, made by the database: half a million in seconds."""
    from django.db import connection

    columns = [field.column for field in person._meta.concrete_fields]
    own = {"id": "gen_random_uuid()", "qid": "lpad(number::text, 18, '0')"}
    values = ", ".join(own.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO people_person ({names}) SELECT {values} FROM people_person, generate_series(1, %s) number "
            "WHERE id = %s",
            [count, person.id],
        )


def _write(station: Any, people: list[Any], stop: Any, log: Path) -> None:
    from tests.device import Device
    from tiemchung.doses.stages import stages
    from tiemchung.visits import actions_events

    device, written = Device(None, station), []  # type: ignore[arg-type]
    for start in range(0, len(people), BATCH):
        if stop.is_set():
            log.write_text(json.dumps(written))
            return
        batch = [event for person in people[start : start + BATCH] for event in device.journey(person)]
        began = time.monotonic()
        answers = actions_events.take(batch, by=station.nurse, stages=stages)
        assert all(str(answer.answer).startswith("accepted") for answer in answers), answers[0]
        written.append((began, time.monotonic()))
    raise SystemExit("people ran out: give more by PEOPLE=")


def _seal(stop: Any, go: Any, sealed: Any) -> None:
    """What the worker does every minute, whenever told to."""
    from tiemchung.oversight import actions_seal, publishing
    from tiemchung.oversight.models import Seal

    while True:
        go.acquire()
        if stop.is_set():
            return
        last = Seal.objects.count()
        began, used = time.monotonic(), _processor_seconds()
        actions_seal.seal_finished()
        publishing.publish()
        ended, seconds = time.monotonic(), _processor_seconds() - used
        rows = sum(Seal.objects.filter(number__gt=last).values_list("rows", flat=True))
        sealed.put((began, ended, seconds, rows))


def _processor_seconds() -> float:
    """Of this process and of the server's process that serves it: a figure that other load does not change."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return time.process_time() + _of_process(pid)


def _all_processor_seconds(pids: list[int]) -> float:
    """Of the writers, the sealer, and every process of the server, those that have ended included."""
    (server,) = _postmaster()
    children = [
        int(pid) for task in Path(f"/proc/{server}/task").iterdir() for pid in (task / "children").read_text().split()
    ]
    return sum(map(_of_process, [*pids, server, *children])) + _of_process(server, waited_for=True)


def _postmaster() -> list[int]:
    from django.db import connection

    place = Path(connection.settings_dict["HOST"]).parent
    return [int(path.read_text().split()[0]) for path in place.rglob("postmaster.pid")]


def _of_process(pid: int, *, waited_for: bool = False) -> float:
    """User and system seconds of a process, or of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # ended meanwhile: its parent has its seconds
        return 0.0
    return sum(map(int, fields[13:15] if waited_for else fields[11:13])) * TICK


def _report(rounds: list[Round], batches: list[Batch]) -> None:
    costs = sorted(1 - each.made(batches) / each.expected(batches) for each in rounds)
    shares = sorted(each.sealer / each.everybody for each in rounds)
    beside = [each.ended - each.began for each in batches if any(one.touches(each) for one in rounds)]
    rest = [each.ended - each.began for each in batches if not any(one.touches(each) for one in rounds)]
    made, expected = (sum(count(each, batches) for each in rounds) for count in (Round.made, Round.expected))
    sealer, everybody, rows = (sum(getattr(each, of) for each in rounds) for of in ("sealer", "everybody", "rows"))
    rate = made / sum(each.ended - each.began for each in rounds)
    say(f"cost {median(costs):.2%} (from {costs[0]:.2%} to {costs[-1]:.2%}), "
        f"share of the processor {median(shares):.2%} (from {shares[0]:.2%} to {shares[-1]:.2%})")  # fmt: skip
    report(
        "audit",
        rate=round(rate),
        unit=f"journeys/s, sealed every {SECONDS:.0f} s",
        limit=round(rate / (1 - median(costs))),
        limit_is="the rate of the same rounds outside the seals' windows",
        ratio=round(1 - median(costs), 4),
        cost_median=round(median(costs), 4),
        cost_from_to=[round(costs[0], 4), round(costs[-1], 4)],
        cost_pooled=round(1 - made / expected, 4),
        sealing_share_of_processor=round(median(shares), 4),
        share_from_to=[round(shares[0], 4), round(shares[-1], 4)],
        share_pooled=round(sealer / everybody, 4),
        us_per_row={"sealing": round(sealer / rows * 1e6, 2), "writing": round((everybody - sealer) / rows * 1e6, 1)},
        batch_p99_ms_beside_a_seal=percentiles(beside)["p99_ms"],
        batch_p99_ms_otherwise=percentiles(rest)["p99_ms"],
        batches_beside=len(beside),
        rounds=len(rounds),
        load=round(os.getloadavg()[0], 1),
        **_verifying(),
    )


def _verifying() -> dict[str, Any]:
    from django.db import connection

    from tiemchung.oversight import actions_seal, ledgers, publishing, verifying

    actions_seal.seal_finished()
    publishing.publish()
    before = time.monotonic()
    found = verifying.verify()
    seconds = time.monotonic() - before
    assert not found.problems, found.problems[0]
    began = time.monotonic()
    for ledger in ledgers.all_ledgers().values():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(sha256(convert_to(t::text, 'UTF8'))) FROM \"{ledger.table}\" t")
    return {
        "verified_rows_per_s": round(found.rows / seconds),
        "verify_limit_rows_per_s": round(found.rows / (time.monotonic() - began)),
        "verify_limit_is": "SHA-256 of each row's text by PostgreSQL alone",
        "rows": found.rows,
        "seconds": round(seconds, 2),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


if __name__ == "__main__":
    main()
