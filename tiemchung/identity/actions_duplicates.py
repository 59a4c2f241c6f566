"""All writes about duplicates: two records become one human's, or two again, with all that hangs on it.

Passports need no act here: one that no longer says what the record says is revoked within the minute, and a new one
issued when it is due, as after any other change.
"""

from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.accounts.models import Account
from tiemchung.doses.actions_merge import find_doubles, part_doubles
from tiemchung.ground.errors import NotFoundError
from tiemchung.identity.deciding import check_may_decide
from tiemchung.people import actions_merge, merges
from tiemchung.people.models import DistinctPersons, Merge


@transaction.atomic
def merge(
    *,
    kept_id: UUID,
    merged_id: UUID,
    evidence: dict[str, Any],
    by: Account,
    note: str = "",
    merge_id: UUID | None = None,
) -> Merge:
    """Let one record speak for the other, and hold possible doubles of their doses for somebody's look.

    Sending twice is harmless. Raises NotAllowedError out of scope, and as `people.actions_merge.merge`.
    """
    check_may_decide(by, kept_id, merged_id)
    merges.take_turns()
    merged_records, kept_records = merges.records_of(merged_id), merges.records_of(kept_id)
    made = actions_merge.merge(
        kept_id=kept_id, merged_id=merged_id, evidence=evidence, by=by.id, note=note, merge_id=merge_id
    )
    if made.undone_at is None and not set(merged_records) & set(kept_records):
        find_doubles(kept_records=kept_records, merged_records=merged_records, by=by.id)
    return made


@transaction.atomic
def undo(*, merge_id: UUID, reason: str, by: Account) -> Merge:
    """Part two records again; each has its own doses, and nothing that only their being one had opened.

    Sending twice is harmless. Raises NotAllowedError out of scope, and as `people.actions_merge.undo`.
    """
    found = Merge.objects.filter(id=merge_id).first()
    if found is None:
        raise NotFoundError(
            "merge_unknown",
            field="merge_id",
            vi="Không thấy lần gộp này. Tải lại danh sách rồi chọn lại.",
            en="This merge is not found. Load the list again and choose.",
        )
    check_may_decide(by, found.kept_id, found.merged_id)
    merges.take_turns()
    undone = actions_merge.undo(merge_id=merge_id, reason=reason, by=by.id)
    ours, theirs = merges.records_of(found.kept_id), merges.records_of(found.merged_id)
    part_doubles(one_records=ours, other_records=theirs, by=by.id)
    return undone


@transaction.atomic
def say_distinct(*, one_id: UUID, other_id: UUID, by: Account, note: str = "") -> DistinctPersons:
    """Write down that two records are two humans'. Raises NotAllowedError, NotFoundError, ConflictError."""
    check_may_decide(by, one_id, other_id)
    return actions_merge.say_distinct(one_id=one_id, other_id=other_id, by=by.id, note=note)


@transaction.atomic
def take_back_distinct(*, distinct_id: UUID, by: Account) -> DistinctPersons:
    """Let two records be proposed again. Raises NotAllowedError, NotFoundError."""
    said = DistinctPersons.objects.filter(id=distinct_id).first()
    if said:
        check_may_decide(by, said.one_id, said.other_id)
    return actions_merge.take_back_distinct(distinct_id=distinct_id, by=by.id)
