"""Whom batches are about."""

import pytest

from tests.faults.exchanged import SUU
from tests.station import Station, open_station
from tests.unit.population.register import enrol
from tiemchung.people.models import Person


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def four(station: Station) -> list[Person]:
    """One who is right, one whose name lacks its accents, one whose number nobody has, one without a number."""
    enrol("001167000999", **SUU)
    enrol("001167000777", full_name="Hoàng Văn Pản", birth_date="1967-09-03", sex="female")
    return [
        station.person(full_name="Lý Thị Sửu", identity_numbers=(("cccd", "001167000999"),)),
        station.person(full_name="Hoang Van Pan", identity_numbers=(("cccd", "001167000777"),)),
        station.person(full_name="Vi Thị Hoa", identity_numbers=(("cccd", "001167000555"),)),
        station.person(full_name="Ngô Minh Tuệ", identity_numbers=()),
    ]
