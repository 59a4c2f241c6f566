"""Who asks, and for whom? What every page of the health book begins with, and how it says no."""

from uuid import UUID

from django.http import Http404, HttpRequest, QueryDict

from tiemchung.accounts.models import Account
from tiemchung.ground import audit
from tiemchung.ground.errors import NotFoundError
from tiemchung.look.words import vietnamese
from tiemchung.people import lookup
from tiemchung.people.models import Holder


def account_of(request: HttpRequest) -> Account:
    """The citizen who asks; the table of rights let nobody else in."""
    assert isinstance(request.user, Account)
    return request.user


def held_by(request: HttpRequest, person_id: UUID) -> Holder:
    """The person asked about, if the account holds him. Raises Http404 for a stranger and for nobody alike."""
    account = account_of(request)
    try:
        holder = lookup.held(account, person_id)
    except NotFoundError as error:
        raise Http404 from error
    audit.read(person_id=holder.person_id, by=account.id, reason="holder")  # others who hold the book may see it
    return holder


def filled_in(request: HttpRequest) -> QueryDict | None:
    """What was sent, or None when the page is only asked for."""
    return request.POST if request.method == "POST" else None


def in_english() -> bool:
    """Say whether the reader chose English."""
    return not vietnamese()
