"""How is it written down what an officer did or looked at? Inside the transaction of the act."""

from typing import Any
from uuid import UUID

from tiemchung.ground import clock
from tiemchung.population.models import Act


def note(act: str, *, officer: UUID | None, confirmation: UUID | None = None, **detail: Any) -> None:
    """Write one act. It stays on this side, which holds the values anyway."""
    Act.objects.create(at=clock.now(), officer=officer, act=act, confirmation=confirmation, detail=detail)
