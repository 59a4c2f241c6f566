"""All writes to attestations and passports."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung import hcert
from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.doses import course
from tiemchung.doses.models import Dose
from tiemchung.ground import audit, clock, sql, tree
from tiemchung.ground.ids import new_id
from tiemchung.hcert.forms import Form
from tiemchung.hcert.issuing import longest_validity
from tiemchung.hcert.problems import HcertProblem
from tiemchung.hcert.signing import Signer
from tiemchung.identity import states as identity
from tiemchung.identity.states import IdentityState
from tiemchung.messages import actions as messages
from tiemchung.messages.actions import Text
from tiemchung.passports import content, keys, leaf, models, policy, proof
from tiemchung.people import merges
from tiemchung.people.models import Contact, Person

RENEW_BEFORE = timedelta(days=28)  # a new one is made while the old one still holds
NOBODY = UUID(int=0)
ISSUED = "Hộ chiếu vắc xin đã có trong sổ sức khỏe. Mở sổ để xem mã."
REVOKED = "Hộ chiếu vắc xin cũ đã thu hồi vì thông tin đã đổi. Mở sổ sức khỏe để xem việc cần làm."
queries = sql.load(__package__)
log = logging.getLogger(__name__)


@transaction.atomic
def attest(
    *, facility_id: UUID, dose_ids: Sequence[UUID], by: UUID, attestation_id: UUID | None = None
) -> models.Attestation:
    """Sign a batch of a facility's doses: one signature over all.

    The same batch, or the same `attestation_id`, again gives the same attestation. Raises NotAllowedError for an
    account of another facility, InvalidInputError or ConflictError as `policy.check_attestable` says, ConflictError
    without a key.
    """
    scope.check_acts_at(Account.objects.get(pk=by), facility_id)
    wanted = sorted(set(dose_ids))
    _take_turns(wanted)
    earlier = _earlier(attestation_id, facility_id) or _same_batch(wanted)
    if earlier:
        return earlier
    doses = _unattested(wanted)
    policy.check_attestable(doses, asked=len(wanted), facility_id=facility_id)
    leaves = [leaf.hash_of(dose) for dose in doses]
    attestation = _signed(attestation_id or new_id(), facility_id, leaves, by)
    models.AttestedDose.objects.bulk_create(
        [_attested(attestation, dose, position, leaves[position]) for position, dose in enumerate(doses)],
        batch_size=2000,
    )
    audit.record("passports.attest", by=by, subject=attestation.id, facility_id=facility_id, doses=len(doses))
    return attestation


def _take_turns(wanted: list[UUID]) -> None:
    """Two batches cannot hold the same dose, nor can it be corrected meanwhile: the second waits, and then looks."""
    sql.fetch_one(queries["hold_doses"], {"ids": wanted})


def _earlier(attestation_id: UUID | None, facility_id: UUID) -> models.Attestation | None:
    if attestation_id is None:
        return None
    return models.Attestation.objects.filter(pk=attestation_id, facility_id=facility_id).first()


def _same_batch(wanted: list[UUID]) -> models.Attestation | None:
    found = models.AttestedDose.objects.filter(dose_id__in=wanted).values_list("attestation_id", flat=True)
    if len(found) != len(wanted) or len(set(found)) != 1:
        return None
    attestation = models.Attestation.objects.get(pk=found[0])
    return attestation if attestation.leaves == len(wanted) else None


def _unattested(wanted: list[UUID]) -> list[Dose]:
    """The doses in order of id; those attested already are left out."""
    return list(
        Dose.objects.filter(pk__in=wanted, attesteddose=None)
        .select_related("superseded_by")
        .prefetch_related("findings")
        .order_by("id")
    )


def _signed(attestation_id: UUID, facility_id: UUID, leaves: list[bytes], by: UUID) -> models.Attestation:
    signer = keys.current(keys.ATTESTATION, facility_id)
    attestation = models.Attestation(
        id=attestation_id,
        facility_id=facility_id,
        attested_at=clock.now().replace(microsecond=0),
        attested_by=by,
        leaves=len(leaves),
        root=tree.root_hash(leaves).hex(),
        key_id=signer.kid.hex(),
    )
    attestation.signature = signer.sign(proof.statement(attestation)).hex()
    attestation.save(force_insert=True)
    return attestation


def _attested(attestation: models.Attestation, dose: Dose, position: int, leaf_hash: bytes) -> models.AttestedDose:
    return models.AttestedDose(
        dose=dose,
        attestation=attestation,
        person_id=dose.person_id,
        facility_id=dose.facility_id,
        position=position,
        leaf=leaf_hash.hex(),
    )


@dataclass(frozen=True)
class _Desk:
    """What one batch of passports is made with."""

    signer: Signer
    form: Form
    now: datetime
    expires_at: datetime

    @classmethod
    def open(cls) -> "_Desk":
        """Raises ConflictError without a key in force or a form."""
        signer, now = keys.current(keys.PASSPORT), clock.now().replace(microsecond=0)
        form = content.form_at(now)
        return cls(signer, form, now, longest_validity(signer, now, form).replace(microsecond=0))

    @property
    def lasts_until(self) -> datetime:
        """A passport that holds until then needs no new one: a new one would come too early, or last no longer."""
        return min(self.now + RENEW_BEFORE, self.expires_at)


def issue_due(*, by: UUID | None, limit: int = 1000) -> int:
    """Sign passports for persons who are due one, batch after batch. Gives how many were issued.

    Work to do is a fact: killed at any point, the next call goes on where this one stopped. Raises ConflictError
    when somebody is due and there is no key or form in force.
    """
    issued, after = 0, NOBODY
    while True:
        due = _due(after, limit)
        if not due:
            return issued
        issued += _issue_batch(due, _Desk.open(), by)
        after = due[-1]


def _due(after: UUID, limit: int) -> list[UUID]:
    """Persons who may be due; without a key nobody's passport counts as lasting, so that its absence is told."""
    until = _Desk.open().lasts_until if keys.in_force(keys.PASSPORT) else clock.now() + RENEW_BEFORE
    rows = sql.fetch_all(queries["due"], {"after": after, "lasts_until": until, "limit": limit, "among": None})
    return [row["id"] for row in rows]


