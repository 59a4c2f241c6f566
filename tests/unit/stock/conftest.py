"""Every test of stock has a station to work at."""

import pytest

from tests.station import Station, live_on_the_day, open_station, staff
from tiemchung.accounts.models import Account, Role


@pytest.fixture(autouse=True)
def _day(settings) -> None:
    live_on_the_day(settings)


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def ministry() -> Account:
    return staff(Role.MINISTRY, None, "bo-y-te", "Bộ Y tế")
