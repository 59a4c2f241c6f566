"""What do the holders learn of their passports? A message without name and number."""

from uuid import UUID

from tiemchung.ground import sql
from tiemchung.messages import actions as messages
from tiemchung.messages.actions import Text

queries = sql.load(__package__)


def tell(person_ids: list[UUID], text: str) -> None:
    """Send the words to every phone of these persons, of any of their records, that is still theirs."""
    phones = sql.fetch_tuples(queries["phones"], {"ids": person_ids})
    messages.send_many(texts=[Text(phone, "passport", text, person_id) for person_id, phone in phones], by=None)
