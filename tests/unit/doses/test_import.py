"""A list of doses that were given and not recorded: each good line is recorded once, each other says why not."""

from datetime import date

import pytest

from tests.station import Station, declared, open_station
from tiemchung.accounts.models import Account
from tiemchung.doses import actions_import, late_list
from tiemchung.doses.actions_import import Recorded
from tiemchung.doses.models import Dose, DoseFinding
from tiemchung.ground import clock
from tiemchung.ground.errors import InvalidInputError, NotAllowedError
from tiemchung.ground.models import AuditEntry
from tiemchung.people.models import Person
from tiemchung.stock import balance

pytestmark = pytest.mark.django_db
HEADER = "number,name,birth_date,product,lot,injected_on,injected_time,dose_number\n"


def somebody(station: Station, number: str = "001167000001") -> Person:
    return declared(station.nurse, full_name="Bùi Thị Ngát", identity_numbers=(("cccd", number),))


def line(station: Station, **changes: str) -> str:
    said = {
        "number": "001167000001", "name": "Bùi Thị Ngát", "birth_date": "03/09/1967", "product": "AZ",
        "lot": station.lot.number, "injected_on": "10/03/2022", "injected_time": "", "dose_number": "",
    }  # fmt: skip
    return ",".join((said | changes).values()) + "\n"


def record(station: Station, *lines: str, header: str = HEADER) -> Recorded:
    whole = Recorded()
    read = late_list.read([header, *lines])
    for done in actions_import.record_list(read, facility_id=station.facility.id, by=station.head.id):
        whole.add(done)
    return whole


def counts(done: Recorded) -> tuple[int, int, int]:
    return done.recorded, done.known, len(done.faults)


def test_a_line_becomes_a_late_entry_of_the_facility_and_takes_its_dose_from_stock(station: Station) -> None:
    person = somebody(station)
    assert counts(record(station, line(station, injected_time="08:50", dose_number="1"))) == (1, 0, 0)
    dose = Dose.objects.get()
    assert (dose.person, dose.facility, dose.source, dose.lot) == (person, station.facility, "late_entry", station.lot)
    assert (f"{dose.injected_at:%Y-%m-%d %H:%M}", dose.stated_number) == ("2022-03-10 01:50", 1)
    assert balance.left(station.facility.id, station.lot.id) == 99
    assert set(AuditEntry.objects.filter(act__startswith="doses.").values_list("act", "by")) == {
        ("doses.record", station.head.id),
        ("doses.import", station.head.id),
    }


def test_the_same_list_again_records_nothing_twice(station: Station) -> None:
    somebody(station)
    assert counts(record(station, line(station), line(station))) == (1, 1, 0)
    assert counts(record(station, line(station))) == (0, 1, 0)
    assert Dose.objects.count() == 1


def test_a_dose_that_is_recorded_otherwise_is_told_and_stays(station: Station) -> None:
    somebody(station)
    record(station, line(station))
    done = record(station, line(station, lot="KHAC01"))
    assert [(one.line, one.column) for one in done.faults] == [(2, "lot")]
    assert Dose.objects.get().lot_number == station.lot.number


def test_one_dose_with_two_times_of_its_day_is_one_dose(station: Station) -> None:
    somebody(station)
    assert counts(record(station, line(station, injected_time="08:50"))) == (1, 0, 0)
    assert counts(record(station, line(station, injected_time="08:50:30"))) == (0, 0, 1)
    assert Dose.objects.count() == 1


def test_empty_cells_after_the_last_column_are_as_spreadsheets_write_them(station: Station) -> None:
    somebody(station)
    assert counts(record(station, line(station, dose_number="1,,"))) == (1, 0, 0)


def test_a_column_named_twice_is_refused(station: Station) -> None:
    with pytest.raises(InvalidInputError) as refused:
        record(station, header=HEADER.replace("dose_number", "lot"))
    assert (refused.value.field, "lot" in refused.value.en) == ("file", True)


def test_what_speaks_against_a_dose_becomes_a_finding(station: Station) -> None:
    somebody(station)
    done = record(station, line(station, lot="KHONGCO"), line(station, injected_on="12/03/2022"))
    assert (done.recorded, done.with_findings) == (2, 2)
    assert set(DoseFinding.objects.values_list("code", flat=True)) == {"lot_unknown", "possible_double"}


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"number": "001167000002"}, "number"),
        ({"name": "Bùi Thị Hoa"}, "number"),
        ({"birth_date": "04/09/1967"}, "number"),
        ({"number": "12"}, "number"),
        ({"number": ""}, "number"),
        ({"product": "XX"}, "product"),
        ({"lot": ""}, "lot"),
        ({"injected_on": "03/2022"}, "injected_on"),
        ({"injected_on": "31/02/2022"}, "injected_on"),
        ({"injected_on": "10/03/2032"}, "injected_on"),
        ({"injected_on": "10/03/1966"}, "injected_on"),
        ({"injected_time": "25:00"}, "injected_time"),
        ({"dose_number": "12"}, "dose_number"),
        ({"dose_number": "²"}, "dose_number"),
        ({"dose_number": "1,and more"}, "file"),
        ({"name": '"Bùi'}, "file"),
    ],
)
def test_a_line_that_cannot_be_recorded_names_line_and_column_and_keeps_no_other_from_it(
    station: Station, changes: dict[str, str], column: str
) -> None:
    somebody(station)
    done = record(station, line(station, **changes), line(station))
    assert [(one.line, one.column) for one in done.faults] == [(2, column)]
    assert all(one.vi and one.en for one in done.faults)
    assert Dose.objects.count() == 1


def test_a_number_of_somebody_else_reads_as_one_that_nobody_has(station: Station) -> None:
    somebody(station)
    other = record(station, line(station, name="Lý Thị Sửu"))
    nobody = record(station, line(station, number="001167009999"))
    assert (other.faults[0].vi, other.faults[0].en) == (nobody.faults[0].vi, nobody.faults[0].en)


def test_spreadsheets_in_use_write_semicolons_and_a_mark_before_the_first_column(station: Station) -> None:
    somebody(station)
    header = "\ufeff" + HEADER.replace(",", ";")
    assert counts(record(station, line(station).replace(",", ";"), ";;;;;;;\n", header=header)) == (1, 0, 0)


def test_what_lacks_a_column_is_no_list(station: Station) -> None:
    with pytest.raises(InvalidInputError) as refused:
        record(station, header="number,name\n")
    assert (refused.value.field, "birth_date" in refused.value.en) == ("file", True)


def test_nobody_records_for_a_facility_out_of_reach(station: Station) -> None:
    with pytest.raises(NotAllowedError):
        list(actions_import.record_list([], facility_id=open_station().facility.id, by=station.head.id))


def test_nobody_records_in_the_name_of_an_account_that_is_shut(station: Station) -> None:
    somebody(station)
    Account.objects.filter(pk=station.head.pk).update(suspended_at=clock.now())
    with pytest.raises(NotAllowedError) as refused:
        record(station, line(station))
    assert (refused.value.code, refused.value.field) == ("account_shut", "by")
    assert not Dose.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_more_than_a_batch_is_recorded_on_all_cores_with_the_same_result(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions_import, "BATCH", 1)
    somebody(station)
    days = ["10/12/2021", "10/03/2022", "nothing", "11/05/2022"]
    done = record(station, *(line(station, injected_on=day) for day in days))
    assert (done.recorded, [one.line for one in done.faults]) == (3, [4])
    assert sorted(Dose.objects.values_list("injected_at__date", flat=True))[0] == date(2021, 12, 10)
