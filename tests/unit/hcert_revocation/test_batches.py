"""Batches between countries, and the list of them that a gateway serves."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.unit.hcert_revocation.examples import KID, NOON, TOMORROW, hash_of
from tiemchung.hcert.revocation import (
    MAX_ENTRIES,
    Batch,
    BatchList,
    Entry,
    Gone,
    HashType,
    RevocationUnusable,
    make_batches,
)


def batch(**change: Any) -> Batch:
    values: dict[str, Any] = {
        "country": "VN",
        "expires": TOMORROW,
        "kid": KID,
        "hash_type": HashType.SIGNATURE,
        "hashes": (hash_of(1), hash_of(2)),
    }
    return Batch(**values | change)


def test_batch_is_written_as_gateways_exchange_it() -> None:
    assert batch(hashes=(bytes(16), b"\xff" * 16)).as_json() == {
        "country": "VN",
        "expires": "2022-05-12T12:00:00Z",
        "kid": "ZtJVElOdWm0=",
        "hashType": "SIGNATURE",
        "entries": [{"hash": "AAAAAAAAAAAAAAAAAAAAAA=="}, {"hash": "/////////////////////w=="}],
    }


@pytest.mark.parametrize("change", [{}, {"kid": None}, {"hash_type": HashType.COUNTRYCODEUCI}])
def test_batch_survives_the_exchange(change: dict[str, Any]) -> None:
    one = batch(**change)
    assert Batch.of_json(one.as_json(), id=one.id) == one


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("country", {"country": "Viet Nam"}),
        ("country", {"country": None}),
        ("kid", {"kid": "AAAA"}),
        ("kid", {"kid": None}),
        ("kid", {"kid": "not base64!"}),
        ("expires", {"expires": "soon"}),
        ("hashType", {"hashType": "MD5"}),
        ("entries", {"entries": None}),
        ("entries", {"entries": []}),
        ("entries", {"entries": [{"hash": "AAAA"}]}),
        ("entries", {"entries": ["AAAA"]}),
        ("entries", {"entries": [{"hash": "AAAAAAAAAAAAAAAAAAAAAA=="}] * (MAX_ENTRIES + 1)}),
    ],
)
def test_batch_of_another_form_is_refused_by_the_name_of_its_field(field: str, change: dict[str, Any]) -> None:
    with pytest.raises(RevocationUnusable) as refused:
        Batch.of_json(batch().as_json() | change)
    assert refused.value.field == field
    assert refused.value.vi


def test_what_is_no_batch_is_refused() -> None:
    with pytest.raises(RevocationUnusable):
        Batch.of_json([])


def test_batch_expires_at_a_moment_of_a_known_zone() -> None:
    with pytest.raises(RevocationUnusable, match="expires"):
        batch(expires=datetime(2022, 5, 12))  # noqa: DTZ001 - the very mistake


def test_revocations_are_sorted_into_batches_by_key_and_day_of_expiry() -> None:
    other = bytes(8)
    entries = [
        Entry(KID, hash_of(1), NOON),
        Entry(KID, hash_of(2), NOON + timedelta(hours=3)),
        Entry(KID, hash_of(3), TOMORROW),
        Entry(other, hash_of(4), NOON),
        Entry(None, hash_of(5), NOON),
        Entry(None, hash_of(5), NOON),
    ]
    made = list(make_batches("VN", HashType.SIGNATURE, entries))
    assert [(one.kid, one.expires, len(one.hashes)) for one in made] == [
        (None, NOON, 1),
        (other, NOON, 1),
        (KID, NOON + timedelta(hours=3), 2),
        (KID, TOMORROW, 1),
    ]
    assert len({one.id for one in made}) == 4


def test_no_batch_has_more_than_a_thousand_entries() -> None:
    entries = [Entry(KID, hash_of(number), NOON) for number in range(2 * MAX_ENTRIES + 1)]
    assert [len(one.hashes) for one in make_batches("VN", HashType.UCI, entries)] == [1000, 1000, 1]


def test_list_gives_what_came_since() -> None:
    listed, first, second = BatchList(), batch(), batch()
    listed.add(first, at=NOON)
    listed.add(second, at=NOON)
    everything = listed.page(at=TOMORROW)
    assert [item.id for item in everything.items] == [first.id, second.id]
    assert [item.id for item in listed.page(since=everything.items[0].date, at=TOMORROW).items] == [second.id]
    assert listed.page(since=everything.items[1].date, at=TOMORROW).items == ()
    assert list(listed) == [first, second]


def test_list_comes_in_pages_that_lose_nothing() -> None:
    listed = BatchList()
    for _ in range(1001):
        listed.add(batch(), at=NOON)
    first = listed.page(at=NOON)
    rest = listed.page(since=first.items[-1].date, at=NOON)
    assert (len(first.items), first.more, len(rest.items), rest.more) == (1000, True, 1, False)
    assert first.as_json()["more"] is True
    assert rest.as_json()["batches"][0] == {
        "batchId": str(rest.items[0].id), "country": "VN", "date": "2022-05-11T12:00:01.000Z", "deleted": False,
    }  # fmt: skip


def test_deleted_batch_is_gone_and_listed_for_seven_days() -> None:
    listed, one = BatchList(), batch()
    listed.add(one, at=NOON)
    assert listed.get(one.id) is one
    assert listed.delete(one.id, at=TOMORROW) is True
    assert isinstance(listed.get(one.id), Gone)
    assert [item.deleted for item in listed.page(since=NOON, at=TOMORROW).items] == [True]
    assert listed.page(at=TOMORROW + timedelta(days=8)).items == ()
    assert isinstance(listed.get(one.id), Gone)


def test_unknown_batch_is_not_gone() -> None:
    listed = BatchList()
    assert listed.get(uuid4()) is None
    assert listed.delete(uuid4(), at=NOON) is False


def test_expired_batches_are_deleted() -> None:
    listed, later = BatchList(), batch(expires=TOMORROW + timedelta(days=1))
    listed.add(batch(), at=NOON)
    listed.add(later, at=NOON)
    assert listed.delete_expired(at=TOMORROW) == 1
    assert list(listed) == [later]


def test_batch_never_changes_and_never_comes_back() -> None:
    listed, one = BatchList(), batch()
    listed.add(one, at=NOON)
    listed.add(one, at=TOMORROW)
    assert len(listed.page(at=TOMORROW).items) == 1
    with pytest.raises(ValueError, match="another content"):
        listed.add(replace(one, hashes=(hash_of(3),)), at=NOON)
    listed.delete(one.id, at=TOMORROW)
    with pytest.raises(ValueError, match="was deleted"):
        listed.add(one, at=TOMORROW)
