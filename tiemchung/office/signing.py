"""The centre's signature: who is due a passport gets it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.ground import audit, clock, sql
from tiemchung.ground.errors import RefusedError
from tiemchung.look.words import number, said, vietnamese
from tiemchung.office.pages import account
from tiemchung.passports import actions_issue, actions_revoke, keys
from tiemchung.passports.models import Passport, Revocation, SignerCertificate

SHOWN = 200  # persons on one page
FIELDS = {"fn": _("Họ"), "gn": _("Tên"), "dob": _("Ngày sinh"), "dt": _("Ngày tiêm"), "mp": _("Vắc xin")}
queries = sql.load(__package__)


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
        "hindered": next((row["of_all"] for row in _hindered(request, limit=1)), 0),
    }
    return render(request, "office/passports.html", context)


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Sign now what the worker would sign within the minute. Pressing twice issues nothing twice."""
    assert isinstance(request.user, Account)
    try:
        revoked = actions_revoke.revoke_stale(by=request.user.id)
        issued = actions_issue.issue_due(by=request.user.id)
    except RefusedError as error:
        messages.error(request, said(error))
        return redirect("office:passports")
    told = gettext("Đã ký %(issued)s hộ chiếu, thu hồi %(revoked)s.")
    messages.success(request, told % {"issued": number(issued), "revoked": number(revoked)})
    return redirect("office:passports")


@require_GET
def hindrances(request: HttpRequest) -> HttpResponse:
    """Who has a complete course and cannot get a passport, the one who waits longest first: the field and the cure."""
    found = _hindered(request, limit=SHOWN)
    reader = account(request)
    audit.read_many(
        person_ids={row["person_id"] for row in found},
        by=reader.id,
        reason="passport_hindrance",
        facility_id=reader.facility_id,
    )
    for row in found:
        row["field"] = FIELDS.get(row["field"].partition(",")[0].rpartition(".")[2], row["field"])
        row["who"] = f"{row['full_name']} {row['birth_date'].year}"
        row["why"] = row["vi"] if vietnamese() else row["en"]
    return render(request, "office/hindrances.html", {"rows": found, "shown": SHOWN})


def _hindered(request: HttpRequest, *, limit: int) -> list[dict[str, Any]]:
    """Within the reader's reach; number and list are told by one statement, so that they cannot differ."""
    return sql.fetch_all(queries["hindrances"], {**scope.parameters(account(request)), "limit": limit})
