"""How does the day stand at a facility? Its sessions, who waits, who is observed."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from tiemchung.ground import clock, sql
from tiemchung.visits import presence
from tiemchung.visits.facts import queries
from tiemchung.visits.states import OBSERVED_FOR


@dataclass(frozen=True, slots=True)
class SessionDay:
    """One session of the day, with counts of people."""

    id: UUID
    facility_id: UUID
    on: date
    part: str
    product: str
    capacity: int
    invited: int
    came: int
    waiting: int  # checked in, and neither injected nor sent home
    not_today: int  # sent home by the screening
    injected: int
    observed: int  # of the injected: not yet let go


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in observation."""

    visit_id: UUID
    person_id: UUID
    full_name: str  # empty: not known here (visits.presence)
    injected_at: datetime
    outcome: str | None  # of the screening
    cautions: tuple[str, ...]  # codes of the questions answered yes
    minutes_left: int  # 0 when thirty minutes are over

    @property
    def may_leave(self) -> bool:
        return self.minutes_left == 0


def sessions_today(facility_id: UUID) -> list[SessionDay]:
    """The sessions that a facility holds today, morning first."""
    rows = sql.fetch_all(queries.sessions_of_day, {"facility": facility_id, "day": clock.today()})
    return [SessionDay(**row) for row in rows]


def board(facility_id: UUID) -> list[Seat]:
    """Who is observed now: those whose thirty minutes are over first, then by the time left."""
    now = clock.now()
    rows = sql.fetch_all(queries.board, _since_midnight(facility_id))
    return [_seat(row, now) for row in presence.named(facility_id, rows)]


def in_hand(facility_id: UUID) -> list[dict[str, Any]]:
    """Whose visit of today waits for screening or injection, the earliest first."""
    return presence.named(facility_id, sql.fetch_all(queries.in_hand, _since_midnight(facility_id)))


def last_done(facility_id: UUID) -> dict[str, Any] | None:
    """Who was injected last today: person_id, full_name (empty: not known here), sex, injected_at."""
    rows = sql.fetch_all(queries.last_done, _since_midnight(facility_id))
    return next(iter(presence.named(facility_id, rows)), None)


def _since_midnight(facility_id: UUID) -> dict[str, Any]:
    return {"facility": facility_id, "since": datetime.combine(clock.today(), time.min, clock.VIETNAM)}


def _seat(row: dict[str, Any], now: datetime) -> Seat:
    seconds_left = (row["injected_at"] + OBSERVED_FOR - now).total_seconds()
    return Seat(
        visit_id=row["id"],
        person_id=row["person_id"],
        full_name=row["full_name"],
        injected_at=row["injected_at"],
        outcome=row["outcome"],
        cautions=tuple(row["cautions"]),
        minutes_left=max(0, -int(-seconds_left // 60)),
    )
