"""Opening a health book: an account named by a phone number, for whoever has that phone in hand.

The number opens the records that carry it (`people.policy`), so a code that is sent to it comes before the account.
Until then name and hashed password wait in the session; the code is in no address, log or session.
"""

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from tiemchung.accounts.actions import open_account, redeem_code, send_code
from tiemchung.accounts.actions_sign_in import begin_sign_in
from tiemchung.accounts.models import Account, Role
from tiemchung.ground.addresses import address_of
from tiemchung.ground.errors import InvalidInputError, RefusedError, http_status
from tiemchung.healthbook.asking import filled_in
from tiemchung.healthbook.forms import CodeForm, SignUpForm
from tiemchung.look.fields import show_at_field
from tiemchung.look.words import said
from tiemchung.messages.actions import send
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.phones import PhoneNumber

_KEY = "healthbook.sign_up"


@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Step 1: phone, name and password; a code goes to the phone."""
    if request.user.is_authenticated:
        return redirect("portal:home")
    form = SignUpForm(filled_in(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            phone = _phone(form.cleaned_data["phone"])
            _send_code(request, phone)
        except RefusedError as error:
            show_at_field(form, error)
            status = http_status(error)
        else:
            request.session[_KEY] = _waiting(phone, form)
            return redirect("healthbook:sign-up-code")
    return render(request, "healthbook/sign_up.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Step 2: the code from the phone; then the account is opened and signed in, and one adds oneself."""
    waiting = request.session.get(_KEY)
    if waiting is None:
        return redirect("healthbook:sign-up")
    form = CodeForm(filled_in(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            account = _open(waiting, form.cleaned_data["code"])
        except RefusedError as error:
            show_at_field(form, error)
            status = http_status(error)
        else:
            del request.session[_KEY]
            begin_sign_in(request=request, account=account, way="code", by=account.id)
            return redirect("healthbook:add")
    return render(request, "healthbook/sign_up_code.html", {"form": form, "phone": waiting["phone"]}, status=status)


@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Send another code to who did not get the first."""
    waiting = request.session.get(_KEY)
    if waiting is None:
        return redirect("healthbook:sign-up")
    try:
        _send_code(request, PhoneNumber.parse(waiting["phone"]))
    except RefusedError as error:
        messages.warning(request, said(error))
    return redirect("healthbook:sign-up-code")


def _phone(text: str) -> PhoneNumber:
    try:
        return PhoneNumber.parse(text)
    except InputError as error:
        raise InvalidInputError.of(error) from error


def _waiting(phone: PhoneNumber, form: SignUpForm) -> dict[str, str]:
    return {
        "phone": phone.national,
        "display_name": form.cleaned_data["display_name"],
        "password": make_password(form.cleaned_data["password"]),
    }


def _send_code(request: HttpRequest, phone: PhoneNumber) -> None:
    def deliver(sent: str) -> None:
        words = gettext("%(code)s là mã mở sổ sức khỏe, dùng trong 5 phút. Không đưa mã này cho ai.") % {"code": sent}
        send(to=phone.e164, kind="code", text=words, person_id=None, by=None)

    send_code(phone=phone.e164, address=address_of(request), deliver=deliver)


def _open(waiting: dict[str, str], code: str) -> Account:
    """Whether there is an account of this phone is told only to who has the phone."""
    redeem_code(phone=PhoneNumber.parse(waiting["phone"]).e164, code=code)
    with transaction.atomic():
        return open_account(
            username=waiting["phone"],
            display_name=waiting["display_name"],
            role=Role.CITIZEN,
            password=waiting["password"],
            password_is_hashed=True,
            by=None,
        )
