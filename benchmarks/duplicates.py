"""How long does a search of the whole registry for duplicates take, beside the bare self-join of its numbers?

One person in fifty is written down a second time, without accents, with the number or without.
PERSONS=1000000 by default; the database is an embedded one of its own and goes afterwards.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import report, rss_mb, say

PERSONS = int(os.environ.get("PERSONS", "1000000"))
SHARE = 50  # of so many persons one is written down twice


def main() -> None:
    """Make the registry, search it, and hold it against its limit in the same run."""
    from tiemchung.cli.installation import Installation

    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder) / "bench")
        installation.make_practice(timedelta(0))
        server = installation.enter()
        try:
            command = [sys.executable, "-m", "tiemchung.cli.main", "migrate", "--embedded", str(installation.folder)]
            subprocess.run(command, check=True, capture_output=True)
            from tiemchung.cli.processes import prepare

            prepare(None)
            _measure()
        finally:
            server.release()
            installation.server.stop()


def _measure() -> None:
    from tiemchung.identity.actions_scan import scan
    from tiemchung.identity.models import Duplicate

    _fill()
    limit = _bare_join()
    started = time.monotonic()
    made = scan(by=None)
    seconds = time.monotonic() - started
    found = Duplicate.objects.filter(scan=made, kind=Duplicate.Kind.SAME_PERSON).count()
    say(f"{made.pairs} pairs compared, {found} proposed of {PERSONS // SHARE} made")
    report(
        "duplicates",
        rate=round(PERSONS / seconds),
        unit="persons/s",
        limit=round(PERSONS / limit),
        limit_is="self-join of the numbers' hashes alone, same database",
        ratio=round(limit / seconds, 3),
        pairs=made.pairs,
        proposed=found,
        made=PERSONS // SHARE,
        seconds=round(seconds, 1),
        rss_mb=rss_mb(),
    )


def _bare_join() -> float:
    from django.db import connection

    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM people_identitynumber one JOIN people_identitynumber other "
            "ON other.look_up = one.look_up AND one.person_id < other.person_id"
        )
        cursor.fetchone()
    return time.monotonic() - started


def _fill() -> None:
    """Persons as rows; every so many a second time, without accents and with the number or without."""
    from django.db import connection

    maker = _Maker()
    for number in range(PERSONS - PERSONS // SHARE):
        maker.add(number)
    maker.write()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_person, people_identitynumber, people_mergedperson")
    say(f"{maker.made} persons")


class _Maker:
    """Makes persons with Vietnamese names and numbers that fit them, some of them twice."""

    def __init__(self) -> None:
        from tiemchung.ground import clock
        from tiemchung.places.models import Area

        self.chance, self.now, self.made = random.Random(2022), clock.now(), 0
        self.people: list[Any] = []
        self.held: list[Any] = []
        province = Area.objects.create(code="01", level=1, name="T", folded="t", sort_key="t")
        district = Area.objects.create(code="001", level=2, name="Q", folded="q", sort_key="q", parent=province)
        self.communes = [f"{number:05}" for number in range(1, max(2, PERSONS // 7_000) + 1)]
        Area.objects.bulk_create(
            [Area(code=code, level=3, name=code, folded=code, sort_key=code, parent=district) for code in self.communes]
        )

    def add(self, serial: int) -> None:
        """One person, and now and then the same one again."""
        from tiemchung.vietnam.names import fold
        from tiemchung.vietnam.sex import Sex

        sex, commune = self.chance.choice(list(Sex)), self.chance.choice(self.communes)
        born = date(1930, 1, 1) + timedelta(days=self.chance.randrange(80 * 365))
        century = (born.year - 1900) // 100 * 2 + (sex is Sex.FEMALE)
        number, name = f"001{century}{born.year % 100:02}{serial % 10**6:06}", self._name(sex)
        self._row(name, born, sex.value, commune, number)
        if serial % (SHARE - 1) == 0:
            self._row(fold(name).title(), born, sex.value, commune, self.chance.choice(("", number)))
        if len(self.people) >= 20_000:
            self.write()

    def write(self) -> None:
        """Write what is planned."""
        from tiemchung.ground import rows

        rows.insert(self.people)
        rows.insert(self.held)
        self.people, self.held = [], []

    def _name(self, sex: Any) -> str:
        from tiemchung.vietnam.name_tokens import NameRole, name_counts

        counts = (name_counts(role, sex) for role in (NameRole.FAMILY, NameRole.MIDDLE, NameRole.GIVEN))
        return " ".join(self.chance.choices(list(each), list(each.values()))[0] for each in counts)

    def _row(self, name: str, born: date, sex: str, commune: str, number: str) -> None:
        from tiemchung.ground.ids import new_id
        from tiemchung.people import numbers
        from tiemchung.people.models import Person
        from tiemchung.vietnam.identity_numbers import IdentityNumber
        from tiemchung.vietnam.names import NormalisedName

        parsed, person_id = NormalisedName.parse(name), new_id()
        self.made += 1
        self.people.append(
            Person(
                id=person_id,
                full_name=name,
                name_key=parsed.match_key,
                name_tokens=list(parsed.search_tokens),
                name_sort=parsed.sort_key[:800],
                birth_date=born,
                birth_precision="day",
                sex=sex,
                residence_id=commune,
                qid=str(10**17 + self.made),
                created_at=self.now,
            )
        )
        if number:
            self.held.append(numbers.row(IdentityNumber.parse(number), person_id=person_id, at=self.now))


if __name__ == "__main__":
    main()
