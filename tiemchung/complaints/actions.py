"""All writes to complaints. An accepted one is corrected through the acts of its own domain, in one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from tiemchung.accounts.models import Account
from tiemchung.complaints import photos, policy, reasons
from tiemchung.complaints.models import Complaint, ComplaintPhoto, ComplaintStep
from tiemchung.complaints.reasons import answer_within
from tiemchung.doses import actions as doses
from tiemchung.doses.models import Dose
from tiemchung.ground import audit, clock, sql
from tiemchung.ground.ids import new_id
from tiemchung.messages import actions as messages
from tiemchung.messages.actions import Text
from tiemchung.people import actions as people
from tiemchung.people import lookup, merges
from tiemchung.people.models import Person
from tiemchung.people.policy import Source
from tiemchung.people.statement import Statement
from tiemchung.visits.policy import IdTakenError

Act = ComplaintStep.Act
queries = sql.load(__package__)


@transaction.atomic
def send(
    *,
    person_id: UUID,
    kind: Complaint.Kind,
    text: str,
    files: Sequence[IO[bytes]],
    by: Account,
    dose_id: UUID | None = None,
    facility_id: UUID | None = None,
    complaint_id: UUID | None = None,
) -> Complaint:
    """Write a citizen's complaint with its photos, and tell him until when it will be answered.

    The same `complaint_id` again gives the same complaint. Raises NotFoundError for a person whom the account does not
    hold, InvalidInputError on text, photo or dose_id, NotAllowedError beyond five a day.
    """
    earlier = Complaint.objects.filter(id=complaint_id).first() if complaint_id else None
    if earlier:
        return _same(earlier, by)
    person = lookup.held(by, person_id).person
    if not text.strip():
        raise policy.nothing_said()
    if not files:
        raise policy.no_photo()
    Account.objects.select_for_update().get(id=by.id)  # two posts at one moment are counted one after the other
    policy.check_may_send(by)
    complaint = _made(complaint_id or new_id(), person, kind, text, by, dose_id, facility_id)
    for position, file in enumerate(files[: policy.MOST_PHOTOS]):
        sealed = photos.sealed(photos.redrawn(file))
        ComplaintPhoto.objects.create(complaint=complaint, position=position, content=sealed)
    due = clock.local(complaint.sent_at + answer_within())
    _tell(complaint, f"Đã nhận phản ánh. Sẽ trả lời trước {due:%H:%M} ngày {due:%d/%m/%Y}.")
    _record("complaints.send", complaint, by, kind=str(kind))
    return complaint


@transaction.atomic
def take(*, complaint_id: UUID, by: Account) -> ComplaintStep:
    """Say that one sees to it; somebody else up the chain may take it over. Raises NotFoundError, ConflictError."""
    complaint = _open(complaint_id, by)
    last = complaint.steps.order_by("at", "id").last()
    if last and last.by == by.id and last.act == Act.TAKEN:
        return last
    return _step(complaint, Act.TAKEN, by)


@transaction.atomic
def refuse(*, complaint_id: UUID, reason: str, by: Account) -> ComplaintStep:
    """Refuse it on one of the thirteen grounds; the citizen is told which, and the cure.

    Raises InvalidInputError on reason, NotFoundError, ConflictError when it is answered.
    """
    known = reasons.reasons().get(reason)
    if known is None:
        raise policy.reason_unknown()
    complaint = _open(complaint_id, by)
    step = _step(complaint, Act.REFUSED, by, reason=reason)
    _tell(complaint, f"Phản ánh chưa được chấp nhận. {known.vi} Cần hỏi thêm, gọi 1900 9095.")
    return step


@transaction.atomic
def withdraw(*, complaint_id: UUID, by: Account) -> ComplaintStep:
    """The citizen takes it back. Raises NotFoundError for another account's, ConflictError when it is answered."""
    _take_turns(complaint_id)
    complaint = Complaint.objects.filter(id=complaint_id, account=by).first()
    if complaint is None:
        raise policy.unknown()
    policy.check_open(complaint)
    return _step(complaint, Act.WITHDRAWN, by)


@transaction.atomic
def accept_with_late_entry(
    *,
    complaint_id: UUID,
    product: str,
    lot_number: str,
    injected_at: datetime,
    by: Account,
    facility_id: UUID | None = None,
    dose_id: UUID | None = None,
) -> ComplaintStep:
    """Record the dose that was missing, at the site that gave it. Raises as `doses.actions.report`."""

    def correct(complaint: Complaint) -> Dose:
        return doses.report(
            person_id=complaint.person_id,
            product=product,
            lot_number=lot_number,
            injected_at=injected_at,
            by=by,
            dose_id=dose_id,
            facility_id=facility_id or complaint.facility_id,
        )

    return _accept(complaint_id, by, "late_entry", correct)


