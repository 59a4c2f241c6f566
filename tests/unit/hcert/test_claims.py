"""The token: times and issuer as issuers wrote them, and what is no token."""

import cbor2
import pytest

from tests.unit.hcert.samples import content
from tiemchung.hcert import claims
from tiemchung.hcert.errors import DecodeError


def token(**changes) -> bytes:
    names = {"iss": 1, "exp": 4, "iat": 6, "hcert": -260}
    values = {"iss": "VN", "exp": 1_700_000_000, "iat": 1_650_000_000, "hcert": {1: content()}} | changes
    return cbor2.dumps({names.get(name, name): value for name, value in values.items() if value is not None})


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        ({}, ()),
        ({"iat": 1_650_000_000.25}, ("N|SEC",)),
        ({"exp": cbor2.CBORTag(1, 1_700_000_000)}, ()),
        ({"iat": None}, ("N|IAT",)),
        ({"iss": "Ministry of IDPs from the Occupied Territories"}, ("N|ISS",)),
        ({"iss": None}, ("N|ISS",)),
        ({"iss": "CH BAG"}, ("N|ISS",)),
        ({"7": b"jti", "2": "sub"}, ()),
    ],
)
def test_odd_tokens_are_read_and_the_oddity_is_told(changes, notes):
    assert claims.decode(token(**changes)).notes == notes


def test_times_are_given_in_utc():
    read = claims.decode(token())
    assert (read.issued.isoformat(), read.expires.isoformat()) == (
        "2022-04-15T05:20:00+00:00",
        "2023-11-14T22:13:20+00:00",
    )


@pytest.mark.parametrize("time", ["2022-01-01", True, -1, 1e300, float("nan"), float("inf"), 253_402_300_800, [1]])
def test_what_is_no_time_is_refused(time):
    with pytest.raises(DecodeError) as refused:
        claims.decode(token(exp=time))
    assert refused.value.code == "D|CWT"


@pytest.mark.parametrize("raw", [[1], {}, {-260: "x"}, {-260: {}}, {1: "VN", 4: 1}, 7, "text"])
def test_token_without_a_health_certificate_is_refused(raw):
    with pytest.raises(DecodeError) as refused:
        claims.decode(cbor2.dumps(raw))
    assert refused.value.code == "D|CWT"


@pytest.mark.parametrize("tag", [2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 256, 258, 260, 261])
def test_tags_that_no_certificate_needs_are_refused(tag):
    with pytest.raises(DecodeError) as refused:
        claims.decode(token(hcert={1: cbor2.CBORTag(tag, [1, 2])}))
    assert refused.value.code == "D|CBR"


def test_dates_with_a_tag_stay_the_text_that_they_were():
    tagged = claims.decode(token(hcert={1: cbor2.CBORTag(0, "2021-05-01T10:00:00+02:00")}))
    assert tagged.contents[1] == "2021-05-01T10:00:00+02:00"


def test_key_that_stands_twice_is_refused():
    with pytest.raises(DecodeError) as refused:
        claims.decode(b"\xa2\x01\x62VN\x01\x62AT")
    assert refused.value.code == "D|CBR"
