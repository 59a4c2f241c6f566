"""Whose code was scanned, or whose number was typed?"""

from dataclasses import dataclass
from enum import StrEnum

from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError
from tiemchung.people.models import Person
from tiemchung.people.personal_qr import born
from tiemchung.vietnam.card_qr import CardQr
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.identity_numbers import IdentityNumber
from tiemchung.vietnam.names import NameMatch, compare_names, fold
from tiemchung.vietnam.personal_qr import PersonalQr
from tiemchung.vietnam.scans import Scan, ScanKind, read_any


class Way(StrEnum):
    """How a person was recognised; the words are those of a visit."""

    PERSONAL_QR = "personal_qr"
    CCCD_QR = "cccd_qr"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Found:
    """The person and the way. `differs` names what the card says otherwise than the record: full_name, birth_date."""

    person: Person
    way: Way
    differs: tuple[str, ...] = ()


def read(text: str) -> Scan:
    """Read a code or a typed number. Raises InvalidInputError when it is no person's code."""
    scan = read_any(text)
    if scan.error:
        raise InvalidInputError.of(scan.error)
    if scan.kind is ScanKind.HEALTH_CERTIFICATE:
        raise InvalidInputError(
            "scan_certificate",
            field="scan",
            vi="Đây là mã hộ chiếu vắc xin. Quét mã QR cá nhân hoặc thẻ căn cước.",
            en="This is a vaccine passport. Scan the personal QR code or the ID card.",
        )
    return scan


def number_of(scan: Scan) -> str:
    """The identity number that somebody is looked for by; empty when the code names none, or none that can be read."""
    if scan.card:
        return scan.card.number.text
    if scan.personal:
        return "" if scan.personal.qid else scan.personal.document_number
    try:
        return typed_number(scan.text).text
    except InvalidInputError:
        return ""


def typed_number(text: str) -> IdentityNumber:
    """Read a number that was typed. Raises InvalidInputError that says what is wrong with it."""
    try:
        return IdentityNumber.parse(text)
    except InputError as error:
        raise InvalidInputError.of(error) from error


def fitting_card(candidates: list[Person], card: CardQr) -> Found:
    """Choose, of those who have the card's number, the one whom the card names.

    Name and birth date may each be written a little wrong in the record, not both: a number under which everything
    else differs is most likely a wrong digit in somebody else's record, and that person is never shown. Raises
    NotFoundError and ConflictError.
    """
    fitting = [Found(each, Way.CCCD_QR, _differences(each, card)) for each in candidates]
    best = min((len(each.differs) for each in fitting), default=2)
    chosen = [each for each in fitting if len(each.differs) == best < 2]
    return only_one(chosen)


def fitting_personal(candidates: list[Person], code: PersonalQr) -> Found:
    """Choose the one whose number, name and birth date are all those of a personal QR that was made elsewhere."""
    return only_one(
        [
            Found(each, Way.PERSONAL_QR)
            for each in candidates
            if fold(each.full_name) == fold(code.name) and born(each) == code.birth_date
        ]
    )


def only_one(found: list[Found]) -> Found:
    """Give the only one. Raises NotFoundError for none, ConflictError for several."""
    if not found:
        raise NotFoundError(
            "person_unknown",
            field="scan",
            vi="Chưa có ai mang số này. Khai báo người mới, hoặc xem lại số.",
            en="Nobody with this number is known. Declare a new person, or check the number.",
        )
    if len(found) > 1:
        raise ConflictError(
            "several_persons",
            field="scan",
            vi="Số này đứng tên nhiều người. Quét thẻ căn cước để biết đúng người.",
            en="This number stands for several persons. Scan the ID card to know which.",
        )
    return found[0]


def _differences(person: Person, card: CardQr) -> tuple[str, ...]:
    same_name = compare_names(person.full_name, card.name.as_written) is not NameMatch.DIFFERENT
    fields = {"full_name": same_name, "birth_date": _may_be_born(person, card.birth_date)}
    return tuple(field for field, same in fields.items() if not same)


def _may_be_born(person: Person, stated: PartialDate) -> bool:
    return born(person).possibly_same(stated)
