"""After a restore transactions count anew: what is written then must still stand above all that was sealed."""

import pytest
from django.db import transaction

from tests.unit.oversight.tampering import tamper
from tiemchung.ground import audit
from tiemchung.ground.errors import ConflictError
from tiemchung.hcert import SignerCertificate
from tiemchung.oversight import actions_seal, counting, verifying
from tiemchung.oversight.models import Seal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("certificate")]
FAR = 10_000_000


@transaction.atomic
def act() -> None:
    audit.record("tests.act", by=None)


def test_where_numbers_go_on_nothing_is_added() -> None:
    act()
    actions_seal.seal_finished()
    assert counting.go_on() == 0


def test_after_a_restore_numbers_go_on_above_seals_and_rows(certificate: SignerCertificate) -> None:
    act()
    tamper("UPDATE ground_auditentry SET written_in = written_in + %s", [FAR])  # as a dump of a busy server has it
    assert counting.go_on() > FAR - 1_000_000
    assert actions_seal.seal_finished() == 1
    own = "pg_current_xact_id()::text::bigint"
    tamper(f"CREATE OR REPLACE FUNCTION this_transaction() RETURNS bigint LANGUAGE sql RETURN {own}")
    with pytest.raises(ConflictError, match="transactions_counted_anew"):
        actions_seal.seal_finished()
    counting.go_on()
    assert counting.go_on() >= Seal.objects.get().until - FAR
    act()
    assert actions_seal.seal_finished() == 1
    assert verifying.verify().problems == []
