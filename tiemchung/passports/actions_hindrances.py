"""All writes to what hinders a passport."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.ground import audit, clock, rows, sql
from tiemchung.passports.models import Hindrance
from tiemchung.passports.stating import Barred

queries = sql.load(__package__)
NOBODY = UUID(int=0)


def note(barred: Sequence[Barred], looked_at: list[UUID], *, by: UUID | None) -> None:
    """Write what stands in the way of a passport, once; what no longer does has ended.

    Of the persons who were looked at, those who are not barred have nothing in their way.
    """
    standing = {person_id: (id, about) for id, person_id, *about in _standing(looked_at)}
    found = {one.person_id: [one.problem.field, one.entry.id] for one in barred}
    gone = [id for person_id, (id, about) in standing.items() if found.get(person_id) != about]
    new = [one for one in barred if standing.get(one.person_id, (None, None))[1] != found[one.person_id]]
    _end(gone)
    rows.insert([_hindrance(one) for one in new])
    if new:
        audit.record("passports.hindrance", by=by, persons=len(new))


@transaction.atomic
def end_idle(*, lasts_until: datetime) -> int:
    """End what hinders persons who are due none any more, whatever hinders them. Gives how many.

    A record that was merged, a verdict that is no longer right, doses that were voided: such a person is not looked at
    again, and his hindrance would stand for ever. `lasts_until` is that of the statement `due`. No audit row: it
    follows from acts that have theirs.
    """
    standing = {id: person_id for id, person_id, *_ in _standing(None)}
    among = {"after": NOBODY, "lasts_until": lasts_until, "limit": len(standing), "among": list(standing.values())}
    due = {person_id for person_id, *_ in sql.fetch_tuples(queries["due"], among)} if standing else set()
    idle = [id for id, person_id in standing.items() if person_id not in due]
    _end(idle)
    return len(idle)


def _standing(person_ids: list[UUID] | None) -> list[tuple[Any, ...]]:
    return sql.fetch_tuples(queries["hindered"], {"ids": person_ids})


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
