"""How many whole journeys a second does the API take in? Check-in, screening, injection, end of observation.

A journey is four events, validated and durable when the answer is given; a batch holds the events of so many journeys,
or one event (a request for each step). Stations send side by side, as many as there are callers. Client, server and
database share the machine. The limit in the same run: the rows of the same journeys in the tables of the floor, ledger
and stock (not those of the log and of the events as they were sent), copied by `INSERT … SELECT` into tables of the
same columns and keys, fifty journeys in a transaction, on all cores.

    PEOPLE=1000000 SECONDS=20 CALLERS=4 python benchmarks/journeys.py
"""

import json
import multiprocessing as mp
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from benchmarks.measure import CORES, percentiles, report, say  # noqa: E402
from benchmarks.served import Caller, fill, installed, person_id, serving  # noqa: E402

PEOPLE = int(os.environ.get("PEOPLE", "1000000"))
SECONDS = float(os.environ.get("SECONDS", "15"))
CALLERS = int(os.environ.get("CALLERS", "4"))
SIZES = (50, 10, 0)  # journeys in a batch; 0: a request for each step
_VISITS = "visit_id = ANY(%s)"
_DOSES = "SELECT id FROM doses_dose WHERE visit_id = ANY(%s)"
BY_VISIT = {  # the rows of a journey, and how those of a batch are found
    "visits_visit": "id = ANY(%s)",
    "visits_screening": _VISITS,
    "doses_dose": _VISITS,
    "stock_stockmovement": f"dose_id IN ({_DOSES})",
    "visits_observation": _VISITS,
}


def main() -> None:
    """Fill, serve, send, report."""
    with installed() as installation:
        stations = _stations()
        fill(PEOPLE)
        with serving(installation):
            found = {size: _send(stations, size, place) for place, size in enumerate(SIZES)}
        limit = _limit()
    _report(found, limit)


def _stations() -> list[Any]:
    from tests.station import open_station

    return [open_station(doses=1_000_000) for _ in range(CALLERS)]


def _send(stations: list[Any], size: int, place: int) -> dict[str, Any]:
    """Let every station send its own people's journeys for SECONDS; people are never sent twice."""
    from django.db import connection

    share = PEOPLE // len(SIZES) // len(stations)
    first = 1 + place * (PEOPLE // len(SIZES))
    starts = [first + number * share for number in range(len(stations))]
    callers = [Caller.of(station.nurse) for station in stations]
    for station, start in zip(stations, starts, strict=True):
        _read_codes(station, range(start, start + share)[: _most(size)])
    connection.close()
    context = mp.get_context("fork")
    ready, done = context.Barrier(len(stations) + 1), context.SimpleQueue()
    running = [
        context.Process(target=_caller, args=(station, caller, range(start, start + share), size, ready, done))
        for station, caller, start in zip(stations, callers, starts, strict=True)
    ]
    for one in running:
        one.start()
    ready.wait()
    told = [done.get() for _ in running]
    for one in running:
        one.join()
    rate, times = sum(each["rate"] for each in told), [second for each in told for second in each["times"]]
    found = {"rate": round(rate), **percentiles(times), "journeys": sum(each["made"] for each in told)}
    say(f"{size or 'a request for each step'}: {found}")
    return found


def _caller(station: Any, caller: Caller, people: range, size: int, ready: Any, done: Any) -> None:
    """Make requests beforehand for as long as the phase may last at the most, then send them and time each."""
    requests = _requests(station, caller, people, size)
    ready.wait()
    times: list[float] = []
    made, began = 0, time.perf_counter()
    for request in requests:
        started = time.perf_counter()
        answers = json.loads(caller.send(request))["answers"]
        times.append(time.perf_counter() - started)
        if not all(each["answer"] == "accepted" for each in answers):
            raise RuntimeError(f"not accepted: {answers}")
        made += len(answers)
        if times and time.perf_counter() - began > SECONDS:
            break
    seconds = time.perf_counter() - began
    done.put({"rate": made / 4 / seconds, "made": made // 4, "times": times})


def _requests(station: Any, caller: Caller, people: range, size: int) -> list[bytes]:
    from tests.device import Device

    device = Device(None, station)  # type: ignore[arg-type]
    events = [event for number in people[: _most(size)] for event in device.journey(person_id(number))]
    at_once = 4 * size or 1
    batches = [events[start : start + at_once] for start in range(0, len(events), at_once)]
    return [caller.request("/api/events", {"events": batch}) for batch in batches]


def _most(size: int) -> int:
    """So many journeys a caller may get through in one phase."""
    return int(SECONDS * {50: 2500, 10: 1500, 0: 600}[size]) // CALLERS


def _read_codes(station: Any, people: range) -> None:
    """The codes of those who come are read at the site, as they are: by a bare id nobody is known there."""
    from tiemchung.ground import audit
    from tiemchung.visits.presence import READ

    ids = [person_id(number) for number in people]
    audit.read_many(person_ids=ids, by=station.nurse.id, reason=READ, facility_id=station.facility.id)


def _limit(most: int = 20_000) -> float:
    """Journeys a second that `INSERT … SELECT` copies, fifty in a transaction, on all cores."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in BY_VISIT:
            cursor.execute(f"CREATE TABLE limit_{table} (LIKE {table} INCLUDING ALL EXCLUDING IDENTITY)")
        cursor.execute("SELECT id FROM visits_visit LIMIT %s", [most])
        visits = [visit for (visit,) in cursor.fetchall()]
    batches = [visits[start : start + 50] for start in range(0, len(visits), 50)]
    connection.close()
    started = time.perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(_copy, [batches[number::CORES] for number in range(CORES)]))
    return len(visits) / (time.perf_counter() - started)


def _copy(batches: list[list[Any]]) -> None:
    from django.db import connection, transaction

    for batch in batches:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, named in BY_VISIT.items():
                cursor.execute(f"INSERT INTO limit_{table} SELECT * FROM {table} WHERE {named}", [batch])
    connection.close()


def _report(found: dict[int, dict[str, Any]], limit: float) -> None:
    best = found[SIZES[0]]
    report(
        "journeys",
        keep=PEOPLE >= 1_000_000,
        rate=best["rate"],
        unit="journeys/s in batches of fifty",
        limit=round(limit),
        limit_is="INSERT … SELECT of the same rows into tables of the same keys, all cores",
        ratio=round(best["rate"] / limit, 3),
        in_batches_of_ten=found[10],
        a_request_for_each_step=found[0],
        people=PEOPLE,
        callers=CALLERS,
        cores=CORES,
        **{name: best[name] for name in ("p50_ms", "p99_ms", "journeys")},
    )


if __name__ == "__main__":
    main()
