"""What do all forms of the portal share? What was sent, and how a refusal is shown at its field."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from tiemchung.accounts.models import Account
from tiemchung.ground.errors import RefusedError, TooManyError, http_status
from tiemchung.look.fields import show_at_field


def account_of(request: HttpRequest) -> Account:
    """Who asks; the table of rights let nobody else in."""
    assert isinstance(request.user, Account)
    return request.user


def filled_in(request: HttpRequest) -> QueryDict | None:
    """What was sent, or None when the page is only asked for."""
    return request.POST if request.method == "POST" else None


def show(request: HttpRequest, name: str, form: forms.Form, **more: Any) -> HttpResponse:
    """Render a page with its form; one that could not be read has status 422."""
    return render(request, f"portal/{name}.html", {"form": form, **more}, status=422 if form.errors else 200)


def refuse(request: HttpRequest, name: str, form: forms.Form, error: RefusedError, **more: Any) -> HttpResponse:
    """Render the page again with a refusal at the field that it names, or above the form."""
    show_at_field(form, error)
    response = render(request, f"portal/{name}.html", {"form": form, **more}, status=http_status(error))
    if isinstance(error, TooManyError):
        response["Retry-After"] = str(error.retry_after)
    return response
