"""What do all pages of the floor share? Whose facility it is, and how a refusal is shown at its field."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tiemchung.accounts.models import Account
from tiemchung.accounts.scope import own_facility
from tiemchung.ground import clock
from tiemchung.ground.errors import InvalidInputError, NotFoundError, RefusedError, http_status
from tiemchung.look.words import said
from tiemchung.places.models import Facility

REFUSED = 422
View = Callable[..., HttpResponse]


def account(request: HttpRequest) -> Account:
    """The member of staff who asks; the table of rights let nobody else in."""
    if not isinstance(request.user, Account):
        raise TypeError("the table of rights let in somebody who has not signed in")
    return request.user


def show(request: HttpRequest, name: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """Render a page of the floor with where and who we are."""
    nurse = account(request)
    shared = {
        "facility": Facility.objects.get(id=own_facility(nurse)),
        "face": "".join(word[0] for word in nurse.display_name.split()[-2:]).upper(),
        "now": clock.now(),
    }
    return render(request, f"clinic/{name}.html", shared | (context or {}), status=status)


def guarded(view: View) -> View:
    """Let a refusal that a view leaves to its caller become a page that says why and what to do."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RefusedError as error:
            return render(request, "clinic/refused.html", {"words": said(error)}, status=http_status(error))

    return answer


def show_form(request: HttpRequest, name: str, form: forms.Form, context: dict[str, Any] | None = None) -> HttpResponse:
    """Render a page with its form; one that was refused has status 422."""
    status = REFUSED if form.errors else 200
    return show(request, name, {"form": form, **(context or {})}, status=status)


def person_unknown() -> NotFoundError:
    """Refuse a person of whom nothing is known here, alike for nobody and for who was never here."""
    return NotFoundError(
        "person_unknown",
        field="person_id",
        vi="Không thấy người này. Quét lại mã.",
        en="This person is not found. Scan the code again.",
    )


def not_from_our_page() -> InvalidInputError:
    """What was sent lacks what our pages send along."""
    return InvalidInputError(
        "page_outdated",
        field="page",
        vi="Trang này đã cũ. Tải lại trang rồi làm lại.",
        en="This page is out of date. Load it again and repeat.",
    )
