"""How fast is a list of late-entered doses recorded? Lines of a CSV a second, against COPY of the same rows.

    DOSES=100000 python benchmarks/doses_import.py

Everybody is in the registry with a number and has two doses on paper, the first on one of sixty days, the second eight
to twelve weeks later; one line in a hundred has a fault. What is
timed is the command's own call: reading lines, finding persons by number, name and birth date, judging each dose by the
rules, its lot and the doses there are, and storing dose, stock movement and audit entry. The limit is COPY of the
doses so recorded into a table of the same columns and indexes, on the same server, which flushes every commit to disk.
"""

import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measure import report, rss_mb, say  # noqa: E402
from benchmarks.passports import FAMILIES, GIVENS, MIDDLES  # noqa: E402
from benchmarks.served import migrated  # noqa: E402

ENOUGH = 100_000  # doses, of which a figure is kept: with fewer the processes' start weighs too much
DOSES = int(os.environ.get("DOSES", ENOUGH))
EACH = 2  # doses of a person
FAULTY = 100  # one line of so many has a fault
COPY_TO = "CREATE TABLE copied (LIKE doses_dose INCLUDING ALL)"


def main() -> None:
    """Set up, measure, report."""
    with migrated() as folder:
        _measure(folder)


def _measure(folder: Path) -> None:
    from tests.station import open_station
    from tiemchung.doses import actions_import, late_list
    from tiemchung.doses.models import Dose

    station, path = open_station(doses=10 * DOSES), folder / "list.csv"
    faults = _write_list(path, station, DOSES)
    say(f"{DOSES} lines")
    whole = actions_import.Recorded()
    began = time.perf_counter()
    with late_list.opened(path) as text:
        read, where = late_list.read(text), station.facility.id
        for done in actions_import.record_list(read, facility_id=where, by=station.head.id):
            whole.add(done)
    seconds = time.perf_counter() - began
    if (whole.recorded, len(whole.faults)) != (DOSES - faults, faults) or Dose.objects.count() != DOSES - faults:
        raise SystemExit(f"{whole.recorded} recorded, {len(whole.faults)} faults of {faults}")
    rate, limit = DOSES / seconds, _copy()
    report(
        "doses_import",
        keep=DOSES >= ENOUGH,
        rate=round(rate),
        unit="lines/s",
        limit=round(limit),
        limit_is="COPY of the same doses",
        ratio=round(rate / limit, 3),
        seconds=round(seconds, 2),
        rss_mb=rss_mb(),
        with_findings=whole.with_findings,
        faults=faults,
    )


def _write_list(path: Path, station: Any, doses: int) -> int:
    """Write the registry and the list; gives the number of lines with a fault."""
    from django.db import connection, transaction

    from tiemchung.ground.rows import Planned

    planned, faults = Planned(), 0
    with path.open("w", encoding="utf-8") as out:
        out.write("number,name,birth_date,product,lot,injected_on,injected_time,dose_number\n")
        for number in range(doses):
            name, born = _name(number // EACH), date(1940, 1, 1) + timedelta(days=number // EACH * 37 % 23_000)
            if number % EACH == 0:
                _plan(planned, number // EACH, name, born)
            second = number % EACH * (56 + number // EACH * 11 % 28)
            given = date(2021, 7, 1) + timedelta(days=number // EACH % 60 + second)
            product, faults = ("XX", faults + 1) if number % FAULTY == 0 else ("AZ", faults)
            person = f"001{number // EACH:09},{name},{born:%d/%m/%Y}"
            out.write(f"{person},{product},{station.lot.number},{given:%d/%m/%Y},08:30,\n")
    with transaction.atomic():
        planned.write()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a database in service has done by itself
    return faults


def _name(number: int) -> str:
    return " ".join(part[number // size % len(part)] for part, size in ((FAMILIES, 1), (MIDDLES, 14), (GIVENS, 140)))


def _plan(planned: Any, number: int, name: str, born: date) -> None:
    from tiemchung.ground import clock
    from tiemchung.ground.ids import new_id
    from tiemchung.people.models import IdentityNumber, Person
    from tiemchung.people.numbers import look_up
    from tiemchung.vietnam.names import match_key

    person_id, now = new_id(), clock.now()
    planned.add(
        Person, id=person_id, full_name=name, name_key=match_key(name), name_tokens=name.lower().split(),
        name_sort=name.lower(), birth_date=born, birth_precision="day", sex="female", qid=f"{number:018}",
        created_at=now,
    )  # fmt: skip
    planned.add(
        IdentityNumber, id=new_id(), person_id=person_id, kind="cccd", value=f"001{number:09}",
        look_up=look_up(f"001{number:09}"), stated_at=now,
    )  # fmt: skip


def _copy() -> float:
    """Rows a second by which the same doses are copied into a table of the same columns and indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(COPY_TO)
        cursor.execute("SELECT * FROM doses_dose")
        columns, rows = [column.name for column in cursor.description], cursor.fetchall()
        began = time.perf_counter()
        with cursor.copy(f"COPY copied ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    return len(rows) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
