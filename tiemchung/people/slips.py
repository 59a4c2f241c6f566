"""What may be put right from the health book once there is a dose: a slip in one part, not another human's identity.

Doses belong to who was injected. A correction is held against what was known when the first dose was recorded, or
what a site stated since; so many small corrections cannot walk from one person to another.
"""

from datetime import datetime

from tiemchung.ground.errors import NotAllowedError
from tiemchung.people import lookup
from tiemchung.people.models import Person, PersonStatement
from tiemchung.people.policy import VOUCHED
from tiemchung.people.statement import Statement
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.names import fold


def check_is_slip(person: Person, statement: Statement, *, since: datetime) -> None:
    """Refuse what changes more than one part, or one part by more than a slip. Raises NotAllowedError on that part."""
    known = _known(person, since)
    changed = _changed(known, statement)
    beyond = [field for field, is_slip in changed.items() if not is_slip]
    if beyond or len(changed) > 1:
        raise _too_much((beyond or list(changed))[0])


def _known(person: Person, since: datetime) -> Statement:
    said = PersonStatement.objects.filter(person=person, content__isnull=False).order_by("at", "id")
    last = said.filter(source__in=VOUCHED).last()
    if last is None or last.at < since:
        last = said.filter(at__lte=since).last() or said.first()
    assert last is not None, "a person is made by a statement"
    numbers = tuple((kind, text) for kind, text in last.content["identity_numbers"])
    return Statement(**{**last.content, "identity_numbers": numbers})


def _changed(known: Statement, now: Statement) -> dict[str, bool]:
    """Give each part that is stated otherwise than known, and whether that is a slip of the pen."""
    found = {}
    if known.name.match_key != now.name.match_key:
        found["full_name"] = _one_sign_apart(fold(known.full_name), fold(now.full_name))
    if known.born != now.born:
        found["birth_date"] = _is_date_slip(known.born, now.born)
    if known.sex != now.sex and known.sex != "unknown":
        found["sex"] = True
    for number in now.numbers:
        like = [each.text for each in known.numbers if each.kind in lookup.kinds_like(number)]
        if number.text not in like:
            found["identity_number"] = not like or any(_one_sign_apart(each, number.text) for each in like)
    return found


def _is_date_slip(known: PartialDate, now: PartialDate) -> bool:
    """A year or month made full, day and month swapped, 1 January written for a year alone, or one digit."""
    if known.year == now.year and known.month in (None, now.month) and known.day is None:
        return True
    if (known.year, known.month, known.day) == (now.year, 1, 1):
        return True
    swapped = (known.year, known.month, known.day) == (now.year, now.day, now.month)
    return swapped or _one_sign_apart(known.vi, now.vi)


def _one_sign_apart(one: str, other: str) -> bool:
    """Say whether at most one sign is put in, left out or exchanged, or two neighbours have changed places."""
    begin = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if begin is None:
        return abs(len(one) - len(other)) <= 1
    rest, also = one[begin:], other[begin:]
    return rest[1:] in (also, also[1:]) or rest == also[1:] or (rest[1::-1] + rest[2:] == also)


def _too_much(field: str) -> NotAllowedError:
    return NotAllowedError(
        "more_than_a_slip",
        field=field,
        vi="Đã có mũi tiêm nên chỉ sửa được lỗi nhỏ ở một mục. Xin mang căn cước đến điểm tiêm để sửa.",
        en="There is a dose already, so only a small slip in one part can be put right here. "
        "Please take the ID card to a site.",
    )
