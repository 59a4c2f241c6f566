"""The personal QR code of a person, as the national form v1.1 writes it (11 September 2021)."""

from tiemchung.ground import sql
from tiemchung.people import merges, numbers
from tiemchung.people.models import Contact, IdentityNumber, Person, Relation, Sex
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.personal_qr import PersonalQr
from tiemchung.vietnam.phones import PhoneNumber
from tiemchung.vietnam.sex import Sex as StatedSex

_KIND = IdentityNumber.Kind
_BEST_FIRST = (_KIND.CCCD, _KIND.MA_DINH_DANH, _KIND.PASSPORT, _KIND.CMND, _KIND.FOREIGN_PASSPORT)


def text_of(person: Person) -> str:
    """Write the text that the person's QR code carries: number, name, birth date, QID, sex, insurance, phone."""
    relations = set(person.holders.filter(ended_at=None).values_list("relation", flat=True))
    return PersonalQr(
        document_number=number_of(person),
        name=person.full_name,
        birth_date=born(person),
        declared_by_other=bool(relations) and Relation.SELF not in relations,
        qid=person.qid,
        sex=None if person.sex == Sex.UNKNOWN else StatedSex(person.sex),
        health_insurance=person.insurance_number,
        phone=_phone_of(person),
    ).format()


def number_of(person: Person) -> str:
    """Give the number that speaks for the human now: CCCD before the others; empty when there is none yet."""
    kept = dict(sql.fetch_tuples(merges.queries.numbers_of, {"person": person.id}))
    return next((numbers.opened(kept[kind]) for kind in _BEST_FIRST if kind in kept), "")


def born(person: Person) -> PartialDate:
    """Give the birth date as far as it is known."""
    year, month, day = person.birth_date.timetuple()[:3]
    known = {"year": (year,), "month": (year, month), "day": (year, month, day)}
    return PartialDate(*known[person.birth_precision])


def _phone_of(person: Person) -> str:
    phone = person.contacts.filter(kind=Contact.Kind.PHONE, withdrawn_at=None).order_by("stated_at").first()
    return PhoneNumber(phone.value).national if phone else ""
