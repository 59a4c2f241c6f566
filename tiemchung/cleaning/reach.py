"""Which tasks lie within an account's reach? Those of its communes, or those of its facility; the nation sees all."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.ground import clock
from tiemchung.ground.models import ReadEntry
from tiemchung.people.models import PersonStatement
from tiemchung.visits.models import Visit

MET_WITHIN = timedelta(days=1)


def parameters(account: Account) -> dict[str, list[Any] | None]:
    """`communes` and `facilities` for a statement; both NULL is the nation, and an empty list is nothing.

    Who is bound by an area works on its residents, wherever they were vaccinated; a facility on what it stated.
    """
    if scope.reaches_nation(account):
        return {"communes": None, "facilities": None}
    if account.facility_id:
        return {"communes": [], "facilities": [account.facility_id]}
    return {"communes": list(scope.areas(account).values_list("code", flat=True)), "facilities": []}


def has_met(account: Account, person_id: UUID) -> bool:
    """Say whether somebody is known at the account's facility: shown there within a day, come, or stated there.

    Anybody may come to any site, but nobody is put right where he never was.
    """
    facility_id = scope.own_facility(account)
    seen = ReadEntry.objects.filter(person_id=person_id, facility_id=facility_id, at__gt=clock.now() - MET_WITHIN)
    if seen.exists() or Visit.objects.filter(person_id=person_id, facility_id=facility_id).exists():
        return True
    staff = Account.objects.filter(facility_id=facility_id).values("id")
    return PersonStatement.objects.filter(person_id=person_id, by__in=staff).exists()
