"""How long does a citizen wait for his passport? Its page in the health book at a fixed rate, a million behind it.

Requests come at their time whether the last was answered or not: each is timed from the moment at which it was due.
Every account has signed in and holds one person with two doses and a passport. The limit in the same run: the statement
that finds passport and doses of a person whom the account holds, at the same rate, from one connection for each.

    PEOPLE=1000000 RATE=300 SECONDS=20 python benchmarks/lookup.py
"""

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from benchmarks.measure import report_beside, say  # noqa: E402
from benchmarks.served import Caller, at_rate, fill, fill_doses, installed, person_id, serving  # noqa: E402

PEOPLE = int(os.environ.get("PEOPLE", "1000000"))
RATE = float(os.environ.get("RATE", "300"))  # look-ups a second, of all accounts together
SECONDS = float(os.environ.get("SECONDS", "20"))
ACCOUNTS = int(os.environ.get("ACCOUNTS", "64"))
MARK = b"tc-passcol"  # stands on no page but a passport
BARE = """
    SELECT passport.text, passport.expires_at, dose.product, dose.injected_at
    FROM people_holder holder
    JOIN LATERAL (SELECT * FROM passports_passport held WHERE held.person_id = holder.person_id
                  ORDER BY held.issued_at DESC LIMIT 1) passport ON true
    JOIN doses_dose dose ON dose.person_id = holder.person_id
    WHERE holder.account_id = %s AND holder.ended_at IS NULL
"""
PASSPORTS = """
    INSERT INTO passports_passport (id, person_id, dose_id, form, uvci, text, key_id, content_digest, issued_at,
                                    expires_at)
    SELECT dose.id, dose.person_id, dose.id, 'vn-5772', 'URN:UVCI:01:VN:' || upper(replace(dose.id::text, '-', '')),
           %(text)s, '00', '-', %(now)s, %(now)s::timestamptz + interval '1 year'
    FROM doses_dose dose WHERE dose.id::text LIKE '01800000-0001-7000-8002-%%'
"""


def main() -> None:
    """Fill, serve, look up, report."""
    with installed() as installation:
        from tests.station import open_station

        fill(PEOPLE)
        fill_doses(PEOPLE, 2, [open_station(doses=1_000_000) for _ in range(10)])
        _fill_passports()
        citizens = [_citizen(number) for number in range(1, ACCOUNTS + 1)]
        turns = [number % ACCOUNTS for number in range(int(RATE * SECONDS))]
        with serving(installation):
            found = at_rate([_looking(*one) for one in citizens], turns, RATE)
        bare = at_rate([_asking(installation, account) for account, _ in citizens], turns, RATE)
    report_beside(
        "lookup",
        found,
        bare,
        keep=PEOPLE >= 1_000_000,
        unit="look-ups/s",
        limit_is="the bare SQL at the same rate",
        ratio=round(bare["p99_ms"] / found["p99_ms"], 3),
        people=PEOPLE,
    )


def _fill_passports() -> None:
    """A passport for everybody; all carry one signed text, since nobody looks whose it is."""
    from django.db import connection

    from tests.unit.hcert.samples import ISSUED, content, signer
    from tiemchung.ground import clock
    from tiemchung.hcert import issue

    text = issue(content(), signer(), issued_at=ISSUED, expires_at=ISSUED + timedelta(days=90)).text
    with connection.cursor() as cursor:
        cursor.execute(PASSPORTS, {"text": text, "now": clock.now()})
        if cursor.rowcount != PEOPLE:
            raise RuntimeError(f"{cursor.rowcount} passports for {PEOPLE} persons")
        cursor.execute("VACUUM ANALYZE passports_passport")
    say(f"{PEOPLE:,} passports")


def _citizen(number: int) -> tuple[Any, int]:
    """An account that holds one person, and the person's number: they lie far from each other in the tables."""
    from tests.station import staff
    from tiemchung.accounts.models import Role
    from tiemchung.ground import clock
    from tiemchung.people.models import Holder, Relation

    account, held = staff(Role.CITIZEN, None, f"+8491200{number:04}", "Dân"), 1 + number * PEOPLE // (ACCOUNTS + 1)
    Holder.objects.create(account=account, person_id=person_id(held), relation=Relation.SELF, since=clock.now())
    return account, held


def _looking(account: Any, held: int) -> Callable[[int], None]:
    caller = Caller.of(account)
    request = caller.get(f"/so/nguoi/{person_id(held)}/ho-chieu/")

    def look(_: int) -> None:
        if MARK not in caller.send(request):
            raise RuntimeError("there is no passport on the page")

    return look


def _asking(installation: Any, account: Any) -> Callable[[int], None]:
    import psycopg

    connection = psycopg.connect(installation.environment()["DATABASE_URL"], autocommit=True)

    def ask(_: int) -> None:
        if len(connection.execute(BARE, [account.id]).fetchall()) != 2:
            raise RuntimeError("nothing was found")

    return ask


if __name__ == "__main__":
    main()
