"""A scan of the registry: who is proposed as one human, who shares a number, and who is left in peace."""

import json

import pytest
from django.db import connection

from tests.ledger import given_dose, judged
from tests.station import Station, live_on_the_day, open_station, staff
from tests.unit.people.made import a_commune, declared
from tiemchung.accounts.models import Role
from tiemchung.doses import actions as doses
from tiemchung.ground import clock
from tiemchung.identity import actions_duplicates, deciding, duplicates
from tiemchung.identity.actions_scan import scan
from tiemchung.identity.models import Duplicate
from tiemchung.people.models import Person

pytestmark = pytest.mark.django_db
Kind = Duplicate.Kind


@pytest.fixture(autouse=True)
def _day(settings) -> None:
    live_on_the_day(settings)


@pytest.fixture
def station() -> Station:
    return open_station()


def kinds() -> dict[frozenset, str]:
    latest = scan(by=None)
    return {frozenset((each.one_id, each.other_id)): each.kind for each in Duplicate.objects.filter(scan=latest)}


def pair(one: Person, other: Person) -> frozenset:
    return frozenset((one.id, other.id))


ONE = {"full_name": "Bùi Thị Ngát", "identity_numbers": (("cccd", "001167000001"),), "phone": "0912000001"}


@pytest.mark.parametrize(
    ("what", "other", "expected"),
    [
        ("accents lost, old number", {"full_name": "Bui Thi Ngat", "identity_numbers": (("cmnd", "012345670"),)}, True),
        ("no number", {"identity_numbers": ()}, True),
        ("no number, no phone, no accents", {
            "full_name": "Bui Thi Ngat", "identity_numbers": (), "phone": ""}, True),
        ("one number, name slip", {"full_name": "Bùi Thị Ngãt"}, True),
        ("number slip", {"identity_numbers": (("cccd", "001167000010"),)}, True),
        ("day and month swapped", {"birth_date": "09/03/1967", "identity_numbers": ()}, True),
        ("twins", {"full_name": "Bùi Thị Ngân", "identity_numbers": (("cccd", "001167000002"),)}, False),
        ("namesake with a number of her own, elsewhere", {
            "identity_numbers": (("cccd", "079167654321"),), "phone": "0912000009", "residence_code": ""}, False),
        ("another woman in the house", {
            "full_name": "Trần Thị Hoa", "birth_date": "01/02/1990",
            "identity_numbers": (("cccd", "001190000002"),)}, False),
    ],
)  # fmt: skip
def test_who_is_proposed_as_one_human(station, what, other, expected):
    one, second = station.person(**ONE), station.person(**ONE | other)
    assert (kinds().get(pair(one, second)) == Kind.SAME_PERSON) is expected, what


def test_one_number_of_two_different_people_is_shown_as_shared(station):
    one = station.person(**ONE)
    other = station.person(**ONE | {"full_name": "Vi Văn Hậu", "birth_date": "11/12/1967", "phone": "0912000005"})
    assert kinds()[pair(one, other)] == Kind.SHARED_NUMBER


def test_a_childs_record_with_the_mothers_number_is_not_proposed_as_the_mother(station):
    from tests.unit.people.made import declared
    from tiemchung.people.policy import Source

    a_commune()
    mother = station.person(**ONE)
    child = declared(Source.DEVICE, full_name="Bùi Minh An", birth_date="05/06/2012", sex="male",
                     identity_numbers=(("cccd", "001167000001"),), phone="0912000001")  # fmt: skip
    assert kinds()[pair(mother, child)] == Kind.SHARED_NUMBER


def test_a_number_of_the_range_that_was_issued_twice_is_told_apart(station):
    number = (("cmnd", "271450077"),)
    one = station.person(**ONE | {"identity_numbers": number})
    other = station.person(full_name="Vi Văn Hậu", birth_date="11/12/1980", sex="male", identity_numbers=number)
    assert kinds()[pair(one, other)] == Kind.ISSUED_TWICE


def test_whom_the_population_side_knows_by_one_handle_is_one_human(station):
    one = station.person(**ONE)
    other = station.person(
        full_name="Ngát", birth_date="1967", identity_numbers=(("cmnd", "012345670"),), phone="0912000007"
    )
    judged(one)
    judged(other)
    assert kinds()[pair(one, other)] == Kind.SAME_PERSON


def test_a_number_of_too_many_records_makes_no_pairs(station):
    people = [
        station.person(full_name=name, birth_date=f"0{number + 1}/02/1970", identity_numbers=(("cmnd", "012345671"),))
        for number, name in enumerate(
            ("Lê Văn A", "Trần Thị B", "Phạm Văn C", "Vũ Thị D", "Đỗ Văn E", "Hồ Thị G", "Lý Văn H")
        )
    ]
    found = kinds()
    assert list(found.values()) == [Kind.CROWD]
    assert Duplicate.objects.get().evidence["records"] == len(people)


def test_a_cluster_larger_than_one_human_can_be_is_shown_as_a_crowd(station):
    for number in range(8):
        two = tuple(("cmnd", f"02234561{each}") for each in (number, number + 1))
        name = "Bùi Thị Ngát" if number % 2 else "Bui Thi Ngat"
        station.person(
            **ONE | {"full_name": name, "identity_numbers": two, "phone": f"09120000{number:02}", "residence_code": ""}
        )
    assert set(kinds().values()) == {Kind.CROWD}


