"""Sending a one-time code to a phone, and taking it back from who has the phone in hand."""

import hmac
from collections.abc import Callable

from django.db import connection, transaction

from tiemchung.accounts import codes, lock_out
from tiemchung.accounts.actions_tries import take_try
from tiemchung.accounts.models import OneTimeCode
from tiemchung.ground import audit, clock
from tiemchung.ground.addresses import network_of
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.vietnam.digits import compact


@transaction.atomic
def send_code(*, phone: str, address: str, deliver: Callable[[str], object]) -> None:
    """Make a code for a phone (+84…) and hand it to `deliver`; a code of the last 40 seconds is not followed by one.

    Messages lie above accounts, so the way to deliver is an argument. Raises ConflictError on phone after three codes
    within 15 minutes, TooManyError when that network address, or all of them together, asked for too many.
    """
    _wait_for_others_with(phone)
    now = clock.now()
    recent = OneTimeCode.objects.filter(phone=phone, sent_at__gt=now - codes.WITHIN)
    if recent.filter(sent_at__gt=now - codes.FRESH, redeemed_at=None).exists():
        return
    if recent.count() >= codes.AT_MOST:
        raise codes.too_many()
    take_try(counts=lock_out.of_code(network_of(address)), refuse=lock_out.codes_locked)
    code, code_id = codes.new_code(), new_id()
    OneTimeCode.objects.create(
        id=code_id, phone=phone, hashed=codes.hash_of(code_id, code), sent_at=now, expires_at=now + codes.HOLDS
    )
    audit.record("accounts.send_code", by=None, subject=code_id)
    deliver(code)


def redeem_code(*, phone: str, code: str) -> None:
    """Take the code that was sent last to a phone; afterwards it is used up.

    Raises InvalidInputError on code when it is another one (which counts as one of five attempts), ConflictError when
    there is none that holds. Call it outside a transaction that an error undoes: the attempt must stay written.
    """
    refused = _try(phone, compact(code[:40]))
    if refused:
        raise refused


@transaction.atomic
def _try(phone: str, code: str) -> RefusedError | None:
    row = OneTimeCode.objects.select_for_update().filter(phone=phone).order_by("-sent_at", "-id").first()
    if row is None or row.redeemed_at or row.expires_at <= clock.now() or row.attempts >= codes.ATTEMPTS:
        return codes.over()
    if not hmac.compare_digest(row.hashed, codes.hash_of(row.id, code)):
        row.attempts += 1
        row.save(update_fields=["attempts"])
        return codes.wrong()
    row.redeemed_at = clock.now()
    row.save(update_fields=["redeemed_at"])
    audit.record("accounts.redeem_code", by=None, subject=row.id)
    return None


def _wait_for_others_with(phone: str) -> None:
    """Two requests at one moment must not send two codes: the second waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts.code:{phone}"])
