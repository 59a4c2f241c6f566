"""The second step of signing in: the code of the app, a recovery code, or setting the app up."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tiemchung.accounts import second_factor
from tiemchung.accounts.actions_second_factor import set_up, take_code, take_recovery_code
from tiemchung.accounts.models import Account
from tiemchung.ground.errors import RefusedError
from tiemchung.portal import signing_in
from tiemchung.portal.asking import filled_in, refuse, show

_SECRET = "portal.new_second_factor"  # noqa: S105  a key of the session


class CodeForm(forms.Form):
    """Six digits of the app."""

    code = forms.CharField(
        label=_("Mã trên ứng dụng"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class RecoveryCodeForm(forms.Form):
    """One code of the sheet."""

    code = forms.CharField(
        label=_("Mã dự phòng"),
        max_length=40,
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the app."""
    return _ask(request, "sign_in_code", CodeForm(filled_in(request)), "totp")


@never_cache
@require_http_methods(["GET", "POST"])
def recovery_code(request: HttpRequest) -> HttpResponse:
    """Ask for a recovery code of who has not his phone at hand."""
    return _ask(request, "sign_in_recovery_code", RecoveryCodeForm(filled_in(request)), "recovery_code")


def _ask(request: HttpRequest, page: str, form: forms.Form, how: str) -> HttpResponse:
    account = signing_in.on_the_way(request)
    if account is None or not hasattr(account, "secondfactor"):
        return signing_in.to_sign_in(request)
    if not form.is_valid():
        return show(request, page, form)
    take = take_code if how == "totp" else take_recovery_code
    try:
        signing_in.take(request, account.username)
        take(account=account, code=form.cleaned_data["code"], by=account.id)
    except RefusedError as error:
        return refuse(request, page, form, error)
    signing_in.factor_done(request, how)
    return signing_in.next_step(request, account)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_set_up(request: HttpRequest) -> HttpResponse:
    """Set the app up on the way in; who has one is asked for its code instead."""
    account = signing_in.on_the_way(request)
    if account is None or hasattr(account, "secondfactor"):
        return signing_in.to_sign_in(request)
    form = CodeForm(filled_in(request))
    if not form.is_valid():
        return show_set_up(request, account, form)
    try:
        codes = set_up(account=account, secret=new_secret(request), code=form.cleaned_data["code"], by=account.id)
    except RefusedError as error:
        return show_set_up(request, account, form, error)
    forget_secret(request)
    signing_in.factor_done(request, "totp")
    led_on = signing_in.finish(request, account)
    response = render(request, "portal/recovery_codes.html", {"codes": codes, "following": led_on["Location"]})
    response.cookies.update(led_on.cookies)
    return response


def show_set_up(
    request: HttpRequest, account: Account, form: forms.Form, error: RefusedError | None = None
) -> HttpResponse:
    """The page with the QR code of the secret that waits in the session."""
    secret = new_secret(request)
    shown = {"address": second_factor.address(secret, account.username), "typed": second_factor.typed(secret)}
    if error:
        return refuse(request, "set_up", form, error, **shown)
    return show(request, "set_up", form, **shown)


def new_secret(request: HttpRequest) -> bytes:
    """The secret that is being set up on this browser: one until a code of it was typed, whatever is reloaded."""
    kept = request.session.setdefault(_SECRET, second_factor.kept(second_factor.new_secret()))
    return second_factor.read(kept)


def forget_secret(request: HttpRequest) -> None:
    """What was being set up is set up, or given up."""
    request.session.pop(_SECRET, None)
