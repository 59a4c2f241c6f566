"""`tiemchung audit`: exit code 0 when all is as it was sealed, 1 when it is not, in words and in JSON."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import transaction

from tests.ledger import enrol_key
from tests.unit.oversight.tampering import one, tamper, unguarded
from tiemchung.cli.audit import group
from tiemchung.ground import audit
from tiemchung.oversight import waiting
from tiemchung.passports import keys

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, [str(each) for each in arguments])


@pytest.fixture
def certificate(practice: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sealed act, published; gives the file of the seal's certificate."""
    monkeypatch.setattr("tiemchung.cli.audit.prepare", lambda _: None)
    settings.SEALS_FOLDER = tmp_path / "seals"
    path = tmp_path / "seal.pem"
    path.write_bytes(enrol_key(keys.SEAL).pem())
    with transaction.atomic():
        audit.record("tests.act", by=None)
    assert run("seal").stdout == "1 seals made, 1 published\n"
    return path


def test_what_is_as_it_was_sealed_ends_with_0(certificate: Path, tmp_path: Path) -> None:
    done = run("verify", "--published", tmp_path / "seals", "--certificate", certificate)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "all is as it was sealed"
    assert done.stdout.startswith("1 seals, 1 in the published copy, ")


def test_what_is_not_ends_with_1_and_names_the_row(certificate: Path) -> None:
    entry = one("SELECT id FROM ground_auditentry WHERE act = 'tests.act'")
    tamper("UPDATE ground_auditentry SET act = 'nothing' WHERE id = %s", [entry])
    done = run("verify")
    assert done.exit_code == 1
    assert f"Row {entry} of ground_auditentry was altered after it was sealed (seal 1)." in done.stdout
    assert done.stdout.splitlines()[-1] == "NOT AS IT WAS SEALED"
    found = json.loads(run("verify", "--json").stdout)["problems"]
    assert [(each["what"], each["table"], each["key"]) for each in found] == [
        ("altered", "ground_auditentry", str(entry))
    ]


def test_the_folder_of_the_settings_is_the_published_copy_unless_told_otherwise(
    certificate: Path, tmp_path: Path
) -> None:
    assert run("verify").stdout.startswith("1 seals, 1 in the published copy, ")
    assert run("verify", "--database-alone").stdout.startswith("1 seals, no published copy, ")
    assert run("verify", "--database-alone", "--published", tmp_path / "seals").exit_code == 2


def test_seals_that_were_taken_away_with_their_rows_are_missed_without_being_told_where_to_look(
    certificate: Path,
) -> None:
    tamper("DELETE FROM oversight_sealedleaves")
    tamper("DELETE FROM oversight_seal")
    for table in ("ground_auditentry", "ground_readentry"):
        with unguarded() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    done = run("verify")
    assert done.exit_code == 1
    assert "Seal 1 was published and is missing in the database." in done.stdout


def test_rows_that_nobody_seals_end_with_1_after_some_minutes(certificate: Path, settings: Any) -> None:
    with transaction.atomic():
        audit.record("tests.act", by=None)
    assert run("verify").exit_code == 0
    settings.CLOCK_OFFSET += waiting.LONGEST + timedelta(seconds=1)
    done = run("verify")
    assert done.exit_code == 1
    assert "1 rows are not sealed, the first since 2022-05-14T" in done.stdout
    assert "Does tiemchung worker run" in done.stdout
    assert done.stdout.splitlines()[-1] == "what is sealed is as it was; NOT ALL IS SEALED"
    assert run("seal").exit_code == 0
    assert run("verify").exit_code == 0


def test_seals_that_nobody_publishes_end_with_1_after_some_minutes(
    certificate: Path, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "seals").rename(tmp_path / "taken")
    assert run("verify").exit_code == 0
    settings.CLOCK_OFFSET += waiting.LONGEST + timedelta(seconds=1)
    done = run("verify")
    assert done.exit_code == 1
    assert f"Seals are not published into {tmp_path / 'seals'}, the first since 2022-05-14T" in done.stdout
    assert run("verify", "--published", tmp_path / "taken").exit_code == 0  # a copy may be of yesterday
    assert run("verify", "--database-alone").exit_code == 0


def test_a_proof_is_checked_without_a_database(certificate: Path, tmp_path: Path) -> None:
    entry = one("SELECT id FROM ground_auditentry WHERE act = 'tests.act'")
    proof = tmp_path / "proof.json"
    proof.write_text(run("prove", "ground_auditentry", str(entry)).stdout)
    checked = run("check-proof", proof, "--certificate", certificate)
    assert checked.exit_code == 0
    assert {"act: tests.act", "person_id: (nothing)"} <= set(checked.output.splitlines())
    proof.write_text(proof.read_text().replace(b"tests.act".hex(), b"tests.fak".hex()))
    assert run("check-proof", proof, "--certificate", certificate).exit_code == 1


def test_what_cannot_be_read_is_refused_and_wrong_use_is_2(certificate: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Kính gửi")
    assert "certificate_unreadable" in str(run("verify", "--certificate", tmp_path / "letter.txt").exception)
    assert "proof_unreadable" in str(
        run("check-proof", tmp_path / "letter.txt", "--certificate", certificate).exception
    )
    assert "row_not_sealed" in str(run("prove", "ground_auditentry", "999999").exception)
    assert run("verify", "--published", tmp_path / "nowhere").exit_code == 2
