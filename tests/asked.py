"""All that anybody can ask about some persons, asked at once: for tests that something is undone."""

from collections.abc import Sequence
from typing import Any

from tiemchung.accounts.models import Account, Role
from tiemchung.campaigns import lookup as campaigns
from tiemchung.doses import course, histories
from tiemchung.figures import actions as figures
from tiemchung.figures import public
from tiemchung.ground import sql
from tiemchung.healthbook import members, readers
from tiemchung.identity import states as identity
from tiemchung.office import views
from tiemchung.passports import states as passports
from tiemchung.people import lookup, merges
from tiemchung.people.models import Holder, Person
from tiemchung.people.personal_qr import number_of
from tiemchung.stock import balance

due_for_passport = sql.load("tiemchung.passports").due
next_to_invite = sql.load("tiemchung.campaigns").next_to_invite


def everything(people: Sequence[Person]) -> dict[str, Any]:
    """What each person's pages, the offices and the public are told."""
    ids = [person.id for person in people]
    return {
        "who": merges.kept_of(ids),
        "records": {one: merges.records_of(one) for one in ids},
        "numbers": {person.id: number_of(person) for person in people},
        "by_number": {person.id: [each.id for each in lookup.by_number(number_of(person))] for person in people},
        "by_qid": {person.id: lookup.by_qid(person.qid).id for person in people},
        "families": {hold.account_id: _family(hold) for hold in Holder.objects.filter(ended_at=None)},
        "doses": {one: list(entries) for one, entries in sorted(histories.of_many(ids).items())},
        "courses": {one: (taken.card, taken.barred, len(taken.doses)) for one, taken in course.of_many(ids).items()},
        "identities": identity.of_many(ids),
        "registrations": campaigns.live_registrations(ids),
        "invitations": members.first_invitations(ids),
        "passports": {one: passports.current(one) for one in ids},
        "figures": _figures(),
        "funnel": views.of_nation(Account(role=Role.MINISTRY))["funnel"],
        "stock": {dose.facility_id: balance.of(dose.facility_id) for dose in _doses(ids)},
    }


def _family(hold: Holder) -> list[tuple[Any, ...]]:
    held = members.family(hold.account)
    looks = readers.latest([member.person for member in held], hold.account, 50)
    return [
        *((member.person.id, member.color, member.given, member.foot.word) for member in held),
        *((look.person.id, look.reason, look.at) for look in looks),
    ]


def _figures() -> tuple[int, ...]:
    figures.take(by=None)
    counts = public.national()
    return counts.given, counts.recorded, counts.verified, counts.signed


def _doses(ids: list[Any]) -> list[Any]:
    return [entry for entries in histories.of_many(ids).values() for entry in entries]
