"""Two who merge at one moment: one after the other, and what comes out is what one of the two orders gives."""

import pytest

from tests.unit.people.made import declared
from tests.unit.people.test_two_at_once import at_once
from tiemchung.ground.errors import ConflictError
from tiemchung.ground.ids import new_id
from tiemchung.people import merges
from tiemchung.people.actions_merge import merge
from tiemchung.people.models import Merge

pytestmark = pytest.mark.django_db(transaction=True)


def tried(kept, other):
    try:
        return merge(kept_id=kept, merged_id=other, evidence={}, by=new_id())
    except ConflictError as error:
        return error.code


def test_each_merged_into_the_other_at_one_moment_makes_one_merge():
    one, other = (declared(identity_numbers=()).id for _ in range(2))
    pairs = [(one, other), (other, one)]
    answers = at_once(lambda: tried(*pairs.pop()))
    assert "one_already" in answers
    assert Merge.objects.count() == 1
    assert merges.kept(one) == merges.kept(other)


def test_a_chain_made_at_one_moment_is_followed_to_its_end():
    a, b, c = (declared(identity_numbers=()).id for _ in range(3))
    pairs = [(b, a), (c, b)]
    at_once(lambda: tried(*pairs.pop()))
    assert Merge.objects.count() == 2
    assert {merges.kept(one) for one in (a, b, c)} == {c}


def test_a_double_click_makes_one_merge():
    one, other, merge_id = declared(identity_numbers=()).id, declared(identity_numbers=()).id, new_id()
    made = at_once(lambda: merge(kept_id=one, merged_id=other, evidence={}, by=new_id(), merge_id=merge_id).id)
    assert made == [merge_id, merge_id]
    assert Merge.objects.count() == 1
