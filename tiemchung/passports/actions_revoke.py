"""All writes to revocations: a passport that no longer says what the record says holds no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tiemchung import hcert
from tiemchung.doses import course
from tiemchung.ground import audit, clock, sql
from tiemchung.ground.models import AuditEntry
from tiemchung.ground.rows import Planned
from tiemchung.hcert.problems import HcertProblem
from tiemchung.identity import states as identity
from tiemchung.identity.states import IdentityState
from tiemchung.passports import content, keys, models, stating, telling
from tiemchung.passports.stating import Stated
from tiemchung.people import merges

NOBODY = UUID(int=0)
REVOKED = "Hộ chiếu vắc xin cũ đã thu hồi vì thông tin đã đổi. Mở sổ sức khỏe để xem việc cần làm."
queries = sql.load(__package__)


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
    _revoke(reasons, by)
    _note_compared(passports, now)
    telling.tell([passport.person_id for passport, _ in reasons], REVOKED)
    return len(reasons)


def _revoke(reasons: Sequence[tuple[models.Passport, models.Revocation.Reason]], by: UUID | None) -> None:
    planned, now = Planned(models.Revocation, AuditEntry), clock.now()
    for passport, reason in reasons:
        planned.add(models.Revocation, passport_id=passport.id, revoked_at=now, reason=str(reason))
        said = {"reason": str(reason), "uvci": passport.uvci}
        entry = audit.entry("passports.revoke", by=by, subject=passport.id, person_id=passport.person_id, detail=said)
        planned.add(AuditEntry, **entry)
    planned.write()


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
