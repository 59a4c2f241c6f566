"""Who of these people may be given a session's product on its day? Asked before anybody is invited."""

from collections.abc import Sequence
from uuid import UUID

from tiemchung.campaigns.models import Session
from tiemchung.doses import course, histories
from tiemchung.people.models import Person
from tiemchung.visits.facts import PersonFacts


def due_for(session: Session, person_ids: Sequence[UUID]) -> set[UUID]:
    """The persons to whom the dose rules allow the session's product on its day, at its site."""
    taken = histories.of_many(person_ids)
    province = histories.province_of(session.facility_id)
    persons = Person.objects.filter(id__in=person_ids).only("id", "sex", "birth_date", "birth_precision")
    return {
        person.id
        for person in persons
        if course.may_give(
            PersonFacts.of(person),
            taken[person.id],
            session.product,
            session.on,
            province,
        ).allowed
    }
