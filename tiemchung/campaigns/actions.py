"""All writes to campaigns, registrations, sessions; invitations are in `actions_invite`."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.campaigns import refusals
from tiemchung.campaigns.actions_invite import invite
from tiemchung.campaigns.models import Campaign, Registration, Session
from tiemchung.campaigns.priority_groups import priority_groups
from tiemchung.campaigns.screening_questions import check_history
from tiemchung.dosing import Rules
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import ConflictError
from tiemchung.ground.ids import new_id
from tiemchung.people.models import Person
from tiemchung.places.models import Facility

__all__ = ["hold_session", "invite", "open_campaign", "register", "withdraw"]


@transaction.atomic
def open_campaign(
    *,
    code: str,
    name_vi: str,
    name_en: str,
    starts_on: date,
    by: UUID | None,
    ends_on: date | None = None,
    rules: str = "covid19",
) -> Campaign:
    """Open a campaign under the rule file `rules` of dosing; the same code again gives the one that is open."""
    campaign, new = Campaign.objects.get_or_create(
        code=code,
        defaults={
            "name_vi": name_vi,
            "name_en": name_en,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "rules": rules,
        },
    )
    if new:
        audit.record("campaigns.open_campaign", by=by, subject=campaign.id, code=code)
    return campaign


@transaction.atomic
def register(
    *,
    campaign_id: UUID,
    person_id: UUID,
    priority_group: int,
    history: Mapping[str, str],
    source: Registration.Source,
    consent: bool,
    by: UUID | None,
    wanted_from: date | None = None,
    part_of_day: str = Registration.PartOfDay.ANY,
    registration_id: UUID | None = None,
) -> Registration:
    """Write down a person's wish to be vaccinated, with the history that he states and his consent.

    The same `registration_id` again gives what is there. A site may register without history and consent: both are
    taken on paper. Raises InvalidInputError (priority_group, part_of_day, wanted_from, history.<code>, consent),
    NotFoundError (person), ConflictError when the person is registered already.
    """
    known = Registration.objects.filter(id=registration_id, person_id=person_id).first() if registration_id else None
    if known:
        return known
    person = _person(person_id)
    _check_wish(priority_group, part_of_day, wanted_from)
    if source != Registration.Source.SITE:
        check_history(history, person.sex, clock.today())
        if not consent:
            raise refusals.consent_missing()
    registration = Registration(
        id=registration_id or new_id(),
        campaign_id=campaign_id,
        person=person,
        priority_group=priority_group,
        wanted_from=wanted_from,
        part_of_day=part_of_day,
        history=dict(history),
        source=source,
        consented_at=clock.now() if consent else None,
        registered_at=clock.now(),
    )
    _insert(registration, refusals.already_registered())
    audit.record(
        "campaigns.register",
        by=by,
        subject=registration.id,
        person_id=person_id,
        priority_group=priority_group,
        source=source,
    )
    return registration


@transaction.atomic
def withdraw(*, registration_id: UUID, by: UUID | None) -> Registration:
    """Take a registration back; again is harmless. Raises NotFoundError."""
    registration = Registration.objects.select_for_update().filter(id=registration_id).first()
    if registration is None:
        raise refusals.registration_unknown()
    if registration.withdrawn_at is None:
        registration.withdrawn_at = clock.now()
        registration.save(update_fields=["withdrawn_at"])
        audit.record("campaigns.withdraw", by=by, subject=registration.id, person_id=registration.person_id)
    return registration


@transaction.atomic
def hold_session(
    *,
    facility_id: UUID,
    campaign_id: UUID,
    on: date,
    part: Session.Part,
    product: str,
    capacity: int,
    by: Account,
    session_id: UUID | None = None,
) -> Session:
    """Plan a session: one half day of one product for `capacity` people.

    The same `session_id` again gives what is there. Raises NotAllowedError (another facility), InvalidInputError
    (on, part, product, capacity), ConflictError when the facility holds that session already or when its sessions of
    the day would pass its daily capacity.
    """
    scope.check_acts_at(by, facility_id)
    known = Session.objects.filter(id=session_id, facility_id=facility_id).first() if session_id else None
    if known:
        return known
    _check_session(on, part, product, capacity)
    _check_daily_capacity(facility_id, on, capacity)
    session = Session(
        id=session_id or new_id(),
        facility_id=facility_id,
        campaign_id=campaign_id,
        on=on,
        part=part,
        product=product,
        capacity=capacity,
    )
    _insert(session, refusals.session_exists())
    audit.record(
        "campaigns.hold_session",
        by=by.id,
        subject=session.id,
        facility_id=facility_id,
        product=product,
        capacity=capacity,
    )
    return session


def _person(person_id: UUID) -> Person:
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise refusals.person_unknown()
    return person


def _check_wish(priority_group: int, part_of_day: str, wanted_from: date | None) -> None:
    if priority_group not in {group.number for group in priority_groups()}:
        raise refusals.priority_group_unknown()
    if part_of_day not in Registration.PartOfDay.values:
        raise refusals.part_of_day_unknown()
    if wanted_from and wanted_from < clock.today():
        raise refusals.wanted_from_past()


def _check_session(on: date, part: str, product: str, capacity: int) -> None:
    if on < clock.today():
        raise refusals.day_past()
    if part not in Session.Part.values:
        raise refusals.part_unknown()
    if product not in Rules.load().products:
        raise refusals.product_unknown()
    if capacity < 1:
        raise refusals.capacity_none()


def _check_daily_capacity(facility_id: UUID, on: date, capacity: int) -> None:
    facility = Facility.objects.select_for_update().get(id=facility_id)
    planned = Session.objects.filter(facility=facility, on=on).aggregate(people=Sum("capacity"))["people"] or 0
    left = facility.daily_capacity - planned
    if capacity > left:
        raise refusals.over_daily_capacity(max(left, 0))


def _insert(row: Registration | Session, taken: ConflictError) -> None:
    """Write a new row; `taken` is what to say when the constraints of its table know one like it."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise taken from error
