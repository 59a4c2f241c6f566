"""A head opens accounts for his station, alone and from a list; a nurse comes with her slip; leave, farewell."""

import csv
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.station import PASSWORD, Station, account_of, commune, open_station, ready, staff
from tiemchung.accounts.models import Account, HandOver, Role
from tiemchung.accounts.states import Standing
from tiemchung.ground import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
NEW = "mot mat khau moi"


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def head(client: Client, station: Station) -> Client:
    client.login(username=station.head.username, password=PASSWORD)
    return client


def opened(head: Client, **changes: Any) -> Any:
    said = {"display_name": "Vi Thị Hoa", "username": "Vi.Thi.Hoa", "role": "vaccinator", "expires_on": ""}
    return head.post("/van-phong/tai-khoan/mo", said | changes)


def code_on(page: str) -> str:
    found = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page)
    assert found
    return found[0]


def url(account: Account, act: str = "") -> str:
    return f"/van-phong/tai-khoan/{account.id}/{act}"


def test_a_new_nurse_comes_with_her_slip_and_works(head: Client, station: Station) -> None:
    slip = opened(head)
    assert slip["Cache-Control"].startswith("max-age=0")
    nurse = Client()
    sent = {"username": "vi.thi.hoa", "code": code_on(slip.content.decode()), "password": NEW, "again": NEW}
    assert nurse.post("/kich-hoat/", sent)["Location"] == "/dang-nhap/"
    nurse.post("/dang-nhap/", {"username": "vi.thi.hoa", "password": NEW})
    assert station.facility.name in nurse.get("/diem-tiem/").content.decode()
    assert nurse.post("/kich-hoat/", sent).status_code == 422


