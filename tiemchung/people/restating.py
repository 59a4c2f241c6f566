"""What stands of a person, as a form takes it, and a statement that says some of it anew."""

from typing import Any

from tiemchung.people.models import Person
from tiemchung.people.personal_qr import born, number_of
from tiemchung.people.statement import Statement


def as_it_stands(person: Person) -> dict[str, str]:
    """Name, birth date, sex and number of a person as they stand, as text of a form's fields."""
    return {
        "full_name": person.full_name,
        "birth_date": born(person).vi,
        "sex": person.sex,
        "identity_number": number_of(person),
    }


def restated(person: Person, **anew: str) -> Statement:
    """The person as he stands, but for what is said anew. Raises InvalidInputError as `Statement`.

    `anew` by the fields of a statement, and `identity_number`: numbers that are not stated anew stay; an empty one
    states none. A phone is not stated.
    """
    number = anew.pop("identity_number", "").strip()
    said: dict[str, Any] = {
        "full_name": person.full_name,
        "birth_date": born(person).vi,
        "sex": person.sex,
        "residence_code": person.residence_id or "",
        "address": person.address,
        "nationality": person.nationality,
        "insurance_number": person.insurance_number,
    }
    return Statement(**said | anew, identity_numbers=((None, number),) if number else ())
