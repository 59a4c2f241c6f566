"""The steps between a right password and being signed in: which is next, and who is on the way.

Nobody is signed in before the last step, so no page needs to ask how far somebody has come. Until then the account
waits in the session, for ten minutes and as long as its password stays the same.
"""

import time
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tiemchung.accounts import devices, lock_out, second_factor
from tiemchung.accounts.actions_sign_in import begin_sign_in
from tiemchung.accounts.actions_sign_on import link
from tiemchung.accounts.actions_tries import clear, take_try
from tiemchung.accounts.lock_out import Counted
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_sign_in import SecondFactor
from tiemchung.ground.addresses import address_of, network_of
from tiemchung.ground.errors import NotAllowedError
from tiemchung.look.words import said
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.phones import PhoneNumber

_KEY = "portal.signing_in"
PATIENCE = 600  # seconds


def begin(
    request: HttpRequest,
    account: Account,
    *,
    way: str,
    following: str,
    factor_done: bool = False,
    person: tuple[str, str] | None = None,
) -> HttpResponse:
    """The first step went well: `way` says how (password, code, sign_on). Gives the answer that leads on.

    `person` is issuer and subject of a sign-on, which the account is bound to when the last step is done.
    """
    request.session[_KEY] = {
        "account": str(account.id),
        "hash": account.get_session_auth_hash(),
        "way": way,
        "following": following,
        "at": time.time(),
        "factor_done": factor_done,
        "person": person,
    }
    return next_step(request, account)


def on_the_way(request: HttpRequest) -> Account | None:
    """Who waits for his next step on this browser."""
    waiting = request.session.get(_KEY)
    if waiting is None or time.time() - waiting["at"] > PATIENCE:
        return None
    account = Account.objects.filter(id=waiting["account"]).first()
    unchanged = account and account.is_active and account.get_session_auth_hash() == waiting["hash"]
    return account if unchanged else None


def next_step(request: HttpRequest, account: Account) -> HttpResponse:
    """Lead to what is still to be done, or sign in."""
    if not request.session[_KEY]["factor_done"]:
        if SecondFactor.objects.filter(account=account).exists():
            return redirect("portal:sign-in-code")
        if second_factor.must_have(account):
            return redirect("portal:sign-in-set-up")
    return finish(request, account)


def factor_done(request: HttpRequest, how: str) -> None:
    """The second factor was given: `how` is totp or recovery_code."""
    waiting: dict[str, Any] = request.session[_KEY]
    request.session[_KEY] = {**waiting, "factor_done": True, "way": f"{waiting['way']}+{how}"}


def finish(request: HttpRequest, account: Account) -> HttpResponse:
    """Sign in, forget the wrong tries, and go where he wanted to go."""
    waiting = request.session.pop(_KEY)
    if waiting.get("person"):
        issuer, subject = waiting["person"]
        try:
            link(account=account, issuer=issuer, subject=subject, by=account.id)
        except NotAllowedError as error:  # somebody else was bound to it while this one was on the way
            messages.error(request, said(error))
            return to_sign_in(request)
    clear(counts=tries(request, account.username))
    begin_sign_in(request=request, account=account, way=waiting["way"], by=account.id)
    response = redirect(waiting["following"] or "portal:home")
    devices.remember(request, response, counted_name(account.username))
    return response


def tries(request: HttpRequest, name: str) -> list[Counted]:
    """What a try under that name counts for, on this browser."""
    known = devices.read(request)
    name = counted_name(name)
    return lock_out.of_sign_in(name, network_of(address_of(request)), known.for_name(name) if known else None)


def take(request: HttpRequest, name: str) -> list[Counted]:
    """Count a try before it is made; gives what it counted for. Raises TooManyError."""
    counts = tries(request, name)
    take_try(counts=counts, refuse=lock_out.locked, username=username_of(name[:100]))
    return counts


def username_of(written: str) -> str:
    """The username that somebody means: a phone number may be written in any of its forms."""
    try:
        return PhoneNumber.parse(written).national
    except InputError:
        return written.strip()


def counted_name(username: str) -> str:
    """What tries are counted by: one name, however it is written."""
    return username_of(username[:100]).casefold()


def safe_following(request: HttpRequest) -> str:
    """Where he wanted to go, if that is a page of ours; else nothing."""
    said = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure())
    return said if ours else ""


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Back to the first step, for who is not on the way (any more)."""
    waiting = request.session.pop(_KEY, None)
    following = waiting["following"] if waiting else ""
    return redirect(reverse("portal:sign-in") + (f"?{urlencode({'next': following})}" if following else ""))
