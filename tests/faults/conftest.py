"""Whom batches are about, and a server that is backed up."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.exchanged import SUU
from tests.servers import remember
from tests.station import Station, open_station
from tests.unit.population.register import enrol
from tiemchung.ground.backups.shelf import Shelf
from tiemchung.ground.backups.source import Source
from tiemchung.ground.embedded.server import EmbeddedServer
from tiemchung.people.models import Person


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def four(station: Station) -> list[Person]:
    """One who is right, one whose name lacks its accents, one whose number nobody has, one without a number."""
    enrol("001167000999", **SUU)
    enrol("001167000777", full_name="Hoàng Văn Pản", birth_date="1967-09-03", sex="female")
    return [
        station.person(full_name="Lý Thị Sửu", identity_numbers=(("cccd", "001167000999"),)),
        station.person(full_name="Hoang Van Pan", identity_numbers=(("cccd", "001167000777"),)),
        station.person(full_name="Vi Thị Hoa", identity_numbers=(("cccd", "001167000555"),)),
        station.person(full_name="Ngô Minh Tuệ", identity_numbers=()),
    ]


@pytest.fixture(scope="module")
def durable_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A durable server's folder, as only such a one has a journal to receive; stopped."""
    server = EmbeddedServer(tmp_path_factory.mktemp("durable") / "server")
    server.start()
    remember(server, "đã ghi")
    server.stop()
    server.release()
    return server.place.root


@pytest.fixture
def server(durable_folder: Path, tmp_path: Path) -> Iterator[EmbeddedServer]:
    folder = tmp_path / "server"
    subprocess.run(["cp", "-a", durable_folder, folder], check=True)
    found = EmbeddedServer(folder, linger=0)
    found.start()
    yield found
    found.stop()
    found.release()


@pytest.fixture
def source(server: EmbeddedServer) -> Source:
    return Source(server.url("postgres"))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf.at(tmp_path / "backups")
