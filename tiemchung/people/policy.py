"""What may be done with a person, and what is refused before it is written."""

from enum import StrEnum
from uuid import UUID

from tiemchung.accounts.models import Account
from tiemchung.ground.errors import InvalidInputError, NotAllowedError
from tiemchung.people.models import Contact, Holder, Person, PersonStatement
from tiemchung.people.statement import Statement
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.phones import PhoneNumber


class Source(StrEnum):
    """Where a statement comes from."""

    SELF = "self"
    RELATIVE = "relative"
    SITE = "site"
    CARD_QR = "card_qr"
    PERSONAL_QR = "personal_qr"
    DEVICE = "device"
    POLICE = "police"  # a correction slip of the commune police


# Typed before any act: what disagrees with the number can still be put right by whoever types.
TYPED_BEFORE = frozenset({Source.SELF, Source.RELATIVE, Source.SITE})
# What outweighs what the holder types: whoever stated it had the person, his card or the register before him.
VOUCHED = frozenset({Source.SITE, Source.CARD_QR, Source.DEVICE, Source.POLICE})
# Only staff, or a device of a site, may add a phone to a person who is already known: a phone opens the health book.
MAY_ADD_CONTACTS = frozenset({Source.SITE, Source.CARD_QR, Source.DEVICE})


def check_fits(statement: Statement, source: Source) -> None:
    """Refuse what disagrees with the digits of its own number, while it can still be put right.

    A card's QR code and a report of an act that happened are taken as they are: `Statement.findings` says what to
    look at. Raises InvalidInputError on identity_number.year or identity_number.sex.
    """
    for found in statement.findings() if source in TYPED_BEFORE else []:
        raise InvalidInputError(found.code, field=found.field, vi=found.vi, en=found.en)


def may_hold(account: Account, person: Person) -> bool:
    """Say whether an account may open this person's health book.

    It may when a site stated its phone for the person; else, unless its hold was ended, when it was the first to state
    the person or when its phone is one of the person's own. Knowing somebody's number, name and birth date is not
    enough: many people know those.
    """
    if is_confirmed(account, person):
        return True
    if Holder.objects.filter(account=account, person=person, ended_at__isnull=False).exists():
        return False
    return _first_stated_by(person) == account.id or _phone_is_on_record(account, person)


def is_confirmed(account: Account, person: Person) -> bool:
    """Say whether a site, which has the person before it, stated this account's phone for him, and it still stands."""
    phone = _phone_of(account)
    return phone is not None and _phone_is_on_record(account, person) and phone in phones_from_sites(person)


def phones_from_sites(person: Person) -> set[str]:
    """Give the phones (+84…) that sites stated for a person."""
    stated = PersonStatement.objects.filter(person=person, source__in=MAY_ADD_CONTACTS, content__isnull=False)
    texts = {said["phone"] for said in stated.values_list("content", flat=True) if said} - {""}
    return {PhoneNumber.parse(text).e164 for text in texts}


def check_may_end_hold(by: Account, hold: Holder) -> None:
    """Refuse to end another's hold, but to who is confirmed by a site where the other is not. Raises NotAllowedError.

    Everybody may end his own.
    """
    if hold.account_id == by.id:
        return
    if not _holds(by, hold.person) or not is_confirmed(by, hold.person) or is_confirmed(hold.account, hold.person):
        raise NotAllowedError(
            "hold_not_yours",
            field="holder_id",
            vi="Chưa ngừng được quyền xem này. Xin mang căn cước đến điểm tiêm để xác nhận số điện thoại của mình.",
            en="This hold cannot be ended from here. Please take the ID card to a site to have your phone confirmed.",
        )


def check_may_hold(account: Account, person: Person) -> None:
    """Refuse an account that may not open this person's health book. Raises NotAllowedError."""
    if not may_hold(account, person):
        raise NotAllowedError(
            "held_elsewhere",
            field="identity_number",
            vi="Chưa mở được sổ này từ số điện thoại đang dùng. Xin mang căn cước đến điểm tiêm hoặc trạm y tế "
            "để thêm số điện thoại vào sổ.",
            en="This health book cannot be opened from your phone number. Please take the ID card to a vaccination "
            "site or health station to have the number added.",
        )


def _first_stated_by(person: Person) -> UUID | None:
    first = PersonStatement.objects.filter(person=person).order_by("at", "id").first()
    return first.by if first else None


def _holds(account: Account, person: Person) -> bool:
    return Holder.objects.filter(account=account, person=person, ended_at=None).exists()


def _phone_of(account: Account) -> str | None:
    try:
        return PhoneNumber.parse(account.username).e164
    except InputError:  # a member of staff signs in with a name
        return None


def _phone_is_on_record(account: Account, person: Person) -> bool:
    return Contact.objects.filter(
        person=person, kind=Contact.Kind.PHONE, value=_phone_of(account), withdrawn_at__isnull=True
    ).exists()
