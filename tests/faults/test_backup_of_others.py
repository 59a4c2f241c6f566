"""Servers that are not the embedded one: of another version, with rules and places of their own."""

import dataclasses
from pathlib import Path

import pytest

from tests.backups import KEYS, restored, take
from tests.servers import remember, remembered
from tiemchung.ground.backups import recovery
from tiemchung.ground.backups.shelf import Shelf
from tiemchung.ground.backups.source import Source
from tiemchung.ground.embedded.server import EmbeddedServer
from tiemchung.ground.errors import RefusedError


def test_a_server_of_a_version_that_does_not_come_along_is_backed_up_by_its_own_programs(
    shelf: Shelf, tmp_path: Path
) -> None:
    server = EmbeddedServer(tmp_path / "server", version=15, linger=0)
    server.start()
    remember(server, "đã ghi")
    take(Source(server.url("postgres")), shelf)
    server.stop()
    server.release()
    assert restored(shelf, tmp_path / "back", None) == ["đã ghi"]


@pytest.mark.parametrize("rules", ["local all all scram-sha-256\n", None], ids=["a password", "kept elsewhere"])
def test_a_server_that_lets_nobody_in_by_its_own_rules_is_restored_all_the_same(
    server: EmbeddedServer, source: Source, shelf: Shelf, tmp_path: Path, rules: str | None
) -> None:
    ours = (server.place.pgdata / "pg_hba.conf").read_text()
    if rules:
        (server.place.pgdata / "pg_hba.conf").write_text(rules)
    else:  # as Debian has it: no settings beside the data
        (server.place.pgdata / "pg_hba.conf").unlink()
        (server.place.pgdata / "postgresql.conf").unlink()
    take(source, shelf)
    recovery.restore(shelf, KEYS, tmp_path / "back", None, lambda last: None)
    back = EmbeddedServer(tmp_path / "back", linger=0)
    (back.place.pgdata / "pg_hba.conf").write_text(ours)
    back.start()
    assert remembered(back) == ["đã ghi"]
    back.stop()
    back.release()


def test_a_server_whose_programs_are_nowhere_is_refused_before_anything_is_copied(
    source: Source, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = dataclasses.replace(source.facts(), version=13)
    monkeypatch.setattr(Source, "facts", lambda _: facts)
    with pytest.raises(RefusedError) as refused:
        take(source, shelf)
    assert "postgresql-13" in refused.value.en
    assert list((shelf.root / "base").iterdir()) == []
