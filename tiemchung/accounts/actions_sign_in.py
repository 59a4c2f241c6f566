"""Beginning and ending sign-ins, and changing one's password."""

from datetime import UTC, datetime
from uuid import UUID

from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest

from tiemchung.accounts import devices, limits
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_sign_in import SignIn
from tiemchung.accounts.sessions import FACTS
from tiemchung.ground import audit
from tiemchung.ground.addresses import address_of
from tiemchung.ground.ids import new_id

BACKEND = "django.contrib.auth.backends.ModelBackend"


@transaction.atomic
def begin_sign_in(*, request: HttpRequest, account: Account, way: str, by: UUID | None) -> None:
    """Sign an account in on the browser that asks, by a way (password, code, sign_on; +totp, +recovery_code)."""
    login(request, account, backend=BACKEND)
    allowed = limits.of(account)
    request.session[FACTS] = {
        "id": str(new_id()),
        "address": address_of(request),
        "device": devices.words(request.headers.get("User-Agent", "")),
        "way": way,
        "idle": allowed.idle.total_seconds(),
        "longest": allowed.longest.total_seconds(),
    }
    request.session.set_expiry(int(allowed.longest.total_seconds()))
    audit.record("accounts.sign_in", by=by, subject=account.id, way=way)


@transaction.atomic
def note_wrong(*, username: str, way: str, by: UUID | None) -> None:
    """Write down that somebody gave a wrong password or code for a name; a name that is no account's is not kept."""
    subject = Account.objects.filter(username=username).values_list("id", flat=True).first()
    audit.record("accounts.sign_in_wrong", by=by, subject=subject, way=way)


@transaction.atomic
def sign_out(*, request: HttpRequest, account: Account, by: UUID | None) -> None:
    """Sign an account out on the browser that asks."""
    logout(request)
    audit.record("accounts.sign_out", by=by, subject=account.id)


@transaction.atomic
def end_sign_in(*, account: Account, sign_in_id: UUID, by: UUID | None) -> None:
    """Sign an account out on one browser. One that is over, or another account's, is left alone."""
    ended, _ = SignIn.objects.filter(account=account, id=sign_in_id).delete()
    if ended:
        audit.record("accounts.end_sign_in", by=by, subject=account.id)


@transaction.atomic
def end_sign_ins(*, account: Account, by: UUID | None, but: UUID | None = None) -> int:
    """Sign an account out everywhere, but on one browser if it is named. Gives on how many."""
    others = SignIn.objects.filter(account=account)
    ended, _ = (others.exclude(id=but) if but else others).delete()
    if ended:
        audit.record("accounts.end_sign_ins", by=by, subject=account.id, sign_ins_ended=ended)
    return ended


@transaction.atomic
def change_password(*, request: HttpRequest, account: Account, password: str, by: UUID | None) -> None:
    """Let an account have another password. Its sign-ins on other browsers end, this one goes on."""
    account.password = make_password(password)
    account.save(update_fields=["password"])
    audit.record("accounts.change_password", by=by, subject=account.id)
    if request.user == account:
        update_session_auth_hash(request, account)
        end_sign_ins(account=account, by=by, but=UUID(request.session[FACTS]["id"]))


@transaction.atomic
def forget_ended(*, by: UUID | None) -> int:
    """Delete sign-ins that are over. Gives how many; no audit row: they had ended already."""
    del by
    return SignIn.objects.filter(expire_date__lt=datetime.now(UTC)).delete()[0]
