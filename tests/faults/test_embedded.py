"""What may befall the embedded server: nothing that it acknowledged is lost, and no process is left alone."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.servers import (
    as_root,
    made_folder,
    new_server,
    processes_of,
    remember,
    remembered,
    server,
    starter,
    wait_until,
)
from tiemchung.ground.embedded import processes
from tiemchung.ground.embedded.programs import ServerAccount
from tiemchung.ground.embedded.server import EmbeddedServer
from tiemchung.ground.errors import RefusedError

__all__ = ["made_folder", "new_server", "server"]
SMALL_DISK = 220 * 1024 * 1024


def test_a_killed_server_comes_back_by_itself_with_its_data(server: EmbeddedServer) -> None:
    server.start()
    killed = server.status().pid
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: server.status().pid not in {None, killed}, "a new server")
    assert remembered(server) == ["đã ghi"]


def test_all_processes_killed_at_once_and_started_again(server: EmbeddedServer) -> None:
    server.start()
    remember(server, "ngay trước")
    for pid in processes_of(server):
        with contextlib.suppress(ProcessLookupError):  # the first one's end ends others
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not processes_of(server), "the end of all processes")
    assert server.status().ended == "killed"
    server.start()
    assert remembered(server) == ["đã ghi", "ngay trước"]


def test_a_killed_keeper_takes_its_server_along_cleanly(server: EmbeddedServer) -> None:
    server.start()
    os.kill(server.status().keeper_pid, signal.SIGKILL)
    wait_until(lambda: not processes_of(server), "the end of the server")
    assert "received fast shutdown request" in server.place.tail()
    assert "database system is shut down" in server.place.tail()


def test_a_killed_starter_leaves_a_server_that_the_next_command_finds(server: EmbeddedServer) -> None:
    first = starter(server.place.root, "input()")
    pid = int(first.stdout.readline().split()[1])
    server.start()
    first.kill()
    first.wait()
    assert server.status().pid == pid
    assert remembered(server) == ["đã ghi"]


def test_a_server_whose_last_user_was_killed_ends(server: EmbeddedServer) -> None:
    user = starter(server.place.root, "input()")
    assert user.stdout.readline().startswith("started")
    user.kill()
    user.wait()
    wait_until(lambda: not processes_of(server), "the end of the unused server")
    assert server.status().ended == "fast"


def _half_made(folder: Path) -> bool:
    return any(folder.glob("half-made-*/pgdata/PG_VERSION"))


def _keeper_begins(folder: Path) -> bool:
    return (folder / "keeper.json").exists()


def _server_begins(folder: Path) -> bool:
    return (folder / "pgdata" / "postmaster.pid").exists()


@pytest.mark.parametrize("moment", [Path.exists, _half_made, _keeper_begins, _server_begins])
def test_a_starter_killed_at_any_moment_is_followed_by_a_good_start(new_server: EmbeddedServer, moment) -> None:
    folder = new_server.place.root
    first = starter(folder)
    wait_until(lambda: moment(folder), "the moment")
    first.kill()
    first.wait()
    new_server.start()
    remember(new_server, "sau đó")
    assert remembered(new_server) == ["sau đó"]
    assert not list(folder.glob("half-made-*"))


def test_a_process_id_that_another_program_now_has_does_not_stop_the_start(server: EmbeddedServer) -> None:
    """After a restart of the machine the id in postmaster.pid may be anybody's, of the same account too."""
    account = ServerAccount.of(server.place.root)
    other = subprocess.Popen([*account.changing(()), "sleep", "600"])
    try:
        stale = f"{other.pid}\n{server.place.pgdata}\n1700000000\n5432\n{server.place.socket}\n\n 1 2\nready   \n"
        (server.place.pgdata / "postmaster.pid").write_text(stale)
        assert server.status().state == "stopped"
        server.start()
        assert remembered(server) == ["đã ghi"]
        assert other.poll() is None, "the other program was hurt"
    finally:
        other.kill()
        other.wait()


def test_two_starters_at_once_get_one_server(new_server: EmbeddedServer) -> None:
    both = [starter(new_server.place.root, "input()") for _ in range(2)]
    pids = {starting.stdout.readline() for starting in both}
    assert pids == {f"started {new_server.status().pid}\n"}
    for starting in both:
        starting.communicate("\n")


def test_a_deleted_folder_takes_its_server_along(server: EmbeddedServer) -> None:
    server.start()
    pids = processes_of(server)
    shutil.rmtree(server.place.root, ignore_errors=True)  # the server still writes while it is deleted
    wait_until(lambda: not any(map(processes.parent, pids)), "the end of the server without a folder")
    assert not server.place.keeper_lock.exists()


def test_a_deleted_folder_with_a_long_name_leaves_no_socket(made_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / ("rất dài " * 12) / "server"
    folder.parent.mkdir()
    subprocess.run(["cp", "-a", made_folder, folder], check=True)
    server = EmbeddedServer(folder, durable=False, linger=0)
    server.start()
    socket = server.place.socket
    assert socket.parent != folder
    assert remembered(server) == ["đã ghi"]
    shutil.rmtree(folder, ignore_errors=True)
    wait_until(lambda: not socket.exists(), "the end of the socket's folder")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 220 MB in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "small", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def _fill(ballast: Path) -> None:
    subprocess.run(["dd", "if=/dev/zero", f"of={ballast}", "bs=4k"], check=False, capture_output=True)


@as_root
def test_a_disk_without_room_is_named_before_anything_is_made(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(SMALL_DISK // 2))
    with pytest.raises(RefusedError) as refused:
        EmbeddedServer(small_disk / "server", durable=False).start()
    assert (refused.value.code, refused.value.field) == ("database_disk_full", "folder")
    assert not (small_disk / "server" / "pgdata").exists()


@as_root
def test_a_disk_that_fills_loses_nothing_that_was_acknowledged(small_disk: Path, made_folder: Path) -> None:
    folder, ballast = small_disk / "server", small_disk / "ballast"
    subprocess.run(["cp", "-a", made_folder, folder], check=True)
    server = EmbeddedServer(folder, linger=0)
    server.start()
    remember(server, "ngay trước")
    _fill(ballast)
    with pytest.raises(psycopg.Error), psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE TABLE big AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
    server.stop()
    _fill(ballast)
    with pytest.raises(RefusedError) as refused:
        server.start()
    assert refused.value.code == "database_disk_full"
    ballast.unlink()
    server.start()
    assert remembered(server) == ["đã ghi", "ngay trước"]
    server.stop()
    server.release()
