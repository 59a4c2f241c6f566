"""Which other accounts see the family's books? And closing a book to one of them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tiemchung.ground.errors import RefusedError
from tiemchung.healthbook.asking import account_of
from tiemchung.look.words import said
from tiemchung.people.actions import end_hold


@require_POST
def end(request: HttpRequest, holder_id: UUID) -> HttpResponse:
    """Close a book to an account: one's own, or one that no site confirmed."""
    try:
        end_hold(holder_id=holder_id, by=account_of(request))
    except RefusedError as error:
        messages.warning(request, said(error))
    else:
        messages.success(request, gettext("Tài khoản này không còn xem được sổ."))
    return redirect("healthbook:readers")
