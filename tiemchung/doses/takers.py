"""Who takes in the events about doses: injections that were given, and tallies typed from paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tiemchung.accounts.models import Account
from tiemchung.doses import actions, refusals
from tiemchung.doses.injections import Injections
from tiemchung.doses.models import Dose
from tiemchung.doses.policy import Injection
from tiemchung.ground.errors import RefusedError
from tiemchung.visits.batches import Wanted
from tiemchung.visits.content import unreadable
from tiemchung.visits.events import Event, Kind
from tiemchung.visits.facts import Known

ARMS = ("left", "right", "")
_NOT_SAID = UUID(int=0)


class InjectionTaker:
    """Takes in injections, of visits and late ones without a visit."""

    reads: Mapping[str, Callable[[Event], Injection]]

    def __init__(self, known: Known, injections: Injections) -> None:
        self.known = known
        self.injections = injections
        self.reads = {Kind.INJECTED: _injection}

    def name(self, acts: Sequence[Injection], wanted: Wanted) -> None:
        """An injection names its visit, or else its person."""
        wanted.visits |= {act.visit_id for act in acts if act.visit_id}
        wanted.persons |= {act.person_id for act in acts if act.person_id != _NOT_SAID}
        wanted.sessions |= {act.session_id for act in acts if act.session_id}

    def prepare(self, acts: Sequence[Injection]) -> None:
        """Read histories and lots. Whom a visit of this very batch is about only its check-in says: so, everybody."""
        if acts:
            self.injections.read([act.id for act in acts], self.known.person_ids(), [act.lot_number for act in acts])

    def take(self, act: Injection) -> list[RefusedError]:
        """Plan the entry of one injection; what the event leaves out is taken from its visit."""
        return self.injections.give(self._completed(act))

    def _is_of(self, person_id: UUID, visitor_id: UUID) -> bool:
        return self.known.person(person_id).kept_id == self.known.kept(visitor_id)

    def _completed(self, act: Injection) -> Injection:
        visit = self.known.visit(act.visit_id) if act.visit_id else None
        if visit is None and act.person_id == _NOT_SAID:
            raise unreadable("content.person_id")
        if visit and act.person_id != _NOT_SAID and not self._is_of(act.person_id, visit.person_id):
            raise refusals.persons_differ()
        session_id = act.session_id or (visit.session_id if visit else None)
        session = self.known.session(session_id) if session_id else None
        return replace(
            act,
            facility_id=self.known.facility_id,
            person_id=visit.person_id if visit else act.person_id,
            session_id=session_id,
            product=refusals.known_product(act.product or (session.product if session else "")),
        )


@dataclass(frozen=True, slots=True)
class Typed:
    """A tally as typed; `id` becomes the tally's."""

    id: UUID
    session_id: UUID
    product: str
    doses: int


class TallyTaker:
    """Takes in tallies. They are few: each is an act of its own."""

    reads: Mapping[str, Callable[[Event], Typed]]

    def __init__(self, by: Account) -> None:
        self.by = by
        self.reads = {Kind.TALLY_TYPED: _typed}

    def name(self, acts: Sequence[Typed], wanted: Wanted) -> None:
        """A tally finds its session itself."""

    def prepare(self, acts: Sequence[Typed]) -> None:
        """Nothing more is needed."""

    def take(self, act: Typed) -> list[RefusedError]:
        actions.type_tally(session_id=act.session_id, product=act.product, doses=act.doses, by=self.by, tally_id=act.id)
        return []


def _injection(event: Event) -> Injection:
    content = event.content
    visit_id = content.uuid_or_none("visit_id")
    return Injection(
        id=content.uuid_or_none("dose_id") or event.id,
        person_id=content.uuid_or_none("person_id") or _NOT_SAID,
        facility_id=event.facility_id,
        product=content.text("product", 10, ""),
        lot_number=content.text("lot_number", 40),
        at=content.moment("injected_at", event.made_at),
        source=Dose.Source.SITE if visit_id else Dose.Source.LATE_ENTRY,
        visit_id=visit_id,
        session_id=content.uuid_or_none("session_id"),
        arm=content.one_of("arm", ARMS, ""),
        injected_by=content.uuid_or_none("injected_by"),
        stated_number=content.number_or_none("stated_number", 20),
    )


def _typed(event: Event) -> Typed:
    content = event.content
    return Typed(
        id=event.id,
        session_id=content.uuid("session_id"),
        product=content.text("product", 10),
        doses=content.number("doses", 10**9),
    )
