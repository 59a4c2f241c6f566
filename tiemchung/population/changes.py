"""The list of what changed in the register, for the health side: handles and its own question ids, never a value."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tiemchung.ground import batch_files, sql
from tiemchung.ground.canonical import canonical
from tiemchung.ground.ids import new_id
from tiemchung.population import actions_changes, refusals
from tiemchung.population.batches import sign
from tiemchung.population.keyed import keyed
from tiemchung.population.models import ChangeList, CitizenNumber, RegisterChange

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
    _check_can_sign()
    text, written = _list(after)
    actions_changes.note_sent(text=text)
    _write(path, text)
    return written


def write_due(folder: Path) -> int:
    """Write all that changed since the last list of this kind into the folder, a file a list. Gives how many files.

    A list is a fact before it is a file: one whose writer was killed is written again, word for word, and taken in
    twice it changes nothing. Raises ConflictError without a key to sign with.
    """
    _check_can_sign()
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    while one := _next():
        _write(folder / f"changes-{one.upto:012}.json", one.body)
        actions_changes.note_written(made=one)
        count += 1
    return count


def _next() -> ChangeList | None:
    """The list that is to be written: one left over, else the next, if anything changed."""
    left_over = ChangeList.objects.filter(written_at=None).order_by("id").first()
    if left_over:
        return left_over
    last = ChangeList.objects.order_by("-upto").values_list("upto", flat=True).first() or 0
    text, written = _list(last)
    return actions_changes.make_list(text=text, upto=written.upto) if written.upto > last else None


def _list(after: int) -> tuple[str, ChangesWritten]:
    changes = list(RegisterChange.objects.filter(pk__gt=after).order_by("pk")[:AT_ONCE])
    citizens = {change.citizen_id for change in changes}
    numbers = CitizenNumber.objects.filter(citizen__in=citizens).values_list("value", flat=True)
    asked = sql.fetch_tuples(queries["changed_questions"], {"about": [keyed(number) for number in numbers]})
    upto = changes[-1].pk if changes else after
    content = {
        "format": batch_files.CHANGES,
        "after": after,
        "upto": upto,
        "handles": sorted(keyed(str(citizen)) for citizen in citizens),
        "questions": [str(question) for (question,) in asked],
    }
    return canonical(content).decode(), ChangesWritten(upto, len(citizens), len(asked))


def _write(path: Path, text: str) -> None:
    aside = path.with_name(f"{path.name}.{new_id()}.part")  # another process may write the same list now
    aside.write_text(json.dumps({"list": text, **sign(text)}), encoding="utf-8")
    aside.replace(path)


def _check_can_sign() -> None:
    if not settings.SLIP_KEY:
        raise refusals.no_slip_key()
