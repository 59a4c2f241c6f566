"""One's own account: where one is signed in, the password, the second factor and its recovery codes."""

import time
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiemchung.accounts import second_factor
from tiemchung.accounts.actions_second_factor import renew_recovery_codes, set_up, take_code
from tiemchung.accounts.actions_sign_in import change_password, end_sign_in, end_sign_ins
from tiemchung.accounts.actions_tries import clear, give_back
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_sign_in import RecoveryCode, SecondFactor, SignIn
from tiemchung.accounts.sessions import FACTS
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.portal import signing_in
from tiemchung.portal.asking import account_of, filled_in, refuse, show
from tiemchung.portal.factor import CodeForm, forget_secret, new_secret, show_set_up

_PROVEN = "portal.second_factor_proven_at"
PROVEN_FOR = 600  # seconds: who gave a code and went away has proven nothing for who sits there then


class PasswordForm(forms.Form):
    """The password as it is and as it shall be."""

    password = forms.CharField(
        label=_("Mật khẩu đang dùng"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("Mật khẩu mới"),
        help_text=_("Ít nhất 8 ký tự. Một câu ngắn dễ nhớ là tốt nhất."),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_new_password(self) -> str:
        """Ask for what the installation's validators ask for."""
        new: str = self.cleaned_data["new_password"]
        validate_password(new)
        if new == self.cleaned_data.get("password"):
            raise ValidationError(_("Đây là mật khẩu đang dùng. Chọn mật khẩu khác."))
        return new


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show where the account is signed in, and what guards it."""
    account = account_of(request)
    codes = RecoveryCode.objects.filter(account=account, used_at=None)
    return render(
        request,
        "portal/own_account.html",
        {
            "account": account,
            "sign_ins": SignIn.objects.filter(account=account).order_by("-seen_at"),
            "this": this_sign_in(request),
            "factor": SecondFactor.objects.filter(account=account).first(),
            "codes_left": codes.count(),
            "must_have": second_factor.must_have(account),
        },
    )


@require_POST
def end_one(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Sign out on one other browser."""
    account = account_of(request)
    end_sign_in(account=account, sign_in_id=sign_in_id, by=account.id)
    messages.success(request, gettext("Đã đăng xuất thiết bị đó."))
    return redirect("portal:account")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    account = account_of(request)
    ended = end_sign_ins(account=account, by=account.id, but=this_sign_in(request))
    messages.success(request, gettext("Đã đăng xuất %(count)s thiết bị khác.") % {"count": ended})
    return redirect("portal:account")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; other browsers are signed out."""
    account, form = account_of(request), PasswordForm(filled_in(request))
    if not form.is_valid():
        return show(request, "password", form)
    try:
        _prove(request, account, form.cleaned_data["password"])
    except RefusedError as error:
        return refuse(request, "password", form, error)
    change_password(request=request, account=account, password=form.cleaned_data["new_password"], by=account.id)
    messages.success(request, gettext("Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại."))
    return redirect("portal:account")


def _prove(request: HttpRequest, account: Account, password: str) -> None:
    """Who sits at a browser that somebody left must not take the account over. Raises RefusedError on password."""
    counts = signing_in.take(request, account.username)
    if authenticate(request, username=account.username, password=password) != account:
        raise InvalidInputError(
            "password_wrong",
            field="password",
            vi="Mật khẩu đang dùng chưa đúng. Gõ lại.",
            en="This is not the password in use. Type it again.",
        )
    give_back(counts=counts)


@never_cache
@require_http_methods(["GET", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """Set an app up: the first one, or another after a code of the one in use."""
    account, form = account_of(request), CodeForm(filled_in(request))
    if SecondFactor.objects.filter(account=account).exists() and not _is_proven(request):
        return _ask_for_code(request, account, form)
    if not form.is_valid():
        return show_set_up(request, account, form)
    try:
        codes = set_up(account=account, secret=new_secret(request), code=form.cleaned_data["code"], by=account.id)
    except RefusedError as error:
        return show_set_up(request, account, form, error)
    forget_secret(request)
    request.session.pop(_PROVEN, None)
    return _show_codes(request, codes)


def _is_proven(request: HttpRequest) -> bool:
    return time.time() - float(request.session.get(_PROVEN, 0)) <= PROVEN_FOR


def _ask_for_code(request: HttpRequest, account: Account, form: CodeForm) -> HttpResponse:
    try:
        if form.is_valid():
            _take(request, account, form)
            request.session[_PROVEN] = time.time()
            return redirect("portal:account-factor")
    except RefusedError as error:
        return refuse(request, "prove", form, error)
    return show(request, "prove", form)


@never_cache
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make recovery codes anew, after a code of the app; the old sheet ends."""
    account, form = account_of(request), CodeForm(filled_in(request))
    if not SecondFactor.objects.filter(account=account).exists():
        return redirect("portal:account-factor")
    if not form.is_valid():
        return show(request, "prove", form)
    try:
        _take(request, account, form)
    except RefusedError as error:
        return refuse(request, "prove", form, error)
    return _show_codes(request, renew_recovery_codes(account=account, by=account.id))


def _take(request: HttpRequest, account: Account, form: CodeForm) -> None:
    counts = signing_in.take(request, account.username)
    take_code(account=account, code=form.cleaned_data["code"], by=account.id)
    clear(counts=counts)


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "portal/recovery_codes.html", {"codes": codes, "following": "/tai-khoan/"})


def this_sign_in(request: HttpRequest) -> UUID:
    """Which of the account's sign-ins is this browser's?"""
    return UUID(request.session[FACTS]["id"])
