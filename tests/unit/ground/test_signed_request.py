"""A signed request: whole, fresh, and of one who knows the secret."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiemchung.ground.signed_request import MAX_AGE, is_genuine, sign

AT = datetime(2022, 5, 14, 8, 50, tzinfo=UTC)


@given(st.binary(max_size=200), st.text(min_size=1, max_size=20))
def test_what_was_signed_is_genuine(body: bytes, secret: str) -> None:
    assert is_genuine(sign(body, secret=secret, at=AT), body, secret=secret, at=AT)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_another_body_is_not(body: bytes, other: bytes) -> None:
    assert is_genuine(sign(body, secret="s", at=AT), other, secret="s", at=AT) == (body == other)


def test_another_secret_is_not() -> None:
    assert not is_genuine(sign(b"body", secret="one", at=AT), b"body", secret="other", at=AT)


@pytest.mark.parametrize(("late", "genuine"), [(MAX_AGE, True), (MAX_AGE + 1, False), (-MAX_AGE - 1, False)])
def test_a_request_is_fresh_for_five_minutes(late: int, genuine: bool) -> None:
    header = sign(b"body", secret="s", at=AT)
    assert is_genuine(header, b"body", secret="s", at=AT + timedelta(seconds=late)) == genuine


@given(st.text(max_size=80))
def test_a_header_of_anything_else_is_refused_and_never_breaks(header: str) -> None:
    assert not is_genuine(header, b"body", secret="s", at=AT)


@pytest.mark.parametrize("stamp", ["", "²³", "9" * 4000, "-5", "1.5"])
def test_an_odd_time_is_refused(stamp: str) -> None:
    assert not is_genuine(f"{stamp}.{'0' * 64}", b"body", secret="s", at=AT)
