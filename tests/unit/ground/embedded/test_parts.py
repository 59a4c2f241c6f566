"""The parts of the embedded server, each on its own."""

import os
import subprocess
from pathlib import Path

import pytest

from tiemchung.ground.embedded import errors, locks, options, orders, processes
from tiemchung.ground.embedded.keeper import Keeper
from tiemchung.ground.embedded.layout import LONGEST_NAME, LONGEST_SOCKET, ServerFolder
from tiemchung.ground.embedded.orders import KeeperNote, Orders
from tiemchung.ground.embedded.programs import ServerAccount, programs
from tiemchung.ground.errors import RefusedError


@pytest.mark.parametrize("version", [16, 18])
def test_programs_are_those_of_the_version_asked_for(version: int) -> None:
    said = subprocess.run([programs(version) / "postgres", "--version"], capture_output=True, text=True, check=True)
    assert f"(PostgreSQL) {version}." in said.stdout


def test_programs_of_another_version_are_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        programs(9)
    assert (refused.value.code, refused.value.field) == ("database_version_unknown", "version")


def test_a_closed_folder_on_the_way_costs_one_capability(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    stranger = ServerAccount(uid=os.geteuid() + 4321, gid=os.getegid() + 4321)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert "--ambient-caps=+dac_override" in stranger.changing((closed / "data",))
    assert f"--reuid={stranger.uid}" in stranger.changing((Path("/usr/bin/env"),))
    assert not any("caps" in word for word in stranger.changing((Path("/usr/bin/env"),)))


def test_ones_own_account_changes_nothing() -> None:
    assert ServerAccount(os.geteuid(), os.getegid()).changing((Path("/root/x"),)) == []


def test_the_socket_is_inside_the_folder_while_its_path_is_short(tmp_path: Path) -> None:
    assert ServerFolder.at(Path("/srv/tiemchung/pg")).socket == Path("/srv/tiemchung/pg/socket")
    long = ServerFolder.at(tmp_path / ("đ" * 60))
    assert long.socket.parent != long.root
    assert len(os.fsencode(long.socket / LONGEST_NAME)) <= LONGEST_SOCKET


def test_two_folders_with_long_names_have_two_sockets(tmp_path: Path) -> None:
    first, second = (ServerFolder.at(tmp_path / ("đ" * 60 + ending)) for ending in "ab")
    assert first.socket != second.socket


def test_a_relative_folder_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ServerFolder.at(Path("run")).root == tmp_path / "run"


def test_a_lock_is_had_by_one_alone_or_by_many_together(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not locks.is_held(path)
    readers = [locks.try_lock(path, shared=True) for _ in range(2)]
    assert None not in readers
    assert locks.try_lock(path) is None
    for handle in readers:
        os.close(handle)
    writer = locks.try_lock(path)
    assert writer is not None
    assert locks.is_held(path)
    assert locks.wait_for_lock(path, 0, shared=True) is None
    with pytest.raises(TimeoutError), locks.locked(path, 0):
        pass
    os.close(writer)


def test_settings_keep_every_commit_unless_told_otherwise(tmp_path: Path) -> None:
    durable = options.server_arguments(socket=tmp_path, durable=True, tcp_port=None)
    passing = options.server_arguments(socket=tmp_path, durable=False, tcp_port=None)
    assert {"fsync=on", "synchronous_commit=on", "full_page_writes=on", "listen_addresses="} <= set(durable)
    assert "fsync=off" in passing


def test_a_port_is_opened_on_this_machine_only(tmp_path: Path) -> None:
    arguments = options.server_arguments(socket=tmp_path, durable=True, tcp_port=5999)
    assert {"listen_addresses=127.0.0.1", "port=5999"} <= set(arguments)


def test_memory_follows_the_limit_of_a_container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = options.memory_bytes()
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(options, "CGROUP_LIMIT", limit)
    limit.write_text("max\n")
    assert options.memory_bytes() >= machine
    limit.write_text(f"{1 << 30}\n")
    assert options.memory_bytes() == 1 << 30
    assert "shared_buffers=128MB" in options.server_arguments(socket=tmp_path, durable=True, tcp_port=None)


def test_orders_and_notes_are_read_as_they_were_written(tmp_path: Path) -> None:
    wanted = Orders(version=18, durable=True, tcp_port=None)
    assert Orders.of(wanted.as_json()) == wanted
    note = KeeperNote(pid=7, version=18, durable=False, tcp_port=5999, ended="fast")
    note.write(tmp_path / "note")
    assert KeeperNote.read(tmp_path / "note") == note
    assert KeeperNote.read(tmp_path / "none") is None


@pytest.mark.parametrize("written", [None, "", "12\n/x\n", "1\n/x\n0\n5432\n/s\n\n1 2\nstarting\n"])
def test_no_server_is_ready_without_a_ready_line_of_the_keepers_child(tmp_path: Path, written: str | None) -> None:
    if written is not None:
        (tmp_path / "postmaster.pid").write_text(written)
    assert processes.ready_postmaster(tmp_path, keeper=os.getpid()) is None


def test_a_ready_line_of_another_process_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n/x\n0\n5432\n/s\n\n1 2\nready   \n")
    assert processes.ready_postmaster(tmp_path, keeper=os.getpid()) is None
    assert processes.ready_postmaster(tmp_path, keeper=os.getppid()) == os.getpid()


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ("FATAL:  could not write lock file: No space left on device", "database_disk_full", "folder"),
        ('could not bind IPv4 address "127.0.0.1": Address already in use', "database_port_taken", "tcp_port"),
        ("LOG:  x\nFATAL:  the moon is full\nLOG:  y", "database_failed", "folder"),
    ],
)
def test_the_servers_complaint_becomes_field_and_cure(said: str, code: str, field: str) -> None:
    error = errors.diagnose(said, Path("/srv/pg"), Path("/srv/pg/server.log"), 5999)
    assert (error.code, error.field) == (code, field)


def test_an_unknown_complaint_is_quoted() -> None:
    error = errors.diagnose("LOG:  x\nFATAL:  the moon is full\nLOG:  y", Path("/srv/pg"), Path("/srv/log"), None)
    assert "the moon is full" in error.en
    assert "the moon is full" in error.vi
    assert "nothing known" in errors.diagnose("nothing known\n", Path("/srv/pg"), Path("/srv/log"), None).en


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(ServerFolder.at(tmp_path), Orders(version=18, durable=False, tcp_port=None))


def _linger(keeper: Keeper, seconds: float | None) -> None:
    orders.replace(keeper.folder.linger, seconds)


def test_a_keeper_without_a_term_stays_without_users(keeper: Keeper) -> None:
    _linger(keeper, None)
    assert not keeper._is_unused()


def test_a_keeper_stays_while_a_lease_is_held_and_goes_after(keeper: Keeper) -> None:
    _linger(keeper, 0)
    lease = locks.try_lock(keeper.folder.leases, shared=True)
    assert not keeper._is_unused()
    os.close(lease)
    assert keeper._is_unused()


def test_a_keeper_stays_for_its_term_after_the_last_user(keeper: Keeper) -> None:
    _linger(keeper, 3600)
    assert not keeper._is_unused()
    assert locks.try_lock(keeper.folder.leases, shared=True) is not None, "a new user had to wait"


def test_a_keeper_that_goes_lets_no_new_user_in(keeper: Keeper) -> None:
    _linger(keeper, 0)
    assert keeper._is_unused()
    assert locks.try_lock(keeper.folder.leases, shared=True) is None
