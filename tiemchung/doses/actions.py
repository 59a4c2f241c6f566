"""All writes to the ledger of doses, to its findings and to the tallies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.campaigns.models import Session
from tiemchung.doses import histories, injections, policy, refusals
from tiemchung.doses.histories import Entry
from tiemchung.doses.injections import Injections
from tiemchung.doses.models import Dose, DoseFinding, Tally
from tiemchung.doses.policy import Injection
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.ground.rows import Planned
from tiemchung.stock import actions as stock
from tiemchung.stock import balance
from tiemchung.stock.policy import none_left
from tiemchung.visits import presence
from tiemchung.visits.facts import Known, VisitFacts
from tiemchung.visits.models import Visit
from tiemchung.visits.policy import IdTakenError

LARGEST_TALLY = 10_000  # doses of one product in half a day at one site; more is a slip of the keys
# A double that turns out to be a dose of its own takes its dose from stock: for the first time, or once more.
_TAKES = {policy.POSSIBLE_DOUBLE: stock.draw, policy.MERGED_DOUBLE: stock.take_again}
_IMPOSSIBLE = frozenset({"injected_in_future", "injected_before_birth"})


@transaction.atomic
def inject(
    *,
    visit_id: UUID,
    lot_number: str,
    arm: str,
    by: Account,
    dose_id: UUID | None = None,
    at: datetime | None = None,
) -> Dose:
    """Record an injection of the session's product as it is given: whatever speaks against it refuses it.

    The same dose_id again gives the same entry. Raises ConflictError on dose_id (other content), visit_id (not
    screened, not eligible, injected already), lot_number (unknown, other product, expired, held, none left), person_id
    (possible double) or product (the dose rules, with dispatch); NotFoundError for a visit of another facility.
    """
    Visit.objects.select_for_update().filter(id=visit_id).first()
    known = Known(scope.own_facility(by))
    known.read(visits=[visit_id])
    visit = known.visit(visit_id)
    if visit.dose_id is not None:
        return _injected_already(visit, dose_id, lot_number, arm)
    injection = _of_visit(known, visit, lot_number, by)
    injection = replace(injection, id=dose_id or injection.id, at=at or injection.at, arm=arm)
    return _record(injection, known, by, before_the_needle=True)


def preview(*, visit_id: UUID, lot_number: str, by: Account) -> list[RefusedError]:
    """Say what would speak against injecting from this lot now; nothing is written. Raises NotFoundError."""
    known = Known(scope.own_facility(by))
    known.read(visits=[visit_id])
    visit = known.visit(visit_id)
    if visit.dose_id is not None:
        return [refusals.already_injected(visit)]
    planned, found = _planned(_of_visit(known, visit, lot_number, by), known, by)
    lot = planned.lot(known.session(visit.session_id).product, injections.written(lot_number))
    empty = lot is not None and balance.left(visit.facility_id, lot.id) < 1
    return [*found, none_left(injections.written(lot_number))] if empty else found


@transaction.atomic
def report(
    *,
    person_id: UUID,
    product: str,
    lot_number: str,
    injected_at: datetime,
    by: Account,
    dose_id: UUID | None = None,
    session_id: UUID | None = None,
    arm: str = "",
    stated_number: int | None = None,
    facility_id: UUID | None = None,
) -> Dose:
    """Record, from paper, an injection that a facility gave: whatever speaks against it becomes findings.

    The facility is the account's own; who stands above facilities names one of his. The same dose_id again gives the
    same entry. Raises InvalidInputError on injected_at for a time that cannot be, on product for one that nobody knows,
    NotFoundError for an unknown person or session, NotAllowedError for a facility out of scope.
    """
    if facility_id is not None:
        scope.check_acts_at(by, facility_id)
    known = Known(facility_id or scope.own_facility(by))
    known.read(persons=[person_id], sessions=[session_id] if session_id else [])
    injection = Injection(
        id=dose_id or new_id(),
        person_id=person_id,
        facility_id=known.facility_id,
        product=refusals.known_product(product),
        lot_number=lot_number,
        at=injected_at,
        source=Dose.Source.LATE_ENTRY,
        session_id=known.session(session_id).id if session_id else None,
        arm=arm,
        stated_number=stated_number,
    )
    return _record(injection, known, by, before_the_needle=False)


@transaction.atomic
def supersede(*, dose_id: UUID, by: Account, new_dose_id: UUID | None = None, **changes: Any) -> Dose:
    """Correct an entry by a new one. `changes`: person_id, product, lot_number, injected_at, arm, stated_number.

    The new entry is judged as any report; the old one's findings are closed as corrected, its dose goes back to stock.
    Raises NotFoundError, NotAllowedError, ConflictError when the entry no longer stands.
    """
    old = _standing(dose_id, by)
    known = Known(old.facility_id)
    known.read(
        persons={old.person_id, changes.get("person_id", old.person_id)},
        visits=[old.visit_id] if old.visit_id else [],
    )
    planned = Injections(known, by.id, by_id=_is_unproven(old) and "person_id" not in changes)
    injection = _corrected(old, new_dose_id or new_id(), changes)
    planned.read([injection.id], {old.person_id, injection.person_id}, [injection.lot_number])
    planned.give(injection, supersedes=_entry_of(old))
    _write_alone(planned.write)
    _close(old, by)
    return Dose.objects.get(id=injection.id)


@transaction.atomic
def void(*, dose_id: UUID, reason: str, by: Account, void_id: UUID | None = None) -> Dose:
    """Say of an entry that it never was, with the reason; its dose goes back to stock.

    Of the entries that were held for possible doubles of this one the earliest now stands for itself. Raises
    InvalidInputError on reason, NotFoundError, NotAllowedError, ConflictError when the entry no longer stands.
    """
    if not reason.strip():
        raise refusals.no_reason()
    old = _standing(dose_id, by)
    histories.lock([old.person_id])
    copied = {field.attname: getattr(old, field.attname) for field in Dose._meta.concrete_fields}
    changed = {"id": void_id or new_id(), "supersedes_id": old.id, "void_reason": reason.strip()[:250]}
    entry = Dose(**copied | changed | {"recorded_at": clock.now(), "recorded_by": by.id})
    _write_alone(lambda: entry.save(force_insert=True))
    _close(old, by)
    audit.record(
        "doses.void",
        by=by.id,
        subject=entry.id,
        person_id=old.person_id,
        facility_id=old.facility_id,
        voids=str(old.id),
    )
    return entry


@transaction.atomic
def resolve(*, finding_id: UUID, by: Account, resolution: Literal["stands"] = "stands") -> DoseFinding:
    """Say that an entry stands as it is, in spite of a finding. Resolving again is harmless.

    The other resolution, corrected, is what `supersede` and `void` leave behind. Raises NotFoundError, NotAllowedError,
    and NotFoundError on person_id where a device named somebody by id and his code or number was not read there yet.
    """
    finding = DoseFinding.objects.select_for_update().filter(id=finding_id).first()
    if finding is None:
        raise refusals.finding_unknown()
    scope.check_acts_at(by, finding.facility_id)
    if finding.resolved_at is None:
        _check_met(finding)
        _let_stand(finding, by, resolution)
    return finding


@transaction.atomic
def type_tally(*, session_id: UUID, product: str, doses: int, by: Account, tally_id: UUID | None = None) -> Tally:
    """Say how many doses of a product a session gave, counted on paper; another figure later supersedes this one.

    The same figure again is harmless. Raises InvalidInputError on doses or product, NotFoundError, NotAllowedError,
    IdTakenError for the id of another tally.
    """
    session = Session.objects.select_for_update().filter(id=session_id).first()
    if session is None:
        raise refusals.session_unknown()
    scope.check_acts_at(by, session.facility_id)
    if not 0 <= doses <= LARGEST_TALLY:
        raise refusals.tally_out_of_range(doses)
    known = Tally.objects.filter(id=tally_id).first() if tally_id else None
    if known is not None:
        return _same_tally(known, session, product, doses)
    current = Tally.objects.filter(session=session, product=product, superseded_by__isnull=True).first()
    if current is not None and current.doses == doses:
        return current
    tally = Tally.objects.create(
        id=tally_id or new_id(),
        facility_id=session.facility_id,
        session=session,
        product=refusals.known_product(product),
        doses=doses,
        supersedes=current,
        typed_at=clock.now(),
        typed_by=by.id,
    )
    audit.record("doses.type_tally", by=by.id, subject=tally.id, facility_id=tally.facility_id, doses=doses)
    return tally


def _check_met(finding: DoseFinding) -> None:
    if finding.code == presence.UNPROVEN:
        presence.check_known(finding.facility_id, finding.person_id)


def _same_tally(known: Tally, session: Session, product: str, doses: int) -> Tally:
    if (known.session_id, known.product, known.doses) != (session.id, product, doses):
        raise IdTakenError("tally_id")
    return known


def _of_visit(known: Known, visit: VisitFacts, lot_number: str, by: Account) -> Injection:
    return Injection(
        id=new_id(),
        person_id=visit.person_id,
        facility_id=visit.facility_id,
        product=known.session(visit.session_id).product,
        lot_number=lot_number,
        at=clock.now(),
        source=Dose.Source.SITE,
        visit_id=visit.id,
        session_id=visit.session_id,
        injected_by=by.id,
    )


def _planned(injection: Injection, known: Known, by: Account) -> tuple[Injections, list[RefusedError]]:
    planned = Injections(known, by.id)
    planned.read([injection.id], [known.person(injection.person_id).id], [injection.lot_number])
    return planned, planned.give(injection)


def _record(injection: Injection, known: Known, by: Account, *, before_the_needle: bool) -> Dose:
    planned, found = _planned(injection, known, by)
    if before_the_needle:
        _refuse(found, planned, injection)
    _refuse_impossible(found)
    planned.write()
    return Dose.objects.get(id=injection.id)


def _refuse(found: list[RefusedError], planned: Injections, injection: Injection) -> None:
    if found:
        raise found[0]
    number = injections.written(injection.lot_number)
    lot = planned.lot(injection.product, number)
    if lot is None:
        return
    _take_turns(injection.facility_id, lot.id)
    if balance.left(injection.facility_id, lot.id) < 1:
        raise none_left(number)


def _take_turns(facility_id: UUID, lot_id: UUID) -> None:
    """Two tables that draw from one lot must not both get its last dose."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"stock:{facility_id}:{lot_id}"])


