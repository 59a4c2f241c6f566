"""What does sealing cost, and how fast is verifying? Two processes write journeys, with the sealer and without.

The rows are those of real journeys: batches of fifty through the same code as the API, validated and recorded. The
limit of verifying is PostgreSQL's own SHA-256 over the same rows' text.
"""

import multiprocessing as mp
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from measure import report, say  # noqa: E402

SECONDS = float(os.environ.get("SECONDS", "12"))  # of one phase
ROUNDS = int(os.environ.get("ROUNDS", "3"))
WRITERS = 2
BATCH = 50
PEOPLE = int(os.environ.get("PEOPLE", "40000"))  # each comes once
PAUSE = 2.0  # seconds between seals: thirty times more often than in service, which costs more, not less


def main() -> None:
    """Set up, measure, report."""
    folder = Path(tempfile.mkdtemp(prefix="tiemchung-bench-"))
    server = _start(folder)
    try:
        _measure()
    finally:
        server.stop()
        server.release()
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> Any:
    from tiemchung.ground.embedded.server import EmbeddedServer

    server = EmbeddedServer(folder / "pg", durable=True)
    server.start()
    server.create_database("bench")
    os.environ |= {
        "DATABASE_URL": server.url("bench"),
        "TIEMCHUNG_KEYS": str(folder / "keys"),
        "TIEMCHUNG_PRACTICE": "1",
    }
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return server


def _measure() -> None:
    station, people = _set_up()
    say(
        f"{len(people)} people at one station; phases of {SECONDS:.0f} s, {ROUNDS} with and {ROUNDS} without the sealer"
    )
    place, rates = 0, {False: [], True: []}
    sealing = writing = 0.0
    for number in range(2 * ROUNDS):
        with_sealer = number % 2 == 1
        made, seconds, of_writers, of_sealer = _phase(station, people[place:], with_sealer)
        place += WRITERS * max(made)
        rates[with_sealer].append(sum(made) / seconds)
        if not with_sealer:
            sealing, writing = sealing + of_sealer, writing + of_writers
        say(f"{'with' if with_sealer else 'without'} sealer: {sum(made) / seconds:.0f} journeys/s")
    _report(rates, sealing / (sealing + writing))


def _set_up() -> tuple[Any, list[Any]]:
    from tests.ledger import enrol_key
    from tests.station import open_station
    from tiemchung.ground import clock
    from tiemchung.passports import keys
    from tiemchung.people.models import Person

    _live_on_the_day()
    station = open_station(doses=10 * PEOPLE)
    enrol_key(keys.SEAL)
    made = [
        Person(
            full_name="Hà Thị Mai",
            name_key="ha thi mai",
            name_tokens=["ha", "thi", "mai"],
            name_sort="mai",
            birth_date="1967-09-03",
            birth_precision="day",
            sex="female",
            qid=f"{number:018}",
            created_at=clock.now(),
        )
        for number in range(PEOPLE)
    ]
    Person.objects.bulk_create(made, batch_size=5000)
    return station, [one.id for one in made]


def _live_on_the_day() -> None:
    from datetime import UTC, datetime

    from django.conf import settings

    from tests.station import DAY

    settings.CLOCK_OFFSET = DAY - datetime.now(UTC)


def _phase(station: Any, people: list[Any], with_sealer: bool) -> tuple[list[int], float, float, float]:
    """Journeys of each writer, the phase's seconds, and the processor seconds of writing and of sealing."""
    from django.db import connection

    connection.close()
    context = mp.get_context("fork")
    stop = context.Event()
    made = [context.Value("l", 0) for _ in range(WRITERS)]
    used = [context.Value("d", 0.0) for _ in range(WRITERS)]
    running = [
        context.Process(target=_write, args=(station, people[number::WRITERS], stop, made[number], used[number]))
        for number in range(WRITERS)
    ]
    if with_sealer:
        running.append(context.Process(target=_seal, args=(stop,)))
    started = time.monotonic()
    for one in running:
        one.start()
    time.sleep(SECONDS)
    stop.set()
    for one in running[:WRITERS]:
        one.join()
    seconds = time.monotonic() - started
    for one in running[WRITERS:]:
        one.join()
    sealing = _catch_up()  # of a phase without a sealer all its rows, as once a minute in service
    return [one.value for one in made], seconds, sum(one.value for one in used), sealing


def _write(station: Any, people: list[Any], stop: Any, made: Any, used: Any) -> None:
    from tests.device import Device
    from tiemchung.doses.stages import stages
    from tiemchung.visits import actions_events

    device = Device(None, station)  # type: ignore[arg-type]
    for start in range(0, len(people), BATCH):
        if stop.is_set():
            return
        batch = [event for person in people[start : start + BATCH] for event in device.journey(person)]
        answers = actions_events.take(batch, by=station.nurse, stages=stages)
        assert all(str(answer.answer).startswith("accepted") for answer in answers), answers[0]
        made.value += BATCH
        used.value = _processor_seconds()
    raise SystemExit("people ran out: give more by PEOPLE=")


def _seal(stop: Any) -> None:
    from tiemchung.oversight import actions_seal

    while not stop.wait(PAUSE):
        actions_seal.seal_finished()


def _processor_seconds() -> float:
    """Of this process and of the server's process that serves it: a figure that other load does not change."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _catch_up() -> float:
    """Seal what is left; gives the processor seconds that it took."""
    from django.db import connection

    from tiemchung.oversight import actions_seal

    before = _processor_seconds()
    actions_seal.seal_finished()
    took = _processor_seconds() - before
    connection.close()
    return took


def _report(rates: dict[bool, list[float]], share: float) -> None:
    from django.db import connection

    from tiemchung.oversight import actions_seal, ledgers, verifying

    actions_seal.seal_finished()
    before = time.monotonic()
    found = verifying.verify()
    seconds = time.monotonic() - before
    assert not found.problems, found.problems[0]
    began = time.monotonic()
    for ledger in ledgers.all_ledgers().values():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(sha256(convert_to(t::text, 'UTF8'))) FROM \"{ledger.table}\" t")
    limit = found.rows / (time.monotonic() - began)
    without, beside = (sorted(rates[which])[len(rates[which]) // 2] for which in (False, True))
    report(
        "audit",
        rate=round(beside),
        unit="journeys/s with the sealer beside",
        limit=round(without),
        limit_is="the same without the sealer, medians of alternating phases",
        ratio=round(beside / without, 3),
        sealing_share_of_processor=round(share, 4),
        verified_rows_per_s=round(found.rows / seconds),
        verify_limit_rows_per_s=round(limit),
        verify_limit_is="SHA-256 of each row's text by PostgreSQL alone",
        rows=found.rows,
        seconds=round(seconds, 2),
        rss_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    )


if __name__ == "__main__":
    main()
