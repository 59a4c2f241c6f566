"""How fast are passports made: from attested doses in the database to stored passports, against `openssl speed` sign.

    PEOPLE=50000 python benchmarks/passports.py

Everybody has two doses at one of twenty stations, entered, attested in batches by the stations' own action, and a
verdict of the population check that says right. What is timed is the worker's own call: who is due, what the rules
say, content, checks, signature, message to the holder, storing; the database works on the same cores and flushes
every commit to disk. The line is of both algorithms; `ratio` and `rate` are ES256's.
"""

import os
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measure import openssl_speed, report, rss_mb, say  # noqa: E402
from benchmarks.served import migrated  # noqa: E402

ENOUGH = 50_000  # people, of whom a figure is kept: with fewer the processes' start weighs too much
PEOPLE = int(os.environ.get("PEOPLE", ENOUGH))
FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Lý", "Lò"]
MIDDLES = ["Văn", "Thị", "Đức", "Thị Thu", "Quang", "Ngọc", "Minh", "Thị Bích", "Hữu", "Kim"]
GIVENS = ["Hạnh", "Phương", "Ánh", "Lộc", "Tuệ", "Duy", "Út", "Khánh", "Sửu", "Hoa", "Pản", "Ngát", "Đức", "Mai", "Sơn"]
STATIONS = 20


def main() -> None:
    """Set up, measure both algorithms, report."""
    with migrated():
        _measure()


def _measure() -> None:
    from tests.station import open_station

    stations = [open_station(doses=10 * PEOPLE) for _ in range(STATIONS)]
    es256 = _of("ES256", stations, PEOPLE)
    ps256 = _of("PS256", stations, PEOPLE // 4)
    report(
        "passports",
        keep=PEOPLE >= ENOUGH,
        rate=es256["rate"],
        unit="passports/s",
        limit=es256["limit"],
        limit_is="openssl speed -multi ecdsap256 sign",
        ratio=es256["ratio"],
        seconds=es256["seconds"],
        rss_mb=rss_mb(),
        es256=es256,
        ps256=ps256 | {"limit_is": "openssl speed -multi rsa2048 sign"},
    )


def _of(algorithm: str, stations: list[Any], people: int) -> dict[str, Any]:
    """Vaccinate, check and attest people, then sign them all with a new key of that algorithm."""
    from tiemchung.passports import actions_issue
    from tiemchung.passports.models import Passport

    _enrol(algorithm, stations)
    _vaccinate(stations, people)
    name = {"ES256": "ecdsap256", "PS256": "rsa2048"}[algorithm]
    say(f"{algorithm}: {people} to sign")
    before, there = openssl_speed(name)["sign"], Passport.objects.count()
    began = time.perf_counter()
    issued = actions_issue.issue_due(by=None)
    seconds = time.perf_counter() - began
    limit = (before + openssl_speed(name)["sign"]) / 2
    stored = Passport.objects.count() - there
    if not issued == stored == people:
        raise SystemExit(f"{people} due, {issued} issued, {stored} stored")
    rate = people / seconds
    return {"rate": round(rate), "limit": round(limit), "ratio": round(rate / limit, 3), "seconds": round(seconds, 2)}


def _enrol(algorithm: str, stations: list[Any]) -> None:
    from tests.ledger import AUTHORITY, enrol_key
    from tiemchung.ground import clock
    from tiemchung.hcert import Algorithm
    from tiemchung.hcert.authority import new_key, private_pem
    from tiemchung.passports import actions_keys, keys

    if not keys.in_force(keys.PASSPORT):
        for station in stations:
            enrol_key(keys.ATTESTATION, station.facility.id)
    key = new_key(Algorithm[algorithm])
    since = clock.now() - timedelta(days=1)
    certificate = AUTHORITY.certify(key.public_key(), name="Bench", valid_from=since, life=timedelta(days=800))
    actions_keys.enrol_practice_key(
        use=keys.PASSPORT, certificate=certificate, private_pem=private_pem(key), facility_id=None, by=None
    )


def _vaccinate(stations: list[Any], people: int) -> None:
    """Write people with their numbers, phones, verdicts and doses; then let each station attest its own."""
    from django.db import connection, transaction

    from tiemchung.doses.models import Dose
    from tiemchung.ground.rows import Planned
    from tiemchung.passports import actions
    from tiemchung.people.models import Person

    planned, first = Planned(), Person.objects.count()
    for number in range(first, first + people):
        _plan(planned, number, stations[number % STATIONS])
    with transaction.atomic():
        planned.write()
    for station in stations:
        waiting = Dose.objects.filter(facility=station.facility, attesteddose=None)
        ids = list(waiting.values_list("id", flat=True))
        for start in range(0, len(ids), 10_000):
            actions.attest(facility_id=station.facility.id, dose_ids=ids[start : start + 10_000], by=station.head.id)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a database in service has done by itself


def _plan(planned: Any, number: int, station: Any) -> None:
    from tiemchung.ground import clock
    from tiemchung.ground.ids import new_id
    from tiemchung.identity.models import PopulationCheck
    from tiemchung.people.models import Contact, IdentityNumber, Person, PersonStatement
    from tiemchung.people.numbers import look_up

    person_id, statement_id, now = new_id(), new_id(), clock.now()
    name = " ".join(part[number // size % len(part)] for part, size in ((FAMILIES, 1), (MIDDLES, 14), (GIVENS, 140)))
    born = date(1940, 1, 1) + timedelta(days=number * 37 % 23_000)
    planned.add(
        Person, id=person_id, full_name=name, name_key=name.lower(), name_tokens=name.lower().split(), name_sort=name,
        birth_date=born, birth_precision="day", sex="female", qid=f"{number:018}", created_at=now,
    )  # fmt: skip
    planned.add(PersonStatement, id=statement_id, person_id=person_id, at=now, source="site", digest="-", content=None)
    planned.add(
        IdentityNumber, id=new_id(), person_id=person_id, kind="cccd", value=f"001{number:09}",
        look_up=look_up(f"001{number:09}"), stated_at=now,
    )  # fmt: skip
    planned.add(Contact, id=new_id(), person_id=person_id, kind="phone", value=f"+849{number:08}", stated_at=now)
    planned.add(
        PopulationCheck, id=new_id(), person_id=person_id, statement_id=statement_id, asked_at=now, answered_at=now,
        verdict="right", handle="ab" * 32,
    )  # fmt: skip
    first = datetime(2021, 7, 1, 9, tzinfo=clock.VIETNAM) + timedelta(days=number % 90)
    for moment in (first, first + timedelta(days=56 + number % 28)):
        _plan_dose(planned, person_id, station, moment)


def _plan_dose(planned: Any, person_id: Any, station: Any, moment: datetime) -> None:
    from tiemchung.doses.models import Dose
    from tiemchung.ground.ids import new_id

    planned.add(
        Dose, id=new_id(), person_id=person_id, facility_id=station.facility.id, product="AZ", lot_id=station.lot.id,
        lot_number=station.lot.number, injected_at=moment, source="late_entry", recorded_at=moment,
        recorded_by=station.head.id,
    )  # fmt: skip


if __name__ == "__main__":
    main()
