"""All writes about commune police: records go out to be confirmed, signed notices come back and are acted on."""

from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.cleaning import corrections
from tiemchung.cleaning.actions import note_steps, queries, settle
from tiemchung.cleaning.models import ConfirmationRequest, PoliceNotice, Step
from tiemchung.cleaning.notices import NotBelievedError, Notice, read
from tiemchung.ground import audit, clock, sql
from tiemchung.ground.errors import RefusedError
from tiemchung.identity import actions as identity
from tiemchung.identity import exchange, states
from tiemchung.identity.models import Recheck
from tiemchung.people import actions as people
from tiemchung.people import merges, numbers
from tiemchung.people.models import Person
from tiemchung.people.policy import Source

AT_ONCE = 200
MOST_PAGES = 500  # of notices in one run
SLIP = "slip"
_STEPS = {
    SLIP: Step.POLICE_SLIP,
    "register_corrected": Step.POLICE_REGISTER_CORRECTED,
    "not_resident": Step.POLICE_NOT_RESIDENT,
    "not_confirmed": Step.POLICE_NOT_CONFIRMED,
}


def exchange_with_police() -> dict[str, int]:
    """Send what is to be confirmed, take what was decided, ask anew about whom it concerns. Gives how many of each.

    Never raises when the other side is down: what was not sent is sent the next time.
    """
    sent = send_requests()
    taken = take_notices()
    if taken:
        identity.check_due(by=None)
        settle(person_ids=list(taken))
    return {"sent": sent, "notices": sum(taken.values())}


def send_requests() -> int:
    """Hand over the requests that the other side has not taken, and withdraw those needed no more. Gives how many."""
    count = 0
    while batch := sql.fetch_all(queries["to_send"], {"limit": AT_ONCE}):
        gone = sql.fetch_tuples(queries["to_withdraw"], {"limit": AT_ONCE})
        taken = _send(batch, [request_id for (request_id,) in gone])
        count += taken
        if taken < len(batch):
            return count
    gone = sql.fetch_tuples(queries["to_withdraw"], {"limit": AT_ONCE})
    if gone:
        _send([], [request_id for (request_id,) in gone])
    return count


def _send(batch: list[dict[str, Any]], withdrawn: list[UUID]) -> int:
    content = {"records": [_record(row) for row in batch], "withdrawn": [str(one) for one in withdrawn]}
    try:
        answers = exchange.call("confirmations", content)["answers"]
        said = [str(answer["answer"]) for answer in answers]
    except (exchange.NoAnswerError, KeyError, TypeError):
        return 0
    return _note_taken([row["id"] for row in batch], said, withdrawn) if len(said) == len(batch) else 0


@transaction.atomic
def _note_taken(ids: list[UUID], said: list[str], withdrawn: list[UUID]) -> int:
    now = clock.now()
    taken = [one for one, word in zip(ids, said, strict=True) if word == "taken"]
    ConfirmationRequest.objects.filter(id__in=taken).update(taken_at=now, fault="")
    for fault in set(said) - {"taken"}:
        refused = [one for one, word in zip(ids, said, strict=True) if word == fault]
        ConfirmationRequest.objects.filter(id__in=refused).update(fault=fault[:30])
    ConfirmationRequest.objects.filter(id__in=withdrawn, withdrawn_at=None).update(withdrawn_at=now)
    audit.record("cleaning.send_requests", by=None, sent=len(taken), withdrawn=len(withdrawn))
    return len(taken)


def _record(row: dict[str, Any]) -> dict[str, str]:
    length = {"year": 4, "month": 7, "day": 10}[row["birth_precision"]]
    return {
        "id": str(row["id"]),
        "commune": row["commune"],
        "field": row["field"],
        "number": numbers.opened(bytes(row["number"])) if row["number"] is not None else "",
        "full_name": row["full_name"],
        "birth_date": row["birth_date"].isoformat()[:length],
        "sex": row["sex"],
        "address": row["address"],
    }


