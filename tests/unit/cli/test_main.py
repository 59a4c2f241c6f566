"""The command: its words, and how it ends. 0 done, 1 refused with a reason, 2 wrong use."""

import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from scripts.reference import walk
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


EVERY = {" ".join(path[1:]): command for path, command in walk(group, ("tiemchung",)) if len(path) > 1}
JSON = {"Answer in JSON.", "Answer in JSON, an object a line.", "Answer in JSON, and end."}


def options(name: str) -> list[click.Option]:
    return [one for one in EVERY[name].params if isinstance(one, click.Option)]


@pytest.mark.parametrize("name", EVERY)
def test_every_command_and_all_below_it_explain_themselves(name: str) -> None:
    answer = CliRunner().invoke(group, [*name.split(), "--help"])
    assert answer.exit_code == 0, answer.output
    assert "Usage:" in answer.output
    assert (EVERY[name].help or "").strip().endswith(".")


@pytest.mark.parametrize("name", EVERY)
def test_every_option_says_what_it_is(name: str) -> None:
    assert [one.name for one in options(name) if not (one.help or "").endswith(".")] == []


@pytest.mark.parametrize("name", EVERY)
def test_json_is_promised_in_the_same_words_everywhere(name: str) -> None:
    assert {one.help for one in options(name) if "--json" in one.opts} <= JSON


@pytest.mark.parametrize("name", EVERY)
def test_an_option_that_is_none_is_wrong_use(name: str) -> None:
    answer = CliRunner().invoke(group, [*name.split(), "--khong-co"])
    assert (answer.exit_code, "--khong-co" in answer.output) == (2, True)


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


SECRETS = {
    "TIEMCHUNG_SECRET_KEY": "x",
    "TIEMCHUNG_DATA_KEYS": "x" * 32,
    "TIEMCHUNG_POPULATION_SECRET": "x",
    "TIEMCHUNG_POPULATION_KEY": "x",
}
NOWHERE = "postgresql://tiemchung_app:a-password@127.0.0.1:1/tiemchung"


@pytest.mark.parametrize(
    ("words", "setting"),
    [
        (("places", "load"), "DATABASE_URL"),
        (("migrate",), "DATABASE_URL"),
        (("serve",), "DATABASE_URL"),
        (("population", "reset-factor", "--username", "x"), "POPULATION_DATABASE_URL"),
    ],
)
def test_a_database_that_does_not_answer_is_said_in_words_without_the_password(
    words: tuple[str, ...], setting: str
) -> None:
    done = run(*words, **SECRETS, **{setting: NOWHERE})
    assert (done.returncode, done.stderr.splitlines()[0].split(":")[0]) == (1, setting)
    assert "Check address and password, and that its server runs." in done.stderr
    assert "Traceback" not in done.stderr
    assert "a-password" not in done.stderr
