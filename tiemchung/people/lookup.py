"""Who is it? By number, by QID, by what was scanned, by what was stated."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from tiemchung.accounts import actions_quotas, quotas
from tiemchung.accounts.models import Account
from tiemchung.ground import audit, rows, sql
from tiemchung.ground.errors import NotFoundError, RefusedError
from tiemchung.people import merges, scanning
from tiemchung.people.models import Holder, Person
from tiemchung.people.models import IdentityNumber as NumberRow
from tiemchung.people.numbers import look_ups
from tiemchung.people.scanning import Found, Way
from tiemchung.people.statement import Statement
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.identity_numbers import IdentityKind, IdentityNumber
from tiemchung.vietnam.personal_qr import PersonalQr
from tiemchung.vietnam.scans import Scan

_WITH_KEPT = ("person__residence", "person__merged_person__kept__residence")
_TWELVE_DIGITS = (NumberRow.Kind.CCCD, NumberRow.Kind.MA_DINH_DANH)


def kinds_like(number: IdentityNumber) -> tuple[str, ...]:
    """The kinds under which this number may stand: a child's mã định danh becomes the CCCD number unchanged."""
    return _TWELVE_DIGITS if number.is_personal_number else (number.kind,)


def by_number(value: str) -> list[Person]:
    """Give every person who has this number now, oldest record first; a number may have been stated for two.

    What cannot be a Vietnamese number is looked up as a foreign passport. An unreadable one finds nobody.
    """
    readings = [reading for kind in (None, IdentityKind.FOREIGN_PASSPORT) if (reading := _read(value, kind))]
    return _speaking(_with_numbers(readings).order_by("created_at")) if readings else []


def by_qid(qid: str) -> Person | None:
    """Give the person whose personal QR carries these 18 digits."""
    row = sql.fetch_one(merges.queries.by_qid, {"qid": qid})
    return rows.loaded(Person, row) if row else None


def by_scan(text: str, *, by: UUID) -> Found:
    """Give the person whose ID card or personal QR was scanned, or whose number was typed, and the way.

    That a number was looked for is written down, whether somebody has it or not. Call it outside a transaction that a
    refusal undoes. Raises InvalidInputError for what cannot be read, TooManyError for an account that looked up too
    many, NotFoundError for nobody, ConflictError for several.
    """
    scan = scanning.read(text)
    number = scanning.number_of(scan)
    actions_quotas.spend(by=by, of=quotas.look_up())
    try:
        found = _by_scan(scan)
    except RefusedError:
        if number:
            audit.looked_up(number, by=by, found=False)
        raise
    if number:
        audit.looked_up(number, by=by, found=True)
    return found


def _by_scan(scan: Scan) -> Found:
    if scan.card:
        numbers = [each for each in (scan.card.number, scan.card.old_number) if each]
        return scanning.fitting_card(_speaking(_with_numbers(numbers)), scan.card)
    if scan.personal:
        return _by_personal_qr(scan.personal)
    number = scanning.typed_number(scan.text)
    return scanning.only_one([Found(each, Way.TYPED) for each in _speaking(_with_numbers([number]))])


def same_person(statement: Statement) -> Person | None:
    """Give the record of which a number, the name and the birth date are all as stated; without a number, none.

    What is stated stays with the record that it fits, also where that is merged into another one.
    """
    if not statement.numbers:
        return None
    found = _with_numbers(statement.numbers).filter(
        name_key=statement.name.match_key,
        birth_date=statement.born.first_day,
        birth_precision=statement.born.precision,
    )
    return found.order_by("created_at").first()


def is_about(statement: Statement, person: Person) -> bool:
    """Say whether a statement names and dates the person as he stands."""
    return (person.name_key, person.birth_date, person.birth_precision) == (
        statement.name.match_key,
        statement.born.first_day,
        statement.born.precision,
    )


def family_of(account: Account) -> list[Holder]:
    """Give the persons that an account may see, its own first, then in the order in which they were added.

    Of a human whose records are merged there is one hold, of the record that speaks for him.
    """
    found = Holder.objects.filter(account=account, ended_at=None).select_related(*_WITH_KEPT)
    ranked = sorted(found.order_by("since", "id"), key=lambda holder: holder.relation != "self")
    return list({holder.person_id: holder for holder in reversed([_of_kept(each) for each in ranked])}.values())[::-1]


def holders_of(persons: Iterable[Person]) -> list[Holder]:
    """Give every hold that stands of these persons, with account and person."""
    live = Holder.objects.filter(person__in=merges.whose(person.id for person in persons), ended_at=None)
    found = live.select_related("account", *_WITH_KEPT).order_by("person_id", "since")
    return [_of_kept(each) for each in found]


def held(account: Account, person_id: UUID) -> Holder:
    """Give the account's hold of a person. Raises NotFoundError, alike for a stranger and for nobody."""
    live = Holder.objects.filter(account=account, person_id__in=merges.records_of(person_id), ended_at=None)
    holder = live.select_related(*_WITH_KEPT).order_by("since", "id").first()
    if holder is None:
        raise NotFoundError(
            "person_unknown",
            field="person_id",
            vi="Không thấy người này trong sổ. Về trang gia đình để chọn lại.",
            en="This person is not in your health book. Go back to the family page and choose again.",
        )
    return _of_kept(holder)


def _of_kept(holder: Holder) -> Holder:
    """The hold as one of the record that speaks for its person; the row itself stays as it is."""
    merged = getattr(holder.person, "merged_person", None)
    if merged:
        holder.person = merged.kept
    return holder


def _speaking(found: QuerySet[Person]) -> list[Person]:
    """Whoever speaks for the persons found, each once; two records of one human are no longer two answers."""
    read = found.select_related("merged_person__kept")
    speak = [each.merged_person.kept if hasattr(each, "merged_person") else each for each in read]
    return list({each.id: each for each in speak}.values())


def _by_personal_qr(code: PersonalQr) -> Found:
    person = by_qid(code.qid) if code.qid else None
    if person:
        return Found(person, Way.PERSONAL_QR)
    return scanning.fitting_personal(by_number(code.document_number), code)


def _read(value: str, kind: IdentityKind | None) -> IdentityNumber | None:
    try:
        return IdentityNumber.parse(value, kind)
    except InputError:  # what cannot be a number is nobody's
        return None


def _with_numbers(numbers: Iterable[IdentityNumber]) -> QuerySet[Person]:
    wanted = Q()
    for number in numbers:
        known_as = look_ups([number.text])
        wanted |= Q(identity_numbers__look_up__in=known_as, identity_numbers__kind__in=kinds_like(number))
    return Person.objects.filter(wanted, identity_numbers__withdrawn_at__isnull=True).distinct()
