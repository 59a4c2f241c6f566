"""A district looks at two records side by side, merges them, finds that it was wrong, and parts them."""

import pytest
from django.test import Client

from tests.ledger import given_dose, judged
from tests.station import PASSWORD, Station, open_station, staff
from tests.unit.people.made import a_commune
from tiemchung.accounts.models import Account, Role
from tiemchung.doses import course
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import ReadEntry
from tiemchung.identity.actions_scan import scan
from tiemchung.identity.models import Duplicate
from tiemchung.people import merges
from tiemchung.people.models import DistinctPersons, Merge, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
LIST = "/van-phong/ho-so-trung/"


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def district() -> Account:
    return staff(Role.DISTRICT, None, "huyen-ba-dinh", "Trung tâm y tế quận")


@pytest.fixture
def reader(client: Client, district: Account) -> Client:
    client.login(username=district.username, password=PASSWORD)
    return client


@pytest.fixture
def two(station: Station) -> tuple[Person, Person]:
    one = station.person(full_name="Bùi Thị Ngát", identity_numbers=(("cccd", "001167004821"),), phone="0912000001")
    other = station.person(full_name="Bui Thi Ngat", identity_numbers=(("cmnd", "012345670"),), phone="0912000001")
    given_dose(station, one, clock.today().replace(year=2021, month=9, day=15))
    given_dose(station, other, clock.today().replace(year=2021, month=12, day=10))
    judged(one)
    scan(by=None)
    return one, other


def page_of() -> str:
    return f"{LIST}{Duplicate.objects.get(kind='same_person').id}/"


def test_the_list_leads_to_two_records_side_by_side(reader: Client, two: tuple[Person, Person]) -> None:
    shown = reader.get(LIST).content.decode()
    assert "Bùi Thị Ngát 1967 và Bui Thi Ngat 1967" in shown or "Bui Thi Ngat 1967 và Bùi Thị Ngát 1967" in shown
    assert f'href="{page_of()}"' in shown
    pair = reader.get(page_of()).content.decode()
    for words in ("Bùi Thị Ngát", "Bui Thi Ngat", "số cuối 4821", "15/09/2021", "10/12/2021", "Khác dấu", "Đúng"):
        assert words in pair, words
    assert "001167004821" not in pair
    assert f'value="{two[0].id}" checked' in pair, "the record that the population side knows is suggested"


def test_both_persons_can_see_who_looked(reader: Client, two: tuple[Person, Person], district: Account) -> None:
    reader.get(LIST)
    entries = ReadEntry.objects.filter(reason="duplicates", by=district.id)
    assert {entry.person_id for entry in entries} == {one.id for one in two}


def test_merging_and_parting_again(reader: Client, two: tuple[Person, Person]) -> None:
    one, other = two
    answer = reader.post(page_of(), {"kept": str(one.id), "note": "Bà xác nhận"}, follow=True).content.decode()
    assert "Đã gộp" in answer
    assert "Đại diện cho hồ sơ Bui Thi Ngat 1967" in answer
    assert course.of(other.id).card == "green"
    assert page_of() not in reader.get(LIST).content.decode()
    merge = Merge.objects.get()
    assert merge.evidence["fields"]
    undo = f"{LIST}da-gop/{merge.id}/tach"
    assert "Chưa ghi lý do" in reader.post(undo, {"reason": ""}, follow=True).content.decode()
    assert merges.kept(other.id) == one.id
    assert "Đã tách" in reader.post(undo, {"reason": "Hai chị em"}, follow=True).content.decode()
    assert course.of(other.id).card == "yellow"
    assert page_of() in reader.get(LIST).content.decode()


def test_pressing_twice_merges_once(reader: Client, two: tuple[Person, Person]) -> None:
    for _ in range(2):
        assert reader.post(page_of(), {"kept": str(two[0].id)}).status_code == 302
    assert Merge.objects.count() == 1


def test_without_a_choice_nothing_is_merged(reader: Client, two: tuple[Person, Person]) -> None:
    answer = reader.post(page_of(), {"note": "x"})
    assert answer.status_code == 422
    assert "Chưa chọn hồ sơ giữ lại" in answer.content.decode()
    assert not Merge.objects.exists()


def test_a_kept_record_that_is_neither_of_the_two_is_refused(reader: Client, two: tuple[Person, Person]) -> None:
    assert reader.post(page_of(), {"kept": str(new_id())}).status_code == 422
    assert not Merge.objects.exists()


def test_two_humans_are_proposed_no_more(reader: Client, two: tuple[Person, Person]) -> None:
    path = page_of()
    assert "hai người khác nhau" in reader.post(f"{path}hai-nguoi", {"note": "Sinh đôi"}, follow=True).content.decode()
    assert DistinctPersons.objects.get().note == "Sinh đôi"
    assert path not in reader.get(LIST).content.decode()


def test_a_pair_outside_the_area_is_not_there(client: Client, station: Station) -> None:
    same = {"full_name": "Bùi Thị Ngát", "identity_numbers": (("cccd", "001167004821"),), "phone": "0912000001"}
    station.person(**same)
    station.person(**same | {"full_name": "Bui Thi Ngat", "residence_code": a_commune("00004")})
    scan(by=None)
    commune = staff(Role.COMMUNE_HEALTH_STATION, None, "tram-y-te", "Trạm y tế")
    client.login(username=commune.username, password=PASSWORD)
    assert page_of() not in client.get(LIST).content.decode()
    assert client.get(page_of()).status_code == 404
    assert client.post(page_of(), {"kept": str(new_id())}).status_code == 404
