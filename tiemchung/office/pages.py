"""What do all forms of the office share? Who asks, and how a page is shown with them."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tiemchung.accounts.models import Account
from tiemchung.look.words import said
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError

REFUSED = 422


def account(request: HttpRequest) -> Account:
    """The member of staff who asks; the table of rights let nobody else in."""
    assert isinstance(request.user, Account)
    return request.user


def show(request: HttpRequest, name: str, context: dict[str, Any], *asked: forms.Form) -> HttpResponse:
    """Render a page with its forms; one that was refused has status 422."""
    status = REFUSED if any(form.errors for form in asked) else 200
    return render(request, f"office/{name}.html", context, status=status)


def whole_day(text: str, incomplete: Any) -> date:
    """Read a date that must be known to the day. Raises ValidationError with the cure."""
    try:
        read = PartialDate.parse(text)
    except InputError as error:
        raise ValidationError(said(error)) from error
    if read.precision != "day":
        raise ValidationError(incomplete)
    return read.first_day
