"""What does a process take from its environment? Read once, here, and nowhere else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

SHORTEST_KEY = 32  # signs
_NUMBERED_KEY = re.compile(rf"(?:(?P<number>\d{{1,3}}):)?(?P<secret>[^\s,:]{{{SHORTEST_KEY},}})")


class SettingError(RuntimeError):
    """A process cannot start with the settings that it found."""


class MissingSettingError(SettingError):
    """A setting that the process cannot do without is not in its environment."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(f"{name} is not set. {hint}")


class UnreadableSettingError(SettingError):
    """A setting is there and cannot be read."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(f"{name} cannot be read. {hint}")


@dataclass(frozen=True)
class Environment:
    """The settings of a process of the health side. Secrets come from the environment only, never from a file here."""

    database_url: str
    secret_key: str
    data_keys: tuple[tuple[int, str], ...]  # number and secret; the one in use first (docs/adr/0023)
    hosts: tuple[str, ...]
    secure: bool  # behind TLS, unless told «0»: cookies are marked secure, HSTS is sent
    population_url: str
    population_secret: str  # shared with the population side: it signs questions
    slip_keys: tuple[str, ...]  # the public keys by which correction slips are believed; without one, none is
    keys_folder: Path
    seals_folder: Path | None  # where seals are published outside the database; none: nowhere
    exchange_folder: Path | None  # where the population side's answers and change lists arrive; none: by command alone
    hsm_module: str  # the PKCS#11 library of a hardware module that holds keys; empty: none does
    hsm_pin: str
    clock_offset: timedelta  # what a practice day adds to the machine's clock
    practice: bool
    second_factor: bool  # whether staff must have one
    staff_idle: timedelta
    staff_longest: timedelta
    hsts: timedelta  # how long browsers come by TLS alone; a day or less where certificates are one's own
    threads: int  # of each process that answers
    requests_per_second: int  # of one address, to one process, in the long run; 0: as many as it likes
    largest_body: int  # bytes
    proxies: int  # how many of ours stand before the server, each adding to X-Forwarded-For

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Environment":
        """Read the settings; a missing secret stops the start with a hint. Raises SettingError."""
        return cls(
            database_url=_required(environ, "DATABASE_URL", "Give a postgresql:// address, or start with --embedded."),
            secret_key=_required(environ, "TIEMCHUNG_SECRET_KEY", "Make one with: tiemchung secret"),
            data_keys=_data_keys(environ),
            hosts=_hosts(environ),
            secure=environ.get("TIEMCHUNG_SECURE", "1") != "0",
            population_url=environ.get("TIEMCHUNG_POPULATION_URL", "http://127.0.0.1:8001").rstrip("/"),
            population_secret=_population_secret(environ),
            slip_keys=_several(environ, "TIEMCHUNG_SLIP_KEYS"),
            keys_folder=Path(environ.get("TIEMCHUNG_KEYS", ".run/keys")),
            seals_folder=Path(environ["TIEMCHUNG_SEALS"]) if environ.get("TIEMCHUNG_SEALS") else None,
            exchange_folder=Path(environ["TIEMCHUNG_EXCHANGE"]) if environ.get("TIEMCHUNG_EXCHANGE") else None,
            hsm_module=environ.get("TIEMCHUNG_HSM_MODULE", ""),
            hsm_pin=_hsm_pin(environ),
            clock_offset=_clock_offset(environ),
            practice=_practice(environ),
            second_factor=_second_factor(environ),
            staff_idle=timedelta(minutes=_whole(environ, "TIEMCHUNG_STAFF_IDLE_MINUTES", 60, least=1)),
            staff_longest=timedelta(hours=_whole(environ, "TIEMCHUNG_STAFF_HOURS", 12, least=1)),
            hsts=timedelta(seconds=_whole(environ, "TIEMCHUNG_HSTS_SECONDS", 31_536_000, least=0)),
            threads=_whole(environ, "TIEMCHUNG_THREADS", 8, least=3),
            requests_per_second=_whole(environ, "TIEMCHUNG_REQUESTS_PER_SECOND", 100, least=0),
            largest_body=_whole(environ, "TIEMCHUNG_LARGEST_BODY_MB", 20, least=3) * 1024 * 1024,
            proxies=_whole(environ, "TIEMCHUNG_PROXIES", 0, least=0),
        )


@dataclass(frozen=True)
class PopulationEnvironment:
    """The settings of the population side's process: its own store and key, and the secret that both sides know."""

    database_url: str
    key: str  # makes handles and digests; the health side never has it
    secret: str
    slip_key: str  # private, signs correction slips; without it records are shown and none can be confirmed
    work_folder: Path  # its own, where the register lies while a batch is answered: nobody else may read it
    hosts: tuple[str, ...]
    secure: bool
    clock_offset: timedelta
    practice: bool
    second_factor: bool  # whether officers must have one
    proxies: int  # how many of its own stand before the server, each adding to X-Forwarded-For

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "PopulationEnvironment":
        """Read the settings; a missing secret stops the start with a hint. Raises SettingError."""
        return cls(
            database_url=_required(
                environ, "POPULATION_DATABASE_URL", "Give a postgresql:// address, or start with --embedded."
            ),
            key=_required(environ, "TIEMCHUNG_POPULATION_KEY", "Make one with: tiemchung secret"),
            secret=_population_secret(environ),
            slip_key=environ.get("TIEMCHUNG_SLIP_KEY", ""),
            work_folder=Path(environ.get("TIEMCHUNG_POPULATION_WORK", ".run/population-work")),
            hosts=_hosts(environ),
            secure=environ.get("TIEMCHUNG_SECURE", "1") != "0",
            clock_offset=_clock_offset(environ),
            practice=_practice(environ),
            second_factor=_second_factor(environ),
            proxies=_whole(environ, "TIEMCHUNG_PROXIES", 0, least=0),
        )


