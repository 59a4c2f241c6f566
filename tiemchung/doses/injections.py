"""Injections on their way into the ledger: planned in memory, with what speaks against each, then written as a set."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from uuid import UUID

from tiemchung.accounts.models import Account
from tiemchung.doses import histories, policy
from tiemchung.doses.histories import Entry
from tiemchung.doses.models import Dose, DoseFinding
from tiemchung.doses.policy import Circumstances, Injection
from tiemchung.ground import audit, clock, rows, sql
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.ground.rows import Planned
from tiemchung.stock import actions as stock
from tiemchung.stock.models import Lot
from tiemchung.visits import presence
from tiemchung.visits.facts import Known
from tiemchung.visits.policy import IdTakenError

queries = histories.queries
Essence = list[object]


class Injections:
    """What one account records of injections at one facility. `known` must hold the persons and visits named.

    `by_id`: whoever reports them names persons by id alone, visit or none, as a device does.
    """

    def __init__(self, known: Known, by: UUID, planned: Planned | None = None, *, by_id: bool = False) -> None:
        """`planned`: what is written with other acts, by whoever gave it."""
        self.known = known
        self.by = by
        self.by_id = by_id
        self._province = ""
        self._histories: dict[UUID, list[Entry]] = {}
        self._lots: dict[tuple[str, str], Lot] = {}
        self._lots_by_number: dict[str, Lot] = {}
        self._entries: dict[UUID, Essence] = {}
        self._planned = Planned() if planned is None else planned

    def read(self, ids: Iterable[UUID], persons: Iterable[UUID], lot_numbers: Iterable[str]) -> None:
        """Read what injections with these entry ids, persons and lots are judged by; other recorders wait."""
        persons = {self.known.kept(person_id) for person_id in persons}
        histories.lock(persons)
        presence.look(self.known)
        self._histories |= histories.of_many(persons)
        known = sql.fetch_tuples(queries.known_entries, {"doses": list(ids)})
        self._entries |= {entry_id: essence for entry_id, *essence in known}
        self._read_lots({written(number) for number in lot_numbers})

    def _read_lots(self, numbers: set[str]) -> None:
        asked = {"facility": self.known.facility_id, "numbers": list(numbers)}
        for row in sql.fetch_all(queries.lots_at, asked):
            self._province = row["province"]
            if row["id"]:
                lot = rows.loaded(Lot, row)
                self._lots[lot.product, lot.number] = self._lots_by_number[lot.number] = lot

    def lot(self, product: str, number: str) -> Lot | None:
        """The lot of that number: of the product, else of any, else None."""
        return self._lots.get((product, number)) or self._lots_by_number.get(number)

    def has(self, dose_id: UUID) -> bool:
        """Say whether the ledger, or this batch, has an entry of that id."""
        return dose_id in self._entries

    def give(self, injection: Injection, *, supersedes: Entry | None = None) -> list[RefusedError]:
        """Plan an entry and say what speaks against it. The same entry again is nothing new.

        Raises NotFoundError for an unknown person or visit, IdTakenError when the id has an entry with other content.
        """
        injection = self._read_alike(injection)
        if injection.id in self._entries:
            return self._same(injection)
        facts = self._circumstances(injection, supersedes)
        found = policy.objections(injection, facts)
        double = next((each for each in found if isinstance(each, policy.PossibleDoubleError)), None)
        self._note_dose(injection, facts.lot, supersedes)
        self._note_findings(injection, found)
        if facts.lot and not double:
            stock.draw(
                planned=self._planned,
                dose_id=injection.id,
                facility_id=injection.facility_id,
                lot_id=facts.lot.id,
                by=self.by,
            )
        self._remember(injection, bool(found), double is not None)
        return list(found)

    def write(self) -> None:
        """Write everything planned. Raises IntegrityError when another writer was faster."""
        self._planned.write()

    def _read_alike(self, injection: Injection) -> Injection:
        """Ids and lot number in the one form that the ledger has them in."""
        person = self.known.person(injection.person_id)
        visit = self.known.visit(injection.visit_id) if injection.visit_id else None
        return replace(
            injection,
            person_id=person.id,
            visit_id=visit.id if visit else None,
            lot_number=written(injection.lot_number),
        )

    def _same(self, injection: Injection) -> list[RefusedError]:
        if self._entries[injection.id] != _essence(injection):
            raise IdTakenError("dose_id")
        return []

    def _circumstances(self, injection: Injection, supersedes: Entry | None) -> Circumstances:
        history = self._history_of(injection.person_id)
        return Circumstances(
            person=self.known.person(injection.person_id),
            history=[entry for entry in history if supersedes is None or entry.id != supersedes.id],
            lot=self.lot(injection.product, injection.lot_number),
            province=self._province,
            visit=self.known.visit(injection.visit_id) if injection.visit_id else None,
            met=self._is_met(injection),
            injector_known=supersedes is not None or self._is_of_the_site(injection.injected_by),
        )

    def _history_of(self, person_id: UUID) -> list[Entry]:
        """The entries of the human, whichever of his records an injection names."""
        return self._histories.setdefault(self.known.kept(person_id), [])

    def _is_met(self, injection: Injection) -> bool:
        """Whom somebody enters from paper he has looked up; a visit, and a device, may have nothing but an id."""
        asked = self.by_id or injection.visit_id is not None
        return not asked or presence.is_met(self.known, injection.person_id)

    def _is_of_the_site(self, account_id: UUID | None) -> bool:
        """Most events name nobody, or whoever sends them: the others of the site are read once, when one is named."""
        return account_id in (None, self.by) or account_id in self._staff

    @cached_property
    def _staff(self) -> set[UUID]:
        return set(Account.objects.filter(facility_id=self.known.facility_id).values_list("id", flat=True))

    def _note_dose(self, injection: Injection, lot: Lot | None, supersedes: Entry | None) -> None:
        self._planned.add(
            Dose,
            id=injection.id,
            person_id=injection.person_id,
            facility_id=injection.facility_id,
            visit_id=injection.visit_id,
            session_id=injection.session_id,
            product=injection.product,
            lot_id=lot.id if lot else None,
            lot_number=injection.lot_number,
            injected_at=injection.at,
            injected_by=injection.injected_by or self.by,
            arm=injection.arm,
            stated_number=injection.stated_number,
            source=injection.source,
            supersedes_id=supersedes.id if supersedes else None,
            recorded_at=clock.now(),
            recorded_by=self.by,
        )
        self._planned.add(
            AuditEntry,
            **audit.entry(
                "doses.supersede" if supersedes else "doses.record",
                by=self.by,
                subject=injection.id,
                person_id=injection.person_id,
                facility_id=injection.facility_id,
                detail={"product": injection.product, "source": injection.source},
            ),
        )

    def _note_findings(self, injection: Injection, found: Sequence[RefusedError]) -> None:
        for each in {each.code: each for each in found}.values():
            self._planned.add(
                DoseFinding,
                id=new_id(),
                dose_id=injection.id,
                person_id=injection.person_id,
                facility_id=injection.facility_id,
                other_id=getattr(each, "other", None),
                code=each.code[:40],
                field=each.field[:40],
                vi=each.vi[:300],
                en=each.en[:300],
                found_at=clock.now(),
            )

    def _remember(self, injection: Injection, has_finding: bool, possible_double: bool) -> None:
        """Let the rest of the batch see what is about to be written."""
        entry = Entry(
            id=injection.id,
            person_id=injection.person_id,
            facility_id=injection.facility_id,
            visit_id=injection.visit_id,
            product=injection.product,
            lot_number=injection.lot_number,
            injected_at=injection.at,
            stated_number=injection.stated_number,
            has_finding=has_finding,
            possible_double=possible_double,
            province=self._province,
        )
        history = self._history_of(injection.person_id)
        history.append(entry)
        history.sort(key=lambda each: (each.injected_at, each.id))
        self._entries[injection.id] = _essence(injection)
        visit = self.known.visit_or_none(injection.visit_id) if injection.visit_id else None
        if visit and visit.dose_id is None:
            visit.dose_id, visit.injected_at = injection.id, injection.at


def _essence(injection: Injection) -> Essence:
    """What tells the same entry from another, in the order of the query known_entries."""
    return [
        injection.person_id,
        injection.facility_id,
        injection.visit_id,
        injection.session_id,
        injection.product,
        injection.lot_number,
        injection.at,
        injection.arm,
        injection.stated_number,
    ]


def written(lot_number: str) -> str:
    """A lot number in the one form that lots have; what can be no lot number stays as it is, and no lot has it."""
    return "".join(lot_number.split()).upper()[:40]
