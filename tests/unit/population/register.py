"""A register with Mrs Hạnh in it, and questions about her."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.ground.signed_request import HEADER, sign
from tiemchung.linkage.verdict import Asked
from tiemchung.population import actions
from tiemchung.population.models import Citizen
from tiemchung.population.verdict import Answer
from tiemchung.population.views import check
from tiemchung.vietnam.dates import PartialDate

NUMBER = "001184000017"
HANH = {"full_name": "Nguyễn Thị Thu Hạnh", "birth_date": "1984-11-18", "sex": "female"}


def enrol(number: str = NUMBER, **changes: str) -> Citizen:
    """Put Mrs Hạnh into the register, or who the changes make of her."""
    citizen = Citizen(**{**HANH, **changes})
    actions.enrol([(citizen, [number])])
    return citizen


def ask(
    question_id: UUID | None = None, number: str = NUMBER, record: str = "", asker: str = "", **changes: str
) -> Answer:
    """Ask about her."""
    said = {**HANH, **changes}
    asked = Asked(number, said["full_name"], PartialDate.parse(said["birth_date"]), actions.read_sex(said["sex"]))
    return actions.ask(question_id=question_id or new_id(), asked=asked, record=record, asker=asker)


def question(**changes: Any) -> dict[str, Any]:
    """A question as it goes over the wire."""
    return {"id": str(new_id()), "number": NUMBER, **HANH, **changes}


def post(body: bytes, secret: str | None = None) -> HttpResponse:
    """Send a body to the population side, signed."""
    signature = sign(body, secret=secret or settings.POPULATION_SECRET, at=clock.now())
    request = RequestFactory().post("/check", data=body, content_type="application/json", headers={HEADER: signature})
    return check(request)


def answers(*questions: Any) -> list[dict[str, Any]]:
    """What is answered to a signed batch."""
    response = post(json.dumps({"questions": questions}).encode())
    assert response.status_code == 200
    found: list[dict[str, Any]] = json.loads(response.content)["answers"]
    return found
