"""Acts and looks are written down in the transaction of the act."""

import pytest
from django.db import transaction

from tiemchung.ground import audit, clock, origin
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry, NumberLookup, ReadEntry

pytestmark = pytest.mark.django_db


def test_an_act_is_written_with_who_what_and_when() -> None:
    account, subject, person, facility = (new_id() for _ in range(4))
    before = clock.now()
    audit.record("doses.inject", by=account, subject=subject, person_id=person, facility_id=facility, lot="FK9021")
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.by, entry.subject, entry.person_id, entry.facility_id) == (
        "doses.inject",
        account,
        subject,
        person,
        facility,
    )
    assert entry.detail == {"lot": "FK9021"}
    assert before <= entry.at <= clock.now()


def test_an_act_that_is_undone_leaves_no_entry() -> None:
    @transaction.atomic
    def act_that_fails() -> None:
        audit.record("doses.inject", by=None)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act_that_fails()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_and_its_entry_belong_in_one_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError, match=r"doses\.inject"):
        audit.record("doses.inject", by=None)
    assert not AuditEntry.objects.exists()


def test_a_look_is_written_with_its_reason() -> None:
    account, person, facility = (new_id() for _ in range(3))
    audit.read(person_id=person, by=account, reason="check-in", facility_id=facility)
    entry = ReadEntry.objects.get()
    assert (entry.person_id, entry.by, entry.reason, entry.facility_id) == (person, account, "check-in", facility)


def test_an_entry_says_from_where_it_came() -> None:
    with origin.acting(origin.Origin("clinic:scan", "s:1f", "203.0.113.0/24")):
        audit.read(person_id=new_id(), by=None, reason="scan")
        audit.record("doses.inject", by=None)
    for entry in (ReadEntry.objects.get(), AuditEntry.objects.get()):
        assert (entry.page, entry.client, entry.network) == ("clinic:scan", "s:1f", "203.0.113.0/24")


def test_a_number_that_was_looked_for_is_not_written_only_that_two_are_near() -> None:
    account = new_id()
    for number, found in [
        ("001167000001", True),
        ("001167000002", False),
        ("001167000001", True),
        ("001167000102", True),
    ]:
        audit.looked_up(number, by=account, found=found)
    one, two, again, far = NumberLookup.objects.order_by("at", "id")
    assert one.number == again.number != two.number
    assert one.block == two.block != far.block
    assert [each.found for each in (one, two, again, far)] == [True, False, True, True]
    assert "0011670000" not in one.number + one.block


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:12:3456::1", "2001:db8:12::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_of_an_address_the_network_is_kept(address: str, network: str) -> None:
    assert origin.network_of(address) == network
