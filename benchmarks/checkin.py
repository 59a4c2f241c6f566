"""How long does a nurse wait after a scan? Personal QR codes at a fixed rate, with five million people behind it.

Scans come at their time whether the last was answered or not, so that a slow answer delays nobody's clock: each is
timed from the moment at which it was due. Every account stays within its quota of look-ups. The limit in the same run:
the statement that finds the person of a code and his doses, at the same rate, from one connection for each account.

    PEOPLE=5000000 RATE=500 SECONDS=20 python benchmarks/checkin.py
"""

import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from benchmarks.measure import report_beside  # noqa: E402
from benchmarks.served import Caller, at_rate, fill, fill_doses, installed, name_and_birth, serving  # noqa: E402

PEOPLE = int(os.environ.get("PEOPLE", "5000000"))
RATE = float(os.environ.get("RATE", "500"))  # scans a second, of all accounts together
SECONDS = float(os.environ.get("SECONDS", "20"))
WITHIN_QUOTA = 350  # scans of one account, of 400 an hour
BARE = """
    SELECT person.id, person.full_name, dose.product, dose.injected_at
    FROM people_person person LEFT JOIN doses_dose dose ON dose.person_id = person.id WHERE person.qid = %s
"""


def main() -> None:
    """Fill, serve, scan, report."""
    with installed() as installation:
        accounts = int(RATE * SECONDS / WITHIN_QUOTA) + 1
        stations, nurses = _staff(accounts)
        fill(PEOPLE)
        fill_doses(PEOPLE, 1, stations)
        numbers = [random.Random(1).randrange(1, PEOPLE + 1) for _ in range(int(RATE * SECONDS))]
        with serving(installation):
            found = at_rate([_scanning(nurse) for nurse in nurses], numbers, RATE)
        bare = at_rate([_asking(installation) for _ in nurses], numbers, RATE)
    report_beside(
        "checkin",
        found,
        bare,
        keep=PEOPLE >= 5_000_000,
        unit="scans/s",
        limit_is="the bare SQL at the same rate",
        ratio=round(bare["p99_ms"] / found["p99_ms"], 3),
        people=PEOPLE,
        accounts=len(nurses),
    )


def _staff(accounts: int) -> tuple[list[Any], list[Any]]:
    """Ten stations with so many nurses in all."""
    from tests.station import open_station, staff
    from tiemchung.accounts.models import Role

    stations = [open_station(doses=1_000_000) for _ in range(10)]
    nurses = [
        staff(Role.VACCINATOR, stations[number % 10].facility, f"quet-ma-{number}", "Điều dưỡng")
        for number in range(accounts)
    ]
    return stations, nurses


def _scanning(nurse: Any) -> Callable[[int], None]:
    """What one account does for a number of a person: send the text of his code."""
    caller = Caller.of(nurse)

    def scan(number: int) -> None:
        answer = json.loads(caller.post("/api/checkin/scan", {"text": _code(number)}))
        if answer["person"]["full_name"] != name_and_birth(number)[0]:
            raise RuntimeError("another person was found")

    return scan


def _code(number: int) -> str:
    from tiemchung.vietnam.dates import PartialDate
    from tiemchung.vietnam.personal_qr import PersonalQr
    from tiemchung.vietnam.sex import Sex

    name, born = name_and_birth(number)
    birth_date = PartialDate(born.year, born.month, born.day)
    return PersonalQr(
        document_number="", name=name, birth_date=birth_date, qid=f"{number:018}", sex=Sex.FEMALE
    ).format()


def _asking(installation: Any) -> Callable[[int], None]:
    import psycopg

    connection = psycopg.connect(installation.environment()["DATABASE_URL"], autocommit=True)

    def ask(number: int) -> None:
        if not connection.execute(BARE, [f"{number:018}"]).fetchall():
            raise RuntimeError("nobody was found")

    return ask


if __name__ == "__main__":
    main()
