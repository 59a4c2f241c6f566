"""All writes about which records are one human's. A merge is a reversible link: no record is moved or deleted.

Doses lie above people: who also answers for possible doubles calls `identity.actions_duplicates`.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.ground import audit, clock, sql
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.people import merges
from tiemchung.people.models import DistinctPersons, Merge, Person

LONGEST_NOTE = 250


@transaction.atomic
def merge(
    *, kept_id: UUID, merged_id: UUID, evidence: dict[str, Any], by: UUID, note: str = "", merge_id: UUID | None = None
) -> Merge:
    """Let the kept record speak for the merged one. `evidence`: codes of what agrees and differs, no value.

    The same `merge_id`, or the same pair while it stands, again gives the same merge. Where other records were merged
    into the two before, they come along. Raises NotFoundError on an unknown person, ConflictError when the record is
    merged into another already, when the two are one already, or when somebody found them to be two humans.
    """
    merges.take_turns()
    if earlier := _standing(kept_id, merged_id, merge_id):
        return earlier
    kept, merged = _both(kept_id, merged_id)
    everybody = [*merges.records_of(kept), *merges.records_of(merged)]
    _lock(everybody)
    made = Merge.objects.create(
        id=merge_id or new_id(),
        kept_id=kept,
        merged_id=merged,
        evidence=evidence,
        note=note.strip()[:LONGEST_NOTE],
        at=clock.now(),
        by=by,
    )
    _settle(everybody)
    audit.record("people.merge", by=by, subject=made.id, person_id=kept, merged=str(merged))
    return made


@transaction.atomic
def undo(*, merge_id: UUID, reason: str, by: UUID) -> Merge:
    """Part the two records again: all is as if they had never been one. Undoing again is harmless.

    What was written since under either record stays with it. Raises NotFoundError, InvalidInputError on reason.
    """
    merges.take_turns()
    found = Merge.objects.filter(id=merge_id).first()
    if found is None:
        raise _merge_unknown()
    if not reason.strip():
        raise _no_reason()
    if found.undone_at is not None:
        return found
    everybody = merges.records_of(found.merged_id)
    _lock(everybody)
    found.undone_at, found.undone_by, found.undo_reason = clock.now(), by, reason.strip()[:LONGEST_NOTE]
    found.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    _settle(everybody)
    audit.record("people.undo_merge", by=by, subject=found.id, person_id=found.kept_id, merged=str(found.merged_id))
    return found


@transaction.atomic
def say_distinct(*, one_id: UUID, other_id: UUID, by: UUID, note: str = "") -> DistinctPersons:
    """Write down that two records are two humans'; again is harmless.

    Raises NotFoundError, ConflictError when they are merged: then undo that first.
    """
    merges.take_turns()
    _check_there([one_id, other_id])
    if merges.kept(one_id) == merges.kept(other_id):
        raise _one_already()
    one, other = sorted((one_id, other_id))
    said, new = DistinctPersons.objects.get_or_create(
        one_id=one,
        other_id=other,
        ended_at=None,
        defaults={"at": clock.now(), "by": by, "note": note.strip()[:LONGEST_NOTE]},
    )
    if new:
        audit.record("people.say_distinct", by=by, subject=said.id, person_id=one, other=str(other))
    return said


@transaction.atomic
def take_back_distinct(*, distinct_id: UUID, by: UUID) -> DistinctPersons:
    """Let two records be proposed again; again is harmless. Raises NotFoundError."""
    said = DistinctPersons.objects.select_for_update().filter(id=distinct_id).first()
    if said is None:
        raise _pair_unknown()
    if said.ended_at is None:
        said.ended_at, said.ended_by = clock.now(), by
        said.save(update_fields=["ended_at", "ended_by"])
        audit.record("people.take_back_distinct", by=by, subject=said.id, person_id=said.one_id)
    return said


def _standing(kept_id: UUID, merged_id: UUID, merge_id: UUID | None) -> Merge | None:
    """The merge that this very act made before: by its id, or by its pair."""
    if merge_id and (same := Merge.objects.filter(id=merge_id).first()):
        return same
    return Merge.objects.filter(kept_id=kept_id, merged_id=merged_id, undone_at=None).first()


def _both(kept_id: UUID, merged_id: UUID) -> tuple[UUID, UUID]:
    """Who will speak, and for whom. The one may be spoken for himself; the other must speak for himself till now."""
    _check_there([kept_id, merged_id])
    kept = merges.kept(kept_id)
    if kept == merges.kept(merged_id):
        raise _one_already()
    if merges.kept(merged_id) != merged_id:
        raise _merged_elsewhere()
    if merges.found_distinct(kept, merged_id):
        raise _found_distinct()
    return kept, merged_id


def _check_there(person_ids: list[UUID]) -> None:
    """Both must be there; a record named twice is no pair."""
    if Person.objects.filter(id__in=person_ids).count() < len(person_ids):
        raise _pair_unknown()


def _lock(person_ids: Iterable[UUID]) -> None:
    sql.fetch_all(merges.queries.lock, {"persons": list(person_ids)})


def _settle(person_ids: list[UUID]) -> None:
    """Write down anew which record speaks for each of these."""
    sql.execute(merges.queries.forget, {"persons": person_ids})
    sql.execute(merges.queries.write_down, {"persons": person_ids})


def _pair_unknown() -> NotFoundError:
    return NotFoundError(
        "pair_unknown",
        field="person_id",
        vi="Không thấy hai hồ sơ này. Tải lại danh sách rồi chọn lại.",
        en="These two records are not found. Load the list again and choose.",
    )


def _merge_unknown() -> NotFoundError:
    return NotFoundError(
        "merge_unknown",
        field="merge_id",
        vi="Không thấy lần gộp này. Tải lại danh sách rồi chọn lại.",
        en="This merge is not found. Load the list again and choose.",
    )


def _one_already() -> ConflictError:
    return ConflictError(
        "one_already",
        field="merged_id",
        vi="Hai hồ sơ này đã gộp làm một. Muốn tách thì hoàn tác lần gộp.",
        en="These two records are one already. To part them, undo the merge.",
    )


def _merged_elsewhere() -> ConflictError:
    return ConflictError(
        "merged_elsewhere",
        field="merged_id",
        vi="Hồ sơ này đã gộp vào hồ sơ khác. Mở hồ sơ đang đại diện rồi gộp từ đó.",
        en="This record is merged into another one. Open the record that speaks for it and merge from there.",
    )


def _found_distinct() -> ConflictError:
    return ConflictError(
        "found_distinct",
        field="merged_id",
        vi="Đã có người xem và kết luận đây là hai người khác nhau. Rút kết luận ấy trước nếu nay thấy khác.",
        en="Somebody looked and found two different humans. Take that back first if it now looks otherwise.",
    )


def _no_reason() -> InvalidInputError:
    return InvalidInputError(
        "reason_missing",
        field="reason",
        vi="Chưa ghi lý do. Ghi vì sao tách hai hồ sơ.",
        en="Write the reason why the records are parted.",
    )
