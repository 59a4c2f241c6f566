"""All writes to the outbox. Whoever sends reads `unsent`; in the demo nobody does and a page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.ground import audit, clock
from tiemchung.ground.errors import InvalidInputError
from tiemchung.ground.ids import new_id
from tiemchung.ground.rows import Planned
from tiemchung.messages.models import Message
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.phones import PhoneNumber

LONGEST = 600  # characters: what four parts of a text message with Vietnamese letters hold is 268, of nine 603


@dataclass(frozen=True, slots=True)
class Text:
    """One message to be: a phone as +84…, what it is about (invitation, dose, passport), the words, the person."""

    to: str
    kind: str
    text: str
    person_id: UUID | None = None


@transaction.atomic
def send(*, to: str, kind: str, text: str, person_id: UUID | None, by: UUID | None) -> Message:
    """Put one message into the outbox. Raises InvalidInputError on `to` (no phone) or `text` (empty, too long)."""
    message = Message(**_columns(Text(_phone(to), kind, text, person_id)))
    message.save(force_insert=True)
    audit.record("messages.send", by=by, subject=message.id, person_id=person_id, kind=kind)
    return message


@transaction.atomic
def send_many(*, texts: Iterable[Text], by: UUID | None) -> int:
    """Put many messages into the outbox at once; phones must be as people's contacts hold them. Gives their number."""
    planned, count = Planned(), 0
    for text in texts:
        planned.add(Message, **_columns(text))
        count += 1
    planned.write()
    if count:
        audit.record("messages.send_many", by=by, messages=count)
    return count


@transaction.atomic
def mark_sent(*, message_ids: Iterable[UUID], by: UUID | None) -> int:
    """Write down that messages went out; those that had gone out stay as they are. Gives how many were new."""
    sent = Message.objects.filter(id__in=list(message_ids), sent_at=None).update(sent_at=clock.now())
    if sent:
        audit.record("messages.mark_sent", by=by, messages=sent)
    return sent


def _columns(text: Text) -> dict[str, Any]:
    if not 0 < len(text.text.strip()) <= LONGEST:
        raise InvalidInputError(
            "message_length",
            field="text",
            vi=f"Tin nhắn cần có nội dung và không dài quá {LONGEST} chữ. Viết gọn lại.",
            en=f"A message needs words, at most {LONGEST} characters. Make it shorter.",
        )
    return {
        "id": new_id(),
        "person_id": text.person_id,
        "to": text.to,
        "kind": text.kind,
        "text": text.text,
        "created_at": clock.now(),
    }


def _phone(to: str) -> str:
    try:
        return PhoneNumber.parse(to, field="to").e164
    except InputError as error:
        raise InvalidInputError.of(error) from error
