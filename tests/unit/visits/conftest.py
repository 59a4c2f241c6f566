"""Every test of the floor has a station to work at."""

import pytest

from tests.station import Station, open_station


@pytest.fixture
def station() -> Station:
    return open_station()
