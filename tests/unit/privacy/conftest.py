"""Every test of privacy has a station, a person and somebody who registered."""

import pytest

from tests.station import Station, open_station
from tests.unit.campaigns.made import registered as register
from tiemchung.campaigns.models import Registration


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def registered() -> Registration:
    return register()
