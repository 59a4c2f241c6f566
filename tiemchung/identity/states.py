"""How does a person's identity stand? Computed from the last statement and the verdicts about it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from tiemchung.ground import sql
from tiemchung.linkage.kinds import HARMLESS

queries = sql.load(__package__)


class IdentityState(StrEnum):
    """What may be said of a person's identity."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"  # nobody has this number, or somebody else
    UNCHECKED = "unchecked"
    NOT_SENT = "not_sent"  # a foreigner, or somebody without a number


@dataclass(frozen=True)
class Standing:
    """A state, and for each field «right» or the kind of difference. The kinds are for staff in scope only."""

    state: IdentityState
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def wrong_fields(self) -> list[str]:
        """The fields that differ: this much the holder may see."""
        return [name for name, kind in self.fields.items() if kind not in HARMLESS]


def of(person_id: UUID) -> Standing:
    """The standing of one person; not_sent for somebody who is not there."""
    return of_many([person_id]).get(person_id, Standing(IdentityState.NOT_SENT))


def of_many(person_ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """The standing of each person."""
    rows = sql.fetch_all(queries["states"], {"persons": list(person_ids)})
    return {row["person_id"]: Standing(IdentityState(row["state"]), json.loads(row["fields"])) for row in rows}
