"""Officers sign in and out, on this side's own page with this side's own passwords."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tiemchung.ground.errors import RefusedError
from tiemchung.look.fields import show_at_field
from tiemchung.population import actions_officers
from tiemchung.population.access import SESSION_KEY
from tiemchung.population.models import Officer

REFUSED = 422


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Tên cán bộ"), max_length=60, error_messages={"required": _("Chưa có tên. Gõ tên cán bộ.")}
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": _("Chưa có mật khẩu. Gõ mật khẩu.")},
    )


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in; a name is locked for a while after five failures."""
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            officer = actions_officers.sign_in(**form.cleaned_data)
        except RefusedError as error:
            show_at_field(form, error)
        else:
            request.session.flush()
            request.session[SESSION_KEY] = str(officer.id)
            return redirect("records")
    known = Officer.objects.filter(is_active=True).order_by("username")[:12] if settings.PRACTICE else []
    return render(
        request, "population/sign_in.html", {"form": form, "known": known}, status=REFUSED if form.errors else 200
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out: the session is gone."""
    request.session.flush()
    return redirect("sign-in")
