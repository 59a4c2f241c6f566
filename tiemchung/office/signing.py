"""The centre's signature: who is due a passport gets it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tiemchung.accounts.models import Account
from tiemchung.ground import clock
from tiemchung.ground.errors import RefusedError
from tiemchung.look.words import number, said
from tiemchung.passports import actions, keys
from tiemchung.passports.models import Passport, Revocation, SignerCertificate


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """How many passports were signed, with which key, and what comes next."""
    now = clock.now()
    context = {
        "issued": Passport.objects.count(),
        "in_force": Passport.objects.filter(expires_at__gt=now, revocation=None).count(),
        "revoked": Revocation.objects.count(),
        "key": SignerCertificate.objects.filter(use=keys.PASSPORT, withdrawn_at=None, valid_until__gt=now)
        .order_by("-valid_from")
        .first(),
    }
    return render(request, "office/passports.html", context)


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Sign now what the worker would sign within the minute. Pressing twice issues nothing twice."""
    assert isinstance(request.user, Account)
    try:
        revoked = actions.revoke_stale(by=request.user.id)
        issued = actions.issue_due(by=request.user.id)
    except RefusedError as error:
        messages.error(request, said(error))
        return redirect("office:passports")
    told = _("Đã ký %(issued)s hộ chiếu, thu hồi %(revoked)s.")
    messages.success(request, told % {"issued": number(issued), "revoked": number(revoked)})
    return redirect("office:passports")
