"""A seal covers what is finished, once, whoever seals, however often, and whatever the clock says."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as platform
from django.db import connection, transaction

from tests.ledger import Day
from tests.unit.oversight.tampering import one, tamper
from tiemchung.ground import audit
from tiemchung.ground.errors import ConflictError
from tiemchung.ground.models import AuditEntry
from tiemchung.hcert import SignerCertificate
from tiemchung.oversight import actions_seal, publishing, tasks, verifying
from tiemchung.oversight.models import Seal, SealedLeaves
from tiemchung.oversight.statement import NOTHING_BEFORE, Statement, link

pytestmark = pytest.mark.django_db(transaction=True)


@transaction.atomic
def act(times: int = 1) -> None:
    for _ in range(times):
        audit.record("tests.act", by=None)


def statements() -> list[Statement]:
    return [Statement.read(seal.statement) for seal in Seal.objects.order_by("number")]


def sealed(table: str) -> int:
    return sum(each.rows for said in statements() for each in said.tables if each.table == table)


def other_connection() -> "psycopg.Connection[Any]":
    said = connection.settings_dict
    return psycopg.connect(
        dbname=said["NAME"],
        user=said["USER"],
        password=said["PASSWORD"] or None,
        host=said["HOST"],
        port=said["PORT"] or None,
    )


ACT = "INSERT INTO ground_auditentry (at, act, detail, page, client, network) VALUES (now(), 'late', '{}', '', '', '')"


def test_a_seal_says_how_many_rows_of_which_tables_from_which_key_to_which(day: Day) -> None:
    assert actions_seal.seal_finished() == 1
    (said,) = statements()
    by_table = {each.table: each for each in said.tables}
    assert (said.seal, said.first, said.previous) == (1, 0, NOTHING_BEFORE)
    assert by_table["doses_dose"].rows == 4
    assert by_table["ground_auditentry"].rows == AuditEntry.objects.count()
    assert by_table["ground_auditentry"].first == str(one("SELECT min(id) FROM ground_auditentry"))
    assert by_table["ground_auditentry"].last == str(one("SELECT max(id) FROM ground_auditentry"))
    assert "oversight_seal" not in by_table


def test_seals_are_links_of_one_chain(certificate: SignerCertificate) -> None:
    for _ in range(3):
        act()
        actions_seal.seal_finished()
    one_, two, three = statements()
    first, second, _ = Seal.objects.order_by("number")
    assert (two.previous, two.first) == (link(first.statement, first.signature), one_.until)
    assert (three.previous, three.first) == (link(second.statement, second.signature), two.until)


def test_where_nothing_happened_nothing_is_sealed(certificate: SignerCertificate) -> None:
    act()
    assert actions_seal.seal_finished() == 1
    assert actions_seal.seal_finished() == 0


def test_what_is_not_finished_waits_and_comes_under_a_later_seal(certificate: SignerCertificate) -> None:
    with other_connection() as slow:
        slow.execute(ACT)  # open: its row may still appear, with a lower number than what follows
        act()
        actions_seal.seal_finished()
        assert sealed("ground_auditentry") < AuditEntry.objects.count()
        slow.commit()
    actions_seal.seal_finished()
    assert sealed("ground_auditentry") == AuditEntry.objects.count()
    assert verifying.verify().problems == []


def test_a_clock_that_goes_back_loses_nothing(certificate: SignerCertificate, settings: Any) -> None:
    act()
    actions_seal.seal_finished()
    settings.CLOCK_OFFSET -= timedelta(hours=5)
    act()
    actions_seal.seal_finished()
    assert Seal.objects.get(number=2).made_at < Seal.objects.get(number=1).made_at
    report = verifying.verify()
    assert (report.problems, report.unsealed) == ([], 0)


def test_of_two_sealers_at_once_neither_seals_what_the_other_has(certificate: SignerCertificate) -> None:
    act(50)
    made: list[int] = []

    def sealer() -> None:
        try:
            made.append(actions_seal.seal_finished())
        finally:
            connection.close()

    threads = [threading.Thread(target=sealer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 0, 0, 1]
    assert verifying.verify().problems == []


def test_a_sealer_that_dies_leaves_no_half_a_seal(
    certificate: SignerCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    act()

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tiemchung.oversight.actions_seal._keep", dies)
        with pytest.raises(KeyboardInterrupt):
            actions_seal.seal_finished()
    assert not Seal.objects.exists()
    assert actions_seal.seal_finished() == 1
    assert verifying.verify().problems == []


def test_a_large_backlog_comes_under_several_seals(certificate: SignerCertificate) -> None:
    for _ in range(9):
        act()
    act(7)  # one transaction stays together, however large
    assert actions_seal.seal_finished(largest=4) >= 4
    most = [max(each.rows for each in said.tables) for said in statements()]
    assert sorted(most)[-1] == 7
    assert all(rows <= 4 for rows in sorted(most)[:-1])
    assert verifying.verify().problems == []


def test_a_sealer_does_not_chase_writers_who_never_stop(
    certificate: SignerCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, to_come = actions_seal._keep, iter(range(9))

    def beside_a_writer(*sealed: Any) -> None:
        keep(*sealed)
        if next(to_come, None) is not None:
            with other_connection() as writer:
                writer.execute(ACT)

    act()
    with monkeypatch.context() as patch:
        patch.setattr(actions_seal, "_keep", beside_a_writer)
        made = [actions_seal.seal_finished() for _ in range(3)]
    assert made == [1, 1, 1]  # each what was there when it began
    assert actions_seal.seal_finished() == 1
    assert sealed("ground_auditentry") == AuditEntry.objects.count()


def test_leaves_are_kept_in_parts_and_the_root_is_of_all(
    certificate: SignerCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiemchung.oversight.leaves.PART", 4)
    act(10)
    actions_seal.seal_finished()
    assert SealedLeaves.objects.filter(table="ground_auditentry").count() == 3
    monkeypatch.undo()
    report = verifying.verify()
    assert (report.problems, report.rows) == ([], AuditEntry.objects.count())


def test_without_a_key_nothing_is_sealed_and_the_cure_is_said(practice: None) -> None:
    act()
    with pytest.raises(ConflictError, match="no_key"):
        actions_seal.seal_finished()


def test_the_worker_says_the_cure_in_a_line_and_publishes_what_was_sealed(
    practice: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    act()
    published: list[bool] = []
    monkeypatch.setattr(publishing, "publish", lambda: published.append(True))
    tasks.seal_and_publish(timestamp=0)
    (line,) = [record for record in caplog.records if record.name == tasks.__name__]
    assert (line.exc_info, published) == (None, [True])
    assert "Tell the key officer" in line.getMessage()


def test_a_database_that_counts_transactions_anew_is_not_sealed_wrongly(certificate: SignerCertificate) -> None:
    act()
    actions_seal.seal_finished()
    tamper("UPDATE oversight_seal SET until = until + 1000000")
    act()
    with pytest.raises(ConflictError, match="transactions_counted_anew"):
        actions_seal.seal_finished()


def test_what_was_published_is_not_published_again(day: Day, folder: Path) -> None:
    actions_seal.seal_finished()
    assert publishing.publish() == 1
    assert publishing.publish() == 0
    (seal,) = publishing.published(folder)
    assert seal.read() == statements()[0]
    (doses,) = [each for each in statements()[0].tables if each.table == "doses_dose"]
    leaves = publishing.published_leaves(folder, 1, doses)
    assert [len(part) for part in leaves] == [4]


def test_a_publisher_that_died_in_the_middle_of_a_line_goes_on(certificate: SignerCertificate, folder: Path) -> None:
    for _ in range(2):
        act()
        actions_seal.seal_finished()
    publishing.publish()
    path = folder / "seals-000001.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert [seal.number for seal in publishing.published(folder)] == [1]
    assert publishing.publish() == 1
    assert path.read_bytes() == whole


def test_nothing_is_published_after_seals_that_the_database_does_not_have(
    certificate: SignerCertificate, folder: Path
) -> None:
    act()
    actions_seal.seal_finished()
    publishing.publish()
    tamper("UPDATE oversight_seal SET signature = 'ab'")
    with pytest.raises(ConflictError, match="published_seals_differ"):
        publishing.publish()


def test_where_no_folder_is_set_nothing_is_published(certificate: SignerCertificate) -> None:
    assert platform.SEALS_FOLDER is None
    act()
    actions_seal.seal_finished()
    assert publishing.publish() == 0
