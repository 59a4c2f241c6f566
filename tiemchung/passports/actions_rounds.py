"""All writes to what a round goes by: whom the clock or the rules bring a passport, and no row of a person tells.

All else is told by the rows themselves: see `Change` and docs/adr/0070.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from tiemchung import __version__
from tiemchung.doses import course
from tiemchung.dosing.rules import DEFAULT
from tiemchung.ground import clock, sql
from tiemchung.hcert.forms import form_in_force
from tiemchung.hcert.reference import reference_path
from tiemchung.passports import content

queries = sql.load(__package__)


@transaction.atomic
def begin(*, lasts_until: datetime) -> None:
    """Let everybody be looked at whose passport ends before then, or of whom the rules may say another thing now.

    Whose passport ended before the last round's own `lasts_until` was looked for then. No audit row: passports and
    hindrances that follow have theirs.
    """
    sql.fetch_tuples(queries["hold_rounds"])
    now_by, last = basis(clock.today()), sql.fetch_one(queries["last_round"])
    if last is None or last["basis"] != now_by:
        sql.execute(queries["look_anew"], {"lasts_until": lasts_until})
    if last is not None and last["lasts_until"] < lasts_until:
        sql.execute(queries["renew"], {"since": last["lasts_until"], "lasts_until": lasts_until})
    sql.execute(queries["write_round"], {"lasts_until": lasts_until, "basis": now_by})


def basis(day: date) -> str:
    """A digest of what decides on a day beside a person's own rows; while it is the same, so are the answers.

    The release, the data with rules, forms and letters, how many of the rules' dates have come, the form in force, and
    the week: once a week everybody without a passport is looked at, whatever told of him or did not.
    """
    form = form_in_force(content.ISSUED_BY, day)
    said = (__version__, _data(), _come(day), form.id if form else "", *day.isocalendar()[:2])
    return sha256(repr(said).encode()).hexdigest()


def _come(day: date) -> int:
    """How many of the rules' dates have come; the number changes on the day on which one does."""
    return sum(one <= day for one in _dates())


@cache
def _dates() -> tuple[date, ...]:
    rules = course.rules()
    periods = [row.period for row in rules.rows] + [bar.period for bar in rules.bars]
    issued = [dispatch.in_force for dispatch in rules.dispatches.values()]
    begun = [rules.passport_from] if rules.passport_from else []
    return (*issued, *begun, *(one.start for one in periods), *(one.end for one in periods))


@cache
def _data() -> str:
    return sha256(b"".join(path.read_bytes() for path in _files())).hexdigest()


def _files() -> Iterable[Path]:
    """The data that says whose course is complete and how his passport is written."""
    yield from sorted(DEFAULT.parent.glob("*.yaml"))
    yield from sorted(reference_path("forms").glob("*.yaml"))
    yield from map(reference_path, ("vaccines.yaml", "dispatches.yaml", "icao9303_transliteration.yaml"))
