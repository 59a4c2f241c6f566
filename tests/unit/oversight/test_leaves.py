"""How rows become leaves: each has a text of its own, whoever reads it, and old seals are read as they were made."""

import base64
import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connections import another
from tests.ledger import Day
from tests.unit.oversight.tampering import one, tamper, unguarded
from tiemchung.ground import audit, clock, tree
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry, ReadEntry
from tiemchung.hcert import SignerCertificate
from tiemchung.oversight import actions_seal, leaf_files, leaves, ledgers, proving, publishing, verifying
from tiemchung.oversight.leaves import Leaves
from tiemchung.oversight.ledgers import Ledger
from tiemchung.oversight.models import Seal, SealedLeaves
from tiemchung.oversight.proof import Proof
from tiemchung.oversight.statement import Statement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("certificate")]
ANY_TEXT = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]))
ODD = [
    "",
    "null",
    "NULL",
    "\\N",
    "\\\\N",
    "\\.",
    "\t",
    "\n",
    "\r\n",
    '"',
    "'",
    "\\",
    "\\t",
    "\\x00",
    "\\000",
    "\x01",
    "ữ",
    "a\tb",
]
END = 2**60
SESSIONS = {
    "TimeZone": "Asia/Ho_Chi_Minh",
    "DateStyle": "German",
    "IntervalStyle": "iso_8601",
    "bytea_output": "escape",
    "extra_float_digits": "-15",
    "enable_indexscan": "off",
    "standard_conforming_strings": "off",
}


@transaction.atomic
def act(**detail: Any) -> None:
    audit.record("tests.act", by=None, **detail)


def look(reason: str, client: str = "") -> None:
    ReadEntry.objects.create(at=clock.now(), person_id=new_id(), reason=reason, client=client)


def read(*columns: str, table: str = "ground_readentry") -> list[Leaves]:
    with transaction.atomic():
        return leaves.read(only(*columns, table=table), 0, END, leaves.FORM)


def only(*columns: str, table: str = "ground_readentry") -> Ledger:
    """A table as if it had, beside its key, no columns but these."""
    ledger = ledgers.all_ledgers()[table]
    named = [ledger.key, *columns] if columns else ledger.columns
    types = dict(zip(ledger.columns, ledger.types, strict=True))
    return replace(ledger, columns=tuple(named), types=tuple(types[column] for column in named))


def hashes(parts: list[Leaves]) -> list[bytes]:
    return [each for part in parts for each in part.each()]


def contents(*columns: str, table: str = "ground_readentry") -> list[bytes]:
    """What is hashed of each row, without its key."""
    ledger, keys = only(*columns, table=table), read(*columns, table=table)[0].keys
    with transaction.atomic():
        found = [leaves.content(ledger, key, leaves.FORM) for key in keys]
    return [each[22:] for each in found]


def test_no_two_values_have_one_text() -> None:
    for value in ODD:
        look(value)
    assert len(set(contents("reason"))) == len(ODD)


def test_what_stands_in_one_column_is_never_taken_for_what_stands_in_two() -> None:
    for reason, client in [("a", "b"), ("a\tb", ""), ("", "a\tb"), ("ab", ""), ("", "ab"), ("a\\", "b"), ("a", "\\b")]:
        look(reason, client)
    assert len(set(contents("reason", "client"))) == 7


def test_nothing_is_not_the_word_for_it() -> None:
    values = ["NULL", "''", "'null'", r"'\N'", "'NULL'", "'\"\"'"]
    tamper("ALTER TABLE ground_readentry ALTER COLUMN reason DROP NOT NULL; SELECT")
    for value in values:
        tamper(
            "INSERT INTO ground_readentry (id, at, person_id, reason, page, client, network) "
            f"VALUES (gen_random_uuid(), now(), gen_random_uuid(), {value}, '', '', '')"
        )
    assert len(set(contents("reason"))) == len(values)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(reason=st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=60))
