"""What a device sends: one event, what is answered to it, and how it is read."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from tiemchung.ground import encryption
from tiemchung.ground.errors import RefusedError
from tiemchung.visits.content import Content, read_moment, read_uuid, unreadable

_UNREADABLE_IDS = UUID("0f1c7a52-6c1e-5d0a-9b3e-5a5f0f3f2b11")  # the name space of ids for events that have none
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_KIND = re.compile(r"[a-z_]{1,30}")  # it is shown and kept as it is, so it has no room for a name or number


class Kind(StrEnum):
    """What may have happened at a site."""

    PERSON_DECLARED = "person_declared"
    CHECKED_IN = "checked_in"
    SCREENED = "screened"
    INJECTED = "injected"
    OBSERVATION_ENDED = "observation_ended"
    TALLY_TYPED = "tally_typed"


class Outcome(StrEnum):
    """What became of an event. All but a conflict are kept by the server: the device may forget them."""

    ACCEPTED = "accepted"
    FINDINGS = "accepted_with_findings"
    ALREADY_HAD = "already_had"
    CONFLICT = "conflict"  # the same id was sent before with other content
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Event:
    """One event, readable as far as every event is. `digests` are the same for the same content only."""

    id: UUID
    kind: str
    facility_id: UUID
    made_at: datetime
    content: Content
    digests: tuple[str, ...]  # under each data key, the one in use first
    kept: Any  # as sent, in a form that the database can keep


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is no event. `id` is the device's, or one made of the digest."""

    id: UUID
    digests: tuple[str, ...]
    kept: Any  # as sent, in a form that the database can keep
    why: RefusedError

    @property
    def kind(self) -> str:
        """As far as it can be read."""
        kind = self.kept.get("kind")
        return kind if isinstance(kind, str) and _KIND.fullmatch(kind) else ""

    @property
    def made_at(self) -> datetime | None:
        """As far as it can be read."""
        try:
            return read_moment(self.kept.get("made_at"), "made_at")
        except RefusedError:
            return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to one event; `findings` say what a person must look at."""

    id: UUID
    answer: Outcome
    findings: tuple[dict[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"id": str(self.id), "answer": self.answer.value, "findings": list(self.findings)}


def read(sent: Any) -> Event | Unreadable:
    """Read what was sent as an event; what is none keeps its place."""
    try:
        digests, kept = encryption.digests(_canonical(sent)), sent if isinstance(sent, dict) else {"sent": sent}
    except ValueError:
        written = json.dumps(sent)
        digests, kept = encryption.digests(written), {"as_json_text": written}
    try:
        return _event(sent, digests, kept)
    except RefusedError as error:
        return Unreadable(_id_of(sent, digests[0]), digests, kept, error)


def _canonical(sent: Any) -> str:
    """The one way to write this JSON value: sorted names, no spaces. ValueError for what PostgreSQL cannot keep."""
    written = _CANONICAL.encode(sent)
    if "\\u0000" in written:
        raise ValueError("U+0000")
    return written


def _event(sent: Any, digests: tuple[str, ...], kept: Any) -> Event:
    if not isinstance(sent, dict) or kept is not sent:
        raise unreadable("event")
    kind, content = sent.get("kind"), sent.get("content")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise unreadable("kind")
    if not isinstance(content, dict):
        raise unreadable("content")
    return Event(
        id=read_uuid(sent.get("id"), "id"),
        kind=kind,
        facility_id=read_uuid(sent.get("facility_id"), "facility_id"),
        made_at=read_moment(sent.get("made_at"), "made_at"),
        content=Content(content),
        digests=digests,
        kept=kept,
    )


def _id_of(sent: Any, digest: str) -> UUID:
    try:
        return read_uuid(sent.get("id") if isinstance(sent, dict) else None, "id")
    except RefusedError:
        return uuid5(_UNREADABLE_IDS, digest)
