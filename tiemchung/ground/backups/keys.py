"""Which keys are backups encrypted with? Those of TIEMCHUNG_BACKUP_KEYS, which lie in no backup."""

from collections.abc import Mapping

from tiemchung.ground.backups.sealed_file import BackupKey, Keys
from tiemchung.ground.environment import MissingSettingError, numbered_keys

SETTING = "TIEMCHUNG_BACKUP_KEYS"
HINT = "Make one with: tiemchung secret. Keep it in a vault: without it no backup can be read."


def read_keys(environ: Mapping[str, str], *, optional: bool = False) -> Keys:
    """The keys, the one in use first; none only for practice, or where a caller says so. Raises SettingError."""
    if not environ.get(SETTING):
        if optional or environ.get("TIEMCHUNG_PRACTICE") == "1":
            return ()
        raise MissingSettingError(SETTING, HINT)
    return tuple(BackupKey(number, secret) for number, secret in numbered_keys(environ, SETTING, HINT))


def as_setting(keys: Keys) -> dict[str, str]:
    """What a process that is to read with them gets in its environment."""
    return {SETTING: ",".join(f"{key.number}:{key.secret}" for key in keys)} if keys else {}
