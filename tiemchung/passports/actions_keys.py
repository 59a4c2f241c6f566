"""All writes to signing keys: what one key officer proposes and another one decides, and the keys of a practice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.ground import audit, clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.hcert import SignerCertificate
from tiemchung.passports import ceremonies, keys, models
from tiemchung.passports.keys import KeyPlace
from tiemchung.passports.models import KeyCeremony


@transaction.atomic
def propose_enrolment(
    *,
    use: str,
    certificate: SignerCertificate,
    by: UUID,
    facility_id: UUID | None = None,
    place: KeyPlace | None = None,
    private_pem: bytes | None = None,
    signs_from: datetime | None = None,
) -> KeyCeremony:
    """Propose that a key signs for a use; it signs nothing until another officer approves.

    A key in PEM is kept at once (`private_pem`), one in a module stays there (`place`). Raises NotAllowedError for who
    is no key officer; InvalidInputError for a certificate of another kind of installation, one that is over too early
    or a notice too short; ConflictError where the key cannot be used.
    """
    ceremonies.check_officer(by)
    keys.check_kind(certificate)
    begin = ceremonies.first_signature(use, facility_id, signs_from)
    ceremonies.check_lasts(certificate, begin)
    where, key_id = str(place or KeyPlace()), certificate.kid.hex()
    _check_new(key_id)
    if private_pem is None:
        keys.load(where, certificate).sign(b"tiemchung: this key can sign")
    else:
        keys.check_pair(private_pem, certificate)
    row = _propose(
        KeyCeremony.Act.ENROL,
        key_id,
        by,
        use=use,
        facility_id=facility_id,
        where=where,
        pem=certificate.pem().decode(),
        signs_from=begin,
    )
    if private_pem is not None:
        keys.store(key_id, private_pem)
    return row


@transaction.atomic
def propose_withdrawal(*, key_id: str, reason: str, by: UUID) -> KeyCeremony:
    """Propose to withdraw a key that is lost or leaked: all that it signed becomes invalid, and is issued anew.

    Raises NotAllowedError, NotFoundError, ConflictError, InvalidInputError on reason.
    """
    ceremonies.check_officer(by)
    row = ceremonies.enrolled(key_id)
    ceremonies.check_withdrawable(row)
    return _propose(
        KeyCeremony.Act.WITHDRAW, key_id, by, use=row.use, facility_id=row.facility_id, reason=_given(reason)
    )


@transaction.atomic
def propose_destruction(*, key_id: str, reason: str, by: UUID) -> KeyCeremony:
    """Propose to destroy the private half of a key that signs no more; what it signed keeps holding.

    Raises NotAllowedError, NotFoundError, ConflictError, InvalidInputError on reason.
    """
    ceremonies.check_officer(by)
    row = ceremonies.enrolled(key_id)
    ceremonies.check_destroyable(row)
    return _propose(
        KeyCeremony.Act.DESTROY,
        key_id,
        by,
        use=row.use,
        facility_id=row.facility_id,
        where=row.where,
        reason=_given(reason),
    )


def _propose(act: KeyCeremony.Act, key_id: str, by: UUID, **said: Any) -> KeyCeremony:
    row = KeyCeremony.objects.create(
        id=new_id(), act=act, key_id=key_id, proposed_by=by, proposed_at=clock.now(), **said
    )
    _note("propose", row, by)
    return row


def _given(reason: str) -> str:
    said = reason.strip()
    if not 3 <= len(said) <= 300:
        raise InvalidInputError(
            "reason_missing",
            field="reason",
            vi="Ghi lý do, từ 3 đến 300 ký tự.",
            en="Give a reason of 3 to 300 characters.",
        )
    return said


def _check_new(key_id: str) -> None:
    """One key, one use, and one open proposal: to refuse a second one would erase the key that the first put to use."""
    if _is_enrolled(key_id):
        raise ConflictError(
            "certificate_in_use",
            field="certificate",
            vi="Chứng thư này đã dùng rồi. Mỗi khóa chỉ có một việc.",
            en="This certificate is in use already. A key has one use.",
        )
    if KeyCeremony.objects.filter(key_id=key_id, act=KeyCeremony.Act.ENROL, approved=None).exists():
        raise ConflictError(
            "proposed_already",
            field="certificate",
            vi="Khóa này đã được đề nghị và chưa ai quyết định. Duyệt hoặc từ chối đề nghị ấy.",
            en="This key was proposed already and nobody has decided. Approve or refuse that proposal.",
        )


def _is_enrolled(key_id: str) -> bool:
    return models.SignerCertificate.objects.filter(pk=key_id).exists()


@transaction.atomic
def approve(*, ceremony_id: UUID, by: UUID) -> KeyCeremony:
    """Decide for what another key officer proposed, and do it. Approving twice by the same officer is harmless.

    Raises NotFoundError, NotAllowedError for the proposer or who is no key officer, ConflictError when it is over.
    """
    row = _open(ceremony_id)
    if row.approved and row.decided_by == by:
        return row
    ceremonies.check_decidable(row, by)
    _decide(row, by, approved=True)
    _DONE[KeyCeremony.Act(row.act)](row)
    return row


@transaction.atomic
def refuse(*, ceremony_id: UUID, by: UUID, reason: str) -> KeyCeremony:
    """Decide against what another key officer proposed, lapsed or not; a key in PEM that was kept for it is erased.

    Raises as `approve`, and InvalidInputError on reason.
    """
    row = _open(ceremony_id)
    ceremonies.check_decidable(row, by, even_lapsed=True)
    row.reason = f"{row.reason} / {_given(reason)}".strip(" /")[:300]
    _decide(row, by, approved=False)
    if row.act == KeyCeremony.Act.ENROL and not (KeyPlace.parse(row.where).in_module or _is_enrolled(row.key_id)):
        transaction.on_commit(lambda: keys.erase(row.where, row.key_id))
    return row


def _open(ceremony_id: UUID) -> KeyCeremony:
    row = KeyCeremony.objects.select_for_update().filter(pk=ceremony_id).first()
    if row is None:
        raise NotFoundError(
            "no_such_ceremony", field="ceremony", vi="Không có đề nghị này.", en="There is no such proposal."
        )
    return row


def _decide(row: KeyCeremony, by: UUID, *, approved: bool) -> None:
    row.decided_by, row.decided_at, row.approved = by, clock.now(), approved
    row.save(update_fields=["decided_by", "decided_at", "approved", "reason"])
    _note("approve" if approved else "refuse", row, by)


def _enrol(row: KeyCeremony) -> None:
    """The notice runs from now, when the key is published: whoever waited with the decision has put it off."""
    assert row.signs_from is not None
    certificate = SignerCertificate.read(row.pem.encode())
    begin = max(row.signs_from, ceremonies.earliest_signature(row.use, row.facility_id))
    ceremonies.check_lasts(certificate, begin)
    keys.load(row.where, certificate)
    _publish(row.use, certificate, row.facility_id, row.where, begin)


def _withdraw(row: KeyCeremony) -> None:
    key = ceremonies.enrolled(row.key_id)
    ceremonies.check_withdrawable(key)
    key.withdrawn_at = clock.now()
    key.save(update_fields=["withdrawn_at"])


def _destroy(row: KeyCeremony) -> None:
    """The fact is written first: a process killed in between leaves a key that nobody may load any more."""
    key = ceremonies.enrolled(row.key_id)
    ceremonies.check_destroyable(key)
    key.destroyed_at = clock.now()
    key.save(update_fields=["destroyed_at"])
    transaction.on_commit(lambda: keys.erase(key.where, key.key_id))


_DONE = {
    KeyCeremony.Act.ENROL: _enrol,
    KeyCeremony.Act.WITHDRAW: _withdraw,
    KeyCeremony.Act.DESTROY: _destroy,
}


@transaction.atomic
def enrol_practice_key(
    *, use: str, certificate: SignerCertificate, private_pem: bytes, facility_id: UUID | None = None, by: UUID | None
) -> models.SignerCertificate:
    """Put a practice key to use without a ceremony; the same again is harmless.

    Raises NotAllowedError outside practice, InvalidInputError for a key that is not made for it.
    """
    ceremonies.check_practice()
    keys.check_kind(certificate)
    keys.store(certificate.kid.hex(), private_pem)
    row, new = _publish(use, certificate, facility_id, "pem", certificate.not_before)
    if new:
        audit.record("passports.enrol_practice_key", by=by, facility_id=facility_id, key_id=row.key_id, use=use)
    return row


def _publish(
    use: str, certificate: SignerCertificate, facility_id: UUID | None, where: str, signs_from: datetime
) -> tuple[models.SignerCertificate, bool]:
    return models.SignerCertificate.objects.get_or_create(
        key_id=certificate.kid.hex(),
        defaults={
            "use": use,
            "facility_id": facility_id,
            "pem": certificate.pem().decode(),
            "where": where,
            "valid_from": certificate.not_before,
            "valid_until": certificate.not_after,
            "signs_from": signs_from,
        },
    )


def _note(verb: str, row: KeyCeremony, by: UUID) -> None:
    audit.record(
        f"passports.{verb}_{row.act}",
        by=by,
        subject=row.id,
        facility_id=row.facility_id,
        key_id=row.key_id,
        use=row.use,
    )
