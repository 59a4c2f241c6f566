"""All writes to campaigns, registrations, sessions; invitations are in `actions_invite`."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.campaigns.actions_invite import invite
from tiemchung.campaigns.models import Campaign, Registration, Session
from tiemchung.campaigns.priority_groups import priority_groups
from tiemchung.campaigns.screening_questions import check_history
from tiemchung.dosing import Rules
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError
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
        _check_consent(consent)
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
    _insert_registration(registration)
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
        raise NotFoundError(
            "registration_unknown",
            field="registration_id",
            vi="Không thấy đăng ký này. Về trang gia đình để xem lại.",
            en="This registration is not found. Look again on the family page.",
        )
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
    _insert_session(session)
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
        raise NotFoundError(
            "person_unknown",
            field="person_id",
            vi="Không thấy người này. Khai báo thông tin trước rồi đăng ký.",
            en="This person is not found. Declare the person first, then register.",
        )
    return person


def _check_wish(priority_group: int, part_of_day: str, wanted_from: date | None) -> None:
    if priority_group not in {group.number for group in priority_groups()}:
        raise InvalidInputError(
            "priority_group_unknown",
            field="priority_group",
            vi="Chưa chọn nhóm ưu tiên. Chọn một trong 16 nhóm.",
            en="Choose one of the 16 priority groups.",
        )
    if part_of_day not in Registration.PartOfDay.values:
        raise InvalidInputError(
            "part_of_day_unknown",
            field="part_of_day",
            vi="Chưa chọn buổi. Chọn sáng, chiều hoặc cả ngày.",
            en="Choose morning, afternoon or any time.",
        )
    if wanted_from and wanted_from < clock.today():
        raise InvalidInputError(
            "wanted_from_past",
            field="wanted_from",
            vi="Ngày muốn tiêm đã qua. Chọn từ hôm nay trở đi.",
            en="This day has passed. Choose today or a later day.",
        )


def _check_consent(consent: bool) -> None:
    if not consent:
        raise InvalidInputError(
            "consent_missing",
            field="consent",
            vi="Chưa có đồng ý tiêm. Đọc phiếu rồi chọn Đồng ý.",
            en="Consent is missing. Read the form, then choose that you agree.",
        )


def _insert_registration(registration: Registration) -> None:
    try:
        with transaction.atomic():
            registration.save(force_insert=True)
    except IntegrityError as error:
        raise ConflictError(
            "already_registered",
            field="person_id",
            vi="Người này đã đăng ký rồi. Xem lịch hẹn ở trang gia đình.",
            en="This person is registered already. See the appointment on the family page.",
        ) from error


def _check_session(on: date, part: str, product: str, capacity: int) -> None:
    if on < clock.today():
        raise InvalidInputError(
            "session_past",
            field="on",
            vi="Ngày này đã qua. Chọn từ hôm nay trở đi.",
            en="This day has passed. Choose today or a later day.",
        )
    if part not in Session.Part.values:
        raise InvalidInputError(
            "part_unknown",
            field="part",
            vi="Chưa chọn buổi. Chọn sáng hoặc chiều.",
            en="Choose morning or afternoon.",
        )
    if product not in Rules.load().products:
        raise InvalidInputError(
            "product_unknown",
            field="product",
            vi="Không có loại vắc xin này. Chọn lại trong danh sách.",
            en="There is no such vaccine. Choose it from the list.",
        )
    if capacity < 1:
        raise InvalidInputError(
            "capacity_none",
            field="capacity",
            vi="Buổi tiêm cần ít nhất một chỗ. Ghi lại số người.",
            en="A session needs at least one place. Write the number of people.",
        )


def _check_daily_capacity(facility_id: UUID, on: date, capacity: int) -> None:
    facility = Facility.objects.select_for_update().get(id=facility_id)
    planned = Session.objects.filter(facility=facility, on=on).aggregate(people=Sum("capacity"))["people"] or 0
    left = facility.daily_capacity - planned
    if capacity > left:
        raise ConflictError(
            "over_daily_capacity",
            field="capacity",
            vi=f"Cơ sở chỉ còn nhận được {max(left, 0)} người trong ngày. Giảm số người hoặc chọn ngày khác.",
            en=f"The facility can take {max(left, 0)} more people that day. Plan fewer or choose another day.",
        )


def _insert_session(session: Session) -> None:
    try:
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError as error:
        raise ConflictError(
            "session_exists",
            field="product",
            vi="Buổi này của loại vắc xin này đã có. Mở buổi đó để sửa.",
            en="There is a session of this product that half day already. Open it instead.",
        ) from error
