"""Taking in what a sheet says: row by row, so that a bad one spoils no other; the same again changes nothing."""

from dataclasses import dataclass, field

from django.db import transaction

from tiemchung.accounts.models import Account, Role
from tiemchung.cleaning import actions, corrections, policy, refusals, sheets
from tiemchung.cleaning.models import CleaningTask, Step
from tiemchung.cleaning.sheets import HEADER, Problem, Row
from tiemchung.ground import audit
from tiemchung.ground.errors import RefusedError
from tiemchung.people import merges


@dataclass
class Taken:
    """What a sheet did: rows taken, rows that said nothing new, and the problems of the others."""

    taken: int = 0
    known: int = 0
    problems: list[Problem] = field(default_factory=list)


def take_sheet(*, content: bytes, by: Account) -> Taken:
    """Take in a sheet. Raises InvalidInputError on file when it cannot be read at all; then nothing is taken."""
    rows, problems = sheets.read(content)
    found = Taken(problems=problems)
    for row in rows:
        try:
            with transaction.atomic():
                new = _take(row, by)
        except RefusedError as error:
            found.problems.append(Problem(row.number, _column(error), error.vi, error.en))
        else:
            found.taken += new
            found.known += not new
    found.problems.sort(key=lambda each: each.row)
    with transaction.atomic():
        audit.record("cleaning.take_sheet", by=by.id, taken=found.taken, known=found.known, refused=len(found.problems))
    return found


def _take(row: Row, by: Account) -> bool:
    """Take one row; False when it says what is known already."""
    task = CleaningTask.objects.filter(id=row.task_id).first()
    if task is None or not policy.reaches(by, {"commune_id": task.commune_id, "facility_id": task.facility_id}):
        raise refusals.task_unknown()
    if task.closed_at is not None:
        return False
    if row.result != "corrected":
        return actions.take_step(task_ids=[task.id], step=_step(row.result, by), by=by) > 0
    if corrections.value_now(merges.speaking(task.person_id), task.field) == row.value:
        return False
    actions.correct(task_id=task.id, value=row.value, by=by)
    return True


def _step(result: str, by: Account) -> Step:
    """A site answers for itself; whoever else, for the hamlet team."""
    if result == "confirmed":
        return Step.HAMLET_CONFIRMED
    return Step.SITE_UNKNOWN if Role(by.role) in policy.SITE else Step.HAMLET_UNKNOWN


def _column(error: RefusedError) -> str:
    if error.field in ("task", "facility", "commune"):
        return HEADER[0]
    return HEADER[8] if error.field == "step" else HEADER[9]
