"""What waits for a signature? Doses for their site's, persons for the centre's."""

from typing import Any

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.ground import sql

queries = sql.load(__package__)


def for_attestation(*, within: Account) -> list[dict[str, Any]]:
    """Facilities in an account's reach with doses that nobody has attested and nobody has to look at first, most first.

    Of each: facility_id, name, doses, oldest.
    """
    return sql.fetch_all(queries["waiting"], scope.parameters(within))
