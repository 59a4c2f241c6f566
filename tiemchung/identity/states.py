"""How does a person's identity stand? Computed from the last statement and the verdicts about it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from tiemchung.ground import sql
from tiemchung.identity import exchange
from tiemchung.linkage.kinds import HARMLESS
from tiemchung.linkage.verdict import Asked, judge, outward
from tiemchung.people import numbers
from tiemchung.vietnam.dates import PartialDate

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
    said = _by_own_digits({row["speaks_id"] for row in rows if row["state"] == IdentityState.UNKNOWN})
    return {
        row["person_id"]: Standing(
            IdentityState(row["state"]), said.get(row["speaks_id"], {}) or json.loads(row["fields"])
        )
        for row in rows
    }


def _by_own_digits(speaking: set[UUID]) -> dict[UUID, dict[str, str]]:
    """What the numbers that nobody has say of themselves, by person."""
    asked = sql.fetch_all(queries["asked"], {"persons": list(speaking)}) if speaking else []
    return {
        row["person_id"]: {"number": unknown_kind(bytes(row["number"]), row["birth_date"], row["birth_precision"])}
        for row in asked
    }


def unknown_kind(number: bytes, day: date, precision: str) -> str:
    """The kind of a number (as it is kept) that was answered «unknown», for a birth date as far as it is known.

    Only what its own digits say beside that birth date: a wrong form, or somebody at least 14 years older, mostly a
    parent. The other side says nothing of whose it is, so nobody learns here whether it is anybody's.
    """
    born = PartialDate.parse(exchange.written_date(day, precision))
    asked = Asked(numbers.opened(number), "", born, None)
    return outward(judge(asked, None), asked).fields["number"].kind.value
