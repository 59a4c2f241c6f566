"""What was sealed cannot be changed unseen, not even by who has the database, its superuser and no trigger left."""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from tests.ledger import Day, enrol_key
from tests.unit.oversight.tampering import one, tamper, unguarded
from tiemchung.ground import audit
from tiemchung.ground.errors import InvalidInputError
from tiemchung.ground.models import AuditEntry
from tiemchung.hcert import SignerCertificate
from tiemchung.oversight import actions_seal, leaves, ledgers, proving, publishing, verifying
from tiemchung.oversight.models import Seal, SealedLeaves
from tiemchung.oversight.proof import Proof
from tiemchung.oversight.statement import Sealed, Statement
from tiemchung.oversight.verifying import Report
from tiemchung.passports import keys

pytestmark = pytest.mark.django_db(transaction=True)


@transaction.atomic
def act() -> None:
    audit.record("tests.act", by=None)


def found(**asked: Any) -> list[tuple[str, int | None, str, str]]:
    return [(each.what, each.seal, each.table, each.key) for each in verifying.verify(**asked).problems]


@pytest.fixture
def sealed(day: Day, folder: Path) -> Day:
    """Three seals, published."""
    actions_seal.seal_finished()
    for _ in range(2):
        act()
        assert actions_seal.seal_finished() == 1
    publishing.publish()
    return day


def test_an_untouched_database_is_as_it_was_sealed(sealed: Day, folder: Path, certificate: SignerCertificate) -> None:
    act()
    report = verifying.verify(folder=folder, certificates=[certificate])
    rows = Seal.objects.get(number=1).rows
    assert report == Report(seals=3, rows=rows + 2, unsealed=1, published=3)
    assert rows > 30


@pytest.mark.parametrize("copy", [False, True])
def test_an_altered_row_is_named(sealed: Day, folder: Path, copy: bool) -> None:
    dose = one("SELECT id FROM doses_dose ORDER BY id OFFSET 1 LIMIT 1")
    tamper("UPDATE doses_dose SET lot_number = 'XYZ' WHERE id = %s", [dose])
    assert found(folder=folder if copy else None) == [("altered", 1, "doses_dose", str(dose))]


def test_a_deleted_row_is_named(sealed: Day) -> None:
    entry = one("SELECT id FROM ground_auditentry ORDER BY id LIMIT 1")
    tamper("DELETE FROM ground_auditentry WHERE id = %s", [entry])
    assert found() == [("missing", 1, "ground_auditentry", str(entry))]


def test_a_row_inserted_with_an_earlier_transaction_is_named(sealed: Day) -> None:
    copied = "SELECT 999999, at, by, page, client, network, act, subject, person_id, facility_id, detail, written_in"
    columns = "id, at, by, page, client, network, act, subject, person_id, facility_id, detail, written_in"
    tamper(f"INSERT INTO ground_auditentry ({columns}) {copied} FROM ground_auditentry WHERE act = 'passports.attest'")
    assert found() == [("inserted", 1, "ground_auditentry", "999999")]


def test_a_row_inserted_under_a_seal_that_names_no_row_of_its_table_is_named(sealed: Day) -> None:
    until = one("SELECT until - 1 FROM oversight_seal WHERE number = 2")
    columns = "id, at, by, page, client, network, person_id, facility_id, reason"
    values = "gen_random_uuid(), now(), NULL, '', '', '', gen_random_uuid(), NULL, 'scan'"
    tamper(f"INSERT INTO ground_readentry ({columns}, written_in) VALUES ({values}, %s)", [until])
    read = one("SELECT id FROM ground_readentry WHERE written_in = %s", [until])
    assert found() == [("inserted", 2, "ground_readentry", str(read))]


def test_an_emptied_table_is_named_by_its_first_row(sealed: Day) -> None:
    doses = one("SELECT string_agg(id::text, ',' ORDER BY written_in, id) FROM doses_dose").split(",")
    tamper("TRUNCATE doses_dose CASCADE")
    problems = [each for each in verifying.verify().problems if each.table == "doses_dose"]
    assert [each.key for each in problems] == doses
    assert {each.what for each in problems} == {"missing"}


def test_a_row_moved_to_another_transaction_is_missing_in_its_own(sealed: Day) -> None:
    entry = one("SELECT id FROM ground_auditentry ORDER BY id DESC LIMIT 1")
    tamper("UPDATE ground_auditentry SET written_in = 2^60::bigint WHERE id = %s", [entry])
    moved = ("ground_auditentry", str(entry))
    assert found() == [("missing", 3, *moved), ("inserted", None, *moved)]


@pytest.mark.parametrize("number", [-1, -(2**63), 2**60, 2**62, 2**63 - 1])
def test_a_row_of_a_transaction_that_never_was_is_named(sealed: Day, number: int) -> None:
    act()
    tamper(
        "INSERT INTO ground_auditentry "
        "SELECT (jsonb_populate_record(entry, %s)).* FROM ground_auditentry AS entry LIMIT 1",
        [Jsonb({"id": 999999, "written_in": number})],
    )
    assert found() == [("inserted", None, "ground_auditentry", "999999")]


