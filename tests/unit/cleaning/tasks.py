"""Records that are wrong, and the tasks that follow, made with one line."""

import itertools

from tests.station import Station, staff
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.roles import AT_FACILITY
from tiemchung.cleaning import actions
from tiemchung.cleaning.models import CleaningTask
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.identity.models import PopulationCheck
from tiemchung.people.actions_merge import merge
from tiemchung.people.models import Person, PersonStatement

RIGHT = dict.fromkeys(("number", "full_name", "birth_date", "sex"), "right")
_numbers = itertools.count()


def judged(person: Person, verdict: str = "wrong", **fields: str) -> PopulationCheck:
    """Let the population side have answered about the person as he stands: `judged(p, birth_date="day_month_swap")`."""
    last = PersonStatement.objects.filter(person=person).order_by("-id").first()
    assert last is not None
    now = clock.now()
    return PopulationCheck.objects.create(
        id=new_id(),
        person=person,
        statement=last,
        asked_at=now,
        answered_at=now,
        verdict=verdict,
        fields={} if verdict == "unknown" else {**RIGHT, **fields},
        handle="h" if verdict == "right" else "",
    )


def task_of(person: Person, verdict: str = "wrong", **fields: str) -> CleaningTask:
    """The open task of a person about whom the population side said this."""
    judged(person, verdict, **fields)
    actions.settle(person_ids=[person.id])
    return CleaningTask.objects.get(person=person, closed_at=None)


def merged_task_of(station: Station, **kinds: str) -> CleaningTask:
    """The task of a record that was merged since, into one that moved, has another name, number and sex."""
    task = task_of(station.person(), **kinds)
    other = {"full_name": "Bùi Thị Ngát Mới", "sex": "male", "address": "Tổ 4", "birth_date": "05/11/1970"}
    kept = station.person(**other, identity_numbers=(("cmnd", "013245679"),))
    merge(kept_id=kept.id, merged_id=task.person_id, evidence={"reasons": []}, by=new_id())
    return task


def worker(role: Role, station: Station) -> Account:
    """An account of a role, at the station's facility or in the area where stations stand."""
    facility = station.facility if role in AT_FACILITY else None
    return staff(role, facility, f"lam-sach-{role}-{next(_numbers)}", "Người làm sạch")
