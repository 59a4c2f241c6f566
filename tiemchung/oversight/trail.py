"""What does an auditor see? One page of both logs together, of a person, of an account or of a time, by key."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tiemchung.ground import clock, sql
from tiemchung.ground.errors import InvalidInputError

SHOWN = 50
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
_LAST = "~"  # after every key
queries = sql.load(__package__)


@dataclass(frozen=True)
class Page:
    """Some rows, the latest first, and the mark after which the next page begins; empty when there is no more."""

    rows: list[dict[str, Any]]
    after: str


def of_person(person_id: UUID, after: str = "") -> Page:
    """What was done with a person's record, and who looked at it."""
    return _page({"person": person_id}, after)


def of_account(account_id: UUID, after: str = "") -> Page:
    """What an account did, looked at and looked for."""
    return _page({"account": account_id}, after)


def of_time(since: datetime, until: datetime, after: str = "") -> Page:
    """All that happened in a time."""
    return _page({"since": since, "before": until}, after)


def _page(asked: dict[str, Any], after: str) -> Page:
    start = {"person": None, "account": None, "since": ALWAYS, "before": _horizon(), "before_key": _LAST}
    said = start | asked | (_read(after) if after else {}) | {"limit": SHOWN + 1}
    rows = sql.fetch_all(queries["trail"], said)
    more = len(rows) > SHOWN
    last = rows[SHOWN - 1] if more else None
    return Page(rows[:SHOWN], f"{last['at'].isoformat()}{_LAST}{last['key']}" if last else "")


def _horizon() -> datetime:
    """A little ahead: what is written while the page is asked for may be a moment younger."""
    return clock.now() + timedelta(days=1)


def _read(after: str) -> dict[str, Any]:
    """Read the mark of a page. Raises InvalidInputError for one that no page gave."""
    at, _, key = after.partition(_LAST)
    try:
        return {"before": datetime.fromisoformat(at).astimezone(UTC), "before_key": key}
    except (ValueError, OverflowError):
        raise InvalidInputError(
            "page_unknown",
            field="after",
            vi="Không có trang này. Về trang đầu.",
            en="There is no such page. Go back to the first.",
        ) from None
