"""An installation of one's own: a folder that holds all of it, and that nothing in the environment can lead astray."""

import json
import os
from pathlib import Path

import pytest

from tiemchung.cli.installation import HEALTH_DATABASE, POPULATION_DATABASE, Installation

SECRETS = {"TIEMCHUNG_SECRET_KEY", "TIEMCHUNG_DATA_KEYS", "TIEMCHUNG_POPULATION_SECRET", "TIEMCHUNG_POPULATION_KEY"}
NEVER_SERVED = {"DATABASE_OWNER_URL", "POPULATION_DATABASE_OWNER_URL", "TIEMCHUNG_BACKUP_KEYS"}


class NoServer:
    """In place of PostgreSQL: notes which databases it was asked for."""

    def __init__(self) -> None:
        self.databases = [HEALTH_DATABASE]
        self.roles: set[str] = set()

    def start(self) -> None:
        """Nothing to start."""

    def database_names(self) -> list[str]:
        return self.databases

    def create_database(self, name: str) -> None:
        self.databases.append(name)

    def ensure_role(self, name: str) -> None:
        self.roles.add(name)

    def url(self, name: str, role: str = "owner") -> str:
        return f"postgresql://{role}@/{name}?host=/its/own"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> NoServer:
    found = NoServer()
    monkeypatch.setattr(Installation, "server", found)
    return found


def test_secrets_are_made_once_each_its_own_and_readable_by_their_owner_alone(tmp_path: Path, server: NoServer) -> None:
    first = Installation(tmp_path / "here").environment()
    assert Installation(tmp_path / "here").environment() == first
    assert len({first[name] for name in SECRETS}) == len(SECRETS)
    assert (tmp_path / "here" / "secrets.json").stat().st_mode & 0o077 == 0
    assert Installation(tmp_path / "there").environment()["TIEMCHUNG_SECRET_KEY"] != first["TIEMCHUNG_SECRET_KEY"]


def test_the_key_of_backups_is_made_too_and_kept_from_what_serves(tmp_path: Path, server: NoServer) -> None:
    found = Installation(tmp_path)
    (key,) = found.backup_keys().values()
    assert len(key) >= 32
    assert key not in found.environment().values()
    assert key in (tmp_path / "secrets.json").read_text()


def test_of_two_who_make_secrets_at_once_the_first_wins(
    tmp_path: Path, server: NoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = dict.fromkeys([*SECRETS, "TIEMCHUNG_BACKUP_KEYS"], "of the first")
    real = os.link

    def first_was_faster(draft: Path, path: Path) -> None:
        path.write_text(json.dumps(secrets))
        real(draft, path)

    monkeypatch.setattr(os, "link", first_was_faster)
    assert Installation(tmp_path).environment()["TIEMCHUNG_SECRET_KEY"] == "of the first"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secrets.json", "slip-key.json"]


def test_an_installation_of_an_earlier_version_gets_the_secrets_it_lacks_and_keeps_its_own(
    tmp_path: Path, server: NoServer
) -> None:
    first = Installation(tmp_path).environment()
    (tmp_path / "secrets.json").write_text(json.dumps({"TIEMCHUNG_SECRET_KEY": first["TIEMCHUNG_SECRET_KEY"]}))
    now = Installation(tmp_path).environment()
    assert now["TIEMCHUNG_SECRET_KEY"] == first["TIEMCHUNG_SECRET_KEY"]
    assert now["TIEMCHUNG_DATA_KEYS"] != first["TIEMCHUNG_DATA_KEYS"]
    assert Installation(tmp_path).environment() == now
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_both_databases_are_made_and_none_twice(tmp_path: Path, server: NoServer) -> None:
    for _ in range(2):
        Installation(tmp_path).start_database()
    assert server.databases == [HEALTH_DATABASE, POPULATION_DATABASE]


def test_another_database_in_the_environment_is_not_written_to(
    tmp_path: Path, server: NoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        for name in (*SECRETS, *NEVER_SERVED, "DATABASE_URL", "POPULATION_DATABASE_URL", "TIEMCHUNG_KEYS"):
            patch.setenv(name, "of the ministry")
        Installation(tmp_path).enter()
        assert os.environ["DATABASE_URL"] == "postgresql://tiemchung_app@/tiemchung?host=/its/own"
        assert not NEVER_SERVED & set(os.environ)
        assert os.environ["TIEMCHUNG_KEYS"] == str(tmp_path / "keys")
        assert "of the ministry" not in {os.environ[name] for name in SECRETS}
