"""Checking a certificate: scan, picture or text in; valid, not valid or could not tell out. Nothing is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiemchung.ground import clock
from tiemchung.hcert import Status, Verdict, gateway, valuesets
from tiemchung.look import words
from tiemchung.passports import verification

MAX_BYTES = 1024 * 1024
KINDS = {Status.VALID: "ok", Status.INVALID: "stop", Status.UNKNOWN: "unknown"}


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST the verdict. The certificate travels in the body, never in the address."""
    given = _given(request) if request.method == "POST" else None
    if given is None:
        return render(request, "portal/check.html", {"asked": request.method == "POST"})
    verdict = verification.verify(given)
    return render(request, "portal/verdict.html", _shown(verdict))


def _given(request: HttpRequest) -> str | bytes | None:
    picture = request.FILES.get("picture")
    if picture is not None:
        data: bytes = picture.read(MAX_BYTES + 1)
        return data
    return request.POST.get("text", "").strip() or None


def _shown(verdict: Verdict) -> dict[str, Any]:
    said = verdict.words
    named = {
        Status.VALID: (_("Hợp lệ"), "Valid", "Hợp lệ"),
        Status.INVALID: (_("Không hợp lệ"), "Not valid", "Không hợp lệ"),
        Status.UNKNOWN: (_("Chưa kết luận được"), "Could not tell", "Chưa kết luận được"),
    }[verdict.status]
    return {
        "kind": KINDS[verdict.status],
        "word": named[0],
        "other": named[1] if words.vietnamese() else named[2],
        "why": said["vi"] if words.vietnamese() else said["en"],
        "code": verdict.code,
        "content": _content(verdict) if verdict.status == Status.VALID else None,
        "at": clock.now(),
    }


def _content(verdict: Verdict) -> dict[str, Any]:
    """What to hold against the paper in the other hand."""
    content, decoded = verdict.content, verdict.decoded
    assert decoded is not None
    name = content.get("nam", {})
    entry: dict[str, Any] = next((content[kind][0] for kind in ("v", "t", "r") if content.get(kind)), {})
    return {
        "name": " ".join(part for part in (name.get("fn"), name.get("gn")) if part),
        "latin": "<<".join(part for part in (name.get("fnt"), name.get("gnt")) if part),
        "born": _day(content.get("dob", "")),
        "dn": entry.get("dn"),
        "sd": entry.get("sd"),
        "product": valuesets.label("mp", entry["mp"]) if entry.get("mp") else "",
        "on": _day(entry.get("dt", "")),
        "country": entry.get("co", ""),
        "issuer": entry.get("is", ""),
        "uvci": entry.get("ci", ""),
        "until": decoded.claims.expires,
    }


def _day(text: Any) -> str:
    """A date of a certificate, of which a part may be all that is known: 1967, 09/1967, 03/09/1967."""
    return "/".join(reversed(str(text)[:10].split("-")))


@require_GET
def trust_list(request: HttpRequest, country: str = "") -> HttpResponse:
    """Our signer certificates as the EU's and the WHO's gateways write them (GET /trustList/DSC/{country})."""
    kind = "DSC" if country else None
    items = gateway.items(verification.trust_list(), at=clock.now(), kind=kind, country=country.upper() or None)
    response = JsonResponse(items, safe=False)
    response["Cache-Control"] = "public, max-age=3600"
    return response