def test_evidence_holds_codes_and_no_value(station):
    one, other = station.person(**ONE), station.person(**ONE | {"full_name": "Bui Thi Ngat"})
    given_dose(station, one, clock.today())
    given_dose(station, other, clock.today())
    kinds()
    evidence = Duplicate.objects.get().evidence
    assert {each["field"] for each in evidence["fields"]} == {"full_name", "birth_date", "sex", "number"}
    assert set(evidence["extra"]) == {"phone", "commune", "same_lot"}
    said = json.dumps(evidence, ensure_ascii=False)
    assert not [mark for mark in ("Ngát", "Ngat", "001167000001", "1967-09-03", "912000001") if mark in said]


def test_what_was_decided_is_not_proposed_again(station):
    ministry = staff(Role.MINISTRY, None, "bo", "Bộ Y tế")
    a, b = station.person(**ONE), station.person(**ONE | {"full_name": "Bui Thi Ngat"})
    c = station.person(**ONE | {"identity_numbers": ()})
    assert {pair(a, b), pair(a, c), pair(b, c)} == set(kinds())
    merge = actions_duplicates.merge(kept_id=a.id, merged_id=b.id, evidence={}, by=ministry)
    said = actions_duplicates.say_distinct(one_id=b.id, other_id=c.id, by=ministry)
    assert kinds() == {}
    actions_duplicates.undo(merge_id=merge.id, reason="Nhầm", by=ministry)
    assert set(kinds()) == {pair(a, b), pair(a, c)}
    actions_duplicates.take_back_distinct(distinct_id=said.id, by=ministry)
    assert set(kinds()) == {pair(a, b), pair(a, c), pair(b, c)}


def test_scanning_again_keeps_the_ids_and_drops_what_is_gone(station):
    one, other = station.person(**ONE), station.person(**ONE | {"full_name": "Bui Thi Ngat"})
    first = scan(by=None)
    known = Duplicate.objects.get().id
    assert scan(by=None).id != first.id
    assert Duplicate.objects.get().id == known
    Person.objects.filter(id=other.id).update(name_key="khác", full_name="Trần Văn Khác", birth_date="1980-01-01")
    assert Kind.SAME_PERSON not in kinds().values()
    assert one.id


def test_each_level_sees_what_lies_wholly_within_its_area(station):
    station.person(**ONE)
    station.person(**ONE | {"full_name": "Bui Thi Ngat"})
    station.person(**ONE | {"full_name": "Bùi Thị Ngãt", "residence_code": a_commune("00004")})
    scan(by=None)
    seen = {
        role: duplicates.count(staff(role, None, f"tk-{role}", "Tài khoản"))[Kind.SAME_PERSON]
        for role in (Role.COMMUNE_HEALTH_STATION, Role.DISTRICT, Role.MINISTRY)
    }
    assert seen == {Role.COMMUNE_HEALTH_STATION: 1, Role.DISTRICT: 3, Role.MINISTRY: 3}


def test_records_of_no_known_residence_are_decided_where_they_were_stated_or_vaccinated(station):
    """Only those that nobody's account stated are left to the nation."""
    nowhere = {**ONE, "residence_code": ""}
    one, other = station.person(**nowhere), station.person(**nowhere | {"full_name": "Bui Thi Ngat"})
    scan(by=None)
    commune, ministry = (
        staff(role, None, f"tk-{role}", "Tài khoản") for role in (Role.COMMUNE_HEALTH_STATION, Role.MINISTRY)
    )
    assert duplicates.count(commune)[Kind.SAME_PERSON] == duplicates.count(ministry)[Kind.SAME_PERSON] == 1
    assert len(duplicates.waiting(commune, Kind.SAME_PERSON, 10)) == 1
    assert deciding.may_decide(commune, one.id, other.id)


def test_a_dose_that_was_voided_ties_to_no_place(station):
    person = declared(**{**ONE, "birth_date": "03/09/1967", "residence_code": ""})
    dose = given_dose(station, person, clock.today())
    assert area_of(person) == station.facility.area_id
    doses.void(dose_id=dose.id, reason="Ghi nhầm người", by=station.head)
    assert area_of(person) is None


def area_of(person):
    query = "SELECT area_id FROM identity_record_area WHERE person_id = %s"
    with connection.cursor() as cursor:
        return cursor.execute(query, [person.id]).fetchone()[0]


def test_records_that_tie_to_no_place_are_left_to_the_nation(station):
    nowhere = {**ONE, "birth_date": "03/09/1967", "residence_code": ""}
    one, other = declared(**nowhere), declared(**nowhere | {"full_name": "Bui Thi Ngat", "identity_numbers": ()})
    scan(by=None)
    commune, ministry = (
        staff(role, None, f"tk-{role}", "Tài khoản") for role in (Role.COMMUNE_HEALTH_STATION, Role.MINISTRY)
    )
    assert (duplicates.count(commune)[Kind.SAME_PERSON], duplicates.count(ministry)[Kind.SAME_PERSON]) == (0, 1)
    assert not deciding.may_decide(commune, one.id, other.id)
    assert deciding.may_decide(ministry, one.id, other.id)
