"""A program of others calls with a key: within its endpoints, its scope, its quota, and as long as the key holds."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from tests.station import Station, account_of, open_station
from tiemchung.accounts import activation, clients, staff_list
from tiemchung.accounts.actions_clients import NewKey, open_client, revoke_client, rotate_key
from tiemchung.accounts.actions_import import import_staff
from tiemchung.accounts.actions_staff import activate, reset_password
from tiemchung.accounts.actions_standing import suspend
from tiemchung.accounts.models import Account, Activation, Role
from tiemchung.accounts.models_access import ApiClient, ApiKey
from tiemchung.accounts.policy import administered
from tiemchung.ground import clock
from tiemchung.ground.errors import InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def station() -> Station:
    return open_station()


def opened(station: Station, **changes: Any) -> NewKey:
    said = {
        "username": "his.bachmai", "display_name": "HIS Bạch Mai", "role": Role.DATA_CLERK,
        "facility_id": station.facility.id, "contact": "Nguyễn Văn Tú 0912345678",
        "pages": ["api:sessions-today", "api:events"], "per_minute": 3, "per_day": 5, "by": None,
    }  # fmt: skip
    return open_client(**said | changes)


def call(key: str, path: str = "/api/sessions/today", client: Client | None = None) -> Any:
    return (client or Client()).get(path, headers={"Authorization": f"Bearer {key}"})


def test_a_key_reads_what_its_scope_holds_and_nothing_else(station: Station) -> None:
    other = open_station()
    answer = call(opened(station).key)
    assert answer.status_code == 200
    facilities = {row["facility_id"] for row in answer.json()}
    assert facilities == {str(station.facility.id)}
    assert str(other.facility.id) not in answer.content.decode()


def test_a_key_writes_without_a_csrf_token_for_its_own_facility_alone(station: Station) -> None:
    strict = Client(enforce_csrf_checks=True)
    event = {
        "id": str(new_id()), "kind": "checked_in", "facility_id": str(open_station().facility.id),
        "made_at": "2022-05-14T09:00:00+07:00", "content": {},
    }  # fmt: skip
    answer = strict.post(
        "/api/events", {"events": [event]}, content_type="application/json",
        headers={"Authorization": f"Bearer {opened(station).key}"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert answer.json()["answers"][0]["answer"] == "quarantined"


def test_a_key_opens_no_endpoint_but_its_own(station: Station) -> None:
    made = opened(station, pages=["api:events"])
    answer = call(made.key)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_key_opens_no_page(station: Station) -> None:
    made = opened(station)
    for path in ("/van-phong/", "/diem-tiem/", "/cua-toi/"):
        assert call(made.key, path).status_code == 302


@pytest.mark.parametrize("wrong", ["", "x", "tc_00000000_" + "A" * 43, "ghost", "other secret"])
def test_a_wrong_key_is_refused_and_says_nothing(station: Station, wrong: str) -> None:
    made = opened(station)
    key = {
        "ghost": f"tc_ZZZZZZZZ{made.key[11:]}",
        "other secret": made.key[:-1] + ("A" if made.key[-1] != "A" else "B"),
    }
    answer = call(key.get(wrong, wrong))
    assert (answer.status_code, answer.json()["code"]) == (401, "key_wrong")


def test_a_key_comes_before_a_cookie(station: Station) -> None:
    signed_in = Client()
    signed_in.force_login(station.nurse)
    assert call("tc_wrong", client=signed_in).status_code == 401


def test_over_its_quota_a_client_is_told_when_to_come_again_and_it_is_a_fact(station: Station) -> None:
    made = opened(station)
    statuses = [call(made.key).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    answer = call(made.key)
    assert int(answer["Retry-After"]) > 0
    assert answer.json()["code"] == "quota_over"
    facts = AuditEntry.objects.filter(act="accounts.over_quota", by=made.client.account.id)
    assert sorted(fact.detail["kind"] for fact in facts) == ["api_day", "api_minute"]


def test_what_a_key_does_says_so_in_the_log(station: Station) -> None:
    made = opened(station)
    call(made.key, "/api/checkin/scan")
    entry = AuditEntry.objects.get(act="access.refused", by=made.client.account.id)
    assert (entry.page, entry.client[:2]) == ("api:checkin-scan", "c:")


def test_only_a_hash_is_kept(station: Station) -> None:
    made = opened(station)
    kept = str(list(ApiKey.objects.values()) + list(ApiClient.objects.values()) + list(AuditEntry.objects.values()))
    assert made.key not in kept
    assert made.key[12:] not in kept
    assert ApiKey.objects.get().hashed == clients.hash_of(made.key)


def test_a_new_key_lets_the_old_one_go_on_for_a_week(station: Station, settings: Any) -> None:
    first = opened(station, per_minute=9, per_day=99)
    second = rotate_key(client_id=first.client.id, by=None)
    assert [call(each.key).status_code for each in (first, second)] == [200, 200]
    settings.CLOCK_OFFSET += clients.OVERLAP
    assert [call(each.key).status_code for each in (first, second)] == [401, 200]


def test_a_key_that_leaked_is_shut_at_once_and_the_program_goes_on_with_the_new_one(station: Station) -> None:
    first = opened(station, per_minute=9, per_day=99)
    second = rotate_key(client_id=first.client.id, by=None, at_once=True)
    assert [call(each.key).status_code for each in (first, second)] == [401, 200]
    assert AuditEntry.objects.get(act="accounts.revoke_keys").subject == first.client.account_id


def test_a_key_ends_by_itself(station: Station, settings: Any) -> None:
    made = opened(station, holds=timedelta(days=2))
    settings.CLOCK_OFFSET += timedelta(days=2)
    assert call(made.key).status_code == 401


def test_what_is_revoked_is_shut_at_once_and_for_good(station: Station) -> None:
    made = opened(station)
    revoke_client(client_id=made.client.id, by=None)
    assert call(made.key).status_code == 401
    with pytest.raises(NotFoundError):
        rotate_key(client_id=made.client.id, by=None)


def test_nobody_signs_in_as_a_program(station: Station) -> None:
    made = opened(station)
    account = made.client.account
    assert account not in administered(account_of(Role.ADMINISTRATOR))
    for act in (reset_password, suspend):
        with pytest.raises(NotFoundError):
            act(account_id=account.id, by=None)
    with pytest.raises(InvalidInputError):
        activate(username=account.username, code="00000-00000", password="mot mat khau moi")
    assert not Account.objects.get(id=account.id).has_usable_password()


def test_no_code_makes_a_program_somebodys_account(station: Station) -> None:
    account = opened(station).client.account
    code, now = activation.new_code(), clock.now()
    Activation.objects.create(
        account=account, hashed=activation.hash_of(code), made_at=now, expires_at=now + activation.HOLDS
    )
    with pytest.raises(InvalidInputError):
        activate(username=account.username, code=code, password="mot mat khau moi")
    assert not Account.objects.get(id=account.id).has_usable_password()


@pytest.mark.parametrize("new_codes", [False, True])
def test_a_list_that_names_a_program_as_it_stands_gets_no_code_for_it(station: Station, new_codes: bool) -> None:
    account = opened(station).client.account
    line = f"{account.username},{account.display_name},{account.role},{station.facility.code}"
    reading = staff_list.read(f"username,name,role,facility\n{line}\n".encode())
    done = import_staff(reading=reading, by=None, new_codes=new_codes, only_good_lines=True)
    assert [fault.column for fault in done.faults] == ["username"]
    assert (done.slips, done.unchanged) == ([], 0)
    assert not Activation.objects.filter(account=account).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "X"}, "username"),
        ({"display_name": "=x"}, "name"),
        ({"contact": " "}, "contact"),
        ({"per_minute": 0}, "per_minute"),
        ({"per_minute": 9}, "per_minute"),
        ({"holds": timedelta(days=400)}, "holds"),
        ({"pages": []}, "pages"),
        ({"pages": ["office:attest"]}, "pages"),
        ({"role": Role.MINISTRY, "facility_id": None}, "pages"),
        ({"facility_id": None}, "facility_id"),
    ],
)
def test_a_client_that_cannot_be_is_refused_at_its_field(station: Station, changes: dict[str, Any], field: str) -> None:
    with pytest.raises((InvalidInputError, NotAllowedError)) as refused:
        opened(station, **changes)
    assert refused.value.field == field
    assert not ApiClient.objects.exists()


def test_nobody_opens_or_touches_a_client_out_of_his_scope(station: Station) -> None:
    with pytest.raises(NotAllowedError):
        opened(station, by=open_station().head)
    made = opened(station)
    for act in (rotate_key, revoke_client):
        with pytest.raises(NotFoundError):
            act(client_id=made.client.id, by=open_station().head)


def test_the_database_refuses_a_client_without_quotas(station: Station) -> None:
    made = opened(station)
    with pytest.raises(IntegrityError, match="a_client_has_quotas"):
        ApiClient.objects.filter(id=made.client.id).update(per_minute=0)