def test_what_is_hashed_of_a_row_is_what_anybody_can_write(reason: str) -> None:
    look(reason)
    key = UUID(one("SELECT id::text FROM ground_readentry ORDER BY written_in DESC LIMIT 1"))
    values = [key.bytes, None, reason.encode()]
    written = (3).to_bytes(2) + b"".join(
        b"\xff\xff\xff\xff" if value is None else len(value).to_bytes(4) + value for value in values
    )
    with transaction.atomic():
        assert leaves.content(only("by", "reason"), str(key), leaves.FORM) == written
    (part,) = read("by", "reason")
    assert part.each()[-1] == hashlib.sha256(written).digest()


def test_a_kept_key_that_was_altered_misleads_nobody(day: Day, folder: Path) -> None:
    actions_seal.seal_finished()
    publishing.publish()
    dose = one("SELECT id FROM doses_dose ORDER BY id LIMIT 1")
    tamper("DELETE FROM doses_dose WHERE id = %s", [dose])
    tamper("UPDATE oversight_sealedleaves SET keys = replace(keys, %s, %s)", [dose.hex, new_id().hex])
    assert [each.what for each in verifying.verify().problems] == ["table_changed"]
    assert [(each.what, each.key) for each in verifying.verify(folder=folder).problems] == [("missing", str(dose))]


def test_a_column_of_a_wider_type_breaks_no_seal(day: Day) -> None:
    actions_seal.seal_finished()
    alter = "ALTER TABLE stock_stockmovement ALTER COLUMN"
    tamper(f"{alter} reason TYPE text; {alter} doses TYPE bigint; SELECT")
    assert verifying.verify().problems == []
    assert actions_seal.seal_finished() == 0


def test_a_column_of_a_type_that_says_something_else_is_a_changed_table(day: Day) -> None:
    actions_seal.seal_finished()
    tamper("ALTER TABLE stock_stockmovement ALTER COLUMN at TYPE text USING 'once'; SELECT")
    assert [(each.what, each.table) for each in verifying.verify().problems] == [
        ("table_changed", "stock_stockmovement")
    ]


def test_a_statement_whose_types_were_altered_is_an_altered_seal(day: Day) -> None:
    actions_seal.seal_finished()
    for of_key in ("text", "json", "uuid; DROP TABLE doses_dose", ""):
        said = json.loads(one("SELECT statement FROM oversight_seal"))
        said["tables"][0]["types"] = [of_key] if of_key else []
        tamper("UPDATE oversight_seal SET statement = %s", [json.dumps(said)])
        assert verifying.verify().problems[0].what == "seal_altered"


@pytest.mark.parametrize("setting", SESSIONS)
def test_it_does_not_matter_how_the_session_of_who_verifies_is_set(day: Day, setting: str) -> None:
    act(odd=ODD, long="ố\\" * 300_000)
    actions_seal.seal_finished()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [setting, SESSIONS[setting]])
        try:
            assert verifying.verify().problems == []
            act(after=setting)
            assert actions_seal.seal_finished() == 1
        finally:
            cursor.execute(f"RESET {setting}")
    assert verifying.verify().problems == []


def test_keys_that_are_numbers_stand_in_the_order_of_numbers() -> None:
    with transaction.atomic():
        for _ in range(12):
            audit.record("tests.act", by=None)
    (part,) = read(table="ground_auditentry")
    assert part.keys == [str(number) for number in sorted(map(int, part.keys))]
    assert part.ends == (part.keys[0], part.keys[-1])


def test_more_rows_than_a_leaf_holds_are_each_proven(certificate: SignerCertificate) -> None:
    with transaction.atomic():
        for _ in range(70):
            audit.record("tests.act", by=None)
    actions_seal.seal_finished()
    for entry in AuditEntry.objects.order_by("id")[:70:23]:
        with transaction.atomic():
            proof = proving.of_row("ground_auditentry", str(entry.id))
        assert proof.holds_for(certificate)
        moved = json.loads(proof.as_json()) | {"position": proof.position + 1}
        assert not Proof.read(json.dumps(moved)).holds_for(certificate)
        alone = json.loads(proof.as_json()) | {"together": ""}
        assert not Proof.read(json.dumps(alone)).holds_for(certificate)