def test_what_is_written_while_somebody_verifies_is_not_taken_for_inserted(sealed: Day) -> None:
    with transaction.atomic():
        act()
        assert found() == []


def test_of_many_changed_rows_the_first_are_named_and_the_rest_counted(
    sealed: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "NAMED", 3)
    tamper("UPDATE ground_auditentry SET act = 'nothing'")
    problems = verifying.verify().problems
    of_first = [each for each in problems if each.seal == 1]
    rows = AuditEntry.objects.count() - 2
    assert len(of_first) == verifying.NAMED + 1
    assert f"{rows - verifying.NAMED} more rows" in of_first[-1].text


def test_leaves_that_were_made_to_fit_do_not_hide_an_altered_row(sealed: Day, folder: Path) -> None:
    dose = one("SELECT id FROM doses_dose LIMIT 1")
    tamper("UPDATE doses_dose SET lot_number = 'XYZ' WHERE id = %s", [dose])
    refit("doses_dose", 1)
    assert found() == [("table_changed", 1, "doses_dose", "")]  # the database alone no longer knows which
    assert found(folder=folder) == [("altered", 1, "doses_dose", str(dose))]


def test_a_seal_that_was_altered_is_named(sealed: Day) -> None:
    tamper("UPDATE oversight_seal SET statement = replace(statement, '\"rows\":1,', '\"rows\":2,') WHERE number = 2")
    assert ("seal_altered", 2, "", "") in found()


@pytest.mark.parametrize("beside", ["until = until + 9", "rows = 0", "made_at = made_at - interval '1 day'"])
def test_what_stands_beside_a_seal_is_what_it_says(sealed: Day, folder: Path, beside: str) -> None:
    tamper(f"UPDATE oversight_seal SET {beside} WHERE number = 3")
    assert found(folder=folder) == [("seal_altered", 3, "", "")]


@pytest.mark.parametrize("statement", ["x", "[]", "[" * 200_000])
def test_a_seal_that_is_no_text_any_more_is_named(sealed: Day, statement: str) -> None:
    tamper("UPDATE oversight_seal SET statement = %s, signature = 'y' WHERE number = 2", [statement])
    assert found()[0] == ("seal_altered", 2, "", "")


@pytest.mark.parametrize("line", ["x", "{}", "[" * 200_000])
def test_a_copy_with_a_line_that_is_no_seal_is_refused(sealed: Day, folder: Path, line: str) -> None:
    (folder / "seals-000001.jsonl").write_text(line + "\n")
    with pytest.raises(InvalidInputError, match="seal_unreadable"):
        verifying.verify(folder=folder)


def test_a_proof_that_is_none_is_not_read() -> None:
    for text in ("x", "[]", "[" * 200_000):
        with pytest.raises(ValueError):
            Proof.read(text)


def test_a_seal_that_was_deleted_from_the_middle_is_named(sealed: Day, folder: Path) -> None:
    tamper("DELETE FROM oversight_seal WHERE number = 2")
    assert found()[0] == ("seal_missing", 2, "", "")
    assert found(folder=folder) == [("seal_missing", 2, "", "")]


def test_a_last_seal_that_was_deleted_with_its_rows_is_seen_against_the_copy(sealed: Day, folder: Path) -> None:
    last = one("SELECT max(id) FROM ground_auditentry")
    tamper("DELETE FROM oversight_seal WHERE number = 3")
    tamper("DELETE FROM oversight_sealedleaves WHERE seal_id = 3")
    tamper("DELETE FROM ground_auditentry WHERE id = %s", [last])
    assert found() == []  # nothing in the database says that there was more: what the copy is for
    assert found(folder=folder) == [
        ("seal_missing", 3, "", ""),
        ("missing", 3, "ground_auditentry", str(last)),
    ]


def test_a_seal_made_anew_over_altered_rows_with_the_true_key_is_seen_against_the_copy(
    sealed: Day, folder: Path
) -> None:
    entry = one("SELECT max(id) FROM ground_auditentry")
    tamper("UPDATE ground_auditentry SET act = 'nothing' WHERE id = %s", [entry])
    remake(3, keys.current(keys.SEAL))
    assert found() == []
    assert found(folder=folder) == [
        ("seal_rewritten", 3, "", ""),
        ("altered", 3, "ground_auditentry", str(entry)),
    ]


def test_a_seal_made_anew_with_a_key_of_ones_own_is_seen_by_who_knows_the_certificate(
    sealed: Day, certificate: SignerCertificate
) -> None:
    enrol_key(keys.SEAL)  # as he who has the database may
    remake(3, next(signer for signer in signers() if signer.certificate.kid != certificate.kid))
    assert found() == []
    assert found(certificates=[certificate]) == [("seal_altered", 3, "", "")]


