"""Lists of late entries and whoever is killed in their middle: what was committed stays, the rest comes with the next
try, and nothing is there twice."""

from pathlib import Path

import pytest

from tests.station import Station, live_on_the_day, open_station
from tests.unit.doses.test_import import HEADER, line, somebody
from tiemchung.doses import actions_import, late_list
from tiemchung.doses.models import Dose
from tiemchung.ground.models import AuditEntry
from tiemchung.ground.rows import Planned
from tiemchung.stock import balance

pytestmark = pytest.mark.django_db
DAYS = ("10/09/2021", "10/12/2021", "10/03/2022")


class KilledError(BaseException):
    """As good as SIGKILL."""


@pytest.fixture
def station(settings) -> Station:
    live_on_the_day(settings)
    return open_station()


def record(station: Station, text: str) -> list[actions_import.Recorded]:
    read = late_list.read(text.splitlines(keepends=True))
    return list(actions_import.record_list(read, facility_id=station.facility.id, by=station.head.id))


def test_killed_between_two_batches_the_list_goes_on_where_it_stopped(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions_import, "BATCH", 1)
    somebody(station)
    text = HEADER + "".join(line(station, injected_on=day) for day in DAYS)
    write, written = Planned.write, []

    def killed_at_the_second(planned: Planned) -> None:
        write(planned)
        written.append(planned)
        if len(written) == 2:
            raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Planned, "write", killed_at_the_second)
        with pytest.raises(KilledError):
            record(station, text)
    assert (Dose.objects.count(), AuditEntry.objects.filter(act="doses.record").count()) == (1, 1)
    again = record(station, text)
    assert (sum(one.recorded for one in again), sum(one.known for one in again)) == (2, 1)
    assert (Dose.objects.count(), AuditEntry.objects.filter(act="doses.record").count()) == (3, 3)
    assert balance.left(station.facility.id, station.lot.id) == 97


@pytest.mark.parametrize("cut", [1, 20, 45])
def test_of_half_a_file_whole_lines_are_recorded_and_the_broken_one_is_named(station: Station, cut: int) -> None:
    somebody(station)
    whole = HEADER + line(station) + line(station, injected_on="10/12/2021")
    done = record(station, whole[: len(HEADER + line(station)) + cut])[0]
    assert (done.recorded, [one.line for one in done.faults]) == (1, [3])
    again = record(station, whole)[0]
    assert (again.recorded, again.known) == (1, 1)


def test_a_file_that_is_no_text_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "mui.csv"
    path.write_bytes(b"\xff\xfe\x00number")
    with pytest.raises(late_list.InvalidInputError) as refused, late_list.opened(path) as text:
        list(late_list.read(text))
    assert refused.value.field == "file"
