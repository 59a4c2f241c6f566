"""A list of staff: each fault by line and column, all or the good lines, twice is harmless."""

import pytest

from tests.station import Station, account_of, commune, open_station
from tests.unit.accounts.test_scope import elsewhere
from tiemchung.accounts import staff_list
from tiemchung.accounts.actions_import import Imported, import_staff
from tiemchung.accounts.actions_staff import activate
from tiemchung.accounts.models import Account, Activation, Role
from tiemchung.accounts.states import Standing
from tiemchung.ground.errors import InvalidInputError
from tiemchung.ground.models import AuditEntry

pytestmark = pytest.mark.django_db
HEADER = "username,name,role,facility,area,expires_on\n"


@pytest.fixture
def station() -> Station:
    return open_station()


def taken(text: str, by: Account | None = None, **how: bool) -> Imported:
    return import_staff(reading=staff_list.read(text.encode()), by=by, **how)


def faults(done: Imported) -> list[tuple[int, str]]:
    return [(fault.line, fault.column) for fault in done.faults]


def test_a_list_opens_accounts_that_activate_with_their_slips(station: Station) -> None:
    code = station.facility.code
    done = taken(
        f"{HEADER}Lo.Mai,Lò Thị Mai,vaccinator,{code},,\n"
        "syt.hanoi,Sở Y tế Hà Nội,province_health_department,,01,31/12/2030\n"
        "xa.phucxa,Trạm Phúc Xá,commune_health_station,,00001,2030-12-31\n"
        "kiem.toan,Kiểm toán,auditor,,,\n"
    )
    assert done.wrote
    assert [slip.username for slip in done.slips] == ["lo.mai", "syt.hanoi", "xa.phucxa", "kiem.toan"]
    assert done.slips[0].place == station.facility.name
    account = activate(username="lo.mai", code=done.slips[0].code, password="mot mat khau moi")
    assert (account.role, account.facility_id, account.folded) == (Role.VACCINATOR, station.facility.id, "LO THI MAI")
    assert str(Account.objects.get(username="syt.hanoi").expires_on) == "2030-12-31"


def test_every_account_has_its_audit_row_and_the_list_one(station: Station) -> None:
    done = taken(f"{HEADER}a.b,A,vaccinator,{station.facility.code},,\nc.d,B,ministry,,,\n")
    opened = Account.objects.filter(username__in=[slip.username for slip in done.slips])
    notes = AuditEntry.objects.filter(act="accounts.open", subject__in=opened.values("id"))
    assert {note.detail["role"] for note in notes} == {"vaccinator", "ministry"}
    assert AuditEntry.objects.get(act="accounts.import").detail == {"opened": 2, "faults": 0}


def test_the_same_list_again_opens_nothing_and_gives_no_code(station: Station) -> None:
    text = f"{HEADER}a.b,A,vaccinator,{station.facility.code},,\n"
    taken(text)
    again = taken(text)
    assert (again.wrote, again.slips, again.unchanged, again.faults) == (True, [], 1, [])
    assert Activation.objects.count() == 1


def test_new_codes_are_given_to_those_who_have_not_used_theirs() -> None:
    text = f"{HEADER}a.b,A,ministry,,,\nc.d,C,ministry,,,\n"
    first = taken(text)
    activate(username="a.b", code=first.slips[0].code, password="mot mat khau moi")
    again = taken(text, new_codes=True)
    assert [slip.username for slip in again.slips] == ["c.d"]
    with pytest.raises(InvalidInputError):
        activate(username="c.d", code=first.slips[1].code, password="mot mat khau moi")
    assert activate(username="c.d", code=again.slips[0].code, password="mot mat khau moi").standing == Standing.ACTIVE


