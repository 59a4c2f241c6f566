"""A head plans a session and asks people to come."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.station import PASSWORD, Station, campaign, open_station
from tiemchung.accounts.models import Account
from tiemchung.campaigns import actions
from tiemchung.campaigns.models import Campaign, Invitation, Registration, Session
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
PAGE = "/van-phong/buoi-tiem/"


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def head(client: Client, station: Station) -> Client:
    client.login(username=station.head.username, password=PASSWORD)
    return client


def plan(**changes: str) -> dict[str, str]:
    week = clock.today() + timedelta(days=7)
    said = {"session_id": str(new_id()), "campaign_id": str(campaign().id), "on": f"{week:%d/%m/%Y}"}
    return said | {"part": "afternoon", "product": "AZ", "capacity": "20"} | changes


def registered(by: Account, station: Station) -> Registration:
    return actions.register(
        campaign_id=campaign().id,
        person_id=station.person().id,
        priority_group=16,
        history={},
        source=Registration.Source.SITE,
        consent=False,
        by=by.id,
    )


def test_today_s_work_leads_to_the_sessions(head: Client) -> None:
    home = head.get("/van-phong/").content.decode()
    assert f'href="{PAGE}"' in home
    assert "1 buổi đã lên lịch" in home


def test_a_session_is_planned_and_stands_in_the_list(head: Client, station: Station) -> None:
    answer = head.post(PAGE, plan(), follow=True).content.decode()
    assert "Đã lên lịch buổi tiêm nhận 20 người." in answer
    assert "Buổi chiều" in answer
    assert "21/05/2022" in answer
    held = Session.objects.get(facility=station.facility, on=date(2022, 5, 21))
    assert (held.part, held.product, held.capacity) == ("afternoon", "AZ", 20)


def test_pressing_twice_plans_one_session(head: Client, station: Station) -> None:
    fields = plan()
    assert [head.post(PAGE, fields).status_code for _ in range(2)] == [302, 302]
    assert Session.objects.filter(facility=station.facility).count() == 2  # with the one of today


@pytest.mark.parametrize(
    ("changes", "vi", "en"),
    [
        ({"on": "13/05/2022"}, "Ngày này đã qua", "This day has passed"),
        ({"on": "05/2022"}, "Cần đủ ngày, tháng, năm", "Day, month and year are needed"),
        ({"on": "31/02/2023"}, "Tháng 2", "February"),
        ({"capacity": "0"}, "Buổi tiêm cần ít nhất một chỗ", "A session needs at least one place"),
        ({"capacity": "nhiều"}, "Chưa có số người", "The number of people is missing"),
        ({"capacity": "9000"}, "Cơ sở chỉ còn nhận được 300 người", "The facility can take 300 more people"),
        ({"product": "??"}, "Chưa chọn vắc xin", "No vaccine is chosen"),
        ({"part": ""}, "Chưa chọn buổi", "No half day is chosen"),
        ({"on": "14/05/2022", "part": "morning"}, "Buổi này của loại vắc xin này đã có", "There is a session"),
    ],
)
def test_what_cannot_be_planned_is_said_at_its_field_in_both_languages(
    head: Client, changes: dict[str, str], vi: str, en: str
) -> None:
    for language, words in (("vi", vi), ("en", en)):
        answer = head.post(PAGE, plan(**changes), headers={"accept-language": language})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert '_wrong"' in answer.content.decode()


def test_inviting_is_said_in_numbers_and_pressing_twice_asks_nobody_twice(head: Client, station: Station) -> None:
    for _ in range(3):
        registered(station.head, station)
    way = f"{PAGE}{station.session.id}/moi"
    first, second = (head.post(way, follow=True).content.decode() for _ in range(2))
    assert "Đã mời 3 người. Buổi này đã mời 3 trên 100 chỗ." in first
    assert "Chưa có ai để mời" in second
    assert Invitation.objects.filter(session=station.session).count() == 3


def test_a_full_session_asks_nobody_and_says_so(head: Client, station: Station) -> None:
    Session.objects.filter(pk=station.session.pk).update(capacity=1)
    for _ in range(2):
        registered(station.head, station)
    way = f"{PAGE}{station.session.id}/moi"
    first, second = (head.post(way, follow=True).content.decode() for _ in range(2))
    assert "Đã mời 1 người. Buổi này đã mời 1 trên 1 chỗ." in first
    assert "Đã đủ người" in first
    assert "Buổi này đã đủ 1 người" in second


def test_another_facility_s_session_is_out_of_reach(head: Client) -> None:
    other = open_station()
    registered(other.head, other)
    assert head.post(f"{PAGE}{other.session.id}/moi").status_code == 404
    assert not Invitation.objects.exists()


def test_without_a_running_campaign_it_is_said_whom_to_ask(head: Client) -> None:
    Campaign.objects.update(ends_on=clock.today() - timedelta(days=1))
    assert "Chưa có chiến dịch nào đang chạy" in head.get(PAGE).content.decode()
