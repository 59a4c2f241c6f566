"""The endpoints under /api/."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.security import HttpBearer, django_auth

from tiemchung import __version__
from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.accounts.signed_in import itself
from tiemchung.api import errors, schemas
from tiemchung.doses import arrivals
from tiemchung.doses.arrivals import Arrival
from tiemchung.doses.stages import stages
from tiemchung.visits import actions_events, day


class ClientKey(HttpBearer):
    """The key of a program; `accounts.clients` looked at it before."""

    openapi_name = "ClientKey"

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        del token
        return request.user if getattr(request, "api_client", None) else None


api = NinjaAPI(
    title="tiemchung",
    version=__version__,
    description="What a site's devices and programs of others call. Sign in first and send the CSRF token with each "
    "POST; or send a client's key as `Authorization: Bearer tc_…`.",
    urls_namespace="api",
    docs_url=None,
    auth=[ClientKey(), django_auth],
)
errors.install(api)
# What may be answered to any call: by the endpoint, or by what stands before it.
_REFUSALS = dict.fromkeys((400, 401, 403, 405, 411, 413, 422, 429, 503), errors.Refusal)


@api.post("/events", url_name="events", response={200: schemas.Answers, **_REFUSALS})
def take_events(request: HttpRequest, payload: schemas.Batch) -> HttpResponse:
    """Take in what happened at a site. Each event is answered in its place and is durable when the answer is given."""
    answers = actions_events.take(payload.events, by=_account(request), stages=stages)
    return api.create_response(request, {"answers": [answer.as_json() for answer in answers]}, status=200)


@api.get("/sessions/today", url_name="sessions-today", response={200: list[schemas.SessionToday], **_REFUSALS})
def sessions_today(request: HttpRequest) -> Any:
    """The sessions that the account's facility holds today."""
    return day.sessions_today(scope.own_facility(_account(request)))


@api.post(
    "/checkin/scan",
    url_name="checkin-scan",
    response={200: schemas.ArrivalAnswer, 404: errors.Refusal, 409: errors.Refusal, **_REFUSALS},
)
def scan(request: HttpRequest, payload: schemas.Code) -> Any:
    """Whose code is it, and what is due? By POST, so that no number stands in an address; the look is written down."""
    return _arrival(arrivals.scan(payload.text, by=_account(request)))


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise TypeError("the table of rights let in somebody who has not signed in")
    return itself(request.user)


def _arrival(arrival: Arrival) -> dict[str, Any]:
    person, due, verdict = arrival.person, arrival.course.answer.due, arrival.verdict
    return {
        "person": {
            "id": person.id,
            "full_name": person.full_name,
            "birth_date": person.birth_date,
            "birth_precision": person.birth_precision,
            "sex": person.sex,
            "number_ending": arrival.number_ending,
            "differs": list(arrival.differs),
        },
        "way": str(arrival.way),
        "card": arrival.course.card,
        "doses": [
            {"product": entry.product, "injected_at": entry.injected_at, "has_finding": entry.has_finding}
            for entry in arrival.course.doses
        ],
        "due": due.to_json() if due else None,
        "session_id": arrival.session.id if arrival.session else None,
        "invited": arrival.invited,
        "may_give": {
            "allowed": verdict.allowed,
            "code": verdict.code,
            **verdict.reason.to_json(),
            "dispatches": [one.id for one in verdict.dispatch],
        }
        if verdict
        else None,
        "visit_id": arrival.visit.id if arrival.visit else None,
    }


urlpatterns = [path("", api.urls)]
