"""Which records are one human's: facts that can be undone, in any order, and explained as of any time."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.people.made import citizen, declared
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.people import actions, lookup, merges
from tiemchung.people.actions_merge import merge, say_distinct, take_back_distinct, undo
from tiemchung.people.models import Merge, MergedPerson, Person, Relation
from tiemchung.people.personal_qr import number_of

pytestmark = pytest.mark.django_db
BY = new_id()


def records(count: int) -> list[Person]:
    return [declared(identity_numbers=((None, f"0011840001{number:02}"),), phone="") for number in range(count)]


def merged(kept: Person, other: Person) -> Merge:
    return merge(kept_id=kept.id, merged_id=other.id, evidence={"reasons": ["number:same"]}, by=BY)


def parted(one: Merge) -> Merge:
    return undo(merge_id=one.id, reason="Nhầm", by=BY)


def test_the_kept_record_speaks_for_the_merged_one():
    kept, other = records(2)
    merged(kept, other)
    assert merges.kept(other.id) == merges.kept(kept.id) == kept.id
    assert merges.records_of(other.id) == merges.records_of(kept.id) == [kept.id, other.id]


def test_no_record_is_touched():
    kept, other = records(2)
    before = list(Person.objects.order_by("id").values())
    merged(kept, other)
    assert list(Person.objects.order_by("id").values()) == before


def test_a_chain_is_followed_to_its_end_and_undone_in_its_middle():
    a, b, c = records(3)
    a_to_b = merged(b, a)
    b_to_c = merged(c, b)
    assert set(merges.records_of(a.id)) == {a.id, b.id, c.id}
    assert merges.kept(a.id) == c.id
    parted(a_to_b)
    assert (merges.kept(a.id), merges.kept(b.id)) == (a.id, c.id)
    parted(b_to_c)
    assert MergedPerson.objects.count() == 0


def test_undoing_the_later_link_leaves_the_earlier_one():
    a, b, c = records(3)
    merged(b, a)
    parted(merged(c, b))
    assert (merges.kept(a.id), merges.kept(b.id), merges.kept(c.id)) == (b.id, b.id, c.id)


def test_who_was_whom_is_known_as_of_any_time(settings):
    a, b, c = records(3)
    start = clock.now()
    moments = [start]
    first = second = None
    for step in range(4):
        settings.CLOCK_OFFSET += timedelta(minutes=10)
        if step == 0:
            first = merged(b, a)
        elif step == 1:
            second = merged(c, b)
        elif step == 2:
            parted(first)
        else:
            parted(second)
        moments.append(clock.now() + timedelta(seconds=1))
    stood = [merges.kept_at([a.id], moment)[a.id] for moment in moments]
    assert stood == [a.id, b.id, c.id, a.id, a.id]
    assert merges.records_at(a.id, moments[2])[0] == c.id
    assert set(merges.records_at(b.id, moments[2])) == {a.id, b.id, c.id}
    assert set(merges.records_at(b.id, moments[3])) == {b.id, c.id}
    assert merges.records_at(b.id, moments[4]) == [b.id]
    assert [one.id for one in merges.story(c.id)] == [first.id, second.id]


def test_the_same_again_is_harmless():
    kept, other = records(2)
    once = merged(kept, other)
    assert merged(kept, other).id == once.id
    assert merge(kept_id=kept.id, merged_id=other.id, evidence={}, by=BY, merge_id=once.id).id == once.id
    assert parted(once).undone_at == parted(once).undone_at
    assert Merge.objects.count() == 1
    assert AuditEntry.objects.filter(act__in=("people.merge", "people.undo_merge")).count() == 2


def test_two_records_can_be_one_again_after_they_were_parted():
    kept, other = records(2)
    parted(merged(kept, other))
    merged(other, kept)
    assert merges.kept(kept.id) == other.id


@pytest.mark.parametrize("pair", ["same", "reverse", "elsewhere", "unknown", "itself"])
def test_what_cannot_be_merged_is_refused_and_changes_nothing(pair):
    a, b, c = records(3)
    merged(b, a)
    asked = {
        "same": (a.id, b.id),
        "reverse": (b.id, b.id),
        "elsewhere": (c.id, a.id),
        "unknown": (c.id, new_id()),
        "itself": (c.id, c.id),
    }[pair]
    before = list(MergedPerson.objects.values())
    with pytest.raises((ConflictError, NotFoundError)):
        merge(kept_id=asked[0], merged_id=asked[1], evidence={}, by=BY)
    assert list(MergedPerson.objects.values()) == before


def test_an_undo_needs_a_reason_and_a_merge():
    kept, other = records(2)
    one = merged(kept, other)
    with pytest.raises(InvalidInputError) as refused:
        undo(merge_id=one.id, reason=" ", by=BY)
    assert refused.value.field == "reason"
    with pytest.raises(NotFoundError):
        undo(merge_id=new_id(), reason="x", by=BY)


def test_who_was_found_distinct_is_not_merged_until_that_is_taken_back():
    a, b, c = records(3)
    said = say_distinct(one_id=b.id, other_id=a.id, by=BY, note="Sinh đôi")
    assert say_distinct(one_id=a.id, other_id=b.id, by=BY).id == said.id
    with pytest.raises(ConflictError) as refused:
        merged(a, b)
    assert refused.value.code == "found_distinct"
    merged(a, c)
    with pytest.raises(ConflictError):
        merged(c, b)  # said of one record, it holds for all records of the human
    take_back_distinct(distinct_id=said.id, by=BY)
    assert merged(a, b).kept_id == a.id


def test_records_of_one_human_are_not_said_to_be_two():
    a, b = records(2)
    merged(a, b)
    with pytest.raises(ConflictError):
        say_distinct(one_id=a.id, other_id=b.id, by=BY)


def test_every_way_to_find_a_person_finds_the_record_that_speaks():
    kept, other = records(2)
    merged(kept, other)
    assert [each.id for each in lookup.by_number("001184000101")] == [kept.id]
    assert lookup.by_qid(other.qid).id == kept.id
    assert lookup.by_scan("001184000101", by=BY).person.id == kept.id


def test_one_number_of_two_records_is_no_longer_a_question():
    one, other = (declared(full_name=name, identity_numbers=((None, "001184000017"),)) for name in ("Lê A", "Lê Á"))
    assert len(lookup.by_number("001184000017")) == 2
    merged(one, other)
    assert [each.id for each in lookup.by_number("001184000017")] == [one.id]


def test_what_fits_a_merged_record_is_said_of_it_and_nobody_new_is_made():
    kept = declared(full_name="Nguyễn Thị Thu Hạnh", identity_numbers=((None, "001184000017"),))
    other = declared(full_name="Nguyễn Thị Hạnh", identity_numbers=((None, "001184000017"),))
    merged(kept, other)
    assert declared(full_name="Nguyễn Thị Hạnh", identity_numbers=((None, "001184000017"),)).id == other.id
    assert Person.objects.count() == 2


def test_a_correction_through_a_merged_record_corrects_the_one_that_speaks():
    from tests.unit.people.made import stated
    from tiemchung.people.policy import Source

    kept, other = records(2)
    merged(kept, other)
    person = actions.correct(
        person_id=other.id, statement=stated(full_name="Nguyễn Thu Hạnh"), source=Source.SITE, by=BY
    )
    assert person.id == kept.id
    assert Person.objects.get(id=other.id).full_name != "Nguyễn Thu Hạnh"


def test_holders_follow_and_see_one_book():
    kept, other = records(2)
    account, only_other = citizen(), citizen("0912345679")
    for holder, person in ((account, kept), (account, other), (only_other, other)):
        from tiemchung.people.models import Holder

        Holder.objects.create(account=holder, person=person, relation=Relation.SELF, since=clock.now())
    one = merged(kept, other)
    assert [each.person_id for each in lookup.family_of(account)] == [kept.id]
    assert [each.person_id for each in lookup.family_of(only_other)] == [kept.id]
    assert lookup.held(only_other, kept.id).person.id == kept.id
    assert lookup.held(only_other, other.id).person.id == kept.id
    assert len(lookup.holders_of([kept])) == 3
    parted(one)
    assert [each.person_id for each in lookup.family_of(only_other)] == [other.id]
    with pytest.raises(NotFoundError):
        lookup.held(only_other, kept.id)


def test_a_number_that_only_the_merged_record_has_speaks_for_the_human():
    kept = declared(identity_numbers=())
    other = declared(identity_numbers=((None, "001184000017"),))
    one = merged(kept, other)
    assert number_of(kept) == "001184000017"
    parted(one)
    assert number_of(kept) == ""


def test_a_merge_can_only_be_undone_and_once():
    kept, other = records(2)
    one = merged(kept, other)
    for change in ({"kept_id": F("merged_id")}, {"note": "x"}, {"at": clock.now()}):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            Merge.objects.filter(id=one.id).update(**change)
    parted(one)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Merge.objects.filter(id=one.id).update(undone_at=None, undone_by=None, undo_reason="")
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Merge.objects.filter(id=one.id).delete()


def by_the_facts(ids: list[UUID]) -> dict[UUID, UUID]:
    """Who speaks for whom, followed by hand through the merges that stand."""
    up = dict(Merge.objects.filter(undone_at=None).values_list("merged_id", "kept_id"))

    def end(one: UUID) -> UUID:
        return end(up[one]) if one in up else one

    return {one: end(one) for one in ids}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["merge", "undo"]), st.integers(0, 19)), max_size=14))
def test_whatever_is_merged_and_undone_in_whatever_order_the_facts_say_who_is_whom(steps):
    with transaction.atomic():
        ids = [person.id for person in records(5)]
        pairs, made = list(permutations(ids, 2)), []
        for verb, number in steps:
            if verb == "merge":
                kept, other = pairs[number]
                try:
                    made.append(merge(kept_id=kept, merged_id=other, evidence={}, by=BY))
                except ConflictError:
                    continue
            elif made:
                undo(merge_id=made[number % len(made)].id, reason="Nhầm", by=BY)
            assert merges.kept_of(ids) == by_the_facts(ids)
            assert merges.kept_at(ids, clock.now()) == by_the_facts(ids)
        for one in made:
            undo(merge_id=one.id, reason="Nhầm", by=BY)
        assert merges.kept_of(ids) == {one: one for one in ids}
        assert not MergedPerson.objects.exists()
        transaction.set_rollback(True)
