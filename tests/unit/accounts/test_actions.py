"""Opening accounts."""

import pytest

from tests.station import PASSWORD, commune, open_station
from tiemchung.accounts.actions import open_account
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.roles import AT_FACILITY, CODE_LENGTH, LEVEL_OF
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.ground.models import AuditEntry

pytestmark = pytest.mark.django_db


def ministry(username: str = "bo-y-te") -> Account:
    return open_account(
        username=username, display_name="Bộ Y tế", role=Role.MINISTRY, password="mot-hai-ba-bon", by=None
    )


def test_an_account_keeps_its_password_as_a_hash_only() -> None:
    account = ministry()
    assert account.check_password("mot-hai-ba-bon")
    assert "mot-hai-ba-bon" not in account.password


def test_a_name_that_is_taken_is_refused_and_leaves_the_first_account_alone() -> None:
    first = ministry()
    with pytest.raises(ConflictError) as refused:
        ministry()
    assert (refused.value.code, refused.value.field) == ("account_exists", "username")
    assert Account.objects.get() == first


@pytest.mark.parametrize("role", AT_FACILITY)
def test_staff_of_a_facility_without_one_are_refused_on_that_field(role: Role) -> None:
    with pytest.raises(InvalidInputError) as refused:
        open_account(username="x", display_name="X", role=role, password=PASSWORD, by=None)
    assert refused.value.field == "facility_id"


@pytest.mark.parametrize("role", [role for role in Role if role not in AT_FACILITY])
def test_others_with_a_facility_are_refused_on_that_field(role: Role) -> None:
    facility = open_station().facility
    with pytest.raises(InvalidInputError) as refused:
        open_account(username="x", display_name="X", role=role, password=PASSWORD, by=None, facility_id=facility.id)
    assert refused.value.field == "facility_id"


@pytest.mark.parametrize("role", [role for role in Role if role not in AT_FACILITY])
@pytest.mark.parametrize("code", [None, "01", "001", "00001"])
def test_a_role_of_an_area_needs_one_of_its_level_and_no_other_has_one(role: Role, code: str | None) -> None:
    commune()
    asked = {"username": "x", "display_name": "X", "role": role, "password": PASSWORD, "by": None, "area_code": code}
    level = LEVEL_OF.get(role)
    if len(code or "") == (CODE_LENGTH[level] if level else 0):
        assert open_account(**asked).area_id == code
        return
    with pytest.raises(InvalidInputError) as refused:
        open_account(**asked)
    assert refused.value.field == "area_code"


def test_the_audit_says_which_role_was_opened_and_holds_no_name() -> None:
    account = ministry("0912345678")
    entry = AuditEntry.objects.get(act="accounts.open")
    assert entry.subject == account.id
    assert entry.detail == {"role": "ministry"}


def test_an_account_prints_as_its_holders_name_for_pages() -> None:
    assert str(ministry()) == "Bộ Y tế"