@transaction.atomic
def accept_with_correction(*, complaint_id: UUID, changes: dict[str, Any], by: Account) -> ComplaintStep:
    """Correct the dose that was wrong. Raises as `doses.actions.supersede`."""
    return _accept(
        complaint_id, by, "dose", lambda complaint: doses.supersede(dose_id=_standing(complaint), by=by, **changes)
    )


@transaction.atomic
def accept_with_void(*, complaint_id: UUID, reason: str, by: Account) -> ComplaintStep:
    """Say that the dose never was. Raises as `doses.actions.void`."""
    return _accept(
        complaint_id, by, "void", lambda complaint: doses.void(dose_id=_standing(complaint), reason=reason, by=by)
    )


@transaction.atomic
def accept_with_person(*, complaint_id: UUID, statement: Statement, by: Account) -> ComplaintStep:
    """Correct the person; the population side is asked again by itself. Raises as `people.actions.correct`."""

    def correct(complaint: Complaint) -> None:
        people.correct(person_id=complaint.person_id, statement=statement, source=Source.SITE, by=by.id)

    return _accept(complaint_id, by, "person", correct)


def _accept(
    complaint_id: UUID, by: Account, correction: str, correct: Callable[[Complaint], Dose | None]
) -> ComplaintStep:
    complaint = _open(complaint_id, by)
    dose = correct(complaint)
    step = _step(complaint, Act.ACCEPTED, by, correction=correction, dose_id=dose.id if dose else None)
    _tell(complaint, "Phản ánh đã được chấp nhận và sửa. Mở sổ sức khỏe để xem.")
    return step


def _same(earlier: Complaint, by: Account) -> Complaint:
    if earlier.account_id != by.id:
        raise IdTakenError("complaint_id")
    return earlier


def _made(
    complaint_id: UUID,
    person: Person,
    kind: Complaint.Kind,
    text: str,
    by: Account,
    dose_id: UUID | None,
    facility_id: UUID | None,
) -> Complaint:
    dose = Dose.objects.filter(id=dose_id, person_id__in=merges.records_of(person.id)).first() if dose_id else None
    if dose is None and kind in (Complaint.Kind.DOSE_WRONG, Complaint.Kind.NOT_INJECTED):
        raise policy.nothing_said()
    facility = dose.facility_id if dose else facility_id
    if facility is None and person.residence_id is None:
        raise policy.nobody_to_ask()
    return Complaint.objects.create(
        id=complaint_id,
        person=person,
        account=by,
        kind=kind,
        dose=dose,
        facility_id=facility,
        area_id=person.residence_id,
        text=text.strip()[: policy.LONGEST_TEXT],
        sent_at=clock.now(),
    )


def _standing(complaint: Complaint) -> UUID:
    """The entry that stands in place of the one complained of; it may have been corrected since."""
    dose = complaint.dose
    while dose is not None and hasattr(dose, "superseded_by"):
        dose = dose.superseded_by
    if dose is None:
        raise policy.unknown()
    return dose.id


def _open(complaint_id: UUID, by: Account) -> Complaint:
    _take_turns(complaint_id)
    complaint = Complaint.objects.filter(id=complaint_id).first()
    if complaint is None:
        raise policy.unknown()
    policy.check_may_answer(by, complaint)
    policy.check_open(complaint)
    return complaint


def _take_turns(complaint_id: UUID) -> None:
    sql.fetch_all(queries.take_turns, {"complaint": complaint_id})


def _step(complaint: Complaint, act: ComplaintStep.Act, by: Account, **said: Any) -> ComplaintStep:
    step = ComplaintStep.objects.create(complaint=complaint, act=act, at=clock.now(), by=by.id, **said)
    _record(f"complaints.{act}", complaint, by)
    return step


def _tell(complaint: Complaint, text: str) -> None:
    """To the phone of the account that sent it: an account is named by its phone. No name, no number, no vaccine."""
    phone = complaint.account.username
    messages.send_many(texts=[Text(_e164(phone), "complaint", text, complaint.person_id)], by=None)


def _e164(phone: str) -> str:
    return f"+84{phone[1:]}" if phone.startswith("0") else phone


def _record(act: str, complaint: Complaint, by: Account, **detail: str) -> None:
    audit.record(
        act, by=by.id, subject=complaint.id, person_id=complaint.person_id, facility_id=complaint.facility_id, **detail
    )
