"""What happens to doses when two records become one human's, or two again? No entry moves; doubles open and close.

The same injection may have been entered under each record: from then on it counts once, as a finding that somebody must
look at. Parting the records closes exactly these findings, and each entry stands as before. One that was written down
while they were one is then judged by the entries of its own human alone.
"""

from collections.abc import Callable, Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tiemchung.doses import histories, policy
from tiemchung.doses.histories import Entry
from tiemchung.doses.models import Dose, DoseFinding
from tiemchung.doses.policy import MERGED_DOUBLE, POSSIBLE_DOUBLE, PossibleDoubleError
from tiemchung.ground import audit, clock
from tiemchung.ground.rows import Planned
from tiemchung.stock import actions as stock
from tiemchung.stock import balance

PARTED = "parted"


@transaction.atomic
def find_doubles(*, kept_records: Collection[UUID], merged_records: Collection[UUID], by: UUID) -> int:
    """Find entries of the merged records that may be entries of the kept ones: they count once until somebody looked.

    Called inside the merge. An entry of which somebody said before that it stands beside the same other one is left
    alone. Gives how many findings are open now.
    """
    histories.lock([*kept_records, *merged_records])
    asked = next(iter(kept_records))
    entries = histories.of_many([asked])[asked]
    counted = [entry for entry in entries if entry.person_id in kept_records and not entry.possible_double]
    ours = [entry for entry in entries if entry.person_id in merged_records and not entry.possible_double]
    doubles = [(entry, double) for entry in ours if (double := policy.double_of(entry.day, counted))]
    return sum(_open(entry, double, by) for entry, double in doubles)


@transaction.atomic
def part_doubles(*, one_records: Collection[UUID], other_records: Collection[UUID], by: UUID) -> int:
    """Close the findings that tie entries of one human to another's, now that they are two. Gives how many."""
    histories.lock([*one_records, *other_records])
    doubles = DoseFinding.objects.filter(code__in=(POSSIBLE_DOUBLE, MERGED_DOUBLE), resolved_at=None)
    open_ones = doubles.select_for_update(of=("self",))
    across = Q(person__in=one_records, other__person__in=other_records)
    across |= Q(person__in=other_records, other__person__in=one_records)
    tied = open_ones.filter(across).select_related("dose").order_by("dose__injected_at", "dose_id")
    return sum(_part(finding, by) for finding in tied)


def _part(finding: DoseFinding, by: UUID) -> bool:
    """Close a finding, unless its entry may be another one of its own human's: then it is held as that one's double."""
    dose = finding.dose
    own = [entry for entry in histories.of_many([dose.person_id])[dose.person_id] if entry.id != dose.id]
    double = policy.double_of(clock.local(dose.injected_at).date(), own)
    if double is None or finding.code == MERGED_DOUBLE:
        _close(finding, by)
        return True
    finding.other_id, finding.vi, finding.en = double.other, double.vi, double.en
    finding.save(update_fields=["other", "vi", "en"])
    return False


def _open(entry: Entry, double: PossibleDoubleError, by: UUID) -> bool:
    known = DoseFinding.objects.select_for_update().filter(dose_id=entry.id, code=MERGED_DOUBLE).first()
    if known and known.other_id == double.other and known.resolution != PARTED:
        return False
    finding = known or DoseFinding(dose_id=entry.id, person_id=entry.person_id, facility_id=entry.facility_id)
    finding.code, finding.field, finding.other_id = MERGED_DOUBLE, double.field, double.other
    finding.vi, finding.en, finding.found_at = double.vi, double.en, clock.now()
    finding.resolved_at, finding.resolved_by, finding.resolution = None, None, ""
    finding.save()
    dose = Dose.objects.get(id=entry.id)
    if dose.lot_id and balance.is_taken(dose.id, dose.facility_id, dose.lot_id):
        _move(stock.give_back, dose, by)
    audit.record(
        "doses.find_merged_double",
        by=by,
        subject=finding.id,
        person_id=entry.person_id,
        facility_id=entry.facility_id,
        other=str(double.other),
    )
    return True


def _close(finding: DoseFinding, by: UUID) -> None:
    finding.resolved_at, finding.resolved_by, finding.resolution = clock.now(), by, PARTED
    finding.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    dose = finding.dose
    audit.record(
        "doses.part_double", by=by, subject=finding.id, person_id=finding.person_id, facility_id=finding.facility_id
    )
    if dose.lot_id and not balance.is_taken(dose.id, dose.facility_id, dose.lot_id):
        _move(stock.draw if finding.code == POSSIBLE_DOUBLE else stock.take_again, dose, by)


def _move(movement: Callable[..., None], dose: Dose, by: UUID) -> None:
    planned = Planned()
    movement(planned=planned, dose_id=dose.id, facility_id=dose.facility_id, lot_id=dose.lot_id, by=by)
    planned.write()
