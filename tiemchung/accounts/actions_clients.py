"""Opening clients of the API, giving them keys, and taking keys away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tiemchung.accounts import clients, policy
from tiemchung.accounts.actions import check_bounds, open_account
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_access import ApiClient, ApiKey
from tiemchung.accounts.roles import Role
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import InvalidInputError, NotFoundError
from tiemchung.ground.ids import new_id


@dataclass(frozen=True)
class NewKey:
    """A client, and its key as it is told once."""

    client: ApiClient
    key: str
    expires_at: datetime


@transaction.atomic
def open_client(
    *,
    username: str,
    display_name: str,
    role: Role,
    contact: str,
    pages: list[str],
    per_minute: int,
    per_day: int,
    by: Account | None,
    facility_id: UUID | None = None,
    area_code: str | None = None,
    holds: timedelta = clients.LONGEST,
) -> NewKey:
    """Open a client with its account and a first key.

    Raises NotAllowedError for who does not administer such accounts or for endpoints that do not open for the role,
    InvalidInputError naming the field, ConflictError on a taken name.
    """
    policy.check_username(username)
    policy.check_display_name(display_name)
    _check_numbers(contact, per_minute, per_day, holds)
    check_bounds(role, facility_id, area_code)
    policy.check_administers(by, role, facility_id, area_code)
    clients.check_may_have(role, pages)
    account = open_account(
        username=username,
        display_name=display_name,
        role=role,
        password=None,
        by=by.id if by else None,
        facility_id=facility_id,
        area_code=area_code,
    )
    client = ApiClient.objects.create(
        id=new_id(),
        account=account,
        contact=contact,
        pages=sorted(set(pages)),
        per_minute=per_minute,
        per_day=per_day,
        made_at=clock.now(),
    )
    _note("accounts.open_client", by, client, {"pages": client.pages, "per_minute": per_minute, "per_day": per_day})
    return _new_key(client, by, holds)


@transaction.atomic
def rotate_key(
    *,
    client_id: UUID,
    by: Account | None,
    holds: timedelta = clients.LONGEST,
    overlap: timedelta = clients.OVERLAP,
    at_once: bool = False,
) -> NewKey:
    """Give a client a new key; those it has go on for the overlap, so that nobody stands still meanwhile.

    `at_once` is for a key that leaked: those it has are revoked and refused from the next request on.
    Raises NotFoundError for a client that is revoked or out of scope.
    """
    client = _administered(client_id, by)
    _check_numbers(client.contact, client.per_minute, client.per_day, holds)
    if at_once:
        _revoke_keys(client, by)
    ends = clock.now() + overlap
    ApiKey.objects.filter(client=client, revoked_at=None, expires_at__gt=ends).update(expires_at=ends)
    return _new_key(client, by, holds)


@transaction.atomic
def revoke_client(*, client_id: UUID, by: Account | None) -> ApiClient:
    """Shut a client with all its keys for good; its next request is refused. Raises NotFoundError."""
    client = _administered(client_id, by)
    client.revoked_at = clock.now()
    client.save(update_fields=["revoked_at"])
    client.account.closed_on = clock.today()
    client.account.save(update_fields=["closed_on"])
    _note("accounts.revoke_client", by, client, {})
    return client


def _revoke_keys(client: ApiClient, by: Account | None) -> None:
    keys = ApiKey.objects.filter(client=client, revoked_at=None)
    prefixes = sorted(keys.values_list("prefix", flat=True))
    keys.update(revoked_at=clock.now())
    _note("accounts.revoke_keys", by, client, {"prefixes": prefixes})


def _new_key(client: ApiClient, by: Account | None, holds: timedelta) -> NewKey:
    key, prefix = clients.new_key()
    now = clock.now()
    made = ApiKey.objects.create(
        id=new_id(), client=client, prefix=prefix, hashed=clients.hash_of(key), made_at=now, expires_at=now + holds
    )
    _note("accounts.new_key", by, client, {"prefix": prefix})
    return NewKey(client, key, made.expires_at)


def _administered(client_id: UUID, by: Account | None) -> ApiClient:
    found = (
        policy.clients_administered(by).select_for_update(of=("self",)).filter(id=client_id, revoked_at=None).first()
    )
    if found is None:
        raise NotFoundError(
            "client_unknown",
            field="client",
            vi="Không có chương trình này đang dùng trong phạm vi của bạn. Chọn lại trong danh sách.",
            en="There is no such client in use in your scope. Choose one from the list.",
        )
    return found


def _check_numbers(contact: str, per_minute: int, per_day: int, holds: timedelta) -> None:
    if not contact.strip():
        raise InvalidInputError(
            "contact_missing", field="contact", vi="Chưa có người liên hệ. Ghi tên và số gọi được.",
            en="Nobody to call is named. Write a name and a number.",
        )  # fmt: skip
    if not 1 <= per_minute <= per_day:
        raise InvalidInputError(
            "quota_form", field="per_minute", vi="Số lượt mỗi phút từ 1 và không hơn số lượt mỗi ngày. Ghi lại.",
            en="Requests a minute are at least 1 and at most those of a day. Write them again.",
        )  # fmt: skip
    if not timedelta(0) < holds <= clients.LONGEST:
        raise InvalidInputError(
            "key_too_long", field="holds", vi="Khóa dùng được nhiều nhất 366 ngày. Chọn ngắn hơn.",
            en="A key holds at most 366 days. Choose less.",
        )  # fmt: skip


def _note(act: str, by: Account | None, client: ApiClient, detail: dict[str, Any]) -> None:
    account, whom = client.account, by.id if by else None
    audit.record(act, by=whom, subject=account.id, facility_id=account.facility_id, person_id=None, **detail)
