"""Is this certificate revoked? Yes, no, or it cannot be told."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.hcert_revocation.examples import KID, NOON, TOMORROW, certificate, hash_of, snapshot
from tiemchung.hcert.revocation import (
    Batch,
    CannotTell,
    HashType,
    NotRevoked,
    Revocations,
    RevocationUnusable,
    Revoked,
    certificate_hashes,
    read_snapshot,
    snapshot_of,
)

LISTS = Revocations([snapshot([hash_of(1)]), snapshot([hash_of(2)], kid=None, country="LA")])
LATE = TOMORROW + timedelta(seconds=1)


def test_revoked_certificate_is_found_by_any_of_its_hashes() -> None:
    assert LISTS.lookup(KID, [hash_of(9), hash_of(1)], "VN", NOON) == Revoked("VN")


def test_entry_without_a_key_counts_for_every_key() -> None:
    assert LISTS.lookup(KID, [hash_of(2)], "LA", NOON) == Revoked("LA")


def test_list_counts_for_its_own_country_only() -> None:
    assert LISTS.lookup(KID, [hash_of(2)], "VN", NOON) == NotRevoked("VN")


@pytest.mark.parametrize("country", ["FR", "", None])
def test_without_a_list_of_the_country_it_cannot_be_told(country: str | None) -> None:
    found = LISTS.lookup(KID, [hash_of(1)], country, NOON)
    assert found == CannotTell("absent")
    assert "danh sách thu hồi" in found.words["vi"]


def test_list_out_of_date_no_longer_says_that_a_certificate_is_good() -> None:
    found = LISTS.lookup(KID, [hash_of(9)], "VN", LATE)
    assert found == CannotTell("stale")
    assert "out of date" in found.words["en"]


def test_list_out_of_date_still_says_that_a_certificate_is_revoked() -> None:
    assert LISTS.lookup(KID, [hash_of(1)], "VN", LATE) == Revoked("VN", stale=True)


def test_highest_version_of_a_list_counts() -> None:
    both = Revocations([snapshot([hash_of(2)], version=2), snapshot([hash_of(1)], version=1)])
    assert both.lookup(KID, [hash_of(1)], "VN", NOON) == NotRevoked("VN")


def test_verdict_is_told_how_a_certificate_stands() -> None:
    decoded = certificate({"ver": "1.3.3", "nam": {"fnt": "NGUYEN"}, "v": [{"ci": "URN:UVCI:01:VN:00FF"}]})
    for revoking in certificate_hashes(decoded):
        lists = Revocations([snapshot([revoking], kid=decoded.message.kid)])
        assert lists.state(decoded, country="VN", at=NOON) == "revoked"
        assert lists.state(decoded, country="LA", at=NOON) == "absent"
    clear = Revocations([snapshot([hash_of(1)])])
    assert clear.state(decoded, country="VN", at=NOON) == "clear"
    assert clear.state(decoded, country="VN", at=LATE) == "stale"


def _batch(number: int, **change: Any) -> Batch:
    values: dict[str, Any] = {"country": "VN", "expires": TOMORROW, "kid": KID, "hash_type": HashType.SIGNATURE}
    return Batch(**values | {"hashes": (hash_of(number),)} | change)


def test_list_is_made_of_the_countrys_batches_that_have_not_expired() -> None:
    batches = [_batch(1), _batch(2, kid=None), _batch(3, country="LA"), _batch(4, expires=NOON)]
    made = snapshot_of(batches, "VN", version=5, created=NOON, valid_until=TOMORROW)
    assert (len(made), made.version) == (2, 5)
    assert made.holds([hash_of(1)], [KID])
    assert made.holds([hash_of(2)], [None])


def _document(**change: Any) -> bytes:
    document = {
        "country": "VN",
        "version": 1,
        "created": NOON.isoformat(),
        "validUntil": "2022-05-12T12:00:00Z",
        "batches": [_batch(1).as_json()],
    }
    return json.dumps(document | change).encode()


def test_lists_are_opened_from_compact_and_json_files(tmp_path: Path) -> None:
    compact, document = tmp_path / "la.hcrl", tmp_path / "vn.json"
    snapshot([hash_of(2)], country="LA").write(compact)
    document.write_bytes(_document())
    lists = Revocations.open([compact, document])
    assert lists.lookup(KID, [hash_of(1)], "VN", NOON) == Revoked("VN")
    assert lists.lookup(KID, [hash_of(2)], "LA", NOON) == Revoked("LA")


def test_compact_list_is_read_from_bytes() -> None:
    assert read_snapshot(snapshot([hash_of(1)]).to_bytes()).holds([hash_of(1)], [KID])


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("list", b""),
        ("list", b"\xff\xfe"),
        ("list", b"[" * 100_000),
        ("list", b"[]"),
        ("list", _document(country=None)),
        ("list", _document(batches=None)),
        ("created", _document(created="now")),
        ("validUntil", _document(validUntil=None)),
        ("batch", _document(batches=[1])),
    ],
)
def test_what_is_no_list_is_refused_by_the_name_of_its_field(field: str, data: bytes) -> None:
    with pytest.raises(RevocationUnusable) as refused:
        read_snapshot(data)
    assert refused.value.field == field
    assert refused.value.vi
