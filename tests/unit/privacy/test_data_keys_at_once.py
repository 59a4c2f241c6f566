"""A change of keys beside somebody who writes the same rows: what he wrote last stands, under the new key."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.connections import another
from tests.servers import wait_until
from tests.station import open_station
from tiemchung.accounts.models_sign_in import SecondFactor
from tiemchung.ground import clock
from tiemchung.people.models import IdentityNumber, Person
from tiemchung.people.numbers import look_up
from tiemchung.privacy import actions_data_keys, data_keys

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("practice")]
OLD, NEW = (1, "o" * 32), (2, "n" * 32)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def rotated() -> dict[str, int]:
    try:
        return actions_data_keys.rotate(by=None)
    finally:
        connection.close()


def rotated_while(model, pk, **kept: bytes) -> dict[str, int]:
    """Change the keys while another connection holds a row that it has changed and not committed."""
    change = ", ".join(f"{name} = %s" for name in kept)
    table, key = model._meta.db_table, model._meta.pk.column
    with ThreadPoolExecutor(1) as pool, another() as other:
        other.execute(f"UPDATE {table} SET {change} WHERE {key} = %s", [*kept.values(), pk])
        rotating = pool.submit(rotated)
        wait_until(lambda: rotating.done() or other.execute(WAITING).fetchone() != (0,), "the change of keys waits")
        other.commit()
        return rotating.result()


def as_kept(model, name: str, value: str) -> bytes:
    """As a process writes it now."""
    return model._meta.get_field(name).get_prep_value(value)


@pytest.fixture
def under_old(settings):
    """Rows that stand under the old key, the new key being in use."""
    settings.DATA_KEYS = (OLD,)
    station = open_station()
    made = station.person(identity_numbers=(("cccd", "001167998877"),), insurance_number="HS4010123456789")
    SecondFactor.objects.create(account=station.nurse, secret="AAAA", set_up_at=clock.now(), last_step=0)
    settings.DATA_KEYS = (NEW, OLD)
    return station, made


def test_a_second_factor_that_is_set_up_anew_meanwhile_is_the_one_that_stands(under_old) -> None:
    station, _ = under_old
    rotated_while(SecondFactor, station.nurse.pk, secret=as_kept(SecondFactor, "secret", "BBBB"))
    assert SecondFactor.objects.get().secret == "BBBB"


def test_an_insurance_number_that_is_corrected_meanwhile_is_the_one_that_stands(under_old) -> None:
    _, person = under_old
    rotated_while(Person, person.pk, insurance_number=as_kept(Person, "insurance_number", "GD4019999999999"))
    assert Person.objects.get(pk=person.pk).insurance_number == "GD4019999999999"


def test_what_an_older_process_writes_under_the_old_key_meanwhile_is_written_anew(settings, under_old) -> None:
    _, person = under_old
    number = IdentityNumber.objects.get(person=person)
    settings.DATA_KEYS = (OLD, NEW)
    kept, hashed = as_kept(IdentityNumber, "value", "001167998878"), look_up("001167998878")
    settings.DATA_KEYS = (NEW, OLD)
    rotated_while(IdentityNumber, number.pk, value=kept, look_up=hashed)
    found = IdentityNumber.objects.get(pk=number.pk)
    assert (found.value, bytes(found.look_up)) == ("001167998878", look_up("001167998878"))
    assert set(data_keys.status().values["people_identitynumber.value"]) == {2}


def test_a_batch_that_somebody_else_wrote_anew_meanwhile_does_not_end_the_change(monkeypatch, settings, under_old):
    station, person = under_old
    settings.DATA_KEYS = (OLD, NEW)
    station.person(identity_numbers=(("cccd", "001167990001"),))  # comes after, in the order of the keys
    settings.DATA_KEYS = (NEW, OLD)
    monkeypatch.setattr(data_keys, "BATCH", 1)
    rotated_while(Person, person.pk, insurance_number=as_kept(Person, "insurance_number", "GD4019999999999"))
    assert all(set(counts) <= {2} for counts in data_keys.status().values.values())
