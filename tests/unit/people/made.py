"""Persons, areas and accounts that tests make with one line."""

from typing import Any

from tiemchung.accounts.actions import open_account
from tiemchung.accounts.models import Account, Role
from tiemchung.ground.ids import new_id
from tiemchung.people.actions import declare
from tiemchung.people.models import Person
from tiemchung.people.policy import Source
from tiemchung.people.statement import Statement
from tiemchung.places.models import Area
from tiemchung.vietnam import areas

COMMUNE = "00001"  # Phường Phúc Xá, Ba Đình, Hà Nội

HANH = {
    "full_name": "Nguyễn Thị Thu Hạnh",
    "birth_date": "18/11/1984",
    "sex": "female",
    "identity_numbers": ((None, "001184000017"),),
    "phone": "0912 345 678",
}


def stated(**changes: Any) -> Statement:
    """Make the statement of Mrs Hạnh, born 1984, with what a test changes of it."""
    return Statement(**{**HANH, **changes})


def declared(source: Source = Source.SELF, **changes: Any) -> Person:
    """Declare Mrs Hạnh, or who the changes make of her."""
    return declare(statement=stated(**changes), source=source, by=None)


def a_commune(code: str = COMMUNE) -> str:
    """Make a commune with its district and province, and give its code."""
    for each in reversed(areas.ancestry(code)):
        Area.objects.get_or_create(
            code=each.code,
            defaults={
                "level": {2: 1, 3: 2, 5: 3}[len(each.code)],
                "name": each.full_name,
                "parent_id": each.parent_code,
                "folded": each.name,
                "sort_key": each.name,
            },
        )
    return code


def citizen(phone: str = "0912345678") -> Account:
    """Open a citizen's account."""
    return open_account(username=phone, display_name="Hạnh", role=Role.CITIZEN, password=str(new_id()), by=None)
