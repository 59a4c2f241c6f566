"""A station, and a device of its nurse that sends batches."""

import pytest

from tests.device import Device
from tests.station import Station, live_on_the_day, open_station


@pytest.fixture(autouse=True)
def _day(settings) -> None:
    live_on_the_day(settings)


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def device(client, station) -> Device:
    client.force_login(station.nurse)
    return Device(client, station)
