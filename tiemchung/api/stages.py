"""Which desk takes in which events, and in which order? Persons first, then all that names them."""

from collections.abc import Sequence

from tiemchung.accounts.models import Account
from tiemchung.doses.desks import InjectionDesk, TallyDesk
from tiemchung.visits.desks import DeclarationDesk, FloorDesk
from tiemchung.visits.facts import Known
from tiemchung.visits.floor import Floor
from tiemchung.visits.intake import Desk


def stages(known: Known, by: Account) -> Sequence[Sequence[Desk]]:
    """The desks of a batch: declarations, then the floor, the injections and the tallies."""
    return (
        [DeclarationDesk(known, by.id)],
        [FloorDesk(Floor(known, by.id)), InjectionDesk(known, by.id), TallyDesk(by)],
    )