def _refuse_impossible(found: list[RefusedError]) -> None:
    """A time that cannot be is a slip of whoever types now, and can be put right at once."""
    for each in found:
        if each.code in _IMPOSSIBLE:
            raise InvalidInputError.of(each)


def _injected_already(visit: VisitFacts, dose_id: UUID | None, lot_number: str, arm: str) -> Dose:
    if visit.dose_id is None or visit.dose_id != dose_id:
        raise refusals.already_injected(visit)
    dose = Dose.objects.get(id=visit.dose_id)
    if (dose.lot_number, dose.arm) != (injections.written(lot_number), arm):
        raise IdTakenError("dose_id")
    return dose


def _standing(dose_id: UUID, by: Account) -> Dose:
    dose = Dose.objects.filter(id=dose_id).first()
    if dose is None:
        raise refusals.dose_unknown()
    scope.check_acts_at(by, dose.facility_id)
    if dose.void_reason or Dose.objects.filter(supersedes=dose).exists():
        raise refusals.no_longer_stands()
    return dose


def _is_unproven(old: Dose) -> bool:
    """A correction of lot or time says nothing of who it was."""
    return DoseFinding.objects.filter(dose=old, code=presence.UNPROVEN, resolved_at__isnull=True).exists()


def _corrected(old: Dose, new_dose_id: UUID, changes: dict[str, Any]) -> Injection:
    same_person = changes.get("person_id", old.person_id) == old.person_id
    stood = Injection(
        id=new_dose_id,
        person_id=old.person_id,
        facility_id=old.facility_id,
        product=old.product,
        lot_number=old.lot_number,
        at=old.injected_at,
        source=old.source,
        visit_id=old.visit_id if same_person else None,
        session_id=old.session_id,
        arm=old.arm,
        injected_by=old.injected_by,
        stated_number=old.stated_number,
    )
    renamed = {("at" if name == "injected_at" else name): value for name, value in changes.items()}
    return replace(stood, **renamed)