def test_the_first_altered_missing_and_inserted_row_of_a_large_table_are_named() -> None:
    for _ in range(3):
        with transaction.atomic():
            for _ in range(50):
                audit.record("tests.act", by=None)
    actions_seal.seal_finished()
    first, second, third = AuditEntry.objects.order_by("id").values_list("id", flat=True)[20:120:40]
    tamper("UPDATE ground_auditentry SET detail = '{\"a\": 1}' WHERE id = %s", [first])
    tamper("DELETE FROM ground_auditentry WHERE id = %s", [second])
    copied = "now(), '', '{}', '', '', '', written_in FROM ground_auditentry"
    tamper("INSERT INTO ground_auditentry (id, at, act, detail, page, client, network, written_in) "
           f"SELECT -1, {copied} WHERE id = %s", [third])  # fmt: skip
    assert [(each.what, each.key) for each in verifying.verify().problems] == [
        ("altered", str(first)),
        ("missing", str(second)),
        ("inserted", "-1"),
    ]


def test_a_sealer_that_dies_among_the_rows_leaves_its_connection_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    act()

    def dies(row: Any, *_: object) -> None:
        row(0)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(leaves, "_part", dies)
        with pytest.raises(KeyboardInterrupt):
            actions_seal.seal_finished()
    assert not Seal.objects.exists()
    assert actions_seal.seal_finished() == 1


