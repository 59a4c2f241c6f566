"""Records are put right: station, hamlet team and site at their pages, on paper, in a sheet; the funnel counts it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.other_side import OtherSide, patiently_asked
from tests.station import PASSWORD, Station, open_station
from tests.unit.cleaning.tasks import judged, task_of, worker
from tiemchung.accounts.models import Account, Role
from tiemchung.cleaning import actions, actions_funnel, actions_sheet, lists, sheets
from tiemchung.cleaning.models import CleaningStep, CleaningTask, ConfirmationRequest, Step
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import ReadEntry
from tiemchung.identity import patience
from tiemchung.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
PATH = "/van-phong/lam-sach/"


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def side(settings: Any) -> Iterator[OtherSide]:
    patience.note("")
    with patiently_asked() as found:
        settings.POPULATION_URL = found.address
        yield found


def signed_in(client: Client, role: Role, station: Station) -> Account:
    found = worker(role, station)
    assert client.login(username=found.username, password=PASSWORD)
    return found


def test_a_station_sees_its_residents_and_passes_them_on(client: Client, station: Station) -> None:
    task = task_of(station.person(), birth_date="first_of_january")
    signed_in(client, Role.COMMUNE_HEALTH_STATION, station)
    text = client.get(PATH).content.decode()
    assert task.person.full_name in text
    assert "Ghi 01/01 thay cho ngày thật" in text
    client.post(f"{PATH}buoc", {"task": str(task.id), "step": "sent_to_police"})
    assert ConfirmationRequest.objects.get().task == task
    assert "Công an xã đang xem" in client.get(f"{PATH}viec/{task.id}/").content.decode()
    assert ReadEntry.objects.filter(person_id=task.person_id, reason="cleaning_list").exists()


def test_a_clerk_puts_it_right_and_it_matches_at_once(client: Client, station: Station, side: OtherSide) -> None:
    task = task_of(station.person(), birth_date="day_differs")
    signed_in(client, Role.DATA_CLERK, station)
    answer = client.post(f"{PATH}viec/{task.id}/", {"value": "04/09/1967"}, follow=True)
    assert "Đã sửa và đã khớp" in answer.content.decode()
    task.refresh_from_db()
    assert task.closed_at is not None
    assert len(side.asked) == 1


def test_when_the_other_side_is_down_it_is_put_right_and_said_to_be_checked_later(
    client: Client, station: Station, settings: Any
) -> None:
    patience.note("")
    settings.POPULATION_URL = "http://127.0.0.1:9"
    task = task_of(station.person(), birth_date="day_differs")
    signed_in(client, Role.DATA_CLERK, station)
    answer = client.post(f"{PATH}viec/{task.id}/", {"value": "04/09/1967"}, follow=True)
    assert "Hệ thống sẽ đối chiếu lại" in answer.content.decode()
    assert "Chờ đối chiếu lại" in answer.content.decode()
    patience.note("")


def test_a_value_that_cannot_be_is_refused_at_the_field(client: Client, station: Station) -> None:
    task = task_of(station.person(), birth_date="day_differs")
    signed_in(client, Role.DATA_CLERK, station)
    answer = client.post(f"{PATH}viec/{task.id}/", {"value": "45/13/1967"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not CleaningStep.objects.exists()


def test_another_sites_record_opens_for_nobody_else(client: Client, station: Station) -> None:
    task = task_of(station.person(), birth_date="day_differs")
    signed_in(client, Role.DATA_CLERK, open_station())
    page = client.get(f"{PATH}viec/{task.id}/")
    assert task.person.full_name not in page.content.decode()
    assert "Không thấy việc này" in page.content.decode()
    assert task.person.full_name not in client.get(PATH).content.decode()
    client.post(f"{PATH}buoc", {"task": str(task.id), "step": "sent_to_police"})
    assert not ConfirmationRequest.objects.exists()


def test_one_decision_for_all_records_of_one_cause(client: Client, station: Station) -> None:
    tasks = [
        task_of(station.person(birth_date="03/09/1967", identity_numbers=(("cmnd", f"01324568{place}"),)),
                birth_date="day_month_swap")
        for place in range(3)
    ]  # fmt: skip
    signed_in(client, Role.FACILITY_HEAD, station)
    assert "3 hồ sơ: Ngày và tháng đổi chỗ" in client.get(f"{PATH}cung-loi/").content.decode()
    path = f"{PATH}cung-loi/{station.facility.id}/birth_date/day_month_swap/"
    assert "09/03/1967" in client.get(path).content.decode()
    client.post(path, {"task": [str(each.id) for each in tasks[:2]], "decision": "accept"})
    months = [Person.objects.get(id=each.person_id).birth_date.month for each in tasks]
    assert months == [3, 3, 9]
    client.post(path, {"task": [str(tasks[2].id)], "decision": "police"})
    assert ConfirmationRequest.objects.get().task == tasks[2]


def test_a_hamlet_team_carries_the_list_that_it_was_given(client: Client, station: Station) -> None:
    given, kept = (task_of(station.person(address=f"Số 4, tổ {n}"), birth_date="day_differs") for n in (7, 8))
    actions.take_step(task_ids=[given.id], step=Step.GIVEN_TO_HAMLET, by=worker(Role.COMMUNE_HEALTH_STATION, station))
    signed_in(client, Role.HAMLET_TEAM, station)
    text = client.get(f"{PATH}in/").content.decode()
    assert "tổ 7" in text
    assert "tổ 8" not in text
    assert ReadEntry.objects.filter(person_id=given.person_id, reason="cleaning_print").exists()
    assert not ReadEntry.objects.filter(person_id=kept.person_id, reason="cleaning_print").exists()


def filled(rows: list[tuple[Any, ...]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(sheets.HEADER)
    for task_id, result, value in rows:
        sheet.append([str(task_id), "", "", "", "", "", "", "", result, value])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_goes_out_and_comes_back_and_again_changes_nothing(client: Client, station: Station) -> None:
    tasks = [task_of(station.person(), birth_date="day_differs") for _ in range(3)]
    signed_in(client, Role.COMMUNE_HEALTH_STATION, station)
    client.post(f"{PATH}buoc", {"task": [str(each.id) for each in tasks[1:]], "step": "given_to_hamlet"})
    book = load_workbook(BytesIO(client.get(f"{PATH}bang").content))
    sheet = book.worksheets[0]
    by_id = {sheet.cell(row, 1).value: row for row in range(2, sheet.max_row + 1)}
    assert set(by_id) == {str(each.id) for each in tasks}
    assert all(len(sheet.cell(row, 5).value) == 12 for row in by_id.values())
    for each, result, value in zip(tasks, ("sửa", "đúng", "không rõ"), ("04/09/1967", "", ""), strict=True):
        sheet.cell(by_id[str(each.id)], 9).value = result
        sheet.cell(by_id[str(each.id)], 10).value = value
    out = BytesIO()
    book.save(out)
    for taken, known in ((3, 0), (0, 3)):
        out.seek(0)
        out.name = "x.xlsx"
        text = client.post(f"{PATH}bang/nhap", {"file": out}).content.decode()
        assert f"Đã nhận {taken} dòng" in text, text
        assert f">{known}<" in text.replace(" ", "")
    steps = list(CleaningStep.objects.order_by("id").values_list("step", flat=True))
    assert sorted(steps[2:]) == ["corrected", "hamlet_confirmed", "hamlet_unknown"]
    assert Person.objects.get(id=tasks[0].person_id).birth_date.day == 4


def test_what_is_wrong_with_a_row_is_said_with_column_and_cure_and_spoils_no_other(station: Station) -> None:
    good, late, elsewhere = (task_of(station.person(), birth_date="day_differs") for _ in range(3))
    judged(late.person, "right")
    actions.settle(person_ids=[late.person_id])
    stranger = task_of(open_station().person(), sex="other")
    rows = [
        (good.id, "sửa", "04/09/1967"),
        (elsewhere.id, "sửa", "45/13/1967"),
        ("x", "đúng", ""),
        (new_id(), "đúng", ""),
        (good.id, "có lẽ", ""),
        (good.id, "sửa", ""),
        (elsewhere.id, "sửa", "=1+1"),
        (elsewhere.id, "sửa", "x" * 301),
        (late.id, "sửa", "04/09/1967"),
        (elsewhere.id, "đúng", ""),
        (stranger.id, "không rõ", ""),
        (None, "", ""),
    ]
    found = actions_sheet.take_sheet(content=filled(rows), by=worker(Role.DATA_CLERK, station))
    assert (found.taken, found.known) == (1, 1)
    assert [(each.row, each.column) for each in found.problems] == [
        (3, "Giá trị mới"),
        (4, "Mã việc"),
        (5, "Mã việc"),
        (6, "Kết quả"),
        (7, "Giá trị mới"),
        (8, "Giá trị mới"),
        (9, "Giá trị mới"),
        (11, "Kết quả"),
        (12, "Mã việc"),
    ]
    assert all(". " in each.vi and each.en for each in found.problems)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"name;value", b"\x00" * 100, b"x" * (2 * 1024 * 1024 + 1)])
def test_what_is_no_sheet_takes_nothing_and_says_so(client: Client, station: Station, content: bytes) -> None:
    signed_in(client, Role.DATA_CLERK, station)
    file = BytesIO(content)
    file.name = "x.xlsx"
    text = client.post(f"{PATH}bang/nhap", {"file": file}, follow=True).content.decode()
    assert "Excel" in text
    assert "tc-alert-slim is-stop" in text


def test_a_bomb_is_not_unfolded() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MAX_UNFOLDED + 1))
    with pytest.raises(Exception, match="sheet_too_large"):
        sheets.read(out.getvalue())


def test_no_name_becomes_a_formula_in_the_sheet_that_goes_out(station: Station) -> None:
    task_of(station.person(address="=HYPERLINK(1)"), sex="other")
    rows = lists.page(worker(Role.DATA_CLERK, station))
    sheet = load_workbook(BytesIO(sheets.write(rows))).worksheets[0]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "=HYPERLINK(1)" in sheet.cell(2, 6).value


def test_the_league_names_who_has_most_left(client: Client, station: Station) -> None:
    for _ in range(2):
        task_of(station.person(), sex="other")
    cured = task_of(station.person(), sex="other")
    judged(cured.person, "right")
    actions.settle(person_ids=[cured.person_id])
    signed_in(client, Role.COMMUNE_HEALTH_STATION, station)
    text = client.get(f"{PATH}xep-hang/").content.decode()
    assert station.facility.name in text
    assert "2262/BYT-CNTT" in text


@pytest.mark.parametrize("name", ["sent", "with_number", "without_number", "malformed", "right", "wrong", "unchecked"])
def test_every_number_of_the_funnel_opens_its_list(client: Client, station: Station, name: str) -> None:
    people = {
        "right": station.person(full_name="Lò Thị Mai"),
        "wrong": station.person(full_name="Vi Văn Páo"),
        "unchecked": station.person(full_name="Hà Văn Đức"),
        "without_number": station.person(full_name="Lê Văn Bảy", identity_numbers=()),
        "malformed": station.person(full_name="Đinh Văn Tám"),
    }
    number = people["malformed"].identity_numbers.get()
    number.value = "123456789012345"
    number.save()
    judged(people["malformed"], "unknown")
    actions.settle(person_ids=[people["malformed"].id])
    judged(people["right"], "right")
    judged(people["wrong"], sex="other")
    signed_in(client, Role.COMMUNE_HEALTH_STATION, station)
    counts = {
        **{"sent": 5, "with_number": 3, "without_number": 1, "malformed": 1},
        **{"right": 1, "wrong": 1, "unchecked": 1},
    }
    table = client.get("/van-phong/xac-thuc/").content.decode()
    assert f'?nhom={name}">{counts[name]}</a>' in table
    page = client.get(f"/van-phong/xac-thuc/nguoi/?nhom={name}").content.decode()
    assert sum(each.full_name in page for each in people.values()) == counts[name]
    assert ReadEntry.objects.filter(reason="funnel").count() == counts[name]


def test_the_row_of_no_known_residence_opens_these_people_alone(client: Client, station: Station) -> None:
    station.person(full_name="Lò Thị Mai")
    station.person(full_name="Vi Văn Páo", residence_code="")
    signed_in(client, Role.MINISTRY, station)
    query = "?nhom=sent&tinh=khong"
    assert f'{query}">1</a>' in client.get("/van-phong/xac-thuc/").content.decode()
    page = client.get(f"/van-phong/xac-thuc/nguoi/{query}").content.decode()
    assert ("Vi Văn Páo" in page, "Lò Thị Mai" in page, "Chưa rõ nơi ở" in page) == (True, False, True)


def test_causes_are_shown_of_one_province(client: Client, station: Station) -> None:
    task_of(station.person(), sex="other")
    signed_in(client, Role.MINISTRY, station)
    whole, here, nowhere = (
        client.get(f"/van-phong/xac-thuc/{query}").content.decode() for query in ("", "?tinh=01", "?tinh=khong")
    )
    assert ("muc=sex" in whole, "muc=sex" in here, "muc=sex" in nowhere) == (True, True, False)


def test_a_cause_of_a_province_opens_the_list_of_those_who_live_there(client: Client, station: Station) -> None:
    task_of(station.person(full_name="Lò Thị Mai"), sex="other")
    task_of(station.person(full_name="Vi Văn Páo", residence_code=""), sex="other")
    signed_in(client, Role.MINISTRY, station)
    for place, shown, word in (("01", "Lò Thị Mai", "Thành phố Hà Nội"), ("khong", "Vi Văn Páo", "Chưa rõ nơi ở")):
        query = f"?muc=sex&loi=other&tinh={place}"
        assert f'{query}">1</a>' in client.get(f"/van-phong/xac-thuc/?tinh={place}").content.decode()
        page = client.get(f"/van-phong/lam-sach/{query}").content.decode()
        assert [name in page for name in ("Lò Thị Mai", "Vi Văn Páo")] == [
            name == shown for name in ("Lò Thị Mai", "Vi Văn Páo")
        ]
        assert word in page


def test_the_heading_counts_what_is_listed(client: Client, station: Station) -> None:
    for _ in range(2):
        task_of(station.person(), sex="other")
    passed_on = task_of(station.person(), birth_date="first_of_january")
    worked = signed_in(client, Role.COMMUNE_HEALTH_STATION, station)
    actions.take_step(task_ids=[passed_on.id], step=Step.SENT_TO_POLICE, by=worked)
    headings = {
        "": "3 hồ sơ cần làm sạch",
        "?o=with_police": "1 hồ sơ cần làm sạch",
        "?muc=sex": "2 hồ sơ cần làm sạch",
        "?muc=sex&loi=other&tinh=01": "2 hồ sơ cần làm sạch",
        "?muc=sex&o=with_police": "Không có hồ sơ nào ở đây",
        "?tinh=khong": "Không có hồ sơ nào ở đây",
    }
    for query, heading in headings.items():
        assert f"<h1>{heading}</h1>" in client.get(f"{PATH}{query}").content.decode()


def test_a_list_that_is_none_is_not_found(client: Client, station: Station) -> None:
    signed_in(client, Role.COMMUNE_HEALTH_STATION, station)
    assert client.get("/van-phong/xac-thuc/nguoi/?nhom=all").status_code == 404


def test_the_days_funnel_is_kept_once_a_day(client: Client, station: Station) -> None:
    judged(station.person(), "right")
    station.person()
    assert (actions_funnel.take_funnel(), actions_funnel.take_funnel()) == (2, 2)
    client.login(username=worker(Role.MINISTRY, station).username, password=PASSWORD)
    assert "Từng ngày" in client.get("/van-phong/xac-thuc/").content.decode()
    assert CleaningTask.objects.count() == 0
