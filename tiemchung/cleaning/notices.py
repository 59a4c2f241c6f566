"""Is a notice of the population side to be believed, and what does it say? Nothing is done on one that is not.

A notice must be signed by a key that we know, must speak of a record that we asked about and of the very field that
was in doubt, and must not have been answered before under another id.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from tiemchung.ground import clock, signed_notice

OUTCOMES = frozenset({"register_corrected", "not_resident", "not_confirmed"})
FIELDS = frozenset({"number", "full_name", "birth_date", "sex"})
SKEW = timedelta(minutes=5)  # between the clocks of the two sides
MAX_BODY = 4000  # characters


class NotBelievedError(Exception):
    """A notice is not acted on. The word says why: not_genuine, unreadable, from_the_future."""


@dataclass(frozen=True)
class Notice:
    """A genuine notice: a correction slip (field, value, officer, ground), or an outcome without a value."""

    id: UUID
    number: int
    record: UUID
    at: datetime
    kind: str  # slip, or one of OUTCOMES
    field: str = ""
    value: str = ""
    officer: str = ""
    ground: str = ""


def read(told: Any) -> Notice:
    """Read what came over the wire: {body, signature, key}. Raises NotBelievedError."""
    body, signature, key = (told.get(name) if isinstance(told, dict) else None for name in ("body", "signature", "key"))
    if not isinstance(body, str) or not isinstance(signature, str) or not isinstance(key, str) or len(body) > MAX_BODY:
        raise NotBelievedError("unreadable")
    if not signed_notice.is_genuine(body, signature, key=key, known=settings.SLIP_KEYS):
        raise NotBelievedError("not_genuine")
    try:
        notice = _parsed(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotBelievedError("unreadable") from None
    if notice.at > clock.now() + SKEW:
        raise NotBelievedError("from_the_future")
    return notice


def _parsed(body: dict[str, Any]) -> Notice:
    at = datetime.fromisoformat(body["at"])
    if at.tzinfo is None or not isinstance(body["number"], int):
        raise ValueError("a notice has a number and a moment")
    shared: dict[str, Any] = {
        "id": UUID(body["id"]),
        "number": body["number"],
        "record": UUID(body["record"]),
        "at": at,
    }
    if body["kind"] == "outcome" and body["outcome"] in OUTCOMES:
        return Notice(**shared, kind=body["outcome"])
    said = {name: body[name] for name in ("field", "value", "officer", "ground")}
    if body["kind"] != "slip" or body["field"] not in FIELDS or not all(isinstance(one, str) for one in said.values()):
        raise ValueError("neither slip nor outcome")
    return Notice(**shared, kind="slip", **said)
