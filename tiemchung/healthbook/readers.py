"""Who looked at the family's records? Offices and reasons, never the names of those who work there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from tiemchung.accounts.models import Account
from tiemchung.ground.models import ReadEntry
from tiemchung.healthbook.asking import account_of
from tiemchung.people import lookup, merges
from tiemchung.people.models import Person
from tiemchung.places.models import Facility

AT_MOST = 200


@dataclass(frozen=True)
class Reading:
    """One look: which office, at whom, why, when."""

    office: str
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
    entries = list(ReadEntry.objects.filter(person_id__in=whose).exclude(by=account.id).order_by("-at")[:limit])
    ids = {entry.facility_id for entry in entries if entry.facility_id}
    offices: dict[UUID | None, str] = dict(Facility.objects.filter(id__in=ids).values_list("id", "name"))
    return [
        Reading(
            office=offices.get(entry.facility_id) or gettext("Bộ Y tế"),
            person=by_id[whose[entry.person_id]],
            reason=reason_word(entry.reason),
            at=entry.at,
        )
        for entry in entries
    ]


def reason_word(reason: str) -> str:
    """Why somebody looked, as the holder reads it."""
    return {
        "scan": gettext("Tìm hồ sơ để tiếp đón"),
        "check_in": gettext("Tiếp đón tại buổi tiêm"),
        "visit": gettext("Khám sàng lọc và tiêm"),
        "observation": gettext("Theo dõi sau tiêm"),
        "late_entry": gettext("Nhập mũi đã tiêm"),
        "duplicates": gettext("Xem hồ sơ nghi trùng"),
        "complaint": gettext("Xem phản ánh đã gửi"),
    }.get(reason, gettext("Xem hồ sơ tiêm chủng"))
