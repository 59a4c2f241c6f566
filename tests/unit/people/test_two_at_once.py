"""Two posts of one form at one moment make one person."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.unit.people.made import stated
from tiemchung.ground.ids import new_id
from tiemchung.people.actions import declare
from tiemchung.people.models import Person
from tiemchung.people.policy import Source

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act: Callable[[], object], times: int = 2) -> list[object]:
    """Do something in several threads that begin together."""
    begin = Barrier(times)

    def one(_: int) -> object:
        begin.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.parametrize("numbers", [(), ((None, "001184000017"),)])
def test_a_double_click_makes_one_person(numbers):
    chosen, statement = new_id(), stated(identity_numbers=numbers)
    made = at_once(lambda: declare(statement=statement, source=Source.SELF, by=None, person_id=chosen).id)
    assert made == [chosen, chosen]
    assert Person.objects.count() == 1
