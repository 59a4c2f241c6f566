"""How is the embedded server set? As arguments of its command, so that nothing set from inside outlives a restart."""

import os
import shutil
from pathlib import Path

MEGABYTE = 1024 * 1024
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 (only its size is read)

ALWAYS = {
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "client_encoding": "UTF8",
    "unix_socket_permissions": "0700",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %d ",
    "log_error_verbosity": "terse",  # the detail of an error quotes the row it is about: names and phones
    "jit": "off",  # it costs more than it gives on queries of milliseconds
    "random_page_cost": "1.1",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
}
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # What a receiver of backups has not fetched yet is kept for it, but not until the disk is full.
    "max_slot_wal_keep_size": "16GB",
}
PASSING = {  # a killed server still loses nothing, a machine without power may
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def server_arguments(*, socket: Path, durable: bool, tcp_port: int | None) -> list[str]:
    """The arguments of the server: on the socket only, unless a TCP port of 127.0.0.1 is wanted too."""
    settings = ALWAYS | (DURABLE if durable else PASSING) | _memory() | _connections(socket, tcp_port)
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _connections(socket: Path, tcp_port: int | None) -> dict[str, str]:
    addresses = "" if tcp_port is None else "127.0.0.1"
    return {
        "unix_socket_directories": '"' + str(socket).replace('"', '""') + '"',
        "listen_addresses": addresses,
        "port": str(tcp_port or 5432),
    }


def _memory() -> dict[str, str]:
    """An eighth of the machine's memory for the server's own cache, 128 MB to 2 GB."""
    megabytes = memory_bytes() // MEGABYTE
    shared = max(128, min(2048, megabytes // 8))
    settings = {"shared_buffers": f"{shared}MB", "effective_cache_size": f"{max(256, megabytes // 2)}MB"}
    # A container often has 64 MB of /dev/shm, too little for parallel queries: files of the data folder then.
    if not SHARED_MEMORY.exists() or shutil.disk_usage(SHARED_MEMORY).total < 1024 * MEGABYTE:
        settings["dynamic_shared_memory_type"] = "mmap"
    return settings


def memory_bytes() -> int:
    """The memory that this machine or container has."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = CGROUP_LIMIT.read_text().strip() if CGROUP_LIMIT.exists() else "max"
    return machine if limit == "max" else min(machine, int(limit))
