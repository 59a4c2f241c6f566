"""How does an identity number stand in the database? Encrypted, beside a keyed hash by which it is found.

The hash is over the number alone, so two persons on one number share it whatever kind each stated.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tiemchung.ground import encryption
from tiemchung.people.models import IdentityNumber as NumberRow
from tiemchung.vietnam.identity_numbers import IdentityNumber

PURPOSE = "identity_number"


def row(number: IdentityNumber, *, person_id: UUID, at: datetime) -> NumberRow:
    """A new row, not yet written, of a number that a person has."""
    return NumberRow(
        person_id=person_id, kind=number.kind, value=number.text, look_up=look_up(number.text), stated_at=at
    )


def look_up(text: str) -> bytes:
    """The hash of a number's text, as rows are written now."""
    return encryption.look_up(text, purpose=PURPOSE)


def look_ups(texts: Iterable[str]) -> list[bytes]:
    """All hashes under which any of these numbers may stand, for `look_up__in` and `= ANY(...)`."""
    return [hashed for text in texts for hashed in encryption.look_ups(text, purpose=PURPOSE)]


def opened(kept: bytes) -> str:
    """The number of a value that SQL of one's own has read."""
    return encryption.decrypt(kept, purpose=PURPOSE).decode()
