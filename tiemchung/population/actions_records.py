"""All writes to records that commune police confirm: they come in, are withdrawn, are decided; a signed notice results.

A value leaves only in a correction slip: one field of one record that the health side asked about, in the officer's
name. Every other outcome is told without a value, and «somebody else» reads the same as «unknown» (docs/adr/0007).
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from tiemchung.ground import clock, signed_notice
from tiemchung.linkage.verdict import Asked, Verdict, judge
from tiemchung.population import grounds, refusals
from tiemchung.population.actions import CARD_DIGITS, known_as, note_change, read_sex
from tiemchung.population.acts import note
from tiemchung.population.models import Citizen, CitizenNumber, Confirmation, Decision, Notice, Officer
from tiemchung.population.records import read_date, rests_on_common_fields, value_of
from tiemchung.vietnam import areas
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.identity_numbers import IdentityNumber
from tiemchung.vietnam.names import NormalisedName

TAKEN, CONFLICT = "taken", "conflict"
VOUCHING = frozenset({Decision.Kind.CONFIRM, Decision.Kind.CORRECT_REGISTER})
_OUTCOMES = {
    Decision.Kind.CORRECT_REGISTER: "register_corrected",
    Decision.Kind.NOT_RESIDENT: "not_resident",
    Decision.Kind.UNKNOWN: "not_confirmed",
    Decision.Kind.SOMEBODY_ELSE: "not_confirmed",
}
_LOCK = 7_314_001  # notices are numbered in the order in which they become visible: who takes them misses none


@dataclass(frozen=True)
class Said:
    """A record as the health side sends it, read and bounded; its id is the sender's."""

    id: UUID
    commune_code: str
    number: str
    full_name: str
    birth_date: str
    sex: str
    address: str
    field: str


@transaction.atomic
def receive(*, said: Said) -> str:
    """Take a record to be confirmed. The same again is «taken» again, another under the same id is a «conflict».

    It goes to the police of the commune where the register has the citizen of that number, when he is plainly the one
    who is meant; else to those of the commune that the record names.
    """
    earlier = Confirmation.objects.filter(pk=said.id).first()
    if earlier:
        same = all(getattr(earlier, name) == getattr(said, name) for name in Said.__annotations__ if name not in _MOVES)
        return TAKEN if same else CONFLICT
    content = {**said.__dict__, "commune_code": _commune(said)}
    Confirmation.objects.create(received_at=clock.now(), **content)
    note("receive", officer=None, confirmation=said.id)
    return TAKEN


_MOVES = {"commune_code"}  # the register may have placed the record elsewhere than the sender did


def _commune(said: Said) -> str:
    found = Citizen.objects.filter(numbers__value=said.number).prefetch_related("numbers") if said.number else []
    asked = Asked(said.number, said.full_name, read_date(said.birth_date), read_sex(said.sex))
    meant = [each for each in found if judge(asked, known_as(each)).verdict is not Verdict.UNKNOWN]
    return meant[0].residence_code or said.commune_code if len(meant) == 1 else said.commune_code


@transaction.atomic
def withdraw(*, ids: list[UUID]) -> int:
    """The health side needs no answer about these any more. What was decided stays. Gives how many were open."""
    open_ones = Confirmation.objects.filter(id__in=ids, decision=None, withdrawn_at=None)
    return open_ones.update(withdrawn_at=clock.now())


@transaction.atomic
def decide(
    *,
    confirmation_id: UUID,
    kind: Decision.Kind,
    officer: Officer,
    citizen_id: UUID | None = None,
    ground: str = "",
) -> Decision:
    """Decide about a record of the officer's commune; the same decision again changes nothing.

    CONFIRM sends the register's value of the field in doubt as a correction slip; CORRECT_REGISTER takes the health
    side's value into the register. Both need a citizen of the commune and a ground; where nothing but name, birth date
    and sex agrees, one beside the register. Raises NotFoundError, ConflictError (number_taken: another citizen's),
    InvalidInputError on citizen, ground or the field.
    """
    record = _lock(confirmation_id, officer)
    made = Decision.objects.filter(confirmation=record).first()
    if made:
        if (made.kind, made.citizen_id) != (kind, citizen_id if kind in VOUCHING else None):
            raise refusals.decided_already()
        return made
    if record.withdrawn_at:
        raise refusals.withdrawn()
    citizen = _vouched_for(record, officer, citizen_id, ground) if kind in VOUCHING else None
    if citizen and kind is Decision.Kind.CORRECT_REGISTER:
        _correct_register(record, citizen, officer)
    decision = Decision.objects.create(
        confirmation=record,
        kind=kind,
        citizen=citizen,
        officer=officer,
        ground=ground if citizen else "",
        decided_at=clock.now(),
    )
    _tell(decision)
    note("decide", officer=officer.id, confirmation=record.id, kind=kind, citizen=str(citizen.id) if citizen else "")
    return decision


