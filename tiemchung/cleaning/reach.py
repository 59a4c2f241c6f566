"""Which tasks lie within an account's reach? Those of its communes, or those of its facility; the nation sees all."""

from typing import Any

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account


def parameters(account: Account) -> dict[str, list[Any] | None]:
    """`communes` and `facilities` for a statement; both NULL is the nation, and an empty list is nothing.

    Who is bound by an area works on its residents, wherever they were vaccinated; a facility on what it stated.
    """
    if scope.reaches_nation(account):
        return {"communes": None, "facilities": None}
    if account.facility_id:
        return {"communes": [], "facilities": [account.facility_id]}
    return {"communes": list(scope.areas(account).values_list("code", flat=True)), "facilities": []}
