"""Once there is a dose, the health book puts right slips; another human's identity it does not take."""

from datetime import timedelta

import pytest

from tests.unit.people.made import declared, stated
from tiemchung.ground import clock
from tiemchung.ground.errors import NotAllowedError
from tiemchung.people.actions import correct
from tiemchung.people.models import Person
from tiemchung.people.policy import Source

pytestmark = pytest.mark.django_db


def corrected(person: Person, source: Source = Source.SELF, **changes) -> Person:
    return correct(
        person_id=person.id,
        statement=stated(**changes),
        source=source,
        by=None,
        first_dose_recorded_at=clock.now() - timedelta(days=1),
    )


@pytest.mark.parametrize(
    ("known", "change"),
    [
        ({"full_name": "Nguyen Thi Thu Hanh"}, {}),
        ({"full_name": "Nguyễn Thị Thu Hnạh"}, {}),
        ({"birth_date": "1984"}, {}),
        ({"birth_date": "01/01/1984"}, {}),
        ({"birth_date": "11/1984"}, {}),
        ({"birth_date": "05/09/1984"}, {"birth_date": "09/05/1984"}),
        ({"birth_date": "13/11/1984"}, {}),
        ({"identity_numbers": ()}, {}),
        ({"identity_numbers": ((None, "001184000071"),)}, {}),
        ({"identity_numbers": ((None, "001184000018"),)}, {}),
        ({}, {}),
    ],
)
def test_a_slip_in_one_part_is_put_right(known, change):
    assert corrected(declared(**known), **change).birth_date.year == 1984


ANOTHER = {
    "full_name": "Trần Thị Sáu",
    "birth_date": "02/03/1984",
    "identity_numbers": ((None, "001184000555"),),
}


@pytest.mark.parametrize("part", list(ANOTHER))
def test_another_name_birth_date_or_number_is_refused_at_its_field(part):
    person = declared()
    with pytest.raises(NotAllowedError) as refused:
        corrected(person, **{part: ANOTHER[part]})
    assert refused.value.code == "more_than_a_slip"
    assert refused.value.field == {"identity_numbers": "identity_number"}.get(part, part)


def test_another_day_of_the_month_is_no_slip():
    with pytest.raises(NotAllowedError):
        corrected(declared(), birth_date="05/11/1984")


def test_two_parts_at_once_are_refused():
    with pytest.raises(NotAllowedError):
        corrected(declared(birth_date="1984"), identity_numbers=((None, "001184000018"),))


def test_small_steps_lead_nowhere_far():
    person = declared()
    corrected(person, identity_numbers=((None, "001184000018"),))
    with pytest.raises(NotAllowedError):
        corrected(person, identity_numbers=((None, "001184000028"),))


def test_a_site_may_change_all():
    person = declared()
    assert corrected(person, Source.SITE, **ANOTHER).full_name == "Trần Thị Sáu"


def test_before_the_first_dose_all_may_be_changed():
    person = declared()
    correct(person_id=person.id, statement=stated(**ANOTHER), source=Source.SELF, by=None)
    person.refresh_from_db()
    assert person.full_name == "Trần Thị Sáu"