def _lock(confirmation_id: UUID, officer: Officer) -> Confirmation:
    own = Confirmation.objects.select_for_update().filter(pk=confirmation_id, commune_code=officer.commune_code)
    record = own.first()
    if record is None:
        raise refusals.record_unknown()
    return record


def _vouched_for(record: Confirmation, officer: Officer, citizen_id: UUID | None, ground: str) -> Citizen:
    own = Citizen.objects.select_for_update().filter(residence_code=officer.commune_code)
    citizen = own.filter(pk=citizen_id).first() if citizen_id else None
    if citizen is None:
        raise refusals.citizen_needed()
    if ground not in grounds.table():
        raise refusals.ground_needed()
    if grounds.table()[ground].of_register and rests_on_common_fields(record, citizen):
        raise refusals.ground_weak()
    return citizen


def _correct_register(record: Confirmation, citizen: Citizen, officer: Officer) -> None:
    """Take the health side's value of the field in doubt into the register; a number becomes one more of his."""
    value = _readable(record)
    before = value_of(citizen, record.field)
    note_change(citizen=citizen)  # from here on no other change comes between
    if record.field == Confirmation.Field.NUMBER:
        _add_number(citizen, value)
    else:
        setattr(citizen, record.field, value)
        citizen.save(update_fields=[record.field])
    detail = {"citizen": str(citizen.id), "field": record.field, "before": before, "after": value}
    note("correct_register", officer=officer.id, confirmation=record.id, **detail)


def _add_number(citizen: Citizen, value: str) -> None:
    """A number of twelve digits is one human's for life; an old CMND may have been given to two."""
    others = CitizenNumber.objects.filter(value=value).exclude(citizen=citizen)
    if len(value) == CARD_DIGITS and others.exists():
        raise refusals.number_taken()
    CitizenNumber.objects.get_or_create(citizen=citizen, value=value)


def _readable(record: Confirmation) -> str:
    """What the health side says in the field in doubt, if the register can hold it. Raises InvalidInputError."""
    value: str = getattr(record, record.field)
    try:
        if record.field == Confirmation.Field.NUMBER:
            return IdentityNumber.parse(value).text
        if record.field == Confirmation.Field.FULL_NAME:
            NormalisedName.parse(value)
    except InputError:
        raise refusals.value_unreadable(record.field) from None
    if record.field == Confirmation.Field.BIRTH_DATE and read_date(value) is None:
        raise refusals.value_unreadable(record.field)
    if record.field == Confirmation.Field.SEX and read_sex(value) is None:
        raise refusals.value_unreadable(record.field)
    return value


def _tell(decision: Decision) -> None:
    """Write the signed notice. Raises ConflictError when there is no key."""
    if not settings.SLIP_KEY:
        raise refusals.no_slip_key()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    number = (Notice.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    body = json.dumps({"number": number, **_body(decision)}, ensure_ascii=False, sort_keys=True)
    Notice.objects.create(
        id=number,
        decision=decision,
        body=body,
        signature=signed_notice.sign(body, private=settings.SLIP_KEY),
        key=signed_notice.key_id(signed_notice.public_of(settings.SLIP_KEY)),
    )


def _body(decision: Decision) -> dict[str, Any]:
    record = decision.confirmation
    shared = {"id": str(decision.id), "record": str(record.id), "at": decision.decided_at.isoformat()}
    if decision.kind != Decision.Kind.CONFIRM or decision.citizen is None:
        return {**shared, "kind": "outcome", "outcome": _OUTCOMES[Decision.Kind(decision.kind)]}
    return {
        **shared,
        "kind": "slip",
        "field": record.field,
        "value": value_of(decision.citizen, record.field),
        "officer": str(decision.officer_id),
        "ground": decision.ground,
    }


def is_commune(code: str) -> bool:
    """Say whether that is the code of a commune."""
    return len(code) == 5 and areas.area_or_none(code) is not None
