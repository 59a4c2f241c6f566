"""What lies where in the folder of one server."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tiemchung.ground.embedded import errors
from tiemchung.ground.embedded.programs import ServerAccount, account_name

LONGEST_SOCKET = 107  # bytes of a socket's path: sun_path of unix(7) without its closing zero
LONGEST_NAME = ".s.PGSQL.65535"


@dataclass(frozen=True)
class ServerFolder:
    """The folder of one server: its data, and beside it what its keeper needs."""

    root: Path

    @classmethod
    def at(cls, path: Path) -> "ServerFolder":
        """The folder at a path; its name is made absolute, as the keeper works elsewhere."""
        return cls(path.expanduser().absolute())

    @property
    def pgdata(self) -> Path:
        return self.root / "pgdata"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def start_lock(self) -> Path:
        """Held by who starts or stops the server: one at a time."""
        return self.root / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper for its whole life."""
        return self.root / "keeper.lock"

    @property
    def leases(self) -> Path:
        """Shared by all who use the server; the keeper tries to have it alone."""
        return self.root / "leases"

    @property
    def keeper(self) -> Path:
        """What the keeper says of itself."""
        return self.root / "keeper.json"

    @property
    def linger(self) -> Path:
        """How long the server stays without users."""
        return self.root / "linger.json"

    @property
    def password(self) -> Path:
        """The password for connections over TCP; the socket's folder needs none, it is closed to others."""
        return self.root / "password"

    @property
    def socket(self) -> Path:
        """The folder of the server's socket: inside, or where the path would be too long, in a short place."""
        inside = self.root / "socket"
        if _fits(inside):
            return inside
        if self._socket_record.exists():
            return Path(self._socket_record.read_text())
        inode = self.root.stat().st_ino if self.root.exists() else 0  # a new folder in an old place is another
        name = "tiemchung-" + hashlib.sha256(os.fsencode(self.root) + str(inode).encode()).hexdigest()[:16]
        short = Path(tempfile.gettempdir()) / name
        return short if _fits(short) else Path("/tmp") / name  # noqa: S108 (made with mode 700, owner checked)

    @property
    def _socket_record(self) -> Path:
        return self.root / "socket-folder"

    def make(self) -> ServerAccount:
        """Make the folder and the socket's folder, closed to others; give the account that runs the server."""
        self.check_open()
        account = ServerAccount.of(self.root)
        if not self.root.exists():
            self.root.parent.mkdir(parents=True, exist_ok=True)
            self.root.mkdir(mode=0o700, exist_ok=True)
        account.own(self.root)
        self._check_owner(self.root, account)
        self._make_locks(account)
        self._make_socket_folder(account)
        return account

    def _make_locks(self, account: ServerAccount) -> None:
        for path in (self.start_lock, self.keeper_lock, self.leases):
            if not path.exists():
                path.touch(mode=0o644)
                account.own(path)

    def _make_socket_folder(self, account: ServerAccount) -> None:
        socket = self.socket
        if socket.parent != self.root:
            self._socket_record.write_text(str(socket))
        if not socket.exists():
            socket.mkdir(mode=0o700, exist_ok=True)
            account.own(socket)
        self._check_owner(socket, account)

    def _check_owner(self, path: Path, account: ServerAccount) -> None:
        owner = path.lstat().st_uid
        if owner not in {account.uid, os.geteuid()}:
            raise errors.other_owner(path, account_name(owner))

    def check_open(self) -> None:
        """Raise unless this process may look into the folder, or into the last folder on the way that is there."""
        nearest = next(path for path in (self.root, *self.root.parents) if os.access(path, os.F_OK))
        if not os.access(nearest, os.R_OK | os.X_OK if nearest == self.root else os.X_OK):
            raise errors.other_owner(nearest, account_name(nearest.stat().st_uid))

    def drop_short(self, socket: Path) -> None:
        """Leave nothing behind in the temporary folder; called when this folder itself may be gone."""
        if socket.parent != self.root:
            shutil.rmtree(socket)

    def tail(self) -> str:
        """The last 8 KB of what the server wrote."""
        if not self.log.exists():
            return ""
        return self.log.read_bytes()[-8192:].decode(errors="replace")


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / LONGEST_NAME)) <= LONGEST_SOCKET