def test_a_sealer_that_loses_its_server_among_the_rows_seals_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        for _ in range(2000):  # more than the server's buffer takes ahead
            audit.record("tests.act", by=None, long="x" * 2000)
    pid = one("SELECT pg_backend_pid()")
    part = leaves._part

    def dies(row: Any, *rest: Any) -> Leaves | None:
        row(0)
        with another() as other:
            other.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])
        return part(row, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(leaves, "_part", dies)
        with pytest.raises(DatabaseError):
            actions_seal.seal_finished()
    connection.close()
    assert not Seal.objects.exists()
    assert actions_seal.seal_finished() == 1
    assert verifying.verify().problems == []


def test_the_database_says_what_it_cannot_read() -> None:
    ledger = replace(only("reason"), columns=("id", "nothing"))
    with pytest.raises(ProgrammingError, match="nothing"), transaction.atomic():
        leaves.read(ledger, 0, END, leaves.FORM)
    assert read() == []


@pytest.fixture
def first_form(day: Day, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A seal of the first form, published as it was then; after it one of today's."""
    with monkeypatch.context() as patch:
        patch.setattr(leaves, "FORM", 1)
        actions_seal.seal_finished()
    publishing.publish()
    as_it_was(folder / "leaves-000001" / "000000001.leaves")
    act()
    actions_seal.seal_finished()
    publishing.publish()


def as_it_was(path: Path) -> None:
    with gzip.open(path.with_suffix(".jsonl.gz"), "wt", encoding="utf-8") as file:
        for part in SealedLeaves.objects.filter(seal=1).order_by("table", "part"):
            kept = {"keys": part.keys.split("\n"), "hashes": base64.b64encode(bytes(part.hashes)).decode()}
            file.write(json.dumps({"table": part.table, **kept}) + "\n")
    path.unlink()


@pytest.mark.usefixtures("first_form")
def test_seals_of_the_first_form_verify_beside_those_of_today(folder: Path) -> None:
    assert [Statement.read(seal.statement).form for seal in Seal.objects.order_by("number")] == [1, 2]
    assert verifying.verify(folder=folder).problems == []
    dose = one("SELECT id FROM doses_dose ORDER BY id LIMIT 1")
    tamper("UPDATE doses_dose SET lot_number = 'XYZ' WHERE id = %s", [dose])
    tamper("DELETE FROM oversight_sealedleaves WHERE seal_id = 1")
    assert [(each.what, each.key) for each in verifying.verify(folder=folder).problems] == [("altered", str(dose))]


@pytest.mark.usefixtures("first_form")
def test_a_row_under_a_seal_of_the_first_form_is_proven(certificate: SignerCertificate) -> None:
    dose = str(one("SELECT id FROM doses_dose ORDER BY id LIMIT 1"))
    with transaction.atomic():
        proof = proving.of_row("doses_dose", dose)
    assert (json.loads(proof.content)[0], proof.holds_for(certificate)) == ("doses_dose", True)
    without = {name: said for name, said in json.loads(proof.as_json()).items() if name != "together"}
    assert Proof.read(json.dumps(without)).holds_for(certificate)  # as proofs of that time are written


@pytest.mark.usefixtures("first_form")
def test_a_row_of_the_first_form_has_the_hash_that_was_described_then() -> None:
    (said,) = [
        each for each in Statement.read(Seal.objects.get(number=1).statement).tables if each.table == "doses_dose"
    ]
    with unguarded() as cursor:
        ledgers.plain_text()
        columns = ", ".join(f"{column}::text" for column in said.columns)
        cursor.execute(f"SELECT {columns} FROM doses_dose WHERE id = %s", [said.first])
        text = json.dumps(["doses_dose", *cursor.fetchone()], ensure_ascii=False, separators=(",", ":"))
    kept = SealedLeaves.objects.get(seal=1, table="doses_dose")
    assert bytes(kept.hashes[:32]) == tree.leaf_hash(text.encode())
    assert said.root == tree.root_hash([bytes(kept.hashes[at : at + 32]) for at in range(0, 128, 32)]).hex()


def test_a_form_that_is_not_known_here_is_not_taken_for_another() -> None:
    act()
    actions_seal.seal_finished()
    said = json.loads(Seal.objects.get().statement)
    with pytest.raises(ValueError, match="form 3"):
        Statement.read(json.dumps(said | {"form": 3}))


KEYS = {
    "uuid": ["01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"],
    "int8": ["1", "-3"],
    "int4": ["7", "8"],
    "text": ["a", "1"],
}


@pytest.mark.parametrize("kind", KEYS)
def test_leaves_come_out_of_their_file_as_they_went_in(kind: str, tmp_path: Path) -> None:
    packed = {
        "uuid": b"".join(UUID(key).bytes for key in KEYS["uuid"]),
        "int8": (1).to_bytes(8) + (-3).to_bytes(8, signed=True),
        "int4": (7).to_bytes(4) + (8).to_bytes(4),
        "text": b"a\n1",
    }
    mine, others = Leaves(packed[kind], b"x" * 32 + b"\n" * 32, kind), Leaves(b"{}\n\n", b"\n" * 32, "text")
    leaf_files.write(tmp_path / "1.leaves", [("a", others), ("b", mine), ("a", others), ("b", mine)])
    assert leaf_files.read(tmp_path / "1.leaves", "b", kind) == [mine, mine]
    assert leaf_files.read(tmp_path / "1.leaves", "c", kind) == []
    assert leaf_files.read(tmp_path / "2.leaves", "b", kind) == []
    assert (mine.keys, Leaves.kept(mine.written, mine.hashes, kind)) == (KEYS[kind], mine)


def test_a_file_of_leaves_that_was_spoilt_names_no_row_but_the_table(day: Day, folder: Path) -> None:
    actions_seal.seal_finished()
    publishing.publish()
    tamper("UPDATE doses_dose SET lot_number = 'XYZ'")
    tamper("DELETE FROM oversight_sealedleaves")
    path = folder / "leaves-000001" / "000000001.leaves"
    whole = path.read_bytes()
    inside = whole.index(b"doses_dose") + 150
    for spoilt in (
        b"",
        b"x" * 40,
        whole[:60],
        whole[:inside],
        whole[::-1],
        whole[:inside] + b"x" + whole[inside + 1 :],
        b"[" * 200_000,
    ):
        path.write_bytes(spoilt)
        assert [each.what for each in verifying.verify(folder=folder).problems] == ["table_changed"]
