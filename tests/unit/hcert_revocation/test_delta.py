"""Deltas: from one version of a list to the next, or not at all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.hcert_revocation.examples import TOMORROW, hash_of, snapshot
from tiemchung.hcert.revocation import Delta, DeltaUnfit, RevocationUnusable, apply_delta, delta_between

MANY = [hash_of(number) for number in range(5_000)]
OLD, NEW = snapshot(MANY[:4_000], version=1), snapshot(MANY[1_000:], version=2)


@pytest.mark.parametrize("bits", [8, 9, 13, 20])
def test_list_and_delta_make_the_new_list(bits: int) -> None:
    old, new = snapshot(MANY[:4_000], version=1, bits=bits), snapshot(MANY[1_000:], version=2, bits=bits)
    delta = Delta.of_bytes(delta_between(old, new).to_bytes())
    assert (len(delta.added), len(delta.removed)) == (1_000, 1_000)
    assert apply_delta(old, delta).to_bytes() == new.to_bytes()


def test_delta_prolongs_the_list() -> None:
    later = replace(snapshot(MANY[:4_000], version=2), valid_until=TOMORROW + timedelta(days=1))
    changed = apply_delta(OLD, delta_between(OLD, later))
    assert changed.valid_until == TOMORROW + timedelta(days=1)
    assert changed.digest == OLD.digest


def test_delta_takes_nine_bytes_for_each_change() -> None:
    assert len(delta_between(OLD, NEW).to_bytes()) < 9 * 2_000 + 600


@pytest.mark.parametrize(
    "change",
    [{"country": "LA"}, {"bucket_bits": 9}, {"from_version": 7}, {"count": 3_999}, {"digest": "0"}],
)
def test_delta_of_another_list_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(DeltaUnfit) as refused:
        apply_delta(OLD, replace(delta_between(OLD, NEW), **change))
    assert "tải lại cả danh sách" in refused.value.vi


@pytest.mark.parametrize(
    "new",
    [NEW, snapshot(MANY, version=2, country="LA"), snapshot(MANY, version=2, bits=9), snapshot(MANY, version=1)],
    ids=["backwards", "country", "buckets", "same version"],
)
def test_no_delta_leads_there(new: Any) -> None:
    with pytest.raises(DeltaUnfit):
        delta_between(snapshot(MANY, version=3) if new is NEW else OLD, new)


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: data[:-1] + b"\1", lambda data: b"x" + data])
def test_damaged_delta_is_refused(spoil: Any) -> None:
    with pytest.raises(RevocationUnusable):
        Delta.of_bytes(spoil(delta_between(OLD, NEW).to_bytes()))


@settings(deadline=None, max_examples=30)
@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_list_and_delta_are_the_whole_list_whatever_changed(before: set[int], after: set[int]) -> None:
    old = snapshot((MANY[number] for number in before), version=1)
    new = snapshot((MANY[number] for number in after), version=2)
    assert apply_delta(old, Delta.of_bytes(delta_between(old, new).to_bytes())).to_bytes() == new.to_bytes()
