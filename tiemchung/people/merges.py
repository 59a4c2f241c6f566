"""Which records are one human's, now and at any time before?

Every reader that is asked about a person answers about all records of the human: it filters by the keys of `whose`, or
joins the function `people_members`. Nothing is moved when records are merged, so nothing has to be moved back.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tiemchung.ground import sql
from tiemchung.people.models import DistinctPersons, Merge, Person

queries = sql.load(__package__)


def take_turns() -> None:
    """Wait until nobody else merges, and keep others waiting until this transaction ends: merges are few."""
    sql.fetch_all(queries.take_turns)


def whose(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Every record of the humans asked about → the id asked for: what stands under a key is said of its value."""
    rows = sql.fetch_tuples(queries.members, {"persons": list(person_ids)})
    return {person_id: asked_id for asked_id, _, person_id in rows}


def kept_of(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Each id asked for → the record that speaks for its human; a record that was never merged speaks for itself."""
    rows = sql.fetch_tuples(queries.members, {"persons": list(person_ids)})
    return {asked_id: kept_id for asked_id, kept_id, _ in rows}


def kept(person_id: UUID) -> UUID:
    """The record that speaks for this one's human."""
    return kept_of([person_id])[person_id]


def speaking(person_id: UUID) -> Person:
    """The same as a person: whoever states one field anew builds the rest of the statement from this one."""
    return Person.objects.get(id=kept(person_id))


def records_of(person_id: UUID) -> list[UUID]:
    """All records of a human, the one that speaks for him first."""
    return [member for _, _, member in sql.fetch_tuples(queries.members, {"persons": [person_id]})]


def kept_at(person_ids: Iterable[UUID], moment: datetime) -> dict[UUID, UUID]:
    """The same as `kept_of`, as it stood at a moment, followed through the merges themselves."""
    rows = sql.fetch_tuples(queries.kept_at, {"persons": list(person_ids), "moment": moment})
    return dict(rows)


def records_at(person_id: UUID, moment: datetime) -> list[UUID]:
    """All records that were one human's with this one at a moment, the one that spoke for him first."""
    ids = [row["id"] for row in sql.fetch_all(queries.relatives, {"person": person_id})]
    stood = kept_at(ids, moment)
    spoke = stood[person_id]
    return [spoke, *(one for one in ids if stood[one] == spoke and one != spoke)]


def story(person_id: UUID) -> list[Merge]:
    """Every merge that ever tied this record to others, the first one first; an undone one says when and why."""
    ids = [row["id"] for row in sql.fetch_all(queries.relatives, {"person": person_id})]
    return list(Merge.objects.filter(Q(kept__in=ids) | Q(merged__in=ids)).order_by("at", "id"))


def found_distinct(one: UUID, other: UUID) -> DistinctPersons | None:
    """The word that stands of these records being two humans', said of any record of either."""
    ours, theirs = records_of(one), records_of(other)
    standing = DistinctPersons.objects.filter(ended_at=None)
    return standing.filter(Q(one__in=ours, other__in=theirs) | Q(one__in=theirs, other__in=ours)).first()
