"""The gallery of components, and the reader's two preferences: language and theme."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from tiemchung.look.examples import gallery_context

YEAR = 365 * 24 * 3600

# A token would put a cookie on every public page and keep it out of caches; a language or theme that
# somebody else chose for me harms nobody.
language = csrf_exempt(set_language)


def _back(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if ours else "/"


@csrf_exempt
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the reader's theme (dark, light, or empty: as the device says) for a year and go back."""
    response = HttpResponseRedirect(_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in ("dark", "light"):
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    else:
        response.delete_cookie("theme")
    return response


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state, with invented people and figures."""
    return render(request, "look/gallery.html", gallery_context())