def _write_alone(write: Callable[[], None]) -> None:
    """Of two corrections of one entry only one can land; the other is told."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        raise refusals.no_longer_stands() from None


def _entry_of(old: Dose) -> Entry:
    """The entry as it stands, once its person is locked; another correction may have landed meanwhile."""
    entry = next((each for each in histories.of_many([old.person_id])[old.person_id] if each.id == old.id), None)
    if entry is None:
        raise refusals.no_longer_stands()
    return entry


def _close(old: Dose, by: Account) -> None:
    """An entry that no longer stands asks for nothing more, gives back what it took, and is doubled by nothing."""
    now = clock.now()
    DoseFinding.objects.filter(dose=old, resolved_at__isnull=True).update(
        resolved_at=now, resolved_by=by.id, resolution="corrected"
    )
    if old.lot_id and balance.is_taken(old.id, old.facility_id, old.lot_id):
        planned = Planned()
        stock.give_back(planned=planned, dose_id=old.id, facility_id=old.facility_id, lot_id=old.lot_id, by=by.id)
        planned.write()
    _judge_doubles_anew(old, by)


def _judge_doubles_anew(old: Dose, by: Account) -> None:
    """What was held as a double of one entry is a double of the next one near it, or else stands: the earliest first.

    One after the other, as each that stands may be what the later ones double.
    """
    held = DoseFinding.objects.select_for_update(of=("self",)).filter(other=old, resolved_at__isnull=True)
    for finding in held.select_related("dose").order_by("dose__injected_at", "dose_id"):
        on = clock.local(finding.dose.injected_at).date()
        near = policy.double_of(on, histories.of_many([finding.person_id])[finding.person_id])
        if near is None:
            _let_stand(finding, by)
        else:
            finding.other_id, finding.vi, finding.en = near.other, near.vi, near.en
            finding.save(update_fields=["other", "vi", "en"])


def _let_stand(finding: DoseFinding, by: Account, resolution: str = "stands") -> None:
    finding.resolved_at, finding.resolved_by, finding.resolution = clock.now(), by.id, resolution
    finding.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    dose = finding.dose
    take = _TAKES.get(finding.code)
    if take and dose.lot_id:
        planned = Planned()
        take(planned=planned, dose_id=dose.id, facility_id=dose.facility_id, lot_id=dose.lot_id, by=by.id)
        planned.write()
    audit.record(
        "doses.resolve",
        by=by.id,
        subject=finding.dose_id,
        person_id=finding.person_id,
        facility_id=finding.facility_id,
        code=finding.code,
    )
