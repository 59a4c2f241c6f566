"""`tiemchung database`: start, stop, status, url, shell."""

import json
import subprocess

import pytest
from click.testing import CliRunner, Result

from tests.servers import made_folder, server
from tiemchung.cli.database import group
from tiemchung.cli.main import group as tiemchung
from tiemchung.ground.embedded.programs import programs
from tiemchung.ground.embedded.server import EmbeddedServer
from tiemchung.ground.errors import RefusedError

__all__ = ["made_folder", "server"]


def run(server: EmbeddedServer, command: str, *arguments: str) -> Result:
    return CliRunner().invoke(group, [command, "--folder", str(server.place.root), *arguments])


def test_the_command_is_reached_from_tiemchung() -> None:
    assert "start" in CliRunner().invoke(tiemchung, ["database", "--help"]).output


def test_start_keeps_the_server_until_stop(server: EmbeddedServer) -> None:
    started = json.loads(run(server, "start", "--json").output)
    assert (started["state"], started["linger_seconds"]) == ("running", None)
    assert json.loads(run(server, "status", "--json").output) == started
    assert json.loads(run(server, "stop", "--json").output)["ended"] == "fast"


def test_status_is_read_by_people_too(server: EmbeddedServer) -> None:
    lines = run(server, "status").output.splitlines()
    assert lines[0].split() == ["state", "stopped"]


def test_url_is_what_database_url_takes(server: EmbeddedServer) -> None:
    assert run(server, "url").output.strip() == server.url("tiemchung")


def test_url_over_tcp_needs_an_open_port(server: EmbeddedServer) -> None:
    answer = run(server, "url", "--tcp")
    assert isinstance(answer.exception, RefusedError)
    assert answer.exception.field == "tcp_port"


def test_a_version_that_does_not_come_along_is_refused(server: EmbeddedServer) -> None:
    answer = run(server, "start", "--version", "9")
    assert isinstance(answer.exception, RefusedError)
    assert answer.exception.field == "version"


def test_shell_opens_psql_on_the_database(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[list[str]] = []
    monkeypatch.setattr(subprocess, "call", lambda command: opened.append(command) or 0)
    assert run(server, "shell", "postgres").exit_code == 0
    assert opened == [[str(programs(18) / "psql"), server.url("postgres")]]
    assert server.status().state == "running"
