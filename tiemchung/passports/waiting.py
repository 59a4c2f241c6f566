"""What waits for a signature? Doses for their site's, persons for the centre's."""

from typing import Any

from tiemchung.ground import sql

queries = sql.load(__package__)


def for_attestation() -> list[dict[str, Any]]:
    """Facilities with doses that nobody has attested, most first: facility_id, name, doses, oldest."""
    return sql.fetch_all(queries["waiting"])
