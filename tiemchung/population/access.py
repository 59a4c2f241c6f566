"""Who may see a page of this side? An officer who has signed in; what is not listed here opens for nobody else."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tiemchung.population.keyed import keyed
from tiemchung.population.models import Officer

SESSION_KEY, PROOF_KEY = "officer", "officer_proof"
# Addresses that open without a signed-in officer: the wire has its own signature, the look holds nobody's data.
OPEN = frozenset(
    {"check", "confirmations", "notices", "look:language", "look:theme"}
    | {"sign-in", "code", "recovery-code", "set-up"}  # on the way in
)


class OfficerMiddleware:
    """No page runs for somebody who has not signed in; an account that was closed is out at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Let pass, or ask to sign in."""
        match = request.resolver_match
        if match and match.view_name in OPEN:
            return None
        known = request.session.get(SESSION_KEY)
        found = Officer.objects.filter(pk=known, is_active=True).first() if known else None
        if found is None or request.session.get(PROOF_KEY) != proof_of(found):
            return redirect("sign-in")
        request.officer = found  # type: ignore[attr-defined]
        return None


def proof_of(officer: Officer) -> str:
    """What a browser keeps of how the officer got in: with another password or second factor it opens no more."""
    return keyed("signed-in", str(officer.id), officer.password, officer.factor)


def officer_of(request: HttpRequest) -> Officer:
    """The officer who asks; the middleware let nobody else in."""
    found = getattr(request, "officer", None)
    if not isinstance(found, Officer):
        raise TypeError("a page of commune police was opened without an officer")
    return found


def officer(request: HttpRequest) -> dict[str, Any]:
    """Let templates name the officer and his commune."""
    return {"officer": getattr(request, "officer", None)}
