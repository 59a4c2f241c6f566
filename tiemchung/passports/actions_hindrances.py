"""All writes to what hinders a passport."""

from collections.abc import Sequence
from uuid import UUID

from tiemchung.ground import audit, clock, rows, sql
from tiemchung.passports.models import Hindrance
from tiemchung.passports.stating import Barred

queries = sql.load(__package__)


def note(barred: Sequence[Barred], looked_at: list[UUID], *, by: UUID | None) -> None:
    """Write what stands in the way of a passport, once; what no longer does has ended.

    Of the persons who were looked at, those who are not barred have nothing in their way.
    """
    rows_there = sql.fetch_tuples(queries["hindered"], {"ids": looked_at})
    standing = {person_id: (id, about) for id, person_id, *about in rows_there}
    found = {one.person_id: [one.problem.field, one.entry.id] for one in barred}
    gone = [id for person_id, (id, about) in standing.items() if found.get(person_id) != about]
    new = [one for one in barred if standing.get(one.person_id, (None, None))[1] != found[one.person_id]]
    _end(gone)
    rows.insert([_hindrance(one) for one in new])
    if new:
        audit.record("passports.hindrance", by=by, persons=len(new))


def _end(ids: list[UUID]) -> None:
    if ids:
        sql.execute(queries["end_hindrances"], {"ids": ids, "now": clock.now()})


def _hindrance(one: Barred) -> Hindrance:
    return Hindrance(
        person_id=one.person_id,
        dose_id=one.entry.id,
        facility_id=one.entry.facility_id,
        field=one.problem.field,
        vi=one.problem.vi,
        en=one.problem.en,
        found_at=clock.now(),
    )