def _practice(environ: Mapping[str, str]) -> bool:
    return environ.get("TIEMCHUNG_PRACTICE", "") == "1"


def _second_factor(environ: Mapping[str, str]) -> bool:
    """Asked for unless told otherwise; a practice day lets visitors walk through every door."""
    return environ.get("TIEMCHUNG_SECOND_FACTOR", "0" if _practice(environ) else "1") != "0"


def _whole(environ: Mapping[str, str], name: str, otherwise: int, *, least: int) -> int:
    written = environ.get(name) or str(otherwise)
    if not written.isascii() or not written.isdigit() or not least <= int(written) <= 100_000_000:
        raise UnreadableSettingError(name, f"Give a whole number from {least} on, for example {otherwise}.")
    return int(written)


def _hsm_pin(environ: Mapping[str, str]) -> str:
    """A module without its PIN would fail at the first signature: say so at the start."""
    if not environ.get("TIEMCHUNG_HSM_MODULE"):
        return ""
    return _required(environ, "TIEMCHUNG_HSM_PIN", "TIEMCHUNG_HSM_MODULE needs the PIN of its user.")


def _population_secret(environ: Mapping[str, str]) -> str:
    return _required(environ, "TIEMCHUNG_POPULATION_SECRET", "Agree on it with the other side.")


def _data_keys(environ: Mapping[str, str]) -> tuple[tuple[int, str], ...]:
    hint = "Make one with: tiemchung secret. Keep it apart from the database's backups."
    return numbered_keys(environ, "TIEMCHUNG_DATA_KEYS", hint)


def numbered_keys(environ: Mapping[str, str], name: str, hint: str) -> tuple[tuple[int, str], ...]:
    """Read `2:new secret,1:old secret`; a secret alone is number 1. Raises SettingError."""
    written = _required(environ, name, hint)
    found = [_NUMBERED_KEY.fullmatch(each.strip()) for each in written.split(",")]
    keys = tuple((int(each["number"] or 1), each["secret"]) for each in found if each)
    numbers = {number for number, _ in keys}
    if None in found or len(numbers) < len(keys) or not numbers <= set(range(1, 256)):
        raise UnreadableSettingError(
            name, f"Give <number>:<secret>, numbers from 1 to 255, secrets of {SHORTEST_KEY} signs or more."
        )
    return keys


def _several(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in environ.get(name, "").split(",") if each.strip())


def _hosts(environ: Mapping[str, str]) -> tuple[str, ...]:
    return _several({"TIEMCHUNG_HOSTS": "localhost,127.0.0.1", **environ}, "TIEMCHUNG_HOSTS")


def _clock_offset(environ: Mapping[str, str]) -> timedelta:
    try:
        return timedelta(seconds=float(environ.get("TIEMCHUNG_CLOCK_OFFSET", "0")))
    except (ValueError, OverflowError):
        raise UnreadableSettingError("TIEMCHUNG_CLOCK_OFFSET", "Give seconds, for example -86400.") from None


def _required(environ: Mapping[str, str], name: str, hint: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise MissingSettingError(name, hint)
    return value
