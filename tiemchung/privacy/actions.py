"""All writes for privacy's sake: what goes after its time, and that somebody was given all that is kept about him."""

from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from tiemchung.ground import audit, clock
from tiemchung.privacy import export
from tiemchung.privacy.retention import Gone, Rule, rules

BATCH = 5000  # rows in one transaction


def retain(*, by: UUID | None) -> list[Gone]:
    """Let go what is due, table by table, a batch at a time; killed, it goes on at the next call."""
    return [Gone(rule.table, rule.then, _let_go(rule, by)) for rule in rules() if rule.ends]


def give_all(*, person_id: UUID, by: UUID | None) -> export.Export:
    """Give all that is kept about a person, and write down who was given it. Raises NotFoundError."""
    with transaction.atomic():
        found = export.collect(person_id)
        audit.record("privacy.export", by=by, subject=person_id, person_id=person_id, rows=found.count)
    return found


def _let_go(rule: Rule, by: UUID | None) -> int:
    total = 0
    while True:
        gone, seen = _batch(rule, by)
        total += gone
        if seen < BATCH or not gone:
            return total


@transaction.atomic
def _batch(rule: Rule, by: UUID | None) -> tuple[int, int]:
    """One batch: how many rows went, of how many that were due."""
    keys = list(rule.due(clock.now()).values_list("pk", flat=True)[:BATCH])
    gone = _ENDINGS[rule.then](rule, keys) if keys else 0
    if gone:
        audit.record("privacy.retain", by=by, table=rule.table, then=rule.then, rows=gone)
    return gone, len(keys)


def _erase(rule: Rule, keys: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_content(%s::regclass, %s)", [rule.table, keys])
        return int(cursor.fetchone()[0])


def _blank(rule: Rule, keys: list[Any]) -> int:
    return _rows(rule, keys).update(**rule.columns)


def _delete(rule: Rule, keys: list[Any]) -> int:
    return _rows(rule, keys).delete()[0]


def _rows(rule: Rule, keys: list[Any]) -> "models.QuerySet[models.Model]":
    return rule.model._default_manager.filter(pk__in=keys)


_ENDINGS = {"erase": _erase, "blank": _blank, "delete": _delete}
