"""All writes to attestations and passports."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung import hcert
from tiemchung.doses import course
from tiemchung.doses.models import Dose
from tiemchung.ground import audit, clock, sql
from tiemchung.ground.ids import new_id
from tiemchung.hcert import PemSigner, SignerCertificate
from tiemchung.identity import states as identity
from tiemchung.identity.states import IdentityState
from tiemchung.messages import actions as messages
from tiemchung.passports import content, keys, leaf, models, policy, proof, tree
from tiemchung.people.models import Contact, Person

LIFE = timedelta(days=365)  # Decision 5772/QĐ-BYT: the QR expires 12 months after its making
RENEW_BEFORE = timedelta(days=28)  # a new one is made while the old one still holds
NOBODY = UUID(int=0)
queries = sql.load(__package__)


@transaction.atomic
def enrol_signer(
    *,
    use: str,
    certificate: SignerCertificate,
    private_pem: bytes | None,
    by: UUID | None,
    facility_id: UUID | None = None,
) -> models.SignerCertificate:
    """Publish a signer certificate and, when its key is a PEM, keep the key."""
    key_id = certificate.kid.hex()
    if private_pem is not None:
        keys.store(key_id, private_pem)
    row = models.SignerCertificate.objects.create(
        key_id=key_id,
        use=use,
        facility_id=facility_id,
        pem=certificate.pem().decode(),
        valid_from=certificate.not_before,
        valid_until=certificate.not_after,
    )
    audit.record("passports.enrol_signer", by=by, facility_id=facility_id, key_id=key_id, use=use)
    return row


@transaction.atomic
def attest(*, facility_id: UUID, dose_ids: Sequence[UUID], by: UUID) -> models.Attestation:
    """Sign a batch of a facility's doses: one signature over all. The same batch again gives the same attestation.

    Raises InvalidInputError or ConflictError as `policy.check_attestable` says, ConflictError without a key.
    """
    wanted = sorted(set(dose_ids))
    earlier = _same_batch(wanted)
    if earlier:
        return earlier
    doses = _locked(wanted)
    policy.check_attestable(doses, asked=len(wanted), facility_id=facility_id)
    leaves = [leaf.hash_of(dose) for dose in doses]
    attestation = _signed(facility_id, leaves, by)
    models.AttestedDose.objects.bulk_create(
        [_attested(attestation, dose, position, leaves[position]) for position, dose in enumerate(doses)],
        batch_size=2000,
    )
    audit.record("passports.attest", by=by, subject=attestation.id, facility_id=facility_id, doses=len(doses))
    return attestation


def _same_batch(wanted: list[UUID]) -> models.Attestation | None:
    found = models.AttestedDose.objects.filter(dose_id__in=wanted).values_list("attestation_id", flat=True)
    if len(found) != len(wanted) or len(set(found)) != 1:
        return None
    attestation = models.Attestation.objects.get(pk=found[0])
    return attestation if attestation.leaves == len(wanted) else None


def _locked(wanted: list[UUID]) -> list[Dose]:
    """The doses in order of id, locked so that two batches cannot hold the same one; the attested are left out."""
    return list(
        Dose.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted, attesteddose=None)
        .select_related("superseded_by")
        .prefetch_related("findings")
        .order_by("id")
    )


def _signed(facility_id: UUID, leaves: list[bytes], by: UUID) -> models.Attestation:
    signer = keys.current(keys.ATTESTATION, facility_id)
    attestation = models.Attestation(
        id=new_id(),
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


def issue_due(*, by: UUID | None, limit: int = 1000) -> int:
    """Sign passports for persons who are due one, batch after batch. Gives how many were issued.

    Work to do is a fact: killed at any point, the next call goes on where this one stopped.
    """
    issued, after = 0, NOBODY
    while True:
        due = [row["id"] for row in _due(after, limit)]
        if not due:
            return issued
        issued += _issue_batch(due, by)
        after = due[-1]


def _due(after: UUID, limit: int) -> list[dict[str, Any]]:
    renew = clock.now() + RENEW_BEFORE
    return sql.fetch_all(queries["due"], {"after": after, "renew": renew, "limit": limit})


@transaction.atomic
def _issue_batch(person_ids: list[UUID], by: UUID | None) -> int:
    signer, now = keys.current(keys.PASSPORT), clock.now().replace(microsecond=0)
    persons = Person.objects.select_for_update().in_bulk(person_ids)
    courses = course.of_many(list(persons))
    passports = [
        _passport(persons[person_id], stated, signer, now)
        for person_id in sorted(persons)
        if (stated := _stated(persons[person_id], courses[person_id]))
    ]
    models.Passport.objects.bulk_create(passports, batch_size=1000)
    _tell(passports)
    if passports:
        audit.record("passports.issue", by=by, passports=len(passports), key_id=signer.kid.hex())
    return len(passports)


def _stated(person: Person, taken: course.Course) -> tuple[dict[str, Any], UUID] | None:
    """What a passport of this person would state, and of which dose; None while the course is not complete."""
    if taken.answer.complete_since is None or taken.barred:
        return None
    dose, answer = taken.doses[-1], taken.answer.doses[-1]
    if answer.dn is None or answer.sd is None:
        return None
    said = content.of(
        person,
        product=course.triple(dose.product),
        dn=answer.dn,
        sd=answer.sd,
        injected_on=content.local_day(dose.injected_at),
    )
    return said, dose.id


def _passport(person: Person, stated: tuple[dict[str, Any], UUID], signer: PemSigner, now: datetime) -> models.Passport:
    said, dose_id = stated
    complete, uvci = content.with_identifier(said)
    expires_at = min(now + LIFE, signer.certificate.not_after)
    return models.Passport(
        id=new_id(),
        person=person,
        dose_id=dose_id,
        form=content.FORM,
        uvci=uvci,
        text=hcert.issue(complete, signer, issuer="VN", issued_at=now, expires_at=expires_at).text,
        key_id=signer.kid.hex(),
        content_digest=content.digest(said),
        issued_at=now,
        expires_at=expires_at,
    )


def _tell(passports: list[models.Passport]) -> None:
    """The holder learns that his passport is there; the message holds no name and no number."""
    phones = dict(
        Contact.objects.filter(
            person_id__in=[one.person_id for one in passports], kind=Contact.Kind.PHONE, withdrawn_at=None
        ).values_list("person_id", "value")
    )
    for one in passports:
        if phone := phones.get(one.person_id):
            messages.send(
                to=phone,
                kind="passport",
                text="Hộ chiếu vắc xin đã có trong sổ sức khỏe. Mở sổ để xem mã.",
                person_id=one.person_id,
                by=None,
            )


def revoke_stale(*, by: UUID | None, limit: int = 1000) -> int:
    """Revoke passports that no longer say what the record says; a new one follows when it is due. Gives how many."""
    rows = sql.fetch_all(queries["to_compare"], {"now": clock.now(), "limit": limit})
    return sum(_revoke_if_stale(row["id"], by) for row in rows)


@transaction.atomic
def _revoke_if_stale(passport_id: UUID, by: UUID | None) -> bool:
    passport = models.Passport.objects.select_for_update().select_related("person").get(pk=passport_id)
    reason = _stale_reason(passport)
    if reason is None or models.Revocation.objects.filter(passport=passport).exists():
        return False
    models.Revocation.objects.create(passport=passport, revoked_at=clock.now(), reason=reason)
    audit.record(
        "passports.revoke", by=by, subject=passport.id, person_id=passport.person_id, reason=reason, uvci=passport.uvci
    )
    return True


def _stale_reason(passport: models.Passport) -> models.Revocation.Reason | None:
    """Why a passport no longer holds; None when its facts are still what it states."""
    if identity.of(passport.person_id).state in {IdentityState.WRONG, IdentityState.UNKNOWN}:
        return models.Revocation.Reason.NOT_VERIFIED
    taken = course.of_many([passport.person_id])[passport.person_id]
    if passport.dose_id not in {dose.id for dose in taken.doses}:
        return models.Revocation.Reason.DOSE_CORRECTED
    stated = _stated(passport.person, taken)
    if stated is None:
        return models.Revocation.Reason.DOSE_CORRECTED
    if stated[1] == passport.dose_id and content.digest(stated[0]) != passport.content_digest:
        return models.Revocation.Reason.PERSON_CORRECTED
    return None
