"""How long does a list of 12,000 staff take? Read, judged, opened with codes and audit rows, held against bare COPY.

    python benchmarks/accounts_import.py

The limit is PostgreSQL taking in rows of the same three tables by COPY, from Python, in the same run. `again_seconds`
is the same list sent a second time, which opens nothing.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measure import report, rss_mb, say  # noqa: E402
from benchmarks.served import migrated  # noqa: E402

STAFF = int(os.environ.get("STAFF", "12000"))


def main() -> None:
    """Set up, measure, report."""
    with migrated():
        _measure()


def _measure() -> None:
    from tests.station import open_station
    from tiemchung.accounts import staff_list
    from tiemchung.accounts.actions_import import import_staff

    station = open_station()
    code = station.facility.code
    lines = (f"nv.{n},Nhân Viên {n},vaccinator,{code}" for n in range(STAFF))
    data = ("username,name,role,facility\n" + "\n".join(lines)).encode()

    def once() -> int:
        return len(import_staff(reading=staff_list.read(data), by=station.head).slips)

    opened, seconds = _timed(once)
    unchanged, again = _timed(once)
    assert (opened, unchanged) == (STAFF, 0)
    bare = _bare_copy()
    say(f"{opened:,} accounts in {seconds:.2f} s, again {again:.2f} s, bare COPY {bare:.2f} s")
    report(
        "accounts_import",
        rate=round(STAFF / seconds),
        unit="accounts a second, with codes and audit rows",
        limit=round(STAFF / bare),
        limit_is="COPY of the same rows into copies of the three tables, same run",
        ratio=round(bare / seconds, 3),
        seconds=round(seconds, 2),
        again_seconds=round(again, 2),
        rss_mb=rss_mb(),
    )


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begin = time.perf_counter()
    done = work()
    return done, time.perf_counter() - begin


def _bare_copy() -> float:
    """Seconds of writing the rows as they now stand once more, by COPY into tables with the same indexes."""
    from django.db import connection

    seconds = 0.0
    with connection.cursor() as cursor:
        for table in ("accounts_account", "accounts_activation", "ground_auditentry"):
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING INDEXES INCLUDING CONSTRAINTS)")
            cursor.execute(f"SELECT * FROM {table}")
            rows = [[_plain(value) for value in row] for row in cursor.fetchall()]
            begin = time.perf_counter()
            with cursor.copy(f"COPY bare_{table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            seconds += time.perf_counter() - begin
    return seconds


def _plain(value: Any) -> Any:
    from psycopg.types.json import Jsonb

    return Jsonb(value) if isinstance(value, (dict, list)) else value


if __name__ == "__main__":
    main()