def take_notices() -> dict[UUID, int]:
    """Fetch and act on the notices after the last one that we have. Gives the persons concerned, each with how many.

    Stops at one that is not believed: those after it would put it behind us for good, and its key may yet be known.
    """
    after = PoliceNotice.objects.order_by("-number").values_list("number", flat=True).first() or 0
    concerned: dict[UUID, int] = {}
    for _ in range(MOST_PAGES):
        try:
            page = exchange.call("notices", {"after": after})["notices"]
            after = page[-1]["number"] if page else after
        except (exchange.NoAnswerError, KeyError, TypeError, IndexError):
            return concerned
        if not page or not isinstance(page, list) or not isinstance(after, int):
            return concerned
        for told in page:
            notice = _believed(told)
            if notice is None:
                return concerned
            if person_id := _act_on(notice, told):
                concerned[person_id] = concerned.get(person_id, 0) + 1
    return concerned


def take_notice(*, told: Any) -> UUID | None:
    """Act on one notice; gives the person whom it changed something for. One that is not believed changes nothing.

    What is not signed is not kept either: only that it came is written down.
    """
    notice = _believed(told)
    return _act_on(notice, told) if notice else None


@transaction.atomic
def _believed(told: Any) -> Notice | None:
    try:
        return read(told)
    except NotBelievedError as error:
        audit.record("cleaning.notice_not_believed", by=None, why=str(error))
        return None


@transaction.atomic
def _act_on(notice: Notice, told: dict[str, Any]) -> UUID | None:
    sql.fetch_all(queries["notice_turn"], {"id": notice.id})
    if PoliceNotice.objects.filter(id=notice.id).exists():
        return None
    asked = ConfirmationRequest.objects.select_for_update(of=("self",)).select_related("task", "person")
    request = asked.filter(id=notice.record).first()
    refused = _why_not(notice, request)
    if request and not refused:
        refused = _apply(notice, request)
    PoliceNotice.objects.create(
        id=notice.id,
        number=notice.number,
        request=request,
        person=request.person if request else None,
        kind=notice.kind,
        refused=refused,
        body=told["body"],
        signature=told["signature"],
        key=told["key"],
        received_at=clock.now(),
    )
    person_id = request.person_id if request else None
    audit.record(
        "cleaning.notice",
        by=None,
        subject=notice.id,
        person_id=person_id,
        kind=notice.kind,
        refused=refused,
        officer=notice.officer,
        ground=notice.ground,
    )
    return None if refused else person_id


def _why_not(notice: Notice, request: ConfirmationRequest | None) -> str:
    """Why a genuine notice changes nothing: never_asked, answered_before, wrong_field. Empty when it may."""
    if request is None or request.taken_at is None:
        return "never_asked"
    if PoliceNotice.objects.filter(request=request, refused="").exists():
        return "answered_before"
    if notice.kind == SLIP and notice.field != request.field:
        return "wrong_field"
    return ""


def _apply(notice: Notice, request: ConfirmationRequest) -> str:
    """Do what a notice says; gives why it could not be done, or nothing."""
    person = merges.speaking(request.person_id)
    if notice.kind == SLIP and states.of(person.id).state is not states.IdentityState.RIGHT:
        try:
            with transaction.atomic():
                _put_right(notice, person)
        except RefusedError as error:
            return error.code[:30]
    if notice.kind == "register_corrected":
        records = merges.records_of(request.person_id)
        identity.ask_anew(person_ids=records, why=Recheck.Why.REGISTER_CORRECTED, by=None)
    task = {"id": request.task_id, "person_id": request.person_id}
    note_steps([task], _STEPS[notice.kind], by=None)
    return ""


def _put_right(notice: Notice, person: Person) -> None:
    """The slip's field, and that alone, as the register has it; the person's other words stay."""
    statement = corrections.statement_with(person, notice.field, notice.value)
    people.correct(person_id=person.id, statement=statement, source=Source.POLICE, by=None)