def _still_due(person_ids: list[UUID], desk: _Desk) -> list[UUID]:
    """Whom of these persons, now locked, nothing has changed for since they were found to be due."""
    among = {"after": NOBODY, "lasts_until": desk.lasts_until, "limit": len(person_ids), "among": person_ids}
    return [row["id"] for row in sql.fetch_all(queries["due"], among)]


@transaction.atomic
def _issue_batch(person_ids: list[UUID], desk: _Desk, by: UUID | None) -> int:
    list(Person.objects.select_for_update().filter(id__in=person_ids).order_by("id").values_list("id"))
    persons = Person.objects.in_bulk(_still_due(person_ids, desk))
    held = _held(persons, desk)
    stated = _stated(persons.values(), desk.form)
    passports = [
        passport
        for person_id, said in stated.items()
        if (person_id, content.digest(said.content)) not in held
        and (passport := _passport(persons[person_id], said, desk))
    ]
    models.Passport.objects.bulk_create(passports, batch_size=1000)
    _tell([one.person_id for one in passports], ISSUED)
    if passports:
        audit.record("passports.issue", by=by, passports=len(passports), key_id=desk.signer.kid.hex())
    return len(passports)


def _held(person_ids: Iterable[UUID], desk: _Desk) -> set[tuple[UUID, str]]:
    """What is certified already and lasts: another worker may have been faster."""
    return set(
        models.Passport.objects.filter(
            person_id__in=list(person_ids), expires_at__gte=desk.lasts_until, revocation=None
        ).values_list("person_id", "content_digest")
    )


@dataclass(frozen=True)
class _Stated:
    """What a passport of a person would say, and of which entry of the ledger."""

    content: dict[str, Any]
    dose_id: UUID


def _stated(persons: Iterable[Person], form: Form) -> dict[UUID, _Stated]:
    """What may be said of each person whose course is complete and doubted by nobody; the others are left out."""
    by_id = {person.id: person for person in persons}
    courses = course.of_many(by_id)
    due = {person_id: taken for person_id, taken in courses.items() if taken.answer.passport and not taken.barred}
    found = ((person_id, _of_dose(by_id[person_id], taken, _last(taken), form)) for person_id, taken in due.items())
    return {person_id: said for person_id, said in found if said}


def _last(taken: course.Course) -> int:
    """The place of the latest dose that the rules count."""
    return max(place for place, answer in enumerate(taken.answer.doses) if answer.dn is not None)


def _of_dose(person: Person, taken: course.Course, place: int, form: Form) -> _Stated | None:
    """What a passport says of the dose at that place; None, with a line in the log, when it cannot be said."""
    entry, answer = taken.doses[place], taken.answer.doses[place]
    if answer.dn is None or answer.sd is None:
        return None
    try:
        said = content.of(
            person,
            version=form.version,
            product=course.triple(entry.product),
            dn=answer.dn,
            sd=answer.sd,
            injected_on=entry.day,
        )
    except HcertProblem as problem:
        _refused(person.id, problem)
        return None
    return _Stated(said, entry.id)


def _refused(person_id: UUID, problem: HcertProblem) -> None:
    """One record that cannot be certified must not hold up the others."""
    log.warning("no passport for person %s: %s", person_id, type(problem).__name__)


