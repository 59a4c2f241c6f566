"""What does an installation of one's own need? A folder with its database server, its secrets and its keys.

Nothing is loaded into a database that is not its own: the folder is the installation, and may be deleted whole.
"""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tiemchung.ground.backups.keys import SETTING as BACKUP_KEYS
from tiemchung.ground.embedded import locks
from tiemchung.ground.embedded.server import EmbeddedServer
from tiemchung.ground.signed_notice import new_key

PATIENCE = 10.0  # seconds to wait for another process that completes the secrets
HEALTH_DATABASE = "tiemchung"
POPULATION_DATABASE = "population"
# Whose rights the processes have: they write, and can neither change nor delete what only grows (docs/adr/0022).
ROLES = {HEALTH_DATABASE: "tiemchung_app", POPULATION_DATABASE: "population_app"}
OWNER_ADDRESSES = ("DATABASE_OWNER_URL", "POPULATION_DATABASE_OWNER_URL")
_SECRETS = (
    *("TIEMCHUNG_SECRET_KEY", "TIEMCHUNG_DATA_KEYS", BACKUP_KEYS),
    *("TIEMCHUNG_POPULATION_SECRET", "TIEMCHUNG_POPULATION_KEY"),
)


@dataclass(frozen=True)
class Installation:
    """A folder that holds all of an embedded installation."""

    folder: Path

    @property
    def server(self) -> EmbeddedServer:
        """Its PostgreSQL."""
        return EmbeddedServer(self.folder / "pg")

    @property
    def logs(self) -> Path:
        """Where its processes write."""
        return self.folder / "logs"

    def start_database(self) -> EmbeddedServer:
        """Start PostgreSQL, or find it running, and make the two databases. The caller's lease holds it up."""
        server = self.server
        server.start()
        for name in {HEALTH_DATABASE, POPULATION_DATABASE} - set(server.database_names()):
            server.create_database(name)
        for role in ROLES.values():
            server.ensure_role(role)
        return server

    def environment(self) -> dict[str, str]:
        """What its processes take from their environment, secrets included; never the owner's addresses."""
        return {
            "DATABASE_URL": self.server.url(HEALTH_DATABASE, ROLES[HEALTH_DATABASE]),
            "POPULATION_DATABASE_URL": self.server.url(POPULATION_DATABASE, ROLES[POPULATION_DATABASE]),
            "TIEMCHUNG_KEYS": str((self.folder / "keys").resolve()),
            "TIEMCHUNG_SEALS": str((self.folder / "seals").resolve()),
            "TIEMCHUNG_POPULATION_WORK": str((self.folder / "population-work").resolve()),
            "TIEMCHUNG_SECURE": os.environ.get("TIEMCHUNG_SECURE", "0"),  # on this machine alone, without TLS
            **{name: value for name, value in self._secrets().items() if name != BACKUP_KEYS},
            **self._slip_key(),
            **self._practice(),
        }

    def owner_addresses(self) -> dict[str, str]:
        """For the one command that changes the schema, and for nobody who serves (docs/adr/0022)."""
        return {
            "DATABASE_OWNER_URL": self.server.url(HEALTH_DATABASE),
            "POPULATION_DATABASE_OWNER_URL": self.server.url(POPULATION_DATABASE),
        }

    def backup_keys(self) -> dict[str, str]:
        """For who takes backups and restores them; what serves has no use for it."""
        return {BACKUP_KEYS: self._secrets()[BACKUP_KEYS]}

    @property
    def is_practice(self) -> bool:
        """Whether it was made for practice, so that a demo may begin it anew. A real one never is."""
        return (self.folder / "practice.json").exists()

    def make_practice(self, offset: timedelta) -> None:
        """Let the installation live by a shifted clock from now on, and say on every page that it is for practice."""
        settings = {"TIEMCHUNG_CLOCK_OFFSET": str(offset.total_seconds()), "TIEMCHUNG_PRACTICE": "1"}
        _write_private(self.folder / "practice.json", json.dumps(settings))

    def _practice(self) -> dict[str, str]:
        path = self.folder / "practice.json"
        found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        return found

    def enter(self) -> EmbeddedServer:
        """Start the database and put the installation's settings in place of any others.

        An address of another database in the environment must not make this installation write there.
        """
        server = self.start_database()
        for name in (*OWNER_ADDRESSES, BACKUP_KEYS):
            os.environ.pop(name, None)
        os.environ.update(self.environment())
        return server

    def _secrets(self) -> dict[str, str]:
        path = self.folder / "secrets.json"
        if not path.exists():
            _write_private(path, json.dumps({name: secrets.token_urlsafe(48) for name in _SECRETS}))
        found: dict[str, str] = json.loads(path.read_text())
        return found if found.keys() >= set(_SECRETS) else self._with_newer_secrets(path)

    def _with_newer_secrets(self, path: Path) -> dict[str, str]:
        """An installation of an earlier version lacks what its processes ask for since: add it, keep the rest."""
        with locks.locked(self.folder / "secrets.lock", PATIENCE):
            found: dict[str, str] = json.loads(path.read_text())
            found |= {name: secrets.token_urlsafe(48) for name in _SECRETS if name not in found}
            draft = path.with_suffix(".newer")
            draft.unlink(missing_ok=True)
            _write_private(draft, json.dumps(found))
            draft.replace(path)
        return found

    def _slip_key(self) -> dict[str, str]:
        """Both halves of the key of correction slips: an installation of one's own plays both sides."""
        path = self.folder / "slip-key.json"
        if not path.exists():
            private, public = new_key()
            _write_private(path, json.dumps({"TIEMCHUNG_SLIP_KEY": private, "TIEMCHUNG_SLIP_KEYS": public}))
        found: dict[str, str] = json.loads(path.read_text())
        return found


def _write_private(path: Path, text: str) -> None:
    """Write whole or not at all, readable by the owner alone; of two writers the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
