"""The publisher's signed word for a list: what it vouches for, and what is refused."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.hcert_revocation.examples import NOON, TOMORROW, hash_of, snapshot
from tiemchung.hcert import Algorithm, PemSigner, demo_authority
from tiemchung.hcert.revocation import RevocationUnusable, Statement, read_statement, sign_statement

LIST = snapshot([hash_of(1), hash_of(2)])
AUTHORITY = demo_authority(valid_from=NOON)
SIGNERS = {one: AUTHORITY.new_signer(one, name="Lists", valid_from=NOON) for one in Algorithm}
ANCHORS = [one.certificate for one in SIGNERS.values()]


@pytest.mark.parametrize("signer", SIGNERS.values(), ids=[one.name for one in SIGNERS])
def test_publisher_vouches_for_a_list(signer: PemSigner) -> None:
    statement = read_statement(sign_statement(Statement.of(LIST), signer), ANCHORS)
    assert statement == Statement.of(LIST)
    assert statement.vouch(LIST).to_bytes() == LIST.to_bytes()


def test_new_statement_prolongs_a_list_that_did_not_change() -> None:
    statement = replace(Statement.of(LIST), version=2, valid_until=TOMORROW + timedelta(days=1))
    prolonged = statement.vouch(LIST)
    assert (prolonged.version, prolonged.valid_until) == (2, TOMORROW + timedelta(days=1))
    assert prolonged.digest == LIST.digest


@pytest.mark.parametrize("other", [snapshot([hash_of(1)]), snapshot([hash_of(1), hash_of(2)], country="LA")])
def test_statement_does_not_vouch_for_another_list(other: Any) -> None:
    with pytest.raises(RevocationUnusable, match="not the revocation list that its publisher signed"):
        Statement.of(LIST).vouch(other)


def _resigned(**header: str) -> bytes:
    """A statement whose header says something else, signed by the publisher all the same."""
    signer = SIGNERS[Algorithm.ES256]
    first, second, _ = sign_statement(Statement.of(LIST), signer).split(b".")
    said = json.loads(base64.urlsafe_b64decode(first + b"==")) | header
    signed = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=") + b"." + second
    return signed + b"." + base64.urlsafe_b64encode(signer.sign(signed)).rstrip(b"=")


@pytest.mark.parametrize(
    "header", [{"typ": "hcert-trust-list"}, {"alg": "PS256"}, {"alg": "none"}, {"kid": "AAAAAAAAAAA="}]
)
def test_header_must_say_what_the_pinned_key_is(header: dict[str, str]) -> None:
    assert read_statement(_resigned(), ANCHORS)
    with pytest.raises(RevocationUnusable, match="did not sign"):
        read_statement(_resigned(**header), ANCHORS)


def test_strangers_signature_is_refused() -> None:
    stranger = AUTHORITY.new_signer(name="Stranger", valid_from=NOON)
    with pytest.raises(RevocationUnusable) as refused:
        read_statement(sign_statement(Statement.of(LIST), stranger), ANCHORS)
    assert "Đừng dùng" in refused.value.vi


def test_changed_statement_is_refused() -> None:
    header, _, signature = sign_statement(Statement.of(LIST), SIGNERS[Algorithm.ES256]).split(b".")
    other = sign_statement(replace(Statement.of(LIST), count=0), SIGNERS[Algorithm.ES256]).split(b".")[1]
    with pytest.raises(RevocationUnusable):
        read_statement(b".".join([header, other, signature]), ANCHORS)


@pytest.mark.parametrize(
    "data", [b"", b"a", b"..", b"e30.e30.", b"W10.W10.AA", b"e30.!.AA", b"." * 70_000, b"bnVsbA.e30.AA"]
)
def test_what_is_no_statement_is_refused(data: bytes) -> None:
    with pytest.raises(RevocationUnusable):
        read_statement(data, ANCHORS)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(RevocationUnusable):
        read_statement(data, ANCHORS)
