"""All writes to identity: asking the population side, and keeping what it answered."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.ground import audit, clock, encryption, sql
from tiemchung.ground.errors import ConflictError
from tiemchung.ground.ids import new_id
from tiemchung.identity import exchange, patience, states
from tiemchung.identity.models import CheckRound, PopulationCheck, Recheck
from tiemchung.people import numbers

PAUSE = timedelta(minutes=5)  # before somebody is asked about again in vain
BATCH_PAUSE = timedelta(days=3)  # before somebody in a batch without an answer is asked about one by one
REFUSED_PAUSE = timedelta(days=1)  # before a question is asked again that was refused for its day or for what it says
# Before a number that nobody had is asked about again, in the first night after that which is the person's of the week.
UNKNOWN_AGAIN = timedelta(days=6)
MOST_A_NIGHT = 600_000  # persons; who is left over is first on his next night
LOOKED_UP = 5_000  # persons who are due, found together
WINDOW = 100_000  # persons who are looked through together, due or not
# Questions of one request. The other side takes 500, but a busy one does not answer so many in the time that is waited,
# and whoever was asked about in vain rests for minutes.
AT_ONE_TIME = 50
WITHIN = 30.0  # seconds for a request that nobody stands waiting for
AT_ONCE = 20_000  # persons whose verdicts are let go in one transaction
queries = sql.load(__package__)
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)  # no person has them


def check(*, person_id: UUID, by: UUID | None) -> states.Standing:
    """Ask about one person now. Raises ConflictError when there is nothing to ask: no number of the nation's kinds."""
    asked = asked_about([person_id])
    if not asked:
        raise ConflictError(
            "nothing_to_ask",
            field="identity_number",
            vi="Chưa có số căn cước nên chưa đối chiếu được. Thêm số căn cước.",
            en="There is no identity number to check. Add one.",
        )
    _check(asked, by)
    return states.of(person_id)


def check_at_once(*, person_id: UUID, by: UUID | None) -> states.Standing:
    """Ask while the person stands there: two seconds at most, else he stays unchecked and the worker asks later.

    A verdict that stands is not asked for again. Never raises, and never says more than the tables hold.
    """
    standing = states.of(person_id)
    if standing.state is not states.IdentityState.UNCHECKED or _asked_in_vain(person_id):
        return standing
    with patience.place() as may_ask:
        if may_ask:
            _check(asked_about([person_id]), by, within=patience.WITHIN)
    return states.of(person_id)


@transaction.atomic
def ask_anew(*, person_ids: Iterable[UUID], why: Recheck.Why, by: UUID | None) -> int:
    """Let the verdicts of these persons hold no longer: they are unchecked until the other side is asked again."""
    now = clock.now()
    rows = [Recheck(person_id=person_id, at=now, by=by, why=why) for person_id in person_ids]
    Recheck.objects.bulk_create(rows, batch_size=1000)
    audit.record("identity.ask_anew", by=by, why=why, persons=len(rows))
    return len(rows)


def ask_unknown_anew(*, by: UUID | None, older_than: timedelta = UNKNOWN_AGAIN, night: int | None = None) -> int:
    """Ask anew about everybody whose number nobody had that long ago, at most MOST_A_NIGHT. Gives how many.

    `night`, 0 to 6: only those whose night of the week it is, by a hash of their id; so they never come all at once. A
    clock does it: the other side must not tell that a number has come to be known (docs/adr/0049).
    """
    before = clock.now() - older_than
    total, last = 0, (before.replace(year=2000), FIRST)
    while due := _unknown_for_long(before, last, night, min(AT_ONCE, MOST_A_NIGHT - total)):
        total += ask_anew(person_ids=[person for _, person in due], why=Recheck.Why.UNKNOWN_FOR_LONG, by=by)
        last = due[-1]
    return total


def _unknown_for_long(
    before: datetime, last: tuple[datetime, UUID], night: int | None, limit: int
) -> list[tuple[datetime, UUID]]:
    """(when it was answered, person) of the next after `last`: those let go already are not looked through again."""
    wanted = {"before": before, "after_at": last[0], "after": last[1], "night": night, "limit": limit}
    return [(at, person) for at, person in sql.fetch_tuples(queries["unknown_for_long"], wanted)]


def check_due(*, by: UUID | None, limit: int = LOOKED_UP) -> int:
    """Ask about everybody who is unchecked, once round all persons, or until nobody answers. Gives how many answered.

    The round goes on where the last one ended, so that nobody is passed over for those before him. A question that is
    refused is no end: who comes after it is asked about. `limit`: how many are looked up together.
    """
    answered = 0
    for due in _round(limit):
        for start in range(0, len(due), AT_ONE_TIME):
            asked = due[start : start + AT_ONE_TIME]
            replies = _check(asked_about(asked), by, within=WITHIN)
            if all(reply.fault in patience.TIRING for reply in replies):
                _note_round(asked[-1])
                return answered
            answered += sum(bool(reply.verdict) for reply in replies)
        _note_round(due[-1])
    return answered


