"""The family page, its appointments, its passports."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from tiemchung.campaigns import lookup as campaigns
from tiemchung.campaigns.actions import withdraw
from tiemchung.campaigns.models import Invitation
from tiemchung.campaigns.slots import LENGTH
from tiemchung.doses import course
from tiemchung.ground import clock
from tiemchung.healthbook import days, readers
from tiemchung.healthbook.asking import account_of, held_by
from tiemchung.healthbook.members import Member, dose_word, family
from tiemchung.people.models import Relation, Sex
from tiemchung.vietnam.names import split_name

ELDER = 60  # years from which the greeting is bác


@dataclass(frozen=True)
class Appointment:
    """When, where and for what somebody is asked to come."""

    member: Member
    invitation: Invitation

    @property
    def day(self) -> str:
        """«Thứ Bảy 14/5»."""
        return days.short(clock.local(self.invitation.slot_at).date())

    @property
    def ends_at(self) -> datetime:
        """The end of the hour."""
        return self.invitation.slot_at + LENGTH

    @property
    def what(self) -> str:
        """«mũi 2, Pfizer»."""
        product = course.name_of(self.invitation.session.product)
        return f"{dose_word(self.member.due).lower()}, {product}" if self.member.due else product


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The family: what to do today, the next appointment, everybody's card, who looked."""
    account = account_of(request)
    everybody = family(account)
    if not everybody:
        return render(request, "healthbook/first.html", {"name": account.display_name})
    context = {
        "hello": _hello(everybody, account.display_name),
        "today": days.spoken(clock.today()),
        "todo": next((member for member in everybody if member.foot.urgent), None),
        "next": next(iter(appointments(everybody)), None),
        "members": everybody,
        "reads": readers.latest([member.person for member in everybody], account, limit=2),
    }
    return render(request, "healthbook/home.html", context)


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """All appointments of the family, and who waits for one."""
    everybody = family(account_of(request))
    waiting = [member for member in everybody if member.registration and not member.invitation]
    return render(request, "healthbook/calendar.html", {"appointments": appointments(everybody), "waiting": waiting})


@require_GET
def passports(request: HttpRequest) -> HttpResponse:
    """Everybody's passport; with one person in the book, his page at once."""
    everybody = family(account_of(request))
    if len(everybody) == 1:
        return redirect("healthbook:passport", everybody[0].person.id)
    return render(request, "healthbook/passports.html", {"members": everybody})


@require_POST
def stop_waiting(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Take a person's registration back."""
    holder = held_by(request, person_id)
    registration = campaigns.live_registrations([person_id]).get(person_id)
    if registration:
        withdraw(registration_id=registration.id, by=account_of(request).id)
    messages.success(request, gettext("Đã rút đăng ký của %(name)s.") % {"name": holder.person.full_name})
    return redirect("healthbook:calendar")


def appointments(everybody: list[Member]) -> list[Appointment]:
    """The coming appointments, the first to come first."""
    found = [Appointment(member, member.invitation) for member in everybody if member.invitation]
    return sorted(found, key=lambda each: each.invitation.slot_at)


def _hello(everybody: list[Member], display_name: str) -> str:
    """«Chào chị Hạnh» to whom we know, else «Chào Hạnh»."""
    me = next((member.person for member in everybody if member.holder.relation == Relation.SELF), None)
    if me is None or me.sex == Sex.UNKNOWN:
        return gettext("Chào %(name)s") % {"name": display_name}
    given = split_name(me.full_name).given
    if clock.today().year - me.birth_date.year >= ELDER:
        return gettext("Chào bác %(name)s") % {"name": given}
    greeting = gettext("Chào chị %(name)s") if me.sex == Sex.FEMALE else gettext("Chào anh %(name)s")
    return greeting % {"name": given}