def test_a_slip_typed_wrongly_says_so_at_its_field(client: Client) -> None:
    sent = {"username": "vi.thi.hoa", "code": "00000-00000", "password": NEW, "again": "khac"}
    page = client.post("/kich-hoat/", sent).content.decode()
    assert "Hai lần ghi chưa giống nhau." in page
    page = client.post("/kich-hoat/", sent | {"again": NEW}).content.decode()
    assert "chưa khớp" in page
    assert NEW not in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"display_name": ""}, "Chưa có họ tên."),
        ({"username": "0912345678"}, "có ít nhất một chữ"),
        ({"role": "facility_head"}, "Vai trò"),
        ({"role": "auditor"}, "Vai trò"),
        ({"expires_on": "31/13/2030"}, "31/13/2030"),
        ({"expires_on": "2030"}, "Ngày chưa đủ."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(head: Client, changes: dict[str, str], said: str) -> None:
    refused = opened(head, **changes)
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert not Account.objects.filter(display_name="Vi Thị Hoa").exists()


def test_a_name_is_found_without_diacritics_and_never_stands_in_an_address(head: Client, station: Station) -> None:
    staff(Role.DATA_CLERK, station.facility, "hoang.van.pan", "Hoàng Văn Pản")
    page = head.post("/van-phong/tai-khoan/", {"text": "pan hoang"}).content.decode()
    assert "Hoàng Văn Pản" in page
    assert station.nurse.display_name not in page
    assert station.nurse.display_name in head.get("/van-phong/tai-khoan/?text=pan").content.decode()


def test_the_list_goes_on_where_it_ended(head: Client, station: Station) -> None:
    for number in range(60):
        staff(Role.VACCINATOR, station.facility, f"nhan-vien-{number:02}", f"Nhân viên {number:02}")
    first = head.get("/van-phong/tai-khoan/").content.decode()
    after = re.search(r'name="after" value="([0-9a-f-]{36})"', first)
    assert after
    second = head.post("/van-phong/tai-khoan/", {"after": after[1]}).content.decode()
    pages = [set(re.findall(r"nhan-vien-\d\d", page)) for page in (first, second)]
    assert not pages[0] & pages[1]
    assert len(pages[0] | pages[1]) == 60


def test_an_account_of_another_facility_is_not_there(head: Client) -> None:
    stranger = open_station().nurse
    assert head.get(url(stranger)).status_code == 404
    for act in ("ma-moi", "khoa", "mo-lai", "nghi", "dong"):
        assert head.post(url(stranger, act)).status_code == 404
    assert Account.objects.get(id=stranger.id).standing == Standing.ACTIVE


def test_a_suspension_ends_the_session_that_is_open(head: Client, station: Station) -> None:
    nurse = Client()
    nurse.login(username=station.nurse.username, password=PASSWORD)
    assert nurse.get("/diem-tiem/").status_code == 200
    head.post(url(station.nurse, "khoa"))
    assert nurse.get("/diem-tiem/").status_code == 302
    assert not nurse.login(username=station.nurse.username, password=PASSWORD)
    head.post(url(station.nurse, "mo-lai"))
    assert nurse.login(username=station.nurse.username, password=PASSWORD)


def test_a_new_code_ends_the_session_too(head: Client, station: Station) -> None:
    nurse = Client()
    nurse.login(username=station.nurse.username, password=PASSWORD)
    slip = head.post(url(station.nurse, "ma-moi")).content.decode()
    assert nurse.get("/diem-tiem/").status_code == 302
    sent = {"username": station.nurse.username, "code": code_on(slip), "password": NEW, "again": NEW}
    nurse.post("/kich-hoat/", sent)
    assert nurse.login(username=station.nurse.username, password=NEW)


def test_who_leaves_with_open_work_names_who_takes_it(head: Client, station: Station) -> None:
    ready(station)
    heir = staff(Role.VACCINATOR, station.facility, "nguoi-thay", "Người thay")
    today = f"{clock.today():%d/%m/%Y}"
    assert "người đã tiếp đón hôm nay" in head.get(url(station.nurse)).content.decode()
    refused = head.post(url(station.nurse, "dong"), {"on": today})
    assert (refused.status_code, "Chọn người nhận việc." in refused.content.decode()) == (422, True)
    head.post(url(station.nurse, "dong"), {"on": today, "successor": str(heir.id)})
    assert Account.objects.get(id=station.nurse.id).standing == Standing.CLOSED
    assert HandOver.objects.get().work == [{"kind": "visits", "count": 1}]
    assert "Nhận của" in head.get(url(heir)).content.decode()


def test_a_leave_is_noted_and_ended(head: Client, station: Station) -> None:
    head.post(url(station.nurse, "nghi"), {"begins_on": f"{clock.today():%d/%m/%Y}", "ends_on": ""})
    assert Account.objects.get(id=station.nurse.id).standing == Standing.AWAY
    assert "Đã đi làm lại" in head.get(url(station.nurse)).content.decode()
    head.post(url(station.nurse, "mo-lai"))
    assert Account.objects.get(id=station.nurse.id).standing == Standing.ACTIVE


def test_a_change_is_written(head: Client, station: Station) -> None:
    said = {"display_name": "Lò Thị Mai", "role": "doctor", "expires_on": "31/12/2030"}
    assert head.post(url(station.nurse), said).status_code == 302
    changed = Account.objects.get(id=station.nurse.id)
    assert (changed.display_name, changed.role, str(changed.expires_on)) == ("Lò Thị Mai", "doctor", "2030-12-31")


def upload(head: Client, text: str, **how: str) -> Any:
    file = SimpleUploadedFile("staff.csv", text.encode())
    return head.post("/van-phong/tai-khoan/danh-sach", {"file": file, "take": "all", "codes": "page"} | how)


def test_a_list_is_opened_by_its_page(head: Client, station: Station) -> None:
    text = f"username,name,role,facility\na.b,Lò A,vaccinator,{station.facility.code}\nc.d,Lò C,boss,\n"
    refused = upload(head, text)
    assert refused.status_code == 422
    assert "Chưa mở tài khoản nào" in refused.content.decode()
    assert "Không có vai trò này." in refused.content.decode()
    done = upload(head, text, take="good").content.decode()
    assert "1 phiếu kích hoạt" in done
    assert code_on(done)
    assert "1 tài khoản đã mở từ trước" in upload(head, text, take="good").content.decode()


def test_codes_come_as_a_file_when_that_was_chosen(head: Client, station: Station) -> None:
    text = f"username,name,role,facility\na.b,Lò A,vaccinator,{station.facility.code}\n"
    answer = upload(head, text, codes="file")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(answer.content.decode("utf-8-sig").splitlines())
    assert (row["username"], bool(code_on(row["code"]))) == ("a.b", True)


def test_the_sample_is_a_list_that_is_read(head: Client, station: Station) -> None:
    sample = head.get("/van-phong/tai-khoan/danh-sach/mau.csv").content.decode("utf-8-sig")
    answer = upload(head, sample).content.decode()
    assert "username_form" not in answer
    assert sample.startswith("username,name,role,facility,area,expires_on")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PROVINCE_HEALTH_DEPARTMENT, Role.COMMUNE_HEALTH_STATION])
def test_those_above_are_asked_for_the_place(client: Client, role: Role) -> None:
    commune()
    client.force_login(account_of(role))
    page = client.get("/van-phong/tai-khoan/mo").content.decode()
    assert 'name="area"' in page
    assert ('name="facility"' in page) == (role != Role.COMMUNE_HEALTH_STATION)
    said = {"display_name": "Tổ Nà Lốc", "username": "to.na.loc", "role": "hamlet_team", "area": "00001"}
    assert client.post("/van-phong/tai-khoan/mo", said).status_code == 200
    assert Account.objects.get(username="to.na.loc").area_id == "00001"


def test_the_menu_names_what_the_role_opens_and_nothing_else(head: Client) -> None:
    page = head.get("/van-phong/").content.decode()
    assert 'href="/van-phong/tai-khoan/"' in page
    assert 'href="/van-phong/ho-chieu/"' not in page
    assert '<details class="tc-menu' in page