def _passport(person: Person, stated: _Stated, desk: _Desk) -> models.Passport | None:
    complete, uvci = content.with_identifier(stated.content)
    times = {"issued_at": desk.now, "expires_at": desk.expires_at}
    try:
        text = hcert.issue(complete, desk.signer, issuer=content.ISSUED_BY, **times).text
    except HcertProblem as problem:
        _refused(person.id, problem)
        return None
    return models.Passport(
        id=new_id(),
        person=person,
        dose_id=stated.dose_id,
        form=desk.form.id,
        uvci=uvci,
        text=text,
        key_id=desk.signer.kid.hex(),
        content_digest=content.digest(stated.content),
        **times,
    )


def _tell(person_ids: list[UUID], text: str) -> None:
    """The holders learn what became of their passports; the message holds no name and no number."""
    whose = merges.whose(person_ids)
    phones = Contact.objects.filter(person_id__in=whose, kind=Contact.Kind.PHONE, withdrawn_at=None)
    told = {(whose[record], phone) for record, phone in phones.values_list("person_id", "value")}
    messages.send_many(texts=[Text(phone, "passport", text, person_id) for person_id, phone in sorted(told)], by=None)


def revoke_stale(*, by: UUID | None, limit: int = 1000) -> int:
    """Revoke passports that no longer say what the record says; a new one follows when it is due. Gives how many.

    An open finding bars new passports; one in force falls only when what it states has turned out otherwise.
    """
    revoked, after = 0, NOBODY
    while True:
        rows = sql.fetch_all(queries["to_compare"], {"now": clock.now(), "after": after, "limit": limit})
        if not rows:
            return revoked
        revoked += _revoke_batch([row["id"] for row in rows], by)
        after = rows[-1]["id"]


@dataclass(frozen=True)
class _Known:
    """What is known now: withdrawn keys; of persons, the record that speaks for each, his identity and his course."""

    withdrawn: set[str]
    kept: Mapping[UUID, UUID]
    standings: Mapping[UUID, identity.Standing]
    courses: Mapping[UUID, course.Course]


@transaction.atomic
def _revoke_batch(passport_ids: list[UUID], by: UUID | None) -> int:
    now = clock.now()
    sql.fetch_one(queries["hold_passports"], {"ids": passport_ids})
    valid = models.Passport.objects.filter(id__in=passport_ids, revocation=None)
    passports = list(valid.select_related("person").order_by("id"))
    asked = {one.person_id for one in passports}
    known = _Known(keys.withdrawn(), merges.kept_of(asked), identity.of_many(asked), course.of_many(asked))
    reasons = [(one, reason) for one in passports if (reason := _stale_reason(one, known))]
    for passport, reason in reasons:
        _revoke(passport, reason, by)
    _note_compared(passports, now)
    _tell([passport.person_id for passport, _ in reasons], REVOKED)
    return len(reasons)


def _revoke(passport: models.Passport, reason: models.Revocation.Reason, by: UUID | None) -> None:
    models.Revocation.objects.create(passport=passport, revoked_at=clock.now(), reason=reason)
    audit.record(
        "passports.revoke", by=by, subject=passport.id, person_id=passport.person_id, reason=reason, uvci=passport.uvci
    )


def _note_compared(passports: list[models.Passport], now: datetime) -> None:
    models.Comparison.objects.bulk_create(
        [models.Comparison(passport=one, compared_at=now) for one in passports],
        update_conflicts=True,
        unique_fields=["passport"],
        update_fields=["compared_at"],
    )


def _stale_reason(passport: models.Passport, known: _Known) -> models.Revocation.Reason | None:
    """Why a passport no longer holds; None when its key is trusted and its facts are still what it states.

    Of a record that was merged none holds: the human goes on under the record that speaks for him.
    """
    state, taken = known.standings[passport.person_id].state, known.courses[passport.person_id]
    if passport.key_id in known.withdrawn:
        return models.Revocation.Reason.KEY_WITHDRAWN
    if known.kept[passport.person_id] != passport.person_id:
        return models.Revocation.Reason.MERGED
    if state in {IdentityState.WRONG, IdentityState.UNKNOWN}:
        return models.Revocation.Reason.NOT_VERIFIED
    place = next((at for at, entry in enumerate(taken.doses) if entry.id == passport.dose_id), None)
    if place is None:
        return models.Revocation.Reason.DOSE_CORRECTED
    stated = _of_dose(passport.person, taken, place, content.form_at(passport.issued_at))
    if stated is None:
        return models.Revocation.Reason.DOSE_CORRECTED
    if content.digest(stated.content) == passport.content_digest:
        return None
    certified = hcert.decode(passport.text).dcc
    same_person = all(certified[name] == stated.content[name] for name in ("nam", "dob"))
    return models.Revocation.Reason.DOSE_CORRECTED if same_person else models.Revocation.Reason.PERSON_CORRECTED
