"""The list of what changed in the register, for the health side: handles and its own question ids, never a value."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tiemchung.ground import batch_files, clock, sql
from tiemchung.ground.canonical import canonical
from tiemchung.population import refusals
from tiemchung.population.batches import sign
from tiemchung.population.keyed import keyed
from tiemchung.population.models import CitizenNumber, RegisterChange, Sent

queries = sql.load(__package__)
AT_ONCE = 50_000  # changes that one list tells at most


@dataclass(frozen=True)
class ChangesWritten:
    """The last change that the list tells of, and how many handles and questions stand in it."""

    upto: int
    handles: int
    questions: int


def write_changes(path: Path, *, after: int) -> ChangesWritten:
    """Write the signed list of the changes after a number; the next list goes on after `upto`.

    Who was right is named by his handle, who was wrong by the questions about his numbers. Raises ConflictError without
    a key to sign with.
    """
    if not settings.SLIP_KEY:
        raise refusals.no_slip_key()
    changes = list(RegisterChange.objects.filter(pk__gt=after).order_by("pk")[:AT_ONCE])
    citizens = {change.citizen_id for change in changes}
    numbers = CitizenNumber.objects.filter(citizen__in=citizens).values_list("value", flat=True)
    asked = sql.fetch_tuples(queries["changed_questions"], {"about": [keyed(number) for number in numbers]})
    content = {
        "format": batch_files.CHANGES,
        "after": after,
        "upto": changes[-1].pk if changes else after,
        "handles": sorted(keyed(str(citizen)) for citizen in citizens),
        "questions": [str(question) for (question,) in asked],
    }
    text = canonical(content).decode()
    Sent.objects.create(at=clock.now(), what="changes", body=text)
    aside = path.with_suffix(".part")
    aside.write_text(json.dumps({"list": text, **sign(text)}), encoding="utf-8")
    aside.replace(path)
    return ChangesWritten(changes[-1].pk if changes else after, len(citizens), len(asked))
