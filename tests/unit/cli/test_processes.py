"""What faces the world does not start with what opens everything in its environment, whichever side it is of."""

import os
import subprocess
import sys

import pytest

HEALTH_OWNER, POPULATION_OWNER = "DATABASE_OWNER_URL", "POPULATION_DATABASE_OWNER_URL"
BACKUP_KEYS = "TIEMCHUNG_BACKUP_KEYS"
NEEDED = dict.fromkeys(("DATABASE_URL", "POPULATION_DATABASE_URL"), "postgresql:///never-asked") | dict.fromkeys(
    ("TIEMCHUNG_SECRET_KEY", "TIEMCHUNG_DATA_KEYS", "TIEMCHUNG_POPULATION_SECRET", "TIEMCHUNG_POPULATION_KEY"), "s" * 48
)


@pytest.fixture
def environment() -> dict[str, str]:
    """That of a process that may serve, but for what the test gives it."""
    unwanted = {HEALTH_OWNER, POPULATION_OWNER, BACKUP_KEYS, "TIEMCHUNG_ANY_ROLE", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in unwanted} | NEEDED


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("serve", POPULATION_OWNER),
        ("serve", BACKUP_KEYS),
        ("worker", POPULATION_OWNER),
        ("population serve", HEALTH_OWNER),
        ("population work --exchange .", HEALTH_OWNER),
        ("population work --exchange .", BACKUP_KEYS),
    ],
)
def test_a_process_that_serves_refuses_to_start_and_names_what_is_to_go(
    environment: dict[str, str], command: str, given: str
) -> None:
    program = [sys.executable, "-m", "tiemchung.cli.main", *command.split()]
    done = subprocess.run(program, env=environment | {given: "x" * 32}, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{given}: {given} chỉ dành cho")
    assert "Take it out of the environment" in done.stderr
