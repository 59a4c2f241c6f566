"""What is there to do today? One page, by role."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.scope import own_facility
from tiemchung.campaigns.models import Session
from tiemchung.ground import clock, sql
from tiemchung.office import menu
from tiemchung.office.attesting import SHOWN, count_of_doses
from tiemchung.passports import waiting

queries = sql.load(__package__)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Today's work of the one who signed in."""
    account = request.user
    assert isinstance(account, Account)
    if account.role == Role.FACILITY_HEAD:
        return render(request, "office/home.html", of_facility(account))
    if account.role in (Role.MINISTRY, Role.NATIONAL_SIGNER):
        return render(request, "office/home.html", of_nation(account))
    pages = [entry for entry in menu.entries(account.role) if entry.page != "office:home"]
    return render(request, "office/home_plain.html", {"pages": pages})


def of_facility(account: Account) -> dict[str, Any]:
    facility = own_facility(account)
    batch = sql.fetch_all(queries["batch"], {"facility": facility, "until": clock.now()})
    return {
        "doses": sum(row["doses"] for row in batch),
        "to_review": count_of_doses(sql.fetch_all(queries["to_review"], {"facility": facility, "limit": SHOWN})),
        "sessions": Session.objects.filter(facility_id=facility, on__gte=clock.today()).count(),
        "attestations": sql.fetch_all(queries["latest_attestations"], {"facility": facility}),
    }


def of_nation(account: Account) -> dict[str, Any]:
    return {
        "funnel": sql.fetch_one(queries["funnel"], {"now": clock.now()}),
        "facilities": waiting.for_attestation(within=account),
    }
