"""Who takes in the events of a batch, and what must be read for it?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from tiemchung.accounts.models import Account
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.rows import Planned
from tiemchung.visits.events import Event
from tiemchung.visits.facts import Known


@dataclass(slots=True)
class Wanted:
    """What the acts of a batch name, to be read at once."""

    visits: set[UUID] = field(default_factory=set)
    persons: set[UUID] = field(default_factory=set)
    sessions: set[UUID] = field(default_factory=set)
    check_ins: set[tuple[UUID, UUID]] = field(default_factory=set)


class Taker(Protocol):
    """Who takes in some kinds of event."""

    @property
    def reads(self) -> Mapping[str, Callable[[Event], Any]]:
        """By kind: how its content is read into an act. Raises RefusedError."""

    def name(self, acts: Sequence[Any], wanted: Wanted) -> None:
        """Add what these acts name to what is read."""

    def prepare(self, acts: Sequence[Any]) -> None:
        """Read what else these acts are judged by."""

    def take(self, act: Any) -> list[RefusedError]:
        """Plan one act and give its findings. Raises RefusedError when it cannot be taken."""


Stages = Callable[[Known, Account, Planned], Sequence[Sequence[Taker]]]  # what they plan is written with the batch
