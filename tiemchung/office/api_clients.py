"""Programs of others that call the API: opened, given new keys, revoked; how much they call."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiemchung.accounts import actions_clients, policy, quotas
from tiemchung.accounts.actions_clients import NewKey
from tiemchung.accounts.actions_quotas import used
from tiemchung.accounts.models_access import ApiClient
from tiemchung.ground import clock
from tiemchung.ground.errors import RefusedError
from tiemchung.look.fields import show_at_field
from tiemchung.office.client_forms import ClientForm
from tiemchung.office.pages import account as reader
from tiemchung.office.pages import show

SHOWN = 200


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The programs that the reader administers."""
    found = policy.clients_administered(reader(request)).order_by("revoked_at", "account__folded", "id")[:SHOWN]
    return render(request, "office/clients.html", {"clients": found})


@never_cache
@require_http_methods(["GET", "POST"])
def open_one(request: HttpRequest) -> HttpResponse:
    """Open a program; its key is shown once."""
    by = reader(request)
    form = ClientForm(request.POST or None, by=by)
    if form.is_valid():
        try:
            made = actions_clients.open_client(username=form.cleaned_data["username"], by=by, **form.said())
        except RefusedError as error:
            show_at_field(form, error, name="display_name", facility_id="facility", area_code="area")
        else:
            return _key(request, made)
    return show(request, "client_open", {"form": form}, form)


@require_GET
def one(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """One program: where it may come, what it has used today, its keys."""
    client = _administered(request, client_id)
    asked = quotas.of_client(client.per_minute, client.per_day)
    context = {
        "client": client,
        "used": used(client.account.id, asked)["api_day"],
        "keys": client.keys.order_by("-made_at")[:10],
        "now": clock.now(),
    }
    return render(request, "office/client.html", context)


@never_cache
@require_POST
def rotate(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Make a new key; the one in use goes on for a week."""
    _administered(request, client_id)
    try:
        return _key(request, actions_clients.rotate_key(client_id=client_id, by=reader(request)))
    except RefusedError as error:
        raise Http404 from error


@require_POST
def revoke(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Shut a program for good."""
    client = _administered(request, client_id)
    if client.revoked_at is None:
        actions_clients.revoke_client(client_id=client_id, by=reader(request))
    messages.success(request, _("Đã thu hồi. Lượt gọi tiếp theo bị từ chối."))
    return redirect("office:client", client_id)


def _administered(request: HttpRequest, client_id: UUID) -> ApiClient:
    found = policy.clients_administered(reader(request)).filter(id=client_id).first()
    if found is None:
        raise Http404
    return found


def _key(request: HttpRequest, made: NewKey) -> HttpResponse:
    return render(request, "office/client_key.html", {"made": made, "client": made.client})
