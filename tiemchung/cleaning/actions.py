"""All writes to cleaning tasks: opening and closing by what checks found, steps, corrections.

What commune police are asked and answer is in `actions_police`, the daily funnel in `actions_funnel`.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.accounts.models import Account
from tiemchung.cleaning import corrections, policy, refusals
from tiemchung.cleaning.models import CleaningLook, CleaningStep, ConfirmationRequest, Step
from tiemchung.ground import audit, clock, rows, sql
from tiemchung.ground.ids import new_id
from tiemchung.identity import actions as identity
from tiemchung.identity import states
from tiemchung.linkage.kinds import HARMLESS, NumberKind
from tiemchung.people import actions as people
from tiemchung.people import merges
from tiemchung.people.models import Person, PersonStatement
from tiemchung.people.policy import Source

queries = sql.load(__package__)
AT_ONCE = 20_000  # persons whose tasks are settled by one set of statements
TWICE = timedelta(minutes=5)  # looked at again, for what was written before and committed after
_HARMLESS = sorted({str(kind) for kind in HARMLESS})


@transaction.atomic
def settle(*, person_ids: Sequence[UUID]) -> dict[str, int]:
    """Close the tasks whose cause is gone, open those of causes that were found. Gives how many of each."""
    found = _causes(person_ids)
    columns = {
        "cause_persons": [row["person_id"] for row in found],
        "cause_fields": [row["field"] for row in found],
        "cause_kinds": [row["kind"] for row in found],
    }
    now = clock.now()
    closed = sql.execute(queries["close_cured"], {"persons": list(person_ids), "now": now, **columns})
    opened = sql.execute(
        queries["open_found"],
        {
            "ids": [new_id() for _ in found],
            "communes": [row["commune_id"] for row in found],
            "facilities": [row["facility_id"] for row in found],
            "now": now,
            **columns,
        },
    )
    sql.execute(queries["move"], {"persons": list(person_ids)})
    if closed or opened:
        audit.record("cleaning.settle", by=None, opened=opened, closed=closed)
    return {"opened": opened, "closed": closed}


def settle_changed() -> dict[str, int]:
    """Settle everybody about whom an answer came, who stated something, was merged or parted, since the last time."""
    begun = clock.now()
    last = CleaningLook.objects.order_by("-until").first()
    since = (last.until if last else begun.replace(year=2000)) - TWICE
    total, after = {"opened": 0, "closed": 0}, UUID(int=0)
    while True:
        found = sql.fetch_tuples(queries["to_settle"], {"since": since, "after": after, "limit": AT_ONCE})
        if not found:
            break
        for name, count in settle(person_ids=[person_id for (person_id,) in found]).items():
            total[name] += count
        after = found[-1][0]
    CleaningLook.objects.create(until=begun)
    CleaningLook.objects.filter(until__lt=begun).delete()
    return total


def recheck(*, person_id: UUID, by: UUID | None) -> states.Standing:
    """Ask about somebody who stands there, two seconds at most, and settle his tasks by the answer."""
    standing = identity.check_at_once(person_id=person_id, by=by)
    settle(person_ids=[person_id])
    return standing


@transaction.atomic
def take_step(*, task_ids: Sequence[UUID], step: Step, by: Account) -> int:
    """Take one step with several tasks, all or none; a task that lies there already is left as it is. Gives how many.

    Raises NotFoundError, NotAllowedError, ConflictError for the first that may not take it.
    """
    tasks = [task for task in _lock(task_ids, by) if not _lies_there(task, step)]
    for task in tasks:
        policy.check_may_take(by, step, task)
    if step is Step.SENT_TO_POLICE:
        _ask_police(tasks, by.id)
    note_steps(tasks, step, by=by.id)
    return len(tasks)


@transaction.atomic
def correct(*, task_id: UUID, value: str, by: Account) -> Person:
    """Put the task's field right as the account states it; the population side is asked again by itself.

    Raises NotFoundError, NotAllowedError, ConflictError, InvalidInputError on the field.
    """
    (task,) = _lock([task_id], by)
    policy.check_may_take(by, Step.CORRECTED, task)
    person = merges.speaking(task["person_id"])
    statement = corrections.statement_with(person, task["field"], value)
    corrected = people.correct(person_id=person.id, statement=statement, source=Source.SITE, by=by.id)
    note_steps([task], Step.CORRECTED, by=by.id)
    return corrected


@transaction.atomic
def accept_proposal(*, task_ids: Sequence[UUID], by: Account) -> int:
    """Take, for each of several tasks of one cause, the value that follows from it. All or none; gives how many.

    A person decides; a task that was cured meanwhile, or awaits its check, is left alone. So is that of a merged
    record: what follows from its words need not follow from those of the record that speaks. Raises ConflictError for
    a cause from which no value follows, and whatever `correct` raises.
    """
    count = 0
    for task in _lock(task_ids, by):
        person = merges.speaking(task["person_id"])
        if task["state"] in ("cured", "awaiting_check") or person.id != task["person_id"]:
            continue
        value = corrections.proposal(person, task["field"], task["kind"])
        if value is None:
            raise refusals.no_proposal()
        correct(task_id=task["id"], value=value, by=by)
        count += 1
    return count


def note_steps(tasks: Iterable[dict[str, Any]], step: Step, *, by: UUID | None) -> None:
    """Write that a step was taken with each of these tasks; in the caller's transaction."""
    now, tasks = clock.now(), list(tasks)
    said = {"at": now, "by": by, "step": step}
    rows.insert([CleaningStep(id=new_id(), task_id=one["id"], person_id=one["person_id"], **said) for one in tasks])
    for one in tasks:
        audit.record("cleaning.step", by=by, subject=one["id"], person_id=one["person_id"], step=step)


def _lock(task_ids: Sequence[UUID], by: Account) -> list[dict[str, Any]]:
    """The tasks, all of them within reach. Raises NotFoundError, alike for another's and for none."""
    found = sql.fetch_all(queries["standing"], {"tasks": list(task_ids)})
    if len(found) != len(set(task_ids)) or not all(policy.reaches(by, task) for task in found):
        raise refusals.task_unknown()
    return found


def _lies_there(task: dict[str, Any], step: Step) -> bool:
    last = CleaningStep.objects.filter(task_id=task["id"]).order_by("-id").values_list("step", flat=True).first()
    return last == step


def _ask_police(tasks: Iterable[dict[str, Any]], by: UUID) -> None:
    now = clock.now()
    for task in tasks:
        said = PersonStatement.objects.filter(person_id=task["person_id"]).order_by("-id").only("id").first()
        assert said is not None, "a person is made by a statement"
        ConfirmationRequest.objects.create(
            task_id=task["id"],
            person_id=task["person_id"],
            field=task["field"],
            statement=said,
            asked_at=now,
            asked_by=by,
        )


def _causes(person_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    found = sql.fetch_all(queries["causes"], {"persons": list(person_ids), "harmless": _HARMLESS})
    for row in found:
        if row["kind"] == NumberKind.UNKNOWN and row["number"] is not None:
            row["kind"] = states.unknown_kind(bytes(row["number"]), row["birth_date"], row["birth_precision"])
    return found
