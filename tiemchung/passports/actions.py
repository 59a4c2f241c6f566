"""All writes to attestations and passports."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tiemchung import hcert
from tiemchung.accounts.models import Account
from tiemchung.doses import course
from tiemchung.doses.models import Dose
from tiemchung.ground import audit, clock, sql, tree
from tiemchung.ground.ids import new_id
from tiemchung.ground.rows import Planned
from tiemchung.hcert import IssueRefused, batch
from tiemchung.hcert.forms import Form
from tiemchung.hcert.issuing import issue_all, longest_validity
from tiemchung.hcert.problems import HcertProblem
from tiemchung.hcert.signing import Signer
from tiemchung.identity import states as identity
from tiemchung.identity.states import IdentityState
from tiemchung.messages import actions as messages
from tiemchung.messages.actions import Text
from tiemchung.passports import actions_hindrances, content, keys, leaf, models, policy, proof, stating
from tiemchung.passports.stating import Barred, Named, Stated
from tiemchung.people import merges

RENEW_BEFORE = timedelta(days=28)  # a new one is made while the old one still holds
NOBODY = UUID(int=0)
BATCH = 1000  # persons whose passports are signed and stored together; their records are locked that long
HANDS = 2  # batches under way at once
ISSUED = "Hộ chiếu vắc xin đã có trong sổ sức khỏe. Mở sổ để xem mã."
REVOKED = "Hộ chiếu vắc xin cũ đã thu hồi vì thông tin đã đổi. Mở sổ sức khỏe để xem việc cần làm."
queries = sql.load(__package__)


@transaction.atomic
def attest(
    *, facility_id: UUID, dose_ids: Sequence[UUID], by: UUID, attestation_id: UUID | None = None
) -> models.Attestation:
    """Sign a batch of a facility's doses with its key: one signature over all.

    The same batch, or the same `attestation_id`, again gives the same attestation. Raises NotAllowedError as
    `policy.check_may_attest` says, InvalidInputError or ConflictError as `policy.check_attestable` says, ConflictError
    without a key.
    """
    policy.check_may_attest(Account.objects.get(pk=by), facility_id)
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

    @property
    def times(self) -> dict[str, datetime]:
        """When its passports are issued, and until when they hold."""
        return {"issued_at": self.now, "expires_at": self.expires_at}


def issue_due(*, by: UUID | None, limit: int = BATCH) -> int:
    """Sign passports for persons who are due one, batch after batch. Gives how many were issued.

    Work to do is a fact: killed at any point, the next call goes on where this one stopped. Where more than one batch
    is due, all cores sign. Raises ConflictError when somebody is due and there is no key or form in force.
    """
    actions_hindrances.end_idle(lasts_until=_lasts_until())
    due = _due(NOBODY, limit)
    if len(due) < limit:
        return _issue_batch(due, _Desk.open(), by) if due else 0
    signer = _Desk.open().signer
    with batch.issuing(signer) as pool, ThreadPoolExecutor(HANDS) as hands:
        return sum(hand.result() for hand in _at_work(due, by, limit, _Signing(signer, pool), hands))


@dataclass(frozen=True)
class _Signing:
    """Processes that sign, and the signer that they hold."""

    signer: Signer
    pool: batch.IssuingPool


def _at_work(
    due: list[UUID], by: UUID | None, limit: int, signing: _Signing, hands: ThreadPoolExecutor
) -> Iterator[Future[int]]:
    """Batches under way, the first one first; no more are begun than hands are free."""
    waiting: deque[Future[int]] = deque()
    while due:
        waiting.append(hands.submit(copy_context().run, _by_hand, due, by, signing))
        if len(waiting) > HANDS:
            yield waiting.popleft()
        due = _due(due[-1], limit)
    yield from waiting


def _by_hand(due: list[UUID], by: UUID | None, signing: _Signing) -> int:
    """One batch over a connection of its own: while it waits for the database, another is stated and signed."""
    try:
        desk = _Desk.open()
        return _issue_batch(due, desk, by, signing.pool if desk.signer is signing.signer else None)
    finally:
        connection.close()


def _lasts_until() -> datetime:
    """Until when a passport must hold to last; long without a key, so that its absence is told."""
    return _Desk.open().lasts_until if keys.in_force(keys.PASSPORT) else clock.now() + RENEW_BEFORE


def _due(after: UUID, limit: int) -> list[UUID]:
    """Persons who may be due a passport."""
    among = {"after": after, "lasts_until": _lasts_until(), "limit": limit, "among": None}
    return [person_id for person_id, *_ in sql.fetch_tuples(queries["due"], among)]


def _still_due(person_ids: list[UUID], desk: _Desk) -> list[Named]:
    """Whom of these persons, now locked, nothing has changed for since they were found to be due."""
    among = {"after": NOBODY, "lasts_until": desk.lasts_until, "limit": len(person_ids), "among": person_ids}
    return [Named(*row) for row in sql.fetch_tuples(queries["due"], among)]


@transaction.atomic
def _issue_batch(person_ids: list[UUID], desk: _Desk, by: UUID | None, pool: batch.IssuingPool | None = None) -> int:
    """Signed and stored in one transaction: killed in its middle, nothing of it was ever said to anybody."""
    sql.fetch_tuples(queries["hold_persons"], {"ids": person_ids})
    held = set(sql.fetch_tuples(queries["held"], {"ids": person_ids, "lasts_until": desk.lasts_until}))
    said = stating.of_many(_still_due(person_ids, desk), desk.form, clock.local(desk.now).date())
    barred = [one for one in said if isinstance(one, Barred)]  # held: another worker may have been faster
    stated = [one for one in said if isinstance(one, Stated) and (one.person_id, one.digest) not in held]
    issued = _sign_and_store(stated, barred, desk, pool)
    _tell(issued, ISSUED)
    if issued:
        audit.record("passports.issue", by=by, passports=len(issued), key_id=desk.signer.kid.hex())
    actions_hindrances.note(barred, person_ids, by=by)
    return len(issued)


def _sign_and_store(
    stated: list[Stated], barred: list[Barred], desk: _Desk, pool: batch.IssuingPool | None
) -> list[UUID]:
    """Gives the persons who have a passport now; who cannot get one joins the barred."""
    complete = [content.with_identifier(one.content) for one in stated]
    planned, issued = Planned(), []
    outcomes = _signed_all([whole for whole, _ in complete], desk, pool)
    for one, (_, uvci), outcome in zip(stated, complete, outcomes, strict=True):
        if isinstance(outcome, IssueRefused):
            barred.append(Barred(one.person_id, one.entry, outcome))
            continue
        issued.append(one.person_id)
        planned.add(
            models.Passport,
            id=new_id(),
            person_id=one.person_id,
            dose_id=one.entry.id,
            form=desk.form.id,
            uvci=uvci,
            text=outcome.text,
            key_id=desk.signer.kid.hex(),
            content_digest=one.digest,
            **desk.times,
        )
    planned.write()
    return issued


def _signed_all(contents: list[dict[str, Any]], desk: _Desk, pool: batch.IssuingPool | None) -> Iterable[Any]:
    """Each certificate, which has a `text`, or its IssueRefused, in order."""
    if pool is not None:
        return pool.issue(contents, issuer=content.ISSUED_BY, **desk.times)
    return issue_all(contents, desk.signer, issuer=content.ISSUED_BY, **desk.times)


def _tell(person_ids: list[UUID], text: str) -> None:
    """The holders learn what became of their passports; the message holds no name and no number."""
    phones = sql.fetch_tuples(queries["phones"], {"ids": person_ids})
    messages.send_many(texts=[Text(phone, "passport", text, person_id) for person_id, phone in phones], by=None)


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
    stated = _as_now(passport, taken, place)
    if stated is None:
        return models.Revocation.Reason.DOSE_CORRECTED
    if stated.digest == passport.content_digest:
        return None
    certified = hcert.decode(passport.text).dcc
    same_person = all(certified[name] == stated.content[name] for name in ("nam", "dob"))
    return models.Revocation.Reason.DOSE_CORRECTED if same_person else models.Revocation.Reason.PERSON_CORRECTED


def _as_now(passport: models.Passport, taken: course.Course, place: int) -> Stated | None:
    """What the passport would say of its dose today; None when nothing can be said of it."""
    answer = taken.answer.doses[place]
    if answer.dn is None or answer.sd is None:
        return None
    try:
        form = content.form_at(passport.issued_at)
        return stating.of_dose(passport.person, taken.doses[place], answer.dn, answer.sd, form)
    except HcertProblem:
        return None
