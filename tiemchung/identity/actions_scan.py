"""Search the registry for duplicates: keys and pairs as sets, then each pair field by field. Nobody decides."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.ground import audit, clock, sql
from tiemchung.identity import likeness
from tiemchung.identity.likeness import Likeness
from tiemchung.identity.models import Duplicate, DuplicateScan
from tiemchung.people.models import Person

AT_ONCE = 2_000  # pairs described and compared together
Pair = tuple[UUID, UUID, list[str]]
queries = likeness.queries


@transaction.atomic
def scan(*, by: UUID | None) -> DuplicateScan:
    """Find duplicates and keep them with their evidence; what was known keeps its id. Scanning again is harmless."""
    made = DuplicateScan.objects.create(started_at=clock.now(), by=by, persons=Person.objects.count())
    sql.execute(queries.gather_keys)
    most = int(likeness.table()["largest_cluster"])
    pairs = sql.fetch_tuples(queries.pairs, {"most": most})
    found = dict(_found(pairs)) | dict(_crowds(most))
    sql.execute(queries.drop_keys)
    _keep(_capped(found, most), made)
    made.pairs, made.ended_at = len(pairs), clock.now()
    made.save(update_fields=["pairs", "ended_at"])
    kinds = Counter(str(each.kind) for each in found.values())
    audit.record("identity.scan_duplicates", by=by, subject=made.id, persons=made.persons, kinds=dict(kinds))
    return made


def _found(pairs: Sequence[Pair]) -> Iterator[tuple[tuple[UUID, UUID], Likeness]]:
    for start in range(0, len(pairs), AT_ONCE):
        part = pairs[start : start + AT_ONCE]
        described = likeness.describe(list({person for one, other, _ in part for person in (one, other)}))
        for one, other, keys in part:
            alike = likeness.compare(described[one], described[other], keys)
            if alike.kind:
                yield (one, other), alike


def _crowds(most: int) -> Iterator[tuple[tuple[UUID, UUID], Likeness]]:
    """One row stands for a number that too many have: no pairs are made of it."""
    for row in sql.fetch_all(queries.crowds, {"most": most}):
        one, other = row["examples"]
        evidence = {"fields": [], "extra": {}, "vetoes": [], "keys": ["number"], "records": row["records"]}
        yield (one, other), Likeness(Duplicate.Kind.CROWD, evidence, 0.0)


def _capped(found: dict[tuple[UUID, UUID], Likeness], most: int) -> dict[tuple[UUID, UUID], Likeness]:
    """Pairs of a cluster of more records than one human can plausibly have are shown as a crowd, not for merging."""
    sizes = _cluster_sizes([pair for pair, alike in found.items() if alike.kind == Duplicate.Kind.SAME_PERSON])
    return {
        pair: Likeness(Duplicate.Kind.CROWD, {**alike.evidence, "records": sizes[pair[0]]}, alike.bits)
        if alike.kind == Duplicate.Kind.SAME_PERSON and sizes[pair[0]] > most
        else alike
        for pair, alike in found.items()
    }


def _cluster_sizes(pairs: Sequence[tuple[UUID, UUID]]) -> dict[UUID, int]:
    """How many records hang together with each, through any chain of pairs."""
    up: dict[UUID, UUID] = {}

    def top(one: UUID) -> UUID:
        while up.setdefault(one, one) != one:
            up[one] = up[up[one]]
            one = up[one]
        return one

    for one, other in pairs:
        up[top(one)] = top(other)
    sizes = Counter(top(one) for one in list(up))
    return {one: sizes[top(one)] for one in list(up)}


def _keep(found: dict[tuple[UUID, UUID], Likeness], made: DuplicateScan) -> None:
    rows = [_row(one, other, alike, made) for (one, other), alike in found.items()]
    Duplicate.objects.bulk_create(
        rows,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["one", "other"],
        update_fields=["kind", "evidence", "bits", "scan"],
    )


def _row(one: UUID, other: UUID, alike: Likeness, made: DuplicateScan) -> Duplicate:
    values: dict[str, Any] = {"kind": alike.kind, "evidence": alike.evidence, "bits": alike.bits}
    return Duplicate(one_id=one, other_id=other, found_at=made.started_at, scan=made, **values)
