"""Campaigns, facilities, sessions and registrations that tests make with one line."""

from datetime import date, timedelta
from typing import Any

from tests.unit.people.made import a_commune, declared
from tiemchung.accounts.actions import open_account
from tiemchung.accounts.models import Account, Role
from tiemchung.campaigns.actions import hold_session, open_campaign, register
from tiemchung.campaigns.models import Campaign, Registration, Session
from tiemchung.campaigns.screening_questions import REGISTRATION, questions
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.places.actions import open_facility
from tiemchung.places.models import Facility


def a_campaign() -> Campaign:
    """Open the national campaign."""
    return open_campaign(
        code="covid19-2021-22",
        name_vi="Tiêm chủng vắc xin phòng Covid-19",
        name_en="Covid-19 vaccination",
        starts_on=date(2021, 3, 8),
        by=None,
    )


def a_facility(daily_capacity: int = 200, code: str = "T-1") -> Facility:
    """Open a commune's health station in Ba Đình, Hà Nội."""
    return open_facility(
        code=code,
        name="Trạm Y tế phường Phúc Xá",
        kind=Facility.Kind.COMMUNE_STATION,
        area_code=a_commune(),
        address="2 Nghĩa Dũng",
        tables=2,
        daily_capacity=daily_capacity,
        by=None,
    )


def head_of(facility: Facility) -> Account:
    """Open the account of a facility's head."""
    return open_account(
        username=f"head-{new_id()}",
        display_name="Trưởng trạm",
        role=Role.FACILITY_HEAD,
        password=str(new_id()),
        facility_id=facility.id,
        by=None,
    )


def a_session(facility: Facility | None = None, **changes: Any) -> Session:
    """Hold a morning of Comirnaty tomorrow for eight people."""
    facility = facility or a_facility()
    asked: dict[str, Any] = {
        "facility_id": facility.id,
        "campaign_id": a_campaign().id,
        "on": clock.today() + timedelta(days=1),
        "part": Session.Part.MORNING,
        "product": "PF",
        "capacity": 8,
        "by": head_of(facility),
    }
    return hold_session(**{**asked, **changes})


def a_history(**answers: str) -> dict[str, str]:
    """Answer no to every question of the registration, but for those given."""
    return {question.code: "no" for question in questions(REGISTRATION, clock.today())} | answers


def registered(n: int = 0, **changes: Any) -> Registration:
    """Register the n-th person of Phúc Xá, of group 15."""
    person: dict[str, Any] = {
        "full_name": "Trần Văn " + "ABCDEGHIKLMNOPQRSTUVXY"[n // 22] + "abcdeghiklmnopqrstuvxy"[n % 22],
        "sex": "male",
        "birth_date": "1980",
        "identity_numbers": ((None, f"001080{n:06}"),) if n else (),
        "residence_code": a_commune(),
    }
    asked: dict[str, Any] = {
        "campaign_id": a_campaign().id,
        "priority_group": 15,
        "history": a_history(),
        "source": Registration.Source.SELF,
        "consent": True,
        "by": None,
    }
    if "person_id" not in changes:
        asked["person_id"] = declared(**person).id
    return register(**{**asked, **changes})
