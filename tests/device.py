"""A site's device: it makes events and sends them in batches."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from tests.station import Station
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.visits import screening

ADDRESS = "/api/events"


@dataclass
class Device:
    """One device of a station's nurse, signed in."""

    client: Client
    station: Station

    def event(self, kind: str, content: dict[str, Any], at: datetime | None = None, **changes: Any) -> dict[str, Any]:
        said = {
            "id": str(new_id()),
            "kind": kind,
            "facility_id": str(self.station.facility.id),
            "made_at": (at or clock.now()).isoformat(),
            "content": {name: str(value) if isinstance(value, UUID) else value for name, value in content.items()},
        }
        return said | changes

    def journey(self, person_id: UUID, *, minutes_ago: int = 40, **injected: Any) -> list[dict[str, Any]]:
        """Check-in, screening, injection and the end of observation, thirty minutes after the injection."""
        visit_id, began = new_id(), clock.now() - timedelta(minutes=minutes_ago)
        return [
            self.checked_in(visit_id, person_id, began),
            self.screened(visit_id, began + timedelta(minutes=3)),
            self.injected(visit_id, began + timedelta(minutes=5), **injected),
            self.event("observation_ended", {"visit_id": visit_id, "outcome": "well"}, began + timedelta(minutes=36)),
        ]

    def checked_in(self, visit_id: UUID, person_id: UUID, at: datetime | None = None) -> dict[str, Any]:
        content = {
            "visit_id": visit_id,
            "session_id": self.station.session.id,
            "person_id": person_id,
            "way": "personal_qr",
        }
        return self.event("checked_in", content, at)

    def screened(self, visit_id: UUID, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
        asked = screening.questions(sex="female", on=clock.today())
        content = {
            "visit_id": visit_id,
            "answers": {question.code: "no" for question in asked},
            "vitals": {"temperature": 36.8, "systolic": 120, "diastolic": 80},
            "outcome": "eligible",
        }
        return self.event("screened", content | changes, at)

    def injected(self, visit_id: UUID, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
        content = {"visit_id": visit_id, "lot_number": self.station.lot.number, "arm": "left"}
        return self.event("injected", content | changes, at)

    def post(self, events: list[Any]) -> Any:
        return self.client.post(ADDRESS, data=json.dumps({"events": events}), content_type="application/json")

    def send(self, *events: Any) -> list[dict[str, Any]]:
        """Send a batch and give the answers."""
        response = self.post(list(events))
        assert response.status_code == 200, response.content.decode()
        return response.json()["answers"]

    def outcomes(self, *events: Any) -> list[str]:
        return [answer["answer"] for answer in self.send(*events)]
