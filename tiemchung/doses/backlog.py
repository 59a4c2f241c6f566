"""What was given and is not yet recorded? The difference of tallies and ledger, session by session."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tiemchung.doses.histories import queries
from tiemchung.ground import clock, sql


@dataclass(frozen=True, slots=True)
class Line:
    """One session and product. `given`: by the tally that stands, None when none was typed; `recorded`: entries."""

    session_id: UUID
    on: date
    part: str
    product: str
    given: int | None
    recorded: int

    @property
    def missing(self) -> int:
        """Doses given and not recorded; less than 0 when more are recorded than were given; 0 without a tally."""
        return 0 if self.given is None else self.given - self.recorded


def of(facility_id: UUID) -> list[Line]:
    """The lines of a facility's sessions up to today that gave, recorded or planned something, newest first."""
    return [Line(**row) for row in sql.fetch_all(queries.backlog, {"facility": facility_id, "today": clock.today()})]
