"""What goes over the wire, for the OpenAPI document."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from tiemchung.visits.actions_events import LARGEST_BATCH
from tiemchung.visits.events import Kind, Outcome

_UUID = {"type": "string", "format": "uuid"}
EVENT = {
    "type": "object",
    "required": ["id", "kind", "facility_id", "made_at", "content"],
    "properties": {
        "id": {**_UUID, "description": "Made by the device, UUIDv7. Sending it again is harmless."},
        "kind": {"type": "string", "enum": [kind.value for kind in Kind]},
        "facility_id": _UUID,
        "made_at": {"type": "string", "format": "date-time", "description": "When it happened, with offset from UTC."},
        "content": {"type": "object", "description": "By kind, see docs/reference/events.md."},
    },
}


class Batch(Schema):
    """At most 500 events, in the order in which they happened. What is no event is quarantined, not refused."""

    events: Annotated[list[Any], Field(max_length=LARGEST_BATCH, json_schema_extra={"items": EVENT})]


class Finding(Schema):
    """What a person must look at."""

    code: str
    field: str
    vi: str
    en: str


class EventAnswer(Schema):
    """What became of one event. All but `conflict` are kept by the server."""

    id: UUID
    answer: Outcome
    findings: list[Finding]


class Answers(Schema):
    """One answer for each event, in their order."""

    answers: list[EventAnswer]


class SessionToday(Schema):
    """One session of today, with counts of people. Events name its facility."""

    id: UUID
    facility_id: UUID
    on: date
    part: str
    product: str
    capacity: int
    invited: int
    came: int
    waiting: int
    not_today: int
    injected: int
    observed: int


class Code(Schema):
    """The text of a scanned code (ID card, personal QR) or a typed identity number."""

    text: Annotated[str, Field(max_length=2000)]


class PersonAtSite(Schema):
    """What a nurse needs to tell the person in front of her from others."""

    id: UUID
    full_name: str
    birth_date: date
    birth_precision: str
    sex: str
    number_ending: str
    differs: list[str]


class DoseTaken(Schema):
    """A dose of the ledger."""

    product: str
    injected_at: datetime
    has_finding: bool


class MayGive(Schema):
    """Whether the session's product may be given today, with the reason and its dispatches."""

    allowed: bool
    code: str
    vi: str
    en: str
    dispatches: list[str]


class ArrivalAnswer(Schema):
    """Who has come, and for what."""

    person: PersonAtSite
    way: str
    card: str
    doses: list[DoseTaken]
    due: dict[str, Any] | None
    session_id: UUID | None
    invited: bool
    may_give: MayGive | None
    visit_id: UUID | None
