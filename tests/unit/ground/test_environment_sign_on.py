"""The settings of a ministry's own sign-on: all of them, or none."""

import pytest

from tiemchung.ground.environment import MissingSettingError, UnreadableSettingError
from tiemchung.ground.environment_sign_on import SignOn

NAMED = {
    "TIEMCHUNG_SIGN_ON_ISSUER": "https://id.example.vn/",
    "TIEMCHUNG_SIGN_ON_CLIENT_ID": "tiemchung",
    "TIEMCHUNG_SIGN_ON_CLIENT_SECRET": "x",
}


def test_without_an_issuer_there_is_none() -> None:
    assert SignOn.read({}) is None


def test_what_is_not_said_is_the_customary() -> None:
    found = SignOn.read(NAMED)
    assert found
    assert (found.issuer, found.name, found.claim) == ("https://id.example.vn", "id.example.vn", "preferred_username")
    assert found.two_factors == {"mfa"}


def test_other_words_for_two_factors_may_be_named() -> None:
    found = SignOn.read({**NAMED, "TIEMCHUNG_SIGN_ON_TWO_FACTORS": "hwk, urn:aal2"})
    assert found
    assert found.two_factors == {"hwk", "urn:aal2"}


@pytest.mark.parametrize("name", ["TIEMCHUNG_SIGN_ON_CLIENT_ID", "TIEMCHUNG_SIGN_ON_CLIENT_SECRET"])
def test_half_of_it_stops_the_start(name: str) -> None:
    with pytest.raises(MissingSettingError, match=name):
        SignOn.read({**NAMED, name: ""})


@pytest.mark.parametrize("issuer", ["http://id.example.vn", "ftp://x", "id.example.vn"])
def test_a_provider_in_clear_is_none(issuer: str) -> None:
    with pytest.raises(UnreadableSettingError):
        SignOn.read({**NAMED, "TIEMCHUNG_SIGN_ON_ISSUER": issuer})
