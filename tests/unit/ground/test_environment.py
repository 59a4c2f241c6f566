"""The environment: what a process must be told, and what it says when it was not."""

from datetime import timedelta
from pathlib import Path

import pytest

from tiemchung.ground.environment import (
    Environment,
    MissingSettingError,
    PopulationEnvironment,
    UnreadableSettingError,
)

A = "a" * 32
HEALTH = {
    "DATABASE_URL": "postgresql:///health",
    "TIEMCHUNG_SECRET_KEY": "one",
    "TIEMCHUNG_DATA_KEYS": A,
    "TIEMCHUNG_POPULATION_SECRET": "shared",
}
POPULATION = {
    "POPULATION_DATABASE_URL": "postgresql:///population",
    "TIEMCHUNG_POPULATION_KEY": "theirs",
    "TIEMCHUNG_POPULATION_SECRET": "shared",
}


@pytest.mark.parametrize("name", sorted(HEALTH))
def test_the_health_side_does_not_start_without(name: str) -> None:
    with pytest.raises(MissingSettingError, match=f"{name} is not set. \\w+"):
        Environment.read({**HEALTH, name: ""})


@pytest.mark.parametrize("name", sorted(POPULATION))
def test_the_population_side_does_not_start_without(name: str) -> None:
    with pytest.raises(MissingSettingError, match=f"{name} is not set. \\w+"):
        PopulationEnvironment.read({**POPULATION, name: ""})


def test_the_population_side_needs_nothing_of_the_health_side() -> None:
    assert PopulationEnvironment.read(POPULATION).database_url == "postgresql:///population"


def test_unset_means_localhost_behind_tls_on_the_machines_clock_and_no_practice() -> None:
    found = Environment.read(HEALTH)
    assert (found.hosts, found.secure, found.clock_offset, found.practice) == (
        ("localhost", "127.0.0.1"),
        True,
        timedelta(0),
        False,
    )


def test_what_is_set_is_taken() -> None:
    found = Environment.read(
        {
            **HEALTH,
            "TIEMCHUNG_HOSTS": "tiemchung.example, www.tiemchung.example,",
            "TIEMCHUNG_SECURE": "0",
            "TIEMCHUNG_POPULATION_URL": "https://dancu.example/",
            "TIEMCHUNG_KEYS": "/srv/keys",
            "TIEMCHUNG_CLOCK_OFFSET": "-86400",
            "TIEMCHUNG_PRACTICE": "1",
        }
    )
    assert found.hosts == ("tiemchung.example", "www.tiemchung.example")
    assert found.population_url == "https://dancu.example"
    assert found.keys_folder == Path("/srv/keys")
    assert found.clock_offset == timedelta(days=-1)
    assert not found.secure
    assert found.practice


@pytest.mark.parametrize("offset", ["hôm qua", "1e400", "nan"])
def test_an_unreadable_offset_names_the_setting(offset: str) -> None:
    with pytest.raises(UnreadableSettingError, match=r"TIEMCHUNG_CLOCK_OFFSET cannot be read\. Give seconds"):
        Environment.read({**HEALTH, "TIEMCHUNG_CLOCK_OFFSET": offset})


def test_data_keys_have_numbers_and_the_first_is_in_use() -> None:
    found = Environment.read({**HEALTH, "TIEMCHUNG_DATA_KEYS": f"2:{'b' * 40}, 1:{A}"})
    assert found.data_keys == ((2, "b" * 40), (1, A))
    assert Environment.read(HEALTH).data_keys == ((1, A),)


@pytest.mark.parametrize("keys", ["short", f"0:{A}", f"256:{A}", f"1:{A},1:{A}b", f"{A},", f"1:{A}:{A}"])
def test_data_keys_that_cannot_be_used_stop_the_start_and_are_not_repeated(keys: str) -> None:
    with pytest.raises(UnreadableSettingError, match=r"TIEMCHUNG_DATA_KEYS cannot be read\. Give <number>") as refusal:
        Environment.read({**HEALTH, "TIEMCHUNG_DATA_KEYS": keys})
    assert "aaaa" not in str(refusal.value)