def test_a_database_without_seals_is_not_as_it_was_sealed(sealed: Day, folder: Path) -> None:
    with unguarded() as cursor:
        cursor.execute("TRUNCATE oversight_seal, oversight_sealedleaves")
    assert found() == [("seal_none", None, "", "")]
    assert [what for what, *_ in found(folder=folder)] == ["seal_missing"] * 3


def test_a_table_that_lost_its_guard_or_itself_is_named(sealed: Day) -> None:
    with unguarded() as cursor:
        cursor.execute("ALTER TABLE doses_tally DISABLE TRIGGER doses_tally_append_only")
        cursor.execute("DROP TABLE passports_attesteddose")
    assert set(found()) == {
        ("table_unguarded", None, "doses_tally", ""),
        ("table_gone", 1, "passports_attesteddose", ""),
    }


def test_a_column_that_came_later_breaks_no_seal(sealed: Day) -> None:
    with unguarded() as cursor:
        cursor.execute("ALTER TABLE ground_auditentry ADD COLUMN colour text DEFAULT 'red'")
    act()
    actions_seal.seal_finished()
    assert found() == []
    tamper("UPDATE ground_auditentry SET colour = 'blue'")
    assert [what for what, seal, *_ in found() if seal == 4] == ["altered"]
    assert {seal for _, seal, *_ in found()} == {4}


def test_a_row_is_proven_to_who_has_nothing_but_the_proof_and_the_certificate(
    sealed: Day, certificate: SignerCertificate
) -> None:
    dose = str(one("SELECT id FROM doses_dose ORDER BY id DESC LIMIT 1"))
    with transaction.atomic():
        proof = Proof.read(proving.of_row("doses_dose", dose).as_json())
    assert proof.holds_for(certificate)
    assert UUID(dose).hex in proof.content
    said = proof.values
    assert (said["id"], said["product"], said["supersedes_id"], said["arm"]) == (dose, "AZ", None, "")
    forged = Proof.read(proof.as_json().replace(b"AZ".hex(), b"PF".hex()))
    assert not forged.holds_for(certificate)
    assert not proof.holds_for(enrol_key(keys.SEAL))
    elsewhere = json.loads(proof.as_json()) | {"table": "doses_tally"}
    assert not Proof.read(json.dumps(elsewhere)).holds_for(certificate)


def test_what_anybody_reads_of_a_row_has_the_hash_that_was_sealed(sealed: Day) -> None:
    """docs/reference/seals.md, followed by hand."""
    with connection.cursor() as cursor:
        columns = "id, act, at, by, client, detail, facility_id, network, page, person_id, subject, written_in"
        statement = f"COPY (SELECT {columns} FROM ground_auditentry WHERE id = 1) TO STDOUT (FORMAT binary)"
        with cursor.copy(statement) as copied:
            row = b"".join(bytes(part) for part in copied)[19:-2]
    (said,) = [each for each in statement_of(1).tables if each.table == "ground_auditentry"]
    (kept,) = SealedLeaves.objects.filter(seal=1, table="ground_auditentry")
    assert ", ".join(said.columns) == columns
    assert bytes.fromhex(kept.keys)[:8] == (1).to_bytes(8)
    assert bytes(kept.hashes[:32]) == hashlib.sha256(row).digest()
    assert said.keys == hashlib.sha256(bytes.fromhex(kept.keys)).hexdigest()
    leaf = hashlib.sha256(b"\x00" + kept.hashes).digest()
    assert (said.rows < 32, said.root) == (True, leaf.hex())


def signers() -> list[Any]:
    from tiemchung.passports.models import SignerCertificate as Row

    rows = Row.objects.filter(use=keys.SEAL)
    return [keys.load(row.where, SignerCertificate.read(row.pem.encode())) for row in rows]


def statement_of(number: int) -> Statement:
    return Statement.read(Seal.objects.get(number=number).statement)


def refit(table: str, seal: int) -> Sealed:
    """Make a seal's leaves of a table anew from what now stands there."""
    said = statement_of(seal)
    known = next(each for each in said.tables if each.table == table)
    with unguarded() as cursor:
        ledgers.plain_text()
        parts = leaves.read(known.ledger, said.first, said.until, said.form)
        for number, part in enumerate(parts):
            cursor.execute(
                "UPDATE oversight_sealedleaves SET keys = %s, hashes = %s "
                'WHERE seal_id = %s AND "table" = %s AND part = %s',
                [part.written, part.hashes, seal, table, number],
            )
    return Sealed.of(known.ledger, parts, said.form)


def remake(number: int, signer: Any) -> None:
    """Seal anew what now stands in the range of a seal, with any key."""
    seal = Seal.objects.get(number=number)
    said = json.loads(seal.statement)
    for each in said["tables"]:
        made = refit(each["table"], number)
        each |= {"rows": made.rows, "first": made.first, "last": made.last, "root": made.root, "keys": made.keys}
    text = Statement.read(json.dumps(said)).text
    signed = signer.sign(text.encode()).hex()
    tamper(
        "UPDATE oversight_seal SET statement = %s, key_id = %s, signature = %s WHERE number = %s",
        [text, signer.kid.hex(), signed, number],
    )
