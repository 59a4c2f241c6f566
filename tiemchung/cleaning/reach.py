"""Which tasks lie within an account's reach? Those of its communes, or those of its facility; the nation sees all."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.campaigns.models import Invitation
from tiemchung.doses.arrivals import SHOWN
from tiemchung.ground import clock
from tiemchung.ground.models import ReadEntry
from tiemchung.people import merges
from tiemchung.people.models import PersonStatement
from tiemchung.visits import presence
from tiemchung.visits.models import Visit

MET_WITHIN = timedelta(days=1)
SHOWN_FOR = timedelta(minutes=30)  # from the code to the check-in


def parameters(account: Account) -> dict[str, list[Any] | None]:
    """`communes` and `facilities` for a statement; both NULL is the nation, and an empty list is nothing.

    Who is bound by an area works on its residents, wherever they were vaccinated; a facility on what it stated.
    """
    if scope.reaches_nation(account):
        return {"communes": None, "facilities": None}
    if account.facility_id:
        return {"communes": [], "facilities": [account.facility_id]}
    return {"communes": list(scope.areas(account).values_list("code", flat=True)), "facilities": []}


def is_here(account: Account, person_id: UUID) -> bool:
    """Say whether somebody is expected at the account's facility now, so that his record opens there.

    His code or number was read there within half an hour, he has a visit or an invitation of today, or was stated
    there within a day. A visit that a device reported by an id alone is none of these (docs/adr/0040).
    An id alone opens nothing: who knows one still has to spend a look-up, which is counted and written down.
    """
    facility_id, records = scope.own_facility(account), merges.records_of(person_id)
    of_today = {"person__in": records, "facility_id": facility_id, "session__on": clock.today()}
    return (
        _was_shown(records, facility_id, SHOWN_FOR)
        or (Visit.objects.filter(**of_today).exists() and bool(presence.known(facility_id, [person_id])))
        or Invitation.objects.filter(**of_today).exists()
        or _statements(records, facility_id).filter(at__gt=clock.now() - MET_WITHIN).exists()
    )


def has_met(account: Account, person_id: UUID) -> bool:
    """Say whether somebody is known at the account's facility: his code read there within a day, come, stated there.

    Anybody may come to any site, but nobody is put right where he never was.
    """
    facility_id, records = scope.own_facility(account), merges.records_of(person_id)
    return (
        _was_shown(records, facility_id, MET_WITHIN)
        or (
            Visit.objects.filter(person__in=records, facility_id=facility_id).exists()
            and bool(presence.known(facility_id, [person_id]))
        )
        or _statements(records, facility_id).exists()
    )


def _was_shown(records: list[UUID], facility_id: UUID, within: timedelta) -> bool:
    """Other looks prove nothing: only the reading of a code or number writes this reason."""
    shown = ReadEntry.objects.filter(person_id__in=records, facility_id=facility_id, reason=SHOWN)
    return shown.filter(at__gt=clock.now() - within).exists()


def _statements(records: list[UUID], facility_id: UUID) -> QuerySet[PersonStatement]:
    staff = Account.objects.filter(facility_id=facility_id).values("id")
    return PersonStatement.objects.filter(person__in=records, by__in=staff)
