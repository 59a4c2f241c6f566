"""The compact list: what it holds, how large it is, and how it survives a file."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.hcert_revocation.examples import KID, NOON, TOMORROW, hash_of, snapshot
from tiemchung.hcert.revocation import RevocationUnusable, Snapshot, SnapshotBuilder
from tiemchung.hcert.revocation.keys import bucket_bits_for

MANY = [hash_of(number) for number in range(20_000)]


def test_list_holds_what_was_added_and_nothing_else() -> None:
    one = snapshot(MANY)
    assert len(one) == 20_000
    assert [number for number, hash_ in enumerate(MANY) if not one.holds([hash_], [KID])] == []
    assert [number for number in range(20_000, 25_000) if one.holds([hash_of(number)], [KID])] == []


def test_entry_counts_for_its_key_alone() -> None:
    one = snapshot(MANY[:10])
    assert not one.holds([MANY[0]], [None])
    assert not one.holds([MANY[0]], [KID[::-1]])
    assert snapshot(MANY[:10], kid=None).holds([MANY[0]], [None])


@pytest.mark.parametrize("kid", [b"foo", bytes(range(16)), b""])
def test_key_ids_of_another_length_are_kept_apart_from_the_unknown_one(kid: bytes) -> None:
    one = snapshot(MANY[:10], kid=kid)
    assert one.holds([MANY[0]], [kid])
    assert one.holds([MANY[0]], [None]) is (kid == b"")


def test_hash_that_was_added_twice_is_held_once() -> None:
    assert len(snapshot(MANY[:10] + MANY[:10])) == 10


def test_order_of_adding_does_not_matter() -> None:
    assert snapshot(MANY).to_bytes() == snapshot(reversed(MANY)).to_bytes()


def test_hashes_may_come_as_an_array() -> None:
    builder = SnapshotBuilder()
    builder.add(KID, np.frombuffer(b"".join(MANY), dtype=np.uint8).reshape(-1, 16))
    built = builder.build("VN", version=1, created=NOON, valid_until=TOMORROW)
    assert built.to_bytes() == snapshot(MANY).to_bytes()


def test_an_entry_takes_little_more_than_six_bytes() -> None:
    assert len(snapshot(MANY).to_bytes()) / 20_000 < 6.2


@pytest.mark.parametrize(
    ("count", "bits"), [(0, 8), (1, 8), (32_767, 8), (32_768, 9), (1_000_000, 13), (80_000_000, 20), (10**12, 24)]
)
def test_number_of_buckets_grows_with_the_list(count: int, bits: int) -> None:
    assert bucket_bits_for(count) == bits


def test_fingerprint_is_found_only_at_its_place() -> None:
    """Two neighbours whose bytes, read across their border, look like a third."""
    one = snapshot([bytes([7, 0, 0, 1, 1, 1, 1]) + bytes(9), bytes([7, 0, 1, 1, 1, 1, 2]) + bytes(9)], kid=None)
    across = one.fingerprints.tobytes()[3:9]
    assert not one.holds([b"\x07" + across + bytes(9)], [None])
    assert one.holds([bytes([7, 0, 1, 1, 1, 1, 2]) + bytes(9)], [None])


def test_list_survives_a_file(tmp_path: Path) -> None:
    path, one = tmp_path / "vn.hcrl", snapshot(MANY)
    assert one.write(path) == path.stat().st_size
    read = Snapshot.open(path)
    assert (read.country, read.version, read.created, read.valid_until) == ("VN", 1, NOON, TOMORROW)
    assert read.to_bytes() == one.to_bytes()
    assert read.holds([MANY[77]], [KID])


def test_empty_list_survives() -> None:
    read = Snapshot.of_bytes(snapshot([]).to_bytes())
    assert len(read) == 0
    assert not read.holds([MANY[0]], [KID])


def _with_header(**change: object) -> bytes:
    data = snapshot(MANY[:5]).to_bytes()
    length = int.from_bytes(data[6:10], "big")
    header = json.dumps(json.loads(data[10 : 10 + length]) | change).encode()
    return data[:6] + len(header).to_bytes(4, "big") + header + data[10 + length :]


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("magic", b""),
        ("magic", b"HCRL9\n0000"),
        ("header", b"HCRL1\n\xff\xff\xff\xff"),
        ("header", b"HCRL1\n\x00\x00\x00\x02[]"),
        ("header", b"HCRL1\n\x00\x00\x00\x02{;"),
        ("bucket_bits", _with_header(bucket_bits=7)),
        ("bucket_bits", _with_header(bucket_bits=64)),
        ("bucket_bits", _with_header(bucket_bits=True)),
        ("count", _with_header(count=6)),
        ("count", _with_header(count=-5)),
        ("country", _with_header(country=None)),
        ("created", _with_header(created="2022-05-11")),
        ("valid_until", _with_header(valid_until="soon")),
        ("sha256", _with_header(sha256="0")),
        ("sha256", snapshot(MANY[:5]).to_bytes()[:-1] + b"\0"),
        ("count", snapshot(MANY[:5]).to_bytes()[:-1]),
    ],
)
def test_damaged_list_is_refused(field: str, data: bytes) -> None:
    with pytest.raises(RevocationUnusable) as refused:
        Snapshot.of_bytes(data)
    assert refused.value.field == field
    assert "tải lại" in refused.value.vi


def test_list_whose_buckets_run_backwards_is_refused() -> None:
    good = snapshot(MANY[:5])
    offsets = good.offsets.copy()
    offsets[3] = 5
    wrong = Snapshot("VN", 1, NOON, TOMORROW, good.bucket_bits, offsets, good.fingerprints)
    with pytest.raises(RevocationUnusable, match="buckets"):
        Snapshot.of_bytes(wrong.to_bytes())


def test_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    with pytest.raises(RevocationUnusable):
        Snapshot.open(path)


@settings(deadline=None, max_examples=30)
@given(st.sets(st.binary(min_size=16, max_size=16), max_size=40), st.binary(min_size=8, max_size=8))
def test_every_added_hash_is_held_after_a_journey_through_bytes(hashes: set[bytes], kid: bytes) -> None:
    read = Snapshot.of_bytes(snapshot(hashes, kid=kid).to_bytes())
    assert all(read.holds([one], [kid]) for one in hashes)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(RevocationUnusable):
        Snapshot.of_bytes(b"HCRL1\n" + data)
