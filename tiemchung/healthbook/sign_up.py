"""Opening a health book: an account named by a phone number."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tiemchung.accounts.actions import open_account
from tiemchung.accounts.models import Account, Role
from tiemchung.ground.errors import InvalidInputError, RefusedError, http_status
from tiemchung.healthbook.asking import filled_in, show_at_field
from tiemchung.healthbook.forms import SignUpForm
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.phones import PhoneNumber


@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Open an account and go on to add oneself."""
    if request.user.is_authenticated:
        return redirect("portal:home")
    form = SignUpForm(filled_in(request))
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                login(request, _open(form))
            except RefusedError as error:
                show_at_field(form, error)
                status = http_status(error)
            else:
                return redirect("healthbook:add")
    return render(request, "healthbook/sign_up.html", {"form": form}, status=status)


def _open(form: SignUpForm) -> Account:
    try:
        phone = PhoneNumber.parse(form.cleaned_data["phone"])
    except InputError as error:
        raise InvalidInputError.of(error) from error
    try:
        return open_account(
            username=phone.national,
            display_name=form.cleaned_data["display_name"],
            role=Role.CITIZEN,
            password=form.cleaned_data["password"],
            by=None,
        )
    except RefusedError as error:
        raise type(error).of(error, field="phone") from error
