"""Acts and looks are written down in the transaction of the act."""

import pytest
from django.db import transaction

from tiemchung.ground import audit, clock
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry, ReadEntry

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


def test_a_look_is_written_with_its_reason() -> None:
    account, person, facility = (new_id() for _ in range(3))
    audit.read(person_id=person, by=account, reason="check-in", facility_id=facility)
    entry = ReadEntry.objects.get()
    assert (entry.person_id, entry.by, entry.reason, entry.facility_id) == (person, account, "check-in", facility)
