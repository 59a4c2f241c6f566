"""A device of a nurse at her station on 14/05/2022."""

import pytest

from tests.station import Station, live_on_the_day, open_station


@pytest.fixture(autouse=True)
def _day(settings) -> None:
    live_on_the_day(settings)


@pytest.fixture
def station() -> Station:
    return open_station()
