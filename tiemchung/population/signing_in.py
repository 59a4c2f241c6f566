"""Officers sign in and out, on this side's own pages: password, then the code of an app on one's own phone."""

import time

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tiemchung.ground import totp
from tiemchung.ground.addresses import address_of, network_of
from tiemchung.ground.errors import RefusedError
from tiemchung.look.fields import show_at_field
from tiemchung.population import actions_officers
from tiemchung.population.access import PROOF_KEY, SESSION_KEY, proof_of
from tiemchung.population.models import LONGEST_USERNAME, Officer
from tiemchung.population.sealed import seal, unseal

REFUSED = 422
ON_THE_WAY_FOR = 600  # seconds from the password to the code
_PENDING, _SINCE, _SECRET, _PHONE_LOST = "on_the_way", "on_the_way_since", "new_factor", "phone_lost"


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Tên cán bộ"),
        max_length=LONGEST_USERNAME,
        error_messages={"required": _("Chưa có tên. Gõ tên cán bộ.")},
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": _("Chưa có mật khẩu. Gõ mật khẩu.")},
    )


class CodeForm(forms.Form):
    """Six digits of the app."""

    code = forms.CharField(
        label=_("Mã trên ứng dụng"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": _("Chưa có mã. Gõ 6 số ứng dụng đang hiện.")},
    )


class RecoveryCodeForm(forms.Form):
    """One code of the sheet."""

    code = forms.CharField(
        label=_("Mã dự phòng"),
        max_length=40,
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Chưa có mã. Gõ một mã chưa dùng trên tờ mã dự phòng.")},
    )
    lost = forms.BooleanField(label=_("Điện thoại đã mất hoặc đã đổi: cài ứng dụng trên máy khác"), required=False)


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; who guesses is locked out for a while."""
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            officer = actions_officers.recognise(**form.cleaned_data, network=_network(request))
        except RefusedError as error:
            show_at_field(form, error)
        else:
            return _go_on(request, officer)
    known = Officer.objects.filter(is_active=True).order_by("username")[:12] if settings.PRACTICE else []
    return render(
        request, "population/sign_in.html", {"form": form, "known": known}, status=REFUSED if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code of the app, after the password."""
    officer = _on_the_way(request)
    if officer is None or not officer.factor:
        return redirect("sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions_officers.take_code(officer=officer, code=form.cleaned_data["code"], network=_network(request))
        except RefusedError as error:
            show_at_field(form, error, username="code")
        else:
            return _let_in(request, officer)
    return render(request, "population/code.html", {"form": form}, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "POST"])
def recovery_code(request: HttpRequest) -> HttpResponse:
    """A code from paper, after the password; who lost his phone sets another one up at once."""
    officer = _on_the_way(request)
    if officer is None or not officer.factor:
        return redirect("sign-in")
    form = RecoveryCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data["code"]
        try:
            actions_officers.take_recovery_code(officer=officer, code=typed, network=_network(request))
        except RefusedError as error:
            show_at_field(form, error, username="code")
        else:
            return _after_recovery(request, officer, phone_lost=form.cleaned_data["lost"])
    return render(request, "population/recovery_code.html", {"form": form}, status=REFUSED if form.errors else 200)


def _after_recovery(request: HttpRequest, officer: Officer, *, phone_lost: bool) -> HttpResponse:
    if not phone_lost:
        return _let_in(request, officer)
    request.session[_PHONE_LOST] = True  # his old app goes when the new one has shown a code
    return redirect("set-up")


@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Set the app up on the way in; who has one is asked for its code instead."""
    officer, anew = _on_the_way(request), bool(request.session.get(_PHONE_LOST))
    if officer is None or (officer.factor and not anew):
        return redirect("sign-in")
    form, secret = CodeForm(request.POST if request.method == "POST" else None), _new_secret(request)
    if form.is_valid():
        typed = form.cleaned_data["code"]
        try:
            codes = actions_officers.set_factor(
                officer=officer, secret=secret, code=typed, network=_network(request), anew=anew
            )
        except RefusedError as error:
            show_at_field(form, error, username="code")
        else:
            _let_in(request, officer)
            return render(request, "population/recovery_codes.html", {"codes": codes, "username": officer.username})
    shown = {"form": form, "address": totp.address(secret, officer.username), "typed": totp.typed(secret)}
    return render(request, "population/set_up.html", shown, status=REFUSED if form.errors else 200)


def _go_on(request: HttpRequest, officer: Officer) -> HttpResponse:
    """After the password: to the code, to setting one up, or in, where an installation asks for none."""
    if not officer.factor and not settings.SECOND_FACTOR:
        return _let_in(request, officer)
    request.session.flush()
    request.session[_PENDING], request.session[_SINCE] = str(officer.id), time.time()
    return redirect("code" if officer.factor else "set-up")


def _on_the_way(request: HttpRequest) -> Officer | None:
    """Who has typed his password lately on this browser."""
    if time.time() - request.session.get(_SINCE, 0) > ON_THE_WAY_FOR:
        return None
    return Officer.objects.filter(pk=request.session[_PENDING], is_active=True).first()


def _let_in(request: HttpRequest, officer: Officer) -> HttpResponse:
    actions_officers.let_in(officer=officer, network=_network(request))
    request.session.flush()
    request.session[SESSION_KEY] = str(officer.id)
    request.session[PROOF_KEY] = proof_of(Officer.objects.get(pk=officer.pk))  # a factor may just have been set
    return redirect("records")


def _new_secret(request: HttpRequest) -> bytes:
    """The secret that is being set up on this browser: one until a code of it was typed, whatever is reloaded."""
    return totp.read(unseal(request.session.setdefault(_SECRET, seal(totp.kept(totp.new_secret())))))


def _network(request: HttpRequest) -> str:
    return network_of(address_of(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out: the session is gone."""
    request.session.flush()
    return redirect("sign-in")
