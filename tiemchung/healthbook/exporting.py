"""All that is kept about a person of the family, to take along."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tiemchung.ground import clock
from tiemchung.healthbook.asking import account_of, held_by
from tiemchung.privacy import actions
from tiemchung.privacy.retention import rules


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Say what is kept and for how long; the file when it is asked for."""
    holder = held_by(request, person_id)
    if request.method == "GET":
        kept = [rule for rule in rules() if rule.about]
        return render(request, "healthbook/export.html", {"person": holder.person, "kept": kept})
    found = actions.give_all(person_id=person_id, by=account_of(request).id)
    name = f"so-suc-khoe-{clock.today():%Y%m%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(found.as_zip(), content_type="application/zip", headers=headers)
