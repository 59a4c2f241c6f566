"""The command: its words, and how it ends. 0 done, 1 refused with a reason, 2 wrong use."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tiemchung.cli.main import COMMANDS, group


def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process that has none of the platform's settings but these."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("TIEMCHUNG_", "DATABASE", "DJANGO"))
    }
    return subprocess.run(
        [sys.executable, "-m", "tiemchung.cli.main", *words],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(group, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert "Usage:" in answer.output


def test_help_lists_every_command() -> None:
    answer = CliRunner().invoke(group, ["--help"])
    assert all(name in answer.output for name in COMMANDS)


def test_an_unknown_command_is_wrong_use() -> None:
    assert CliRunner().invoke(group, ["khong-co"]).exit_code == 2


def test_a_secret_is_long_and_never_the_same() -> None:
    one, other = (CliRunner().invoke(group, ["secret"]).output.strip() for _ in range(2))
    assert one != other
    assert len(one) >= 60


@pytest.mark.parametrize("command", [("serve",), ("worker",), ("migrate",)])
def test_a_process_without_its_settings_says_which_and_ends_with_1(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL is not set. Give a postgresql:// address, or start with --embedded.")


def test_the_population_side_without_its_own_settings_says_which() -> None:
    done = run("population", "serve", DATABASE_URL="postgresql:///x", TIEMCHUNG_SECRET_KEY="x")
    assert (done.returncode, done.stderr.split(" ")[0]) == (1, "POPULATION_DATABASE_URL")


def test_another_kind_of_database_is_refused() -> None:
    secrets = {"TIEMCHUNG_SECRET_KEY": "x", "TIEMCHUNG_DATA_KEYS": "x" * 32, "TIEMCHUNG_POPULATION_SECRET": "x"}
    done = run("migrate", DATABASE_URL="sqlite:///x", **secrets)
    assert (done.returncode, "no other database" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr
