"""Anybody may see the seals and keep them; what he kept verifies the database."""

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from tests.ledger import enrol_key
from tiemchung.ground import audit
from tiemchung.oversight import actions_seal, verifying
from tiemchung.passports import keys

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("practice")]


def seal_once() -> None:
    with transaction.atomic():
        audit.record("tests.act", by=None)
    actions_seal.seal_finished()


def test_before_the_first_seal_the_page_says_so(client: Client) -> None:
    assert "Chưa có niêm phong nào" in client.get("/niem-phong/").content.decode()


def test_what_somebody_downloaded_verifies_the_database(client: Client, tmp_path: Path) -> None:
    enrol_key(keys.SEAL)
    for _ in range(3):
        seal_once()
    page = client.get("/niem-phong/").content.decode()
    assert page.count("<tr>") == 4
    lines = client.get("/niem-phong/niem-phong.jsonl")
    (tmp_path / "seals-000001.jsonl").write_bytes(b"".join(lines.streaming_content))
    report = verifying.verify(folder=tmp_path)
    assert (report.problems, report.published) == ([], 3)


def test_older_seals_are_a_page_away(client: Client) -> None:
    enrol_key(keys.SEAL)
    for _ in range(3):
        seal_once()
    assert client.get("/niem-phong/", {"before": "3"}).content.decode().count("<tr>") == 3
    assert client.get("/niem-phong/", {"before": "x"}).content.decode().count("<tr>") == 4
    assert len(b"".join(client.get("/niem-phong/niem-phong.jsonl?before=2").streaming_content).splitlines()) == 1
