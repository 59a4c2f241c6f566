"""Two who take up one notice at one moment: the clock's minute job and whoever asks by hand."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.station import open_station
from tests.unit.cleaning.test_counting_at_once import waiting
from tests.unit.cleaning.test_police import asked, signed, slip
from tiemchung.cleaning import actions_police
from tiemchung.cleaning.models import PoliceNotice

pytestmark = pytest.mark.django_db(transaction=True)


def take_and_leave(told: Any) -> UUID | None:
    try:
        return actions_police.take_notice(told=told)
    finally:
        connection.close()


def test_one_acts_on_it_and_the_other_finds_it_done(settings: Any) -> None:
    request = asked(open_station())
    told = signed(slip(request), settings)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert actions_police.take_notice(told=told) == request.person_id
            other = pool.submit(take_and_leave, told)
            while not (other.done() or waiting()):
                pass
        assert other.result() is None
    assert PoliceNotice.objects.count() == 1
