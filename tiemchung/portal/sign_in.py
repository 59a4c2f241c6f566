"""Signing in and out, and the way from there to one's own door."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.roles import IN_AREA, OF_NATION

DOORS = {
    Role.CITIZEN: "healthbook:home",
    **dict.fromkeys((Role.VACCINATOR, Role.DOCTOR, Role.DATA_CLERK), "clinic:sessions"),
    **dict.fromkeys((Role.FACILITY_HEAD, *IN_AREA, *OF_NATION), "office:home"),
}  # where an account lands after it signed in


class SignInForm(AuthenticationForm):
    """Name and password. What is wrong is said without telling which of the two it was."""

    error_messages = {
        "invalid_login": _("Tên hoặc mật khẩu chưa khớp. Gõ lại, hoặc gọi 1900 9095."),
        "inactive": _("Tên hoặc mật khẩu chưa khớp. Gõ lại, hoặc gọi 1900 9095."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Số điện thoại hoặc tên tài khoản")
        self.fields["password"].label = _("Mật khẩu")


class SignIn(LoginView):
    """The one page where everybody signs in."""

    template_name = "portal/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A practice installation names its accounts, so that a visitor can walk through every door."""
        accounts = Account.objects.exclude(role=Role.CITIZEN) if settings.PRACTICE else Account.objects.none()
        chosen = accounts.select_related("facility").order_by("role", "username")
        return super().get_context_data(practice=settings.PRACTICE, accounts=chosen[:12], **kwargs)


class SignOut(LogoutView):
    """Signing out goes back to the start page."""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Lead an account to its own door."""
    account = request.user
    assert isinstance(account, Account)
    return redirect(DOORS[Role(account.role)])
