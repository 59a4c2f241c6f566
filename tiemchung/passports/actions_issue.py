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
from tiemchung.passports import actions_hindrances, actions_rounds, content, keys, models, stating, telling
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
    renew_before: datetime

    @classmethod
    def open(cls) -> "_Desk":
        """Raises ConflictError without a key in force or a form."""
        signer, now = keys.current(keys.PASSPORT), clock.now().replace(microsecond=0)
        form = content.form_at(now)
        return cls(signer, form, now, longest_validity(signer, now, form).replace(microsecond=0), _renew_before(now))

    @property
    def lasts_until(self) -> datetime:
        """A passport that holds until then needs no new one: a new one would come too early, or last no longer."""
        return min(self.renew_before, self.expires_at)

    @property
    def times(self) -> dict[str, datetime]:
        """When its passports are issued, and until when they hold."""
        return {"issued_at": self.now, "expires_at": self.expires_at}


def issue_due(*, by: UUID | None, limit: int = BATCH) -> int:
    """Sign passports for persons who are due one, batch after batch. Gives how many were issued.

    Whom nothing was changed of since he was last looked at is not looked at: a round costs what has changed (docs/adr/
    0070). Killed at any point, the next call goes on where this one stopped. Where more than one batch is to be looked
    at, all cores work, unless the caller has a transaction open, into which no other process can look. Raises
    ConflictError when somebody is due and there is no key or form in force.
    """
    desk = _desk()
    actions_rounds.begin(lasts_until=_lasts_until(desk))
    changed = _changed(NOBODY, limit)
    issue = partial(issue_batch, by=by)
    if len(changed) < limit or connection.in_atomic_block:
        return sum(map(issue, _batches(changed, limit)))
    with hands.others() as others:
        return sum(others.share(issue, _batches(changed, limit)))


def _batches(changed: list[UUID], limit: int) -> Iterator[list[UUID]]:
    """Persons of whom something changed, so many at a time, from these first ones on."""
    while changed:
        yield changed
        changed = _changed(changed[-1], limit)


def _changed(after: UUID, limit: int) -> list[UUID]:
    return [person_id for (person_id,) in sql.fetch_tuples(queries["changed"], {"after": after, "limit": limit})]


def _desk() -> _Desk | None:
    """None without a key in force. Raises ConflictError without a form."""
    return _Desk.open() if keys.in_force(keys.PASSPORT) else None


def _lasts_until(desk: _Desk | None) -> datetime:
    """Until when a passport must hold to last; long without a key, so that its absence is told."""
    return desk.lasts_until if desk else _renew_before(clock.now())


def _renew_before(now: datetime) -> datetime:
    """No earlier than the last round's: another machine's clock may be ahead, and whom it let be looked at is due."""
    last = sql.fetch_one(queries["last_round"])
    return max(now + RENEW_BEFORE, last["lasts_until"]) if last else now + RENEW_BEFORE


def _due(person_ids: list[UUID], lasts_until: datetime) -> list[Named]:
    """Who of these persons, now locked, may be due a passport."""
    among = {"lasts_until": lasts_until, "ids": person_ids}
    due = sql.fetch_tuples(queries["due"], among, binary=True)
    rows = sql.fetch_tuples(queries["given"], {"ids": [person_id for person_id, *_ in due]}, binary=True)
    given = {person_id: columns for person_id, *columns in rows}
    return [Named(*person, *given[person[0]]) for person in due]


@transaction.atomic
def issue_batch(person_ids: list[UUID], *, by: UUID | None) -> int:
    """Sign and store passports of those of these persons who changed and are due one. Gives how many.

    In one transaction: killed in its middle, nothing of it was ever said to anybody, and what changed is still to be
    looked at. Whoever takes the same persons at the same time waits, and then finds nothing changed. What comes while
    it is under way is looked at next. Raises as `issue_due`.
    """
    sql.fetch_tuples(queries["join_round"])
    held = {id for (id,) in sql.fetch_tuples(queries["hold_persons"], {"ids": person_ids})}
    changes = [id for id, speaks in sql.fetch_tuples(queries["changes"], {"ids": list(held)}) if speaks in held]
    if not changes:
        return 0
    issued = _issue(list(held), by=by)
    sql.execute(queries["looked_at"], {"ids": changes})
    return issued


def _issue(person_ids: list[UUID], *, by: UUID | None) -> int:
    desk = _desk()
    due = _due(person_ids, _lasts_until(desk))
    barred: list[Barred] = []
    issued = _certify(due, desk or _Desk.open(), barred, by=by) if due else []
    actions_hindrances.note(barred, person_ids, by=by)
    return len(issued)


def _certify(due: list[Named], desk: _Desk, barred: list[Barred], *, by: UUID | None) -> list[UUID]:
    """Gives the persons who have a passport now; who cannot get one joins the barred."""
    lasting = {"ids": [one.id for one in due], "lasts_until": desk.lasts_until}
    held = set(sql.fetch_tuples(queries["held"], lasting))  # of the same content, by another dose
    said = stating.of_many(due, desk.form, clock.local(desk.now).date())
    barred += [one for one in said if isinstance(one, Barred)]
    stated = [one for one in said if isinstance(one, Stated) and (one.person_id, one.digest) not in held]
    issued = _sign_and_store(stated, barred, desk)
    telling.tell(issued, ISSUED)
    if issued:
        audit.record("passports.issue", by=by, passports=len(issued), key_id=desk.signer.kid.hex())
    return issued


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
