"""What does this process take from its environment? Read once, here, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


class MissingSettingError(RuntimeError):
    """A setting that the process cannot do without is not in its environment."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(f"{name} is not set. {hint}")


@dataclass(frozen=True)
class Environment:
    """The settings of one process. Secrets come from the environment only, never from a file in the repository."""

    database_url: str
    population_database_url: str
    secret_key: str
    hosts: tuple[str, ...]
    secure: bool  # behind TLS: cookies are marked secure, HSTS is sent
    population_url: str
    population_secret: str
    keys_folder: Path
    clock_offset: timedelta  # what a practice day adds to the machine's clock
    practice: bool

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Environment":
        """Read the settings; a missing secret stops the start with a hint. Raises MissingSettingError."""
        return cls(
            database_url=_required(environ, "DATABASE_URL", "Give a postgresql:// address, or start with --embedded."),
            population_database_url=environ.get("POPULATION_DATABASE_URL", ""),
            secret_key=_required(environ, "TIEMCHUNG_SECRET_KEY", "Make one with: tiemchung secret"),
            hosts=tuple(environ.get("TIEMCHUNG_HOSTS", "localhost,127.0.0.1").split(",")),
            secure=environ.get("TIEMCHUNG_SECURE", "") == "1",
            population_url=environ.get("TIEMCHUNG_POPULATION_URL", "http://127.0.0.1:8001"),
            population_secret=_required(
                environ, "TIEMCHUNG_POPULATION_SECRET", "It is agreed with the owner of the population database."
            ),
            keys_folder=Path(environ.get("TIEMCHUNG_KEYS", ".run/keys")),
            clock_offset=timedelta(seconds=float(environ.get("TIEMCHUNG_CLOCK_OFFSET", "0"))),
            practice=environ.get("TIEMCHUNG_PRACTICE", "") == "1",
        )


def _required(environ: Mapping[str, str], name: str, hint: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise MissingSettingError(name, hint)
    return value
