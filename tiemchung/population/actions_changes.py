"""All writes about what changed in the register: its owner loads and amends citizens, lists of changes go out."""

from collections.abc import Iterable, Mapping
from itertools import islice

from django.db import transaction

from tiemchung.ground import clock
from tiemchung.ground.errors import RefusedError
from tiemchung.population import acts, refusals
from tiemchung.population.actions import enrol, note_change, read_sex
from tiemchung.population.actions_records import is_commune
from tiemchung.population.models import ChangeList, Citizen, Sent
from tiemchung.population.records import read_date
from tiemchung.vietnam.digits import all_digits
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.names import NormalisedName

COMPARED = ("full_name", "birth_date", "sex")  # fields that checks compare
_AT_ONCE = 5000
_DIGITS = (9, 12)  # of an identity number: of an old CMND, of all others


@transaction.atomic
def amend(*, number: str, values: Mapping[str, str]) -> bool:
    """Let the register say this of the citizen of a number; of what is compared the asker is told that it changed.

    `values` by the fields of a citizen. Gives whether anything is other than before. Raises NotFoundError for a number
    that nobody has, ConflictError for one that two have, InvalidInputError on a field that cannot be read.
    """
    _check_readable(values)
    found = list(Citizen.objects.select_for_update().filter(numbers__value=number)[:2])
    if not found:
        raise refusals.citizen_unknown()
    if len(found) > 1:
        raise refusals.citizen_not_one()
    citizen = found[0]
    changed = [name for name, value in values.items() if getattr(citizen, name) != value]
    if not changed:
        return False
    if set(changed) & set(COMPARED):
        note_change(citizen=citizen)
    for name in changed:
        setattr(citizen, name, values[name])
    citizen.save(update_fields=changed)
    acts.note("amend", officer=None, citizen=str(citizen.id), fields=changed)
    return True


@transaction.atomic
def amend_all(*, rows: Iterable[Mapping[str, str]]) -> int:
    """Amend by the rows of a table, `number` and a citizen's fields each, all or none. Gives how many are other now.

    Raises what `amend` raises, the row named (2 is the first below the heads): nothing was changed then.
    """
    changed = 0
    for at, row in enumerate(rows, start=2):
        try:
            changed += amend(number=row["number"], values={name: row[name] for name in row if name != "number"})
        except RefusedError as refused:
            raise refusals.in_row(at, refused) from None
    return changed


@transaction.atomic
def enrol_all(*, rows: Iterable[Mapping[str, str]]) -> int:
    """Put the citizens of a table into the register, all rows or none: numbers and a citizen's fields. Gives how many.

    Raises InvalidInputError for what nobody could be compared by, the row named (2 is the first below the heads).
    """
    count, citizens = 0, (_read_citizen(at, row) for at, row in enumerate(rows, start=2))
    while batch := list(islice(citizens, _AT_ONCE)):
        count += enrol(batch)
    return count


def _read_citizen(at: int, row: Mapping[str, str]) -> tuple[Citizen, list[str]]:
    values = {name: row[name] for name in (*COMPARED, "residence_code")}
    try:
        _check_readable(values)
        numbers = [_read_number(row[name], name) for name in ("number", "old_number") if row[name]]
    except RefusedError as refused:
        raise refusals.in_row(at, refused) from None
    return Citizen(**values), list(dict.fromkeys(numbers))


def _read_number(value: str, field: str) -> str:
    if len(value) not in _DIGITS or not all_digits(value):
        raise refusals.number_unreadable(field)
    return value


def _check_readable(values: Mapping[str, str]) -> None:
    """Refuse what the register could not be compared by."""
    name, born, sex = (values.get(field) for field in COMPARED)
    try:
        if name is not None:
            NormalisedName.parse(name)
    except InputError:
        raise refusals.amendment_unreadable("full_name") from None
    known = read_date(born) if born is not None else None
    if born is not None and (known is None or known.iso != born):
        raise refusals.amendment_unreadable("birth_date")
    if sex is not None and read_sex(sex) is None:
        raise refusals.amendment_unreadable("sex")
    if values.get("residence_code") and not is_commune(values["residence_code"]):
        raise refusals.residence_unknown()


@transaction.atomic
def make_list(*, text: str, upto: int) -> ChangeList:
    """Note a list that is to go out; the one that another process has made up to there meanwhile is as good."""
    now = clock.now()
    made, is_new = ChangeList.objects.get_or_create(upto=upto, defaults={"body": text, "made_at": now})
    if is_new:
        note_sent(text=text)
    return made


def note_written(*, made: ChangeList) -> None:
    """The file of a list is there."""
    ChangeList.objects.filter(pk=made.pk).update(written_at=clock.now())


def note_sent(*, text: str) -> None:
    """Write down, word for word, what leaves."""
    Sent.objects.create(at=clock.now(), what="changes", body=text)
