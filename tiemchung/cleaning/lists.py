"""Which open tasks does an account work on? Pages of a list, by key; counts, groups of one cause, leagues."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.cleaning import corrections, funnel
from tiemchung.cleaning.reach import parameters
from tiemchung.ground import clock, sql
from tiemchung.people.models import IdentityNumber, Person
from tiemchung.people.personal_qr import born

queries = sql.load(__package__)
SEVERAL = 3  # tasks of one cause at one facility that make a group
WEEK = timedelta(days=7)
PLAN = Path(__file__).resolve().parents[2] / "reference_data" / "cleaning_deadline.yaml"


def page(
    account: Account,
    *,
    after: UUID | None = None,
    states: Iterable[str] | None = None,
    field: str | None = None,
    kind: str | None = None,
    facility: UUID | None = None,
    place: str = "",
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Open tasks within reach after a task, by id: the longest open first. `place` as of `funnel.where`."""
    return sql.fetch_all(
        queries["page"],
        {
            **parameters(account),
            **funnel.where(place),
            "after": after or UUID(int=0),
            "state": list(states) if states is not None else None,
            "field": field,
            "kind": kind,
            "facility": facility,
            "limit": limit,
        },
    )


def parts(account: Account, *, states: Iterable[str], size: int) -> list[dict[str, Any]]:
    """Open tasks within reach in parts of a size, a hundred at most: part from 1, its first task, how many tasks."""
    return sql.fetch_all(queries["parts"], {**parameters(account), "states": list(states), "size": size})


def counts(account: Account, *, field: str | None = None, kind: str | None = None, place: str = "") -> dict[str, int]:
    """Open tasks within reach by state: all of them, or those that `page` shows of a cause and place."""
    asked = {**parameters(account), **funnel.where(place), "field": field, "kind": kind}
    return {row["state"]: row["tasks"] for row in sql.fetch_all(queries["counts"], asked)}


def groups(account: Account) -> list[dict[str, Any]]:
    """Causes that several records of one facility share; `follows` says whether the right value follows."""
    found = sql.fetch_all(queries["groups"], {**parameters(account), "several": SEVERAL})
    return [row | {"follows": corrections.follows(row["field"], row["kind"])} for row in found]


def league(account: Account) -> list[dict[str, Any]]:
    """The areas just below the account's, by open tasks: code, name, open, oldest, cured and came within a week."""
    digits = 2 if scope.reaches_nation(account) else 3 if len(account.area_id or "") == 2 else 5
    return _ranked("league", account, digits=digits)


def league_of_sites(account: Account) -> list[dict[str, Any]]:
    """The facilities within reach by open tasks."""
    return _ranked("league_of_sites", account)


def counted_at(account: Account) -> datetime | None:
    """When the leagues were counted; None where they are counted at the look."""
    return funnel.as_of(parameters(account))


def _ranked(name: str, account: Account, **more: Any) -> list[dict[str, Any]]:
    now, weeks = clock.now(), weeks_left()
    query = queries[f"{name}_counted" if counted_at(account) else name]
    found = sql.fetch_all(query, {**parameters(account), "week": now - WEEK, **more})
    for row in found:
        row["days"] = (now - row["oldest"]).days if row["oldest"] else 0
        row["quota"] = -(-row["open"] // weeks)
    return found


def deadline() -> date:
    """Until when all is to be cured, by the Ministry's dispatch."""
    found: date = yaml.safe_load(PLAN.read_text(encoding="utf-8"))["until"]
    return found


def weeks_left() -> int:
    """Full or begun weeks to the deadline; 1 when it is over: all of it is due now."""
    return max(1, -(-(deadline() - clock.today()).days // 7))


def numbers_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The newest number of each person, as it is stated now."""
    live = IdentityNumber.objects.filter(person_id__in=list(person_ids), withdrawn_at=None)
    return {each.person_id: each.value for each in live.order_by("stated_at")}


def born_of(row: dict[str, Any]) -> str:
    """The birth date of a row as far as it is known: 03/09/1967, 1967."""
    return born(Person(birth_date=row["birth_date"], birth_precision=row["birth_precision"])).vi
