"""Who signed in on this browser? Read with the sign-in itself, so that most requests ask the database once."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import LazyObject, SimpleLazyObject

from tiemchung.accounts.models import Account
from tiemchung.accounts.sessions import SessionStore


class SignedInMiddleware(AuthenticationMiddleware):
    """Django's, which decides whatever is not as plain as can be."""

    def process_request(self, request: HttpRequest) -> None:
        """Find out who signed in once somebody asks."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _account(request))  # type: ignore[assignment]


def itself(account: Account) -> Account:
    """An account out of the wrapping that put off reading it: who asks much of it pays for the wrapping each time."""
    return account._wrapped if isinstance(account, LazyObject) else account


def _account(request: HttpRequest) -> Account | AnonymousUser:
    session = request.session
    said = session.get(SESSION_KEY)  # reads the session, and the account with it
    account = session.account if isinstance(session, SessionStore) else None
    if account and said == str(account.pk) and account.is_active and _was_signed_in_so(session, account):
        return account
    found: Account | AnonymousUser = get_user(request)  # signs out who is closed, or whose password changed since
    return found


def _was_signed_in_so(session: SessionBase, account: Account) -> bool:
    """By a way that is still open, and with the password that the account still has."""
    kept = session.get(HASH_SESSION_KEY, "")
    is_open = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    return is_open and constant_time_compare(kept, account.get_session_auth_hash())
