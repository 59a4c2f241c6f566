"""Who looked at the family's records? Offices and reasons, never the names of those who work there."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tiemchung.accounts.models import Account
from tiemchung.healthbook.asking import account_of
from tiemchung.oversight import readers as oversight
from tiemchung.people import lookup, merges
from tiemchung.people.models import Person

AT_MOST = 200


@dataclass(frozen=True)
class Reading:
    """One look: which office, in which role, at whom, why, when."""

    office: str
    role: str
    person: Person
    reason: str
    at: datetime


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Every look at a record of the family, the latest first."""
    account = account_of(request)
    persons = [holder.person for holder in lookup.family_of(account)]
    context = {
        "reads": latest(persons, account, AT_MOST),
        "most": AT_MOST,
        "holds": [(hold, hold.account.username[-3:]) for hold in lookup.holders_of(persons)],
        "account": account,
    }
    return render(request, "healthbook/readers.html", context)


def latest(persons: list[Person], account: Account, limit: int) -> list[Reading]:
    """The latest looks at these persons by others than the account itself."""
    by_id = {person.id: person for person in persons}
    whose = merges.whose(by_id)
    found = oversight.latest(whose, but_by=account.id, limit=limit)
    return [Reading(one.office, one.role, by_id[whose[one.person_id]], one.reason, one.at) for one in found]
