"""All writes to new passports: who is due one gets it, batch after batch, on all cores."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from tiemchung.ground import audit, clock, hands, sql
from tiemchung.ground.ids import new_id
from tiemchung.ground.rows import Planned
from tiemchung.hcert import IssueRefused
from tiemchung.hcert.forms import Form
from tiemchung.hcert.issuing import issue_all, longest_validity
from tiemchung.hcert.signing import Signer
from tiemchung.passports import actions_hindrances, content, keys, models, stating, telling
from tiemchung.passports.stating import Barred, Named, Stated

RENEW_BEFORE = timedelta(days=28)  # a new one is made while the old one still holds
NOBODY = UUID(int=0)
BATCH = 1000  # persons whose passports are signed and stored together; their records are locked that long
ISSUED = "Hộ chiếu vắc xin đã có trong sổ sức khỏe. Mở sổ để xem mã."
queries = sql.load(__package__)


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
    is due, all cores work, unless the caller has a transaction open, into which no other process can look. Raises
    ConflictError when somebody is due and there is no key or form in force.
    """
    actions_hindrances.end_idle(lasts_until=_lasts_until())
    due = _due(NOBODY, limit)
    issue = partial(issue_batch, by=by)
    if len(due) < limit or connection.in_atomic_block:
        return sum(map(issue, _batches(due, limit)))
    with hands.others() as others:
        return sum(others.share(issue, _batches(due, limit)))


def _batches(due: list[UUID], limit: int) -> Iterator[list[UUID]]:
    """Persons who may be due a passport, so many at a time, from these first ones on."""
    while due:
        yield due
        due = _due(due[-1], limit)


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
    due = sql.fetch_tuples(queries["due"], among, binary=True)
    rows = sql.fetch_tuples(queries["given"], {"ids": [person_id for person_id, *_ in due]}, binary=True)
    given = {person_id: columns for person_id, *columns in rows}
    return [Named(*person, *given[person[0]]) for person in due]


@transaction.atomic
def issue_batch(person_ids: list[UUID], *, by: UUID | None) -> int:
    """Sign and store passports of those among these persons who are due one. Gives how many. Raises as `issue_due`.

    In one transaction: killed in its middle, nothing of it was ever said to anybody. Whoever takes the same persons at
    the same time waits, and then finds nobody due.
    """
    desk = _Desk.open()
    sql.fetch_tuples(queries["hold_persons"], {"ids": person_ids})
    held = set(sql.fetch_tuples(queries["held"], {"ids": person_ids, "lasts_until": desk.lasts_until}))
    said = stating.of_many(_still_due(person_ids, desk), desk.form, clock.local(desk.now).date())
    barred = [one for one in said if isinstance(one, Barred)]  # held: another worker may have been faster
    stated = [one for one in said if isinstance(one, Stated) and (one.person_id, one.digest) not in held]
    issued = _sign_and_store(stated, barred, desk)
    telling.tell(issued, ISSUED)
    if issued:
        audit.record("passports.issue", by=by, passports=len(issued), key_id=desk.signer.kid.hex())
    actions_hindrances.note(barred, person_ids, by=by)
    return len(issued)


def _sign_and_store(stated: list[Stated], barred: list[Barred], desk: _Desk) -> list[UUID]:
    """Gives the persons who have a passport now; who cannot get one joins the barred."""
    complete = [content.with_identifier(one.content) for one in stated]
    wholes = [whole for whole, _ in complete]
    outcomes = issue_all(wholes, desk.signer, issuer=content.ISSUED_BY, **desk.times)
    planned, issued = Planned(), []
    same = {"form": desk.form.id, "key_id": desk.signer.kid.hex(), **desk.times}
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
            uvci=uvci,
            text=outcome.text,
            content_digest=one.digest,
            **same,
        )
    planned.write()
    return issued
