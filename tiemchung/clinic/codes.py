"""What does a scanned code fill into a form?"""

from typing import Any

from tiemchung.ground.errors import RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.people import scanning as codes


def from_code(text: str) -> dict[str, Any]:
    """What a card or a personal code tells of its holder, to be compared with the card before it is saved."""
    empty: dict[str, Any] = {"person_id": new_id()}
    try:
        read = codes.read(text)
    except RefusedError:  # the form is filled in by hand then
        return empty
    if read.card:
        card = read.card
        told = {"full_name": card.name.as_written, "birth_date": card.birth_date.vi, "sex": str(card.sex)}
        return empty | told | {"address": card.address, "identity_number": card.number.text}
    if read.personal:
        return empty | {"identity_number": read.personal.document_number}
    return empty | {"identity_number": read.text}
