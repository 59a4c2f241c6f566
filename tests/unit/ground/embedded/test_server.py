"""The embedded server from its users' side."""

import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.servers import as_root, made_folder, new_server, remembered, server
from tiemchung.ground.database_url import django_database
from tiemchung.ground.embedded.server import EmbeddedServer
from tiemchung.ground.errors import RefusedError

__all__ = ["made_folder", "new_server", "server"]


def refusal(act, *arguments) -> tuple[str, str]:
    with pytest.raises(RefusedError) as refused:
        act(*arguments)
    assert refused.value.vi
    assert refused.value.en
    return refused.value.code, refused.value.field


def test_a_new_server_is_made_started_used_and_stopped(new_server: EmbeddedServer) -> None:
    assert new_server.status().state == "absent"
    new_server.start()
    assert new_server.status().state == "running"
    with psycopg.connect(new_server.url("postgres")) as connection:
        query = "SELECT current_setting('server_encoding'), current_setting('timezone'), datcollate FROM pg_database"
        assert connection.execute(query).fetchone() == ("UTF8", "UTC", "C")
    assert new_server.stop() == "fast"
    assert (new_server.status().state, new_server.status().ended) == ("stopped", "fast")
    assert new_server.stop() is None


def test_starting_again_finds_the_running_server(server: EmbeddedServer) -> None:
    server.start()
    other = EmbeddedServer(server.place.root, durable=False)
    other.start()
    assert other.status().pid == server.status().pid
    other.release()


def test_the_longest_term_wished_for_holds(server: EmbeddedServer) -> None:
    server.start()
    terms = []
    for linger in (5.0, 3.0, None, 7.0):
        other = EmbeddedServer(server.place.root, durable=False, linger=linger)
        other.start()
        other.release()
        terms.append(other.status().linger_seconds)
    assert terms == [5.0, 5.0, None, None]


def test_databases_are_made_copied_listed_and_dropped(server: EmbeddedServer) -> None:
    server.start()
    server.create_database("first")
    with psycopg.connect(server.url("first")) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    server.create_database("second", template="first")
    with psycopg.connect(server.url("second")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert server.database_names() == ["first", "second"]
    server.drop_database("first")
    assert server.database_names() == ["second"]


@pytest.mark.parametrize("name", ["", "a" * 64, "Tiêm", 'x"; DROP', "a-b"])
def test_a_database_name_that_postgresql_would_change_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(EmbeddedServer(tmp_path).create_database, name) == ("database_name", "name")


def test_what_exists_is_not_made_and_what_does_not_is_not_dropped(server: EmbeddedServer) -> None:
    server.start()
    server.create_database("first")
    assert refusal(server.create_database, "first") == ("database_exists", "name")
    assert refusal(server.drop_database, "second") == ("database_absent", "name")
    assert refusal(server.create_database, "third", "second") == ("database_absent", "name")


def test_the_address_is_understood_by_djangos_settings(server: EmbeddedServer) -> None:
    found = django_database(server.url("tiemchung"))
    assert (found["NAME"], found["USER"], found["HOST"]) == ("tiemchung", "postgres", str(server.place.socket))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_tcp_port_asks_for_the_password(made_folder: Path, server: EmbeddedServer) -> None:
    server.tcp_port = _free_port()
    server.start()
    assert remembered(server) == ["đã ghi"]
    with psycopg.connect(server.tcp_url("postgres")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{server.tcp_port}/postgres")


def test_a_port_in_use_is_named(server: EmbeddedServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server.tcp_port = taken.getsockname()[1]
        assert refusal(server.start) == ("database_port_taken", "tcp_port")


def test_a_server_that_runs_otherwise_is_named_not_changed(server: EmbeddedServer) -> None:
    server.start()
    folder = server.place.root
    assert refusal(EmbeddedServer(folder).start) == ("database_runs_otherwise", "durable")
    assert refusal(EmbeddedServer(folder, durable=False, tcp_port=5999).start)[1] == "tcp_port"
    assert refusal(EmbeddedServer(folder, durable=False, version=16).start)[1] == "version"
    assert refusal(server.tcp_url, "postgres")[1] == "tcp_port"


def test_data_of_another_major_version_is_refused(server: EmbeddedServer) -> None:
    server.version = 16
    assert refusal(server.start) == ("database_other_version", "version")


def test_the_older_version_serves_its_own_data(tmp_path: Path) -> None:
    old = EmbeddedServer(tmp_path / "old", version=16, durable=False, linger=0)
    old.start()
    old.stop()
    again = EmbeddedServer(tmp_path / "old", durable=False, linger=0)
    again.start()
    with psycopg.connect(again.url("postgres")) as connection:
        assert connection.info.server_version // 10000 == 16
    assert again.status().version == 16
    again.stop()


def test_files_of_something_else_are_not_touched(new_server: EmbeddedServer) -> None:
    letter = new_server.place.pgdata / "letter.txt"
    letter.parent.mkdir(parents=True)
    letter.write_text("dear")
    assert refusal(new_server.start)[1] == "folder"
    assert letter.read_text() == "dear"


@as_root
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_a_folder_of_another_account_is_named(made_folder: Path, mode: int) -> None:
    """Whether the way to it is closed or the folder itself."""
    with tempfile.TemporaryDirectory() as way:
        Path(way).chmod(mode)
        subprocess.run(["cp", "-a", made_folder, way], check=True)
        _expect_other_owner(Path(way) / made_folder.name)


def _expect_other_owner(folder: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from tiemchung.ground.embedded.server import EmbeddedServer\n"
        "from tiemchung.ground.errors import RefusedError\n"
        "os.setgid(1); os.setuid(1)\n"
        "server = EmbeddedServer(Path(sys.argv[1]))\n"
        "for act in (server.start, server.status, server.stop):\n"
        "    try: act()\n"
        "    except RefusedError as error: print(error.code)\n"
    )
    said = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["database_other_owner"] * 3
