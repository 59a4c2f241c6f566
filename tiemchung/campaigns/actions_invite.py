"""Who is asked to come to a session, at what hour, and the message that tells so."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.campaigns import refusals, slots
from tiemchung.campaigns.models import Invitation, Session
from tiemchung.ground import audit, clock, rows, sql
from tiemchung.ground.ids import new_id
from tiemchung.messages.actions import Text, send_many

# Given a session and persons: those of them who are due for its product on its day. Doses lie above campaigns.
Due = Callable[[Session, Sequence[UUID]], Collection[UUID]]
Candidate = dict[str, Any]

AT_ONCE = 500  # candidates read and asked about in one go
_QUERIES = sql.load("tiemchung.campaigns")
_BEFORE_ALL = {"after_group": 0, "after_time": datetime(1900, 1, 1, tzinfo=UTC), "after_id": UUID(int=0)}


@transaction.atomic
def invite(
    *, session_id: UUID, due: Due, by: Account, limit: int | None = None, area_code: str | None = None
) -> list[Invitation]:
    """Invite to a session whoever comes next, as long as there is room (and at most `limit` people).

    A place of who withdrew is free again. Next is: priority group, then time of registration; due by `due`; living in
    `area_code` (a commune, district or province; by default the facility's district, as districts allocate people to
    sites). Each gets the hour of his place and a message to his phone. Raises NotFoundError, NotAllowedError (another
    facility), ConflictError (the day has passed).
    """
    session = _session_to_fill(session_id, by)
    taken = Invitation.objects.filter(session=session, registration__withdrawn_at=None).count()
    room = max(session.capacity - taken, 0)
    chosen = _choose(session, due, min(room, limit if limit is not None else room), area_code or _district_of(session))
    invitations = [_invitation(session, each, taken + place) for place, each in enumerate(chosen)]
    rows.insert(invitations)
    send_many(texts=_texts(session, invitations, chosen), by=by.id)
    if invitations:
        audit.record(
            "campaigns.invite",
            by=by.id,
            subject=session.id,
            facility_id=session.facility_id,
            people=len(invitations),
        )
    return invitations


def _session_to_fill(session_id: UUID, by: Account) -> Session:
    session = Session.objects.select_for_update().filter(id=session_id).first()
    if session is None:
        raise refusals.session_unknown()
    scope.check_acts_at(by, session.facility_id)
    if session.on < clock.today():
        raise refusals.session_past()
    return session


def _district_of(session: Session) -> str:
    return str(session.facility.area.parent_id)


def _choose(session: Session, due: Due, wanted: int, area_code: str) -> list[Candidate]:
    chosen: list[Candidate] = []
    candidates = _batches(session, area_code) if wanted else iter(())
    for batch in candidates:
        are_due = set(due(session, [each["person_id"] for each in batch]))
        chosen += [each for each in batch if each["person_id"] in are_due]
        if len(chosen) >= wanted:
            break
    return chosen[:wanted]


def _batches(session: Session, area_code: str) -> Iterator[list[Candidate]]:
    after: dict[str, Any] = dict(_BEFORE_ALL)
    asked = {
        "campaign_id": session.campaign_id,
        "session_id": session.id,
        "area": area_code,
        "day": session.on,
        "part": session.part,
        "today": clock.today(),
        "limit": AT_ONCE,
    }
    while batch := sql.fetch_all(_QUERIES.next_to_invite, asked | after):
        yield batch
        last = batch[-1]
        after = {
            "after_group": last["priority_group"],
            "after_time": last["registered_at"],
            "after_id": last["registration_id"],
        }


def _invitation(session: Session, candidate: Candidate, place: int) -> Invitation:
    return Invitation(
        id=new_id(),
        session=session,
        facility_id=session.facility_id,
        registration_id=candidate["registration_id"],
        person_id=candidate["person_id"],
        slot_at=slots.slot_of(place, session.capacity, session.on, session.part),
        invited_at=clock.now(),
    )


def _texts(session: Session, invitations: list[Invitation], chosen: list[Candidate]) -> Iterator[Text]:
    """One phone may get several, one for each of the family; who left no phone is told by his station."""
    facility = session.facility
    for invitation, candidate in zip(invitations, chosen, strict=True):
        if candidate["phone"]:
            when = clock.local(invitation.slot_at)
            words = (
                f"Mời {candidate['full_name']} đến tiêm vắc xin Covid-19 lúc {when:%H:%M} ngày {when:%d/%m/%Y} "
                f"tại {facility.name}, {facility.address}. Xin mang căn cước và mã QR cá nhân."
            )
            yield Text(candidate["phone"], "invitation", words, candidate["person_id"])
