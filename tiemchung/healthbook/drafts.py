"""What was filled in so far: kept in the session between the steps of adding a person, never in an address."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from tiemchung.ground.ids import new_id

_KEY = "healthbook.drafts"
_AT_MOST = 5  # drafts that one session keeps; the oldest goes first


def begin(request: HttpRequest, **content: Any) -> UUID:
    """Begin a draft and give its id, which becomes the person's when he is new.

    Drafts hold answers about health, so those of sessions that are over go from the table as new ones come.
    """
    request.session.clear_expired()
    draft_id = new_id()
    keep(request, draft_id, {"registration_id": str(new_id()), **content})
    return draft_id


def read(request: HttpRequest, draft_id: UUID) -> dict[str, Any] | None:
    """Give what was filled in, or None when this session has no such draft."""
    found: dict[str, Any] | None = request.session.get(_KEY, {}).get(str(draft_id))
    return found


def keep(request: HttpRequest, draft_id: UUID, content: dict[str, Any]) -> None:
    """Keep what was filled in."""
    drafts = {**request.session.get(_KEY, {}), str(draft_id): content}
    request.session[_KEY] = dict(list(drafts.items())[-_AT_MOST:])