def _round(limit: int) -> Iterator[list[UUID]]:
    """Who is due, at most `limit` together, by id: from where the last round ended to the last person, then the others.

    A statement looks at one window of persons alone: what it costs does not grow with how many are unchecked.
    """
    begun = CheckRound.objects.order_by("-at", "-id").values_list("after", flat=True).first() or FIRST
    for after, end in ((begun, LAST), (FIRST, begun)):
        while after < end:
            upto = min(_window_end(after), end)
            while due := _due(after, upto, limit):
                yield due
                after = due[-1]
            after = upto


def _window_end(after: UUID) -> UUID:
    found = sql.fetch_tuples(queries["window"], {"after": after, "window": WINDOW})
    return found[0][0] if found else LAST


def _due(after: UUID, upto: UUID, limit: int) -> list[UUID]:
    wanted = pauses(clock.now()) | {"after": after, "upto": upto, "limit": limit}
    return [person for (person,) in sql.fetch_tuples(queries["due"], wanted)]


@transaction.atomic
def _note_round(after: UUID) -> None:
    now = CheckRound.objects.create(after=after, at=clock.now())
    CheckRound.objects.exclude(pk=now.pk).delete()


def pauses(now: datetime) -> dict[str, Any]:
    """Since when somebody must not have been asked about in vain: by wire, refused for the day, and in a batch."""
    return {"pause": now - PAUSE, "refused_pause": now - REFUSED_PAUSE, "batch_pause": now - BATCH_PAUSE}


def asked_about(person_ids: list[UUID]) -> list[dict[str, Any]]:
    """What is asked about each of these persons, the number opened; who has none is left out."""
    found = sql.fetch_all(queries["asked"], {"persons": person_ids})
    return [one | {"number": numbers.opened(one["number"])} for one in found]


def _asked_in_vain(person_id: UUID) -> bool:
    """Say whether the other side answered of late that it was asked often enough today."""
    recent = PopulationCheck.objects.filter(person_id=person_id, asked_at__gt=clock.now() - PAUSE)
    return recent.filter(verdict="", fault="too_many").exists()


def _check(asked: list[dict[str, Any]], by: UUID | None, within: float | None = None) -> list[exchange.Reply]:
    """Write down the questions, ask, write down the answers: a process killed in between leaves them unanswered."""
    rows = _note_questions(asked, by)
    replies = exchange.ask([_question(row, one) for row, one in zip(rows, asked, strict=True)], within=within)
    for reply in replies[:1]:
        patience.note(reply.fault)
    _note_replies(rows, replies, by)
    return replies


@transaction.atomic
def _note_questions(asked: list[dict[str, Any]], by: UUID | None) -> list[PopulationCheck]:
    """One row for each question. A question that got no answer is asked again under its id, which costs nothing."""
    now, open_rows = clock.now(), _unanswered(asked)
    rows = [open_rows.get(one["statement_id"]) or _new_row(one) for one in asked]
    for row in rows:
        row.asked_at, row.asked_by, row.fault = now, by, ""
    PopulationCheck.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=["asked_at", "asked_by", "fault"]
    )
    return rows


def _unanswered(asked: list[dict[str, Any]]) -> dict[UUID, PopulationCheck]:
    """Open questions by statement; an id that the other side knows for another question is not used again."""
    found = PopulationCheck.objects.filter(
        person_id__in=[one["person_id"] for one in asked],
        statement_id__in=[one["statement_id"] for one in asked],
        verdict="",
    ).exclude(fault="conflict")
    return {row.statement_id: row for row in found.order_by("asked_at")}


def _new_row(asked: dict[str, Any]) -> PopulationCheck:
    return PopulationCheck(id=new_id(), person_id=asked["person_id"], statement_id=asked["statement_id"])


def _question(row: PopulationCheck, asked: dict[str, Any]) -> exchange.Question:
    return exchange.Question(
        id=row.id,
        number=asked["number"],
        full_name=asked["full_name"],
        birth_date=exchange.written_date(asked["birth_date"], asked["birth_precision"]),
        sex=asked["sex"],
        record=handle_of(asked["person_id"]),
        asker=handle_of(asked["stated_by"]) if asked["stated_by"] else "",
    )


def handle_of(ours: UUID) -> str:
    """What the other side may know a person or an account by: it counts questions by it and can learn nothing else."""
    return encryption.look_up(str(ours), purpose="population_handle").hex()


@transaction.atomic
def _note_replies(rows: list[PopulationCheck], replies: list[exchange.Reply], by: UUID | None) -> None:
    """Keep the answers. A question that somebody else had answered meanwhile keeps that answer."""
    now, still_open = clock.now(), _lock_open(rows)
    for row, reply in zip(rows, replies, strict=True):
        row.verdict, row.fields, row.handle, row.fault = reply.verdict, reply.fields, reply.handle, reply.fault
        row.answered_at = now if reply.verdict else None
    PopulationCheck.objects.bulk_update(
        [row for row in rows if row.id in still_open],
        ["verdict", "fields", "handle", "fault", "answered_at"],
        batch_size=500,
    )
    answered = sum(bool(reply.verdict) for reply in replies)
    audit.record("identity.check", by=by, asked=len(rows), answered=answered)


def _lock_open(rows: list[PopulationCheck]) -> set[UUID]:
    found = PopulationCheck.objects.select_for_update().filter(id__in=[row.id for row in rows], verdict="")
    return set(found.order_by("id").values_list("id", flat=True))
