"""The start page, help, and what only a practice installation shows."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from tiemchung.figures import public
from tiemchung.messages.models import Message


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Let a visitor understand the whole system, and find his door."""
    return render(request, "portal/start.html", {"figures": public.latest()})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Say what to do when something is wrong, and whom to call."""
    return render(request, "portal/help.html")


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The text messages that would have been sent. A practice installation sends none, it shows them here."""
    if not settings.PRACTICE:
        raise Http404
    return render(request, "portal/outbox.html", {"messages_to_send": Message.objects.order_by("-created_at")[:100]})


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; tells nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether work can be done: 200, or 503 while the database does not answer. Why, only the log says."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
