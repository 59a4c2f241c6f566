"""`tiemchung data-keys`: a missing key is named, with what nobody can read without it, and the exit code says so."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from tests.device import Device
from tests.station import Station, open_station
from tiemchung.cli.data_keys import group
from tiemchung.people.models import IdentityNumber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
OLD, NEW = (1, "o" * 32), (2, "n" * 32)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments))


@pytest.fixture
def station(settings: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> Station:
    """A person and a journey, written under the old key."""
    monkeypatch.setattr("tiemchung.cli.data_keys.prepare", lambda *_, **__: None)
    settings.DATA_KEYS = (OLD,)
    found = open_station()
    person = found.person(identity_numbers=(("cccd", "001167998877"),))
    client.force_login(found.nurse)
    device = Device(client, found)
    device.send(*device.journey(person.id))
    return found


def test_with_every_key_at_hand_all_is_well(station: Station) -> None:
    assert run("status").exit_code == 0
    done = run("check")
    assert (done.exit_code, done.stdout) == (0, "everything opens and is as it was\n")


@pytest.mark.parametrize("command", ["status", "check"])
def test_a_missing_key_is_named_with_the_number_of_values(settings: Any, station: Station, command: str) -> None:
    values = sum(json.loads(run("status", "--json").stdout)["values"][column]["1"] for column in written())
    settings.DATA_KEYS = (NEW,)
    done = run(command)
    assert done.exit_code == 1
    assert f"KEY 1 IS MISSING: {values} values cannot be read" in done.stdout
    assert json.loads(run(command, "--json").stdout)["unreadable"] == {"1": values}


def written() -> list[str]:
    return [column for column, counts in json.loads(run("status", "--json").stdout)["values"].items() if counts]


def test_without_the_key_nothing_is_written_anew_and_the_cure_is_said(settings: Any, station: Station) -> None:
    settings.DATA_KEYS = (NEW,)
    done = run("rotate")
    assert done.exit_code == 1
    assert "Add it at the end of TIEMCHUNG_DATA_KEYS" in done.stderr


def test_digests_of_a_key_that_was_given_up_are_counted_and_pass_only_when_named(
    settings: Any, station: Station
) -> None:
    settings.DATA_KEYS = (NEW, OLD)
    assert run("rotate").exit_code == 0
    settings.DATA_KEYS = (NEW,)
    assert run("status").exit_code == 0
    done = run("check")
    assert done.exit_code == 1
    assert "key 1 is not at hand: " in done.stdout
    assert run("check", "--gone", "1").exit_code == 0
    assert run("check", "--gone", "2").exit_code == 1


def test_a_value_that_was_exchanged_is_named(station: Station) -> None:
    number = IdentityNumber.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_identitynumber SET value = set_byte(value, 20, get_byte(value, 20) # 1)")
    done = run("check")
    assert done.exit_code == 1
    assert done.stdout == f"people_identitynumber.value {number.pk}\n"


def test_a_wrong_secret_under_the_right_number_opens_nothing(settings: Any, station: Station) -> None:
    settings.DATA_KEYS = ((1, "x" * 32),)
    done = run("check")
    assert done.exit_code == 1
    assert "people_identitynumber.value " in done.stdout
    assert "visits_siteevent " in done.stdout
