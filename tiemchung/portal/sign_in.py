"""Signing in and out, and the way from there to one's own door."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from tiemchung.accounts.actions_sign_in import sign_out
from tiemchung.accounts.actions_tries import give_back
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.roles import IN_AREA, OF_NATION
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.portal import signing_in
from tiemchung.portal.asking import filled_in, refuse, show

DOORS = {
    Role.CITIZEN: "healthbook:home",
    **dict.fromkeys((Role.VACCINATOR, Role.DOCTOR, Role.DATA_CLERK), "clinic:sessions"),
    **dict.fromkeys((Role.FACILITY_HEAD, *IN_AREA, *OF_NATION), "office:home"),
}  # where an account lands after it signed in


class SignInForm(forms.Form):
    """Name and password. What is wrong is said without telling which of the two it was."""

    username = forms.CharField(
        label=_("Số điện thoại hoặc tên tài khoản"),
        max_length=100,
        error_messages={"required": _("Chưa có tên. Ghi số điện thoại hoặc tên tài khoản.")},
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=1000,
        strip=False,
        error_messages={"required": _("Chưa có mật khẩu. Ghi mật khẩu của bạn.")},
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The one page where everybody signs in; what follows is in `signing_in`."""
    if request.user.is_authenticated:
        return redirect(signing_in.safe_following(request) or "portal:home")
    form = SignInForm(filled_in(request))
    following = signing_in.safe_following(request)
    if not form.is_valid():
        return show(request, "sign_in", form, next=following, **_around())
    try:
        account = _who(request, form.cleaned_data["username"], form.cleaned_data["password"])
    except RefusedError as error:
        return refuse(request, "sign_in", form, error, next=following, **_around())
    return signing_in.begin(request, account, way="password", following=following)


def _who(request: HttpRequest, written: str, password: str) -> Account:
    """Whose name and password these are. Raises TooManyError, InvalidInputError (name, password or closed alike)."""
    username = signing_in.username_of(written)
    counts = signing_in.take(request, username)
    account = authenticate(request, username=username, password=password)
    if not isinstance(account, Account):
        raise InvalidInputError(
            "sign_in_wrong",
            vi="Tên hoặc mật khẩu chưa khớp. Gõ lại, hoặc gọi 1900 9095.",
            en="Name and password do not fit. Type them again, or call 1900 9095.",
        )
    give_back(counts=counts)
    return account


def _around() -> dict[str, Any]:
    """Other ways in. A practice installation names its accounts, so that a visitor can walk through every door."""
    if not settings.PRACTICE:
        return {"sign_on": settings.SIGN_ON}
    accounts = (
        Account.objects.filter(api_client=None)
        .exclude(role=Role.CITIZEN)
        .select_related("facility")
        .order_by("role", "username")
        .distinct("role")
    )
    return {"sign_on": settings.SIGN_ON, "accounts": accounts, "second_factor": settings.SECOND_FACTOR}


class SignOut(LogoutView):
    """Signing out goes back to the start page, and is written down."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the sign-in; who is signed out already is only led back."""
        if isinstance(request.user, Account):
            sign_out(request=request, account=request.user, by=request.user.id)
        return super().post(request, *args, **kwargs)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Lead an account to its own door."""
    account = request.user
    assert isinstance(account, Account)
    return redirect(DOORS[Role(account.role)])
