"""Signing in without a password: a citizen types the phone number, and the code that is sent to it.

What is shown is the same whether or not the number has a health book; only who has the phone in hand learns that.
"""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tiemchung.accounts.actions_code import redeem_code, send_code
from tiemchung.accounts.models import Account, Role
from tiemchung.ground.addresses import address_of
from tiemchung.ground.errors import InvalidInputError, RefusedError
from tiemchung.look.words import said
from tiemchung.messages.actions import send
from tiemchung.portal import signing_in
from tiemchung.portal.asking import filled_in, refuse, show
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.phones import PhoneNumber

_KEY = "portal.sign_in_phone"


class PhoneForm(forms.Form):
    """The number of one's own phone."""

    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=30,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Chưa có số điện thoại. Ghi số của máy bạn đang cầm.")},
    )


class TextCodeForm(forms.Form):
    """Six digits of a message."""

    code = forms.CharField(
        label=_("Mã trong tin nhắn"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": _("Chưa có mã. Ghi 6 số trong tin nhắn.")},
    )


@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """Step 1: the number; a code goes to it."""
    form = PhoneForm(filled_in(request))
    following = signing_in.safe_following(request)
    if not form.is_valid():
        return show(request, "sign_in_phone", form, next=following)
    try:
        number = _number(form.cleaned_data["phone"])
        _send(request, number)
    except RefusedError as error:
        return refuse(request, "sign_in_phone", form, error, next=following)
    request.session[_KEY] = {"phone": number.national, "following": following}
    return redirect("portal:sign-in-phone-code")


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Step 2: the code. Who has no health book yet is led to opening one."""
    waiting = request.session.get(_KEY)
    if waiting is None:
        return redirect("portal:sign-in-phone")
    form = TextCodeForm(filled_in(request))
    if not form.is_valid():
        return show(request, "sign_in_phone_code", form, phone=waiting["phone"])
    try:
        signing_in.take(request, waiting["phone"])
        redeem_code(phone=PhoneNumber.parse(waiting["phone"]).e164, code=form.cleaned_data["code"])
    except RefusedError as error:
        return refuse(request, "sign_in_phone_code", form, error, phone=waiting["phone"])
    del request.session[_KEY]
    return _in(request, waiting["phone"], waiting["following"])


@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Send another code to who did not get the first."""
    waiting = request.session.get(_KEY)
    if waiting is None:
        return redirect("portal:sign-in-phone")
    try:
        _send(request, PhoneNumber.parse(waiting["phone"]))
    except RefusedError as error:
        messages.warning(request, said(error))
    return redirect("portal:sign-in-phone-code")


def _in(request: HttpRequest, number: str, following: str) -> HttpResponse:
    account = Account.objects.filter(username=number, role=Role.CITIZEN).first()
    if account is None or not account.is_active:
        messages.warning(request, gettext("Số này chưa có sổ sức khỏe. Mở sổ mới ở đây."))
        return redirect("healthbook:sign-up")
    return signing_in.begin(request, account, way="code", following=following)


def _number(text: str) -> PhoneNumber:
    try:
        return PhoneNumber.parse(text)
    except InputError as error:
        raise InvalidInputError.of(error) from error


def _send(request: HttpRequest, number: PhoneNumber) -> None:
    def deliver(sent: str) -> None:
        words = gettext("%(code)s là mã đăng nhập sổ sức khỏe, dùng trong 5 phút. Không đưa mã này cho ai.")
        send(to=number.e164, kind="code", text=words % {"code": sent}, person_id=None, by=None)

    send_code(phone=number.e164, address=address_of(request), deliver=deliver)
