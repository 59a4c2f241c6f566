"""Adding a person to the family: what was filled in becomes a person, a hold, a registration, all or nothing."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.accounts.models import Account
from tiemchung.campaigns import lookup as campaigns
from tiemchung.campaigns.actions import register
from tiemchung.campaigns.models import Registration
from tiemchung.ground import clock
from tiemchung.healthbook.forms import statement_of
from tiemchung.people import lookup, personal_qr
from tiemchung.people.actions import declare, hold, name_guardian
from tiemchung.people.models import Person, Relation
from tiemchung.people.policy import Source

ADULT = 18  # years; under that the first who registers a child answers for it


@transaction.atomic
def join(*, draft_id: UUID, draft: dict[str, Any], consent: bool, account: Account) -> Person:
    """Write down a finished draft: declare and hold the person, unless he is held already, and register him.

    Raises what `declare`, `hold` and `register` raise; then nothing is written.
    """
    person = _held(draft, account) or _declared(draft_id, draft["person"], account)
    _register(person, draft, consent, account)
    return person


def source_of(relation: str) -> Source:
    """Whose words a statement is: one's own, or a relative's."""
    return Source.SELF if relation == Relation.SELF else Source.RELATIVE


def _held(draft: dict[str, Any], account: Account) -> Person | None:
    return lookup.held(account, UUID(draft["held"])).person if "held" in draft else None


def _declared(draft_id: UUID, filled: dict[str, str], account: Account) -> Person:
    relation = Relation(filled["relation"])
    person = declare(statement=statement_of(filled), source=source_of(relation), by=account.id, person_id=draft_id)
    hold(account=account, person=person, relation=relation, by=account.id)
    _name_guardian(person, relation, account)
    return person


def _name_guardian(person: Person, relation: Relation, account: Account) -> None:
    me = next((holder.person for holder in lookup.family_of(account) if holder.relation == Relation.SELF), None)
    is_minor = not personal_qr.born(person).certainly_aged(ADULT, clock.today())
    if relation == Relation.CHILD and me and is_minor:
        name_guardian(person=person, guardian=me, by=account.id)


def _register(person: Person, draft: dict[str, Any], consent: bool, account: Account) -> None:
    campaign = campaigns.open_now()
    if campaign is None:
        return
    health = draft["health"]
    mine = person.holders.filter(account=account, relation=Relation.SELF, ended_at=None).exists()
    register(
        campaign_id=campaign.id,
        person_id=person.id,
        priority_group=int(health["priority_group"]),
        history=health["history"],
        source=Registration.Source.SELF if mine else Registration.Source.RELATIVE,
        consent=consent,
        by=account.id,
        wanted_from=date.fromisoformat(health["wanted_from"]) if health["wanted_from"] else None,
        part_of_day=health["part_of_day"],
        registration_id=UUID(draft["registration_id"]),
    )
