"""Every test of the floor has a station to work at."""

import pytest

from tests.station import Station, live_on_the_day, open_station


@pytest.fixture(autouse=True)
def _day(settings) -> None:
    live_on_the_day(settings)


@pytest.fixture
def station() -> Station:
    return open_station()
