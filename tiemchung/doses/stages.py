"""Which taker takes in which events, and in which order? Persons first, then all that names them."""

from collections.abc import Sequence

from tiemchung.accounts.models import Account
from tiemchung.doses.injections import Injections
from tiemchung.doses.takers import InjectionTaker, TallyTaker
from tiemchung.ground.rows import Planned
from tiemchung.visits.batches import Taker
from tiemchung.visits.facts import Known
from tiemchung.visits.floor import Floor
from tiemchung.visits.takers import DeclarationTaker, FloorTaker


def stages(known: Known, by: Account, planned: Planned) -> Sequence[Sequence[Taker]]:
    """The takers of a batch: declarations, then the floor, the injections and the tallies."""
    floor, injections = Floor(known, by.id, planned), Injections(known, by.id, planned, by_id=True)
    return (
        [DeclarationTaker(known, by.id)],
        [FloorTaker(floor), InjectionTaker(known, injections), TallyTaker(by)],
    )