WRONG = [
    ("x,A,ministry,,,", "username"),
    ("a.b,,ministry,,,", "name"),
    ("a.b,=1+1,ministry,,,", "name"),
    ("a.b,A,boss,,,", "role"),
    ("a.b,A,citizen,,,", "role"),
    ("a.b,A,,,,", "role"),
    ("a.b,A,vaccinator,,,", "facility"),
    ("a.b,A,vaccinator,77777,,", "facility"),
    ("a.b,A,ministry,01001,,", "facility"),
    ("a.b,A,district,,,", "area"),
    ("a.b,A,district,,01,", "area"),
    ("a.b,A,district,,999,", "area"),
    ("a.b,A,ministry,,01,", "area"),
    ("a.b,A,ministry,,,31/02/2022", "expires_on"),
    ("a.b,A,ministry,,,2022", "expires_on"),
    ("a.b,A", "role"),
]


@pytest.mark.parametrize(("line", "column"), WRONG)
def test_a_wrong_line_is_named_with_its_column_and_a_cure_in_both_languages(line: str, column: str) -> None:
    done = taken(f"{HEADER}\n{line}\n")
    assert (done.wrote, faults(done)) == (False, [(3, column)])
    assert done.faults[0].vi.count(".") >= 1
    assert done.faults[0].en
    assert not Account.objects.exists()


def test_all_faults_are_told_together_in_the_order_of_the_lines() -> None:
    lines = [line for line, _ in WRONG]
    done = taken(HEADER + "\n".join(line.replace("a.b", f"a.b{n}") for n, line in enumerate(lines)))
    assert faults(done) == [(n, column) for n, (_, column) in enumerate(WRONG, start=2)]


def test_the_good_lines_alone_are_opened_when_that_was_chosen() -> None:
    done = taken(f"{HEADER}a.b,A,ministry,,,\nc.d,B,boss,,,\na.b,C,ministry,,,\n", only_good_lines=True)
    assert (done.wrote, faults(done)) == (True, [(3, "role"), (4, "username")])
    assert Account.objects.get().username == "a.b"


def test_a_name_that_is_taken_by_somebody_else_is_a_fault_that_tells_nothing_of_him(station: Station) -> None:
    done = taken(f"{HEADER}{station.nurse.username},Kẻ Khác,ministry,,,\n")
    assert faults(done) == [(2, "username")]
    assert station.nurse.display_name not in done.faults[0].vi


def test_a_list_stays_within_what_the_sender_administers(station: Station) -> None:
    there, head = open_station(), station.head
    code = station.facility.code
    done = taken(
        f"{HEADER}a.b,A,vaccinator,{code},,\na.c,A,vaccinator,{there.facility.code},,\n"
        f"a.d,A,facility_head,{code},,\na.e,A,hamlet_team,,{commune().code},\n",
        by=head,
        only_good_lines=True,
    )
    assert [slip.username for slip in done.slips] == ["a.b"]
    assert faults(done) == [(3, "facility"), (4, "role"), (5, "role")]
    outside = elsewhere()
    province = account_of(Role.PROVINCE_HEALTH_DEPARTMENT)
    done = taken(f"{HEADER}b.a,A,hamlet_team,,{outside.area_id},\n", by=province)
    assert faults(done) == [(2, "area")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_of_any_country_write_what_is_read(delimiter: str) -> None:
    text = "\ufeff" + HEADER.replace(",", delimiter).upper() + delimiter.join(["a.b", "A", "ministry", "", "", ""])
    assert len(taken(text + "\r\n").slips) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"name,role\nA,ministry\n",
        HEADER.encode(),
        HEADER.encode() + b"a.b,A\x00,ministry,,,\n",
        b"x" * (staff_list.LARGEST + 1),
        HEADER.encode() + b"a.b,A,ministry\n" * (staff_list.MOST_LINES + 1),
        HEADER.encode() + b'"' + b"x" * 200_000,
    ],
    ids=["empty", "no UTF-8", "no username", "header alone", "NUL", "too large", "too long", "one endless cell"],
)
def test_what_is_no_list_is_refused_whole(data: bytes) -> None:
    with pytest.raises(InvalidInputError) as refused:
        staff_list.read(data)
    assert refused.value.field == "file"
