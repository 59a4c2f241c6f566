"""Suspending, leaving, coming back, closing; open work goes to somebody; nothing is deleted."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.station import Station, account_of, open_station, staff
from tiemchung.accounts import actions_standing as acts
from tiemchung.accounts.actions_staff import change_staff
from tiemchung.accounts.models import Account, HandOver, Role
from tiemchung.accounts.states import Standing
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.models import AuditEntry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORK = [{"kind": "visits", "count": 3}]


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def heir(station: Station) -> Account:
    return staff(Role.VACCINATOR, station.facility, "nguoi-thay", "Người thay")


def standing_of(account: Account) -> Standing:
    return Account.objects.get(id=account.id).standing


def today() -> date:
    return clock.today()


def some_work(_: Account) -> list[dict[str, Any]]:
    return WORK


def test_a_suspension_holds_until_it_is_lifted_and_is_noted_once(station: Station) -> None:
    before = AuditEntry.objects.count()
    for _ in range(2):
        acts.suspend(account_id=station.nurse.id, by=station.head)
    assert standing_of(station.nurse) == Standing.SUSPENDED
    for _ in range(2):
        acts.resume(account_id=station.nurse.id, by=station.head)
    assert standing_of(station.nurse) == Standing.ACTIVE
    assert AuditEntry.objects.count() == before + 2


def test_a_leave_gives_the_work_away_and_takes_it_back(station: Station, heir: Account) -> None:
    acts.send_on_leave(
        account_id=station.nurse.id, begins_on=today(), ends_on=today() + 9 * DAY, by=station.head,
        successor_id=heir.id, open_work=some_work,
    )  # fmt: skip
    assert standing_of(station.nurse) == Standing.AWAY
    assert acts.answers_for(heir) == [heir.id, station.nurse.id]
    assert HandOver.objects.get().work == WORK
    acts.come_back(account_id=station.nurse.id, by=station.head)
    assert standing_of(station.nurse) == Standing.ACTIVE
    assert acts.answers_for(heir) == [heir.id]
    assert HandOver.objects.count() == 1


def test_a_leave_ends_by_itself(station: Station, heir: Account, settings: Any) -> None:
    acts.send_on_leave(
        account_id=station.nurse.id, begins_on=today(), ends_on=today() + DAY, by=station.head, successor_id=heir.id
    )
    settings.CLOCK_OFFSET += 2 * DAY
    assert standing_of(station.nurse) == Standing.ACTIVE
    assert acts.answers_for(heir) == [heir.id]


def test_a_leave_that_ends_before_it_begins_is_refused(station: Station) -> None:
    with pytest.raises(InvalidInputError) as refused:
        acts.send_on_leave(account_id=station.nurse.id, begins_on=today(), ends_on=today() - DAY, by=station.head)
    assert refused.value.field == "ends_on"


def test_an_account_is_closed_on_its_day_and_for_good(station: Station, settings: Any) -> None:
    acts.close(account_id=station.nurse.id, on=today() + DAY, by=station.head)
    assert standing_of(station.nurse) == Standing.ACTIVE
    settings.CLOCK_OFFSET += DAY
    assert standing_of(station.nurse) == Standing.CLOSED
    for act in (acts.come_back, again_on_leave):
        with pytest.raises(ConflictError):
            act(account_id=station.nurse.id, by=station.head)
    assert Account.objects.filter(id=station.nurse.id).exists()


def again_on_leave(**said: Any) -> Account:
    return acts.send_on_leave(begins_on=today(), ends_on=None, **said)


def test_open_work_needs_a_successor_before_an_account_is_closed(station: Station, heir: Account) -> None:
    said = {"account_id": station.nurse.id, "on": today(), "by": station.head, "open_work": some_work}
    with pytest.raises(InvalidInputError) as refused:
        acts.close(**said)
    assert refused.value.field == "successor"
    assert standing_of(station.nurse) == Standing.ACTIVE
    acts.close(**said, successor_id=heir.id)
    assert standing_of(station.nurse) == Standing.CLOSED
    assert acts.answers_for(heir) == [heir.id, station.nurse.id]


def test_a_day_that_is_over_is_refused(station: Station) -> None:
    with pytest.raises(InvalidInputError) as refused:
        acts.close(account_id=station.nurse.id, on=today() - DAY, by=station.head)
    assert refused.value.field == "on"


def test_work_goes_from_hand_to_hand(station: Station, heir: Account) -> None:
    third = staff(Role.VACCINATOR, station.facility, "nguoi-ba", "Người thứ ba")
    for leaver, successor in [(station.nurse, heir), (heir, third)]:
        acts.close(account_id=leaver.id, on=today(), by=station.head, successor_id=successor.id)
    assert set(acts.answers_for(third)) == {third.id, heir.id, station.nurse.id}


@pytest.mark.parametrize(
    "unfit",
    [
        lambda station, heir: open_station().nurse,
        lambda station, heir: station.nurse,
        lambda station, heir: acts.suspend(account_id=heir.id, by=station.head),
        lambda station, heir: account_of(Role.MINISTRY),
    ],
    ids=["of another facility", "himself", "suspended", "of another role"],
)
def test_who_cannot_take_over_is_refused(
    station: Station, heir: Account, unfit: Callable[[Station, Account], Account]
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        acts.close(account_id=station.nurse.id, on=today(), by=station.head, successor_id=unfit(station, heir).id)
    assert refused.value.code == "successor_unfit"


@pytest.mark.parametrize("act", [acts.suspend, acts.resume, acts.come_back, again_on_leave])
def test_nobody_touches_accounts_out_of_his_scope_nor_his_own(station: Station, act: Any) -> None:
    for account_id in (open_station().nurse.id, station.head.id):
        with pytest.raises(NotFoundError):
            act(account_id=account_id, by=station.head)


def test_a_change_is_noted_with_what_changed_and_a_repetition_is_not(station: Station) -> None:
    said = {
        "account_id": station.nurse.id, "by": station.head, "display_name": "Lò Thị Mai", "role": Role.DOCTOR,
        "facility_id": station.facility.id, "area_code": None, "expires_on": None,
    }  # fmt: skip
    for _ in range(2):
        change_staff(**said)
    entry = AuditEntry.objects.get(act="accounts.change")
    assert entry.detail["changed"] == ["display_name", "folded", "role"]
    assert "Mai" not in str(entry.detail)
    changed = Account.objects.get(id=station.nurse.id)
    assert (changed.role, changed.folded) == (Role.DOCTOR, "LO THI MAI")


def test_nobody_moves_an_account_out_of_his_scope(station: Station) -> None:
    with pytest.raises(NotAllowedError):
        change_staff(
            account_id=station.nurse.id, by=station.head, display_name="Mai", role=Role.VACCINATOR,
            facility_id=open_station().facility.id, area_code=None, expires_on=None,
        )  # fmt: skip
