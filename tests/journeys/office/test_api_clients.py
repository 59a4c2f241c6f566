"""The Ministry lets a hospital's program in, changes its key, and shuts it."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.station import Station, account_of, open_station
from tiemchung.accounts.models import Role
from tiemchung.accounts.models_access import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station() -> Station:
    return open_station()


def opened(ministry: Client, station: Station, **changes: Any) -> Any:
    said = {
        "display_name": "HIS Bạch Mai", "username": "his.bachmai", "contact": "Nguyễn Văn Tú", "role": "data_clerk",
        "facility": station.facility.code, "pages": ["api:sessions-today"], "per_minute": "60", "per_day": "5000",
    }  # fmt: skip
    return ministry.post("/van-phong/chuong-trinh/them", said | changes)


def key_on(answer: Any) -> str:
    found = re.search(r"tc_\w{8}_[\w-]{43}", answer.content.decode())
    assert found
    return found[0]


def status(key: str) -> int:
    return Client().get("/api/sessions/today", headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_program_is_let_in_changes_its_key_and_is_shut(client: Client, station: Station) -> None:
    client.force_login(account_of(Role.MINISTRY))
    first = key_on(opened(client, station))
    assert status(first) == 200
    made = ApiClient.objects.get()
    page = client.get(f"/van-phong/chuong-trinh/{made.id}/").content.decode()
    assert "1 trên 5.000 lượt" in page
    assert first not in page
    second = key_on(client.post(f"/van-phong/chuong-trinh/{made.id}/khoa-moi"))
    assert [status(first), status(second)] == [200, 200]
    client.post(f"/van-phong/chuong-trinh/{made.id}/thu-hoi")
    assert [status(first), status(second)] == [401, 401]
    assert "Đã thu hồi" in client.get("/van-phong/chuong-trinh/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"contact": ""}, "Chưa có người liên hệ."),
        ({"pages": []}, "Chưa chọn địa chỉ nào."),
        ({"per_minute": "6000"}, "không hơn số lượt mỗi ngày"),
        ({"facility": "77777"}, "Không có cơ sở mang mã này."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    client: Client, station: Station, changes: dict[str, Any], said: str
) -> None:
    client.force_login(account_of(Role.MINISTRY))
    refused = opened(client, station, **changes)
    assert refused.status_code == 422
    assert said in refused.content.decode()


def test_a_province_sees_its_own_programs_alone(client: Client, station: Station) -> None:
    ministry = Client()
    ministry.force_login(account_of(Role.MINISTRY))
    opened(ministry, station)
    made = ApiClient.objects.get()
    client.force_login(account_of(Role.PROVINCE_HEALTH_DEPARTMENT))
    assert "HIS Bạch Mai" in client.get("/van-phong/chuong-trinh/").content.decode()
    stranger = Client()
    stranger.force_login(account_of(Role.DISTRICT))
    assert stranger.get(f"/van-phong/chuong-trinh/{made.id}/").status_code == 403
