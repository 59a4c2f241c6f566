"""A station to test on: a commune, a facility with staff, a session, vaccine, and people who come."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from tiemchung.accounts import actions as accounts
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.roles import AT_FACILITY, LEVEL_OF
from tiemchung.campaigns.models import Campaign, Session
from tiemchung.doses import actions as doses
from tiemchung.doses.models import Dose
from tiemchung.ground import audit, clock
from tiemchung.people import actions as people
from tiemchung.people.models import Person
from tiemchung.people.policy import Source
from tiemchung.people.statement import Statement
from tiemchung.places.actions import open_facility
from tiemchung.places.models import Area, Facility
from tiemchung.stock import actions as stock
from tiemchung.stock.models import Lot
from tiemchung.visits import actions as visits
from tiemchung.visits import presence, screening
from tiemchung.visits.models import Screening, Visit
from tiemchung.visits.vitals import Vitals

DAY = datetime(2022, 5, 14, 9, 0, tzinfo=clock.VIETNAM)  # a day on which the dose rules are known
PASSWORD = "mot-hai-ba-bon"
_numbers = count(1)
NAMES = ("Bùi Thị Ngát", "Hoàng Văn Pản", "Vi Thị Hoa", "Đặng Quang Lộc", "Lý Thị Sửu", "Ngô Minh Tuệ")


@dataclass(frozen=True)
class Station:
    """One facility with all that a day of work needs."""

    facility: Facility
    nurse: Account
    head: Account
    session: Session
    lot: Lot

    def person(self, **changes: Any) -> Person:
        """Declare somebody at the table, born in 1967 unless told otherwise."""
        return declared(self.nurse, **changes)


def open_station(*, product: str = "AZ", on: date | None = None, doses: int = 100) -> Station:
    """Open a facility with a nurse, a head, a session (of today unless told otherwise) and a lot in stock."""
    number = next(_numbers)
    facility = open_facility(
        code=f"01{number:04}",
        name=f"Trạm Y tế xã Đồng Mây {number}",
        kind=Facility.Kind.COMMUNE_STATION,
        area_code=commune().code,
        address="Thôn Nà Lốc",
        tables=3,
        daily_capacity=300,
        by=None,
    )
    nurse = staff(Role.VACCINATOR, facility, f"dieu-duong-{number}", "Điều dưỡng Lò Thị Mai")
    head = staff(Role.FACILITY_HEAD, facility, f"truong-tram-{number}", "Trưởng trạm Hà Văn Đức")
    session = hold_session(facility, product=product, on=on or clock.today())
    lot = receive(nurse, product=product, number=f"ABX47{number:02}", doses=doses)
    return Station(facility, nurse, head, session, lot)


def live_on_the_day(settings: Any) -> None:
    """Shift the clock to 9 in the morning of 14/05/2022."""
    settings.CLOCK_OFFSET = DAY - datetime.now(UTC)


def commune() -> Area:
    """A commune with its district and province, without loading the other eleven thousand areas."""
    rows = [
        ("01", 1, "Thành phố Hà Nội", None),
        ("001", 2, "Quận Ba Đình", "01"),
        ("00001", 3, "Phường Phúc Xá", "001"),
    ]
    for code, level, name, parent in rows:
        values = {"level": level, "name": name, "parent_id": parent, "folded": name, "sort_key": code}
        Area.objects.get_or_create(code=code, defaults=values)
    return Area.objects.get(code="00001")


def staff(role: Role, facility: Facility | None, username: str, display_name: str) -> Account:
    """Open an account; one that is bound by an area gets the one that the test commune lies in."""
    level = LEVEL_OF.get(role)
    area = commune() if level else None
    while area and area.level != level:
        area = area.parent
    return accounts.open_account(
        username=username,
        display_name=display_name,
        role=role,
        password=PASSWORD,
        by=None,
        facility_id=facility.id if facility else None,
        area_code=area.code if area else None,
    )


def account_of(role: Role) -> Account:
    """An account of that role, at a station of its own or in the area where stations stand."""
    facility = open_station().facility if role in AT_FACILITY else None
    return staff(role, facility, f"tai-khoan-{role}-{next(_numbers)}", "Tài khoản")


def campaign() -> Campaign:
    values = {"name_vi": "Chiến dịch 2021-22", "name_en": "Campaign 2021-22", "starts_on": date(2021, 3, 8)}
    return Campaign.objects.get_or_create(code="covid19-2021-22", defaults=values)[0]


def hold_session(facility: Facility, *, product: str, on: date) -> Session:
    return Session.objects.create(
        facility=facility, campaign=campaign(), on=on, part=Session.Part.MORNING, product=product, capacity=100
    )


def receive(by: Account, *, product: str, number: str, doses: int, expires_in: int = 60) -> Lot:
    assert by.facility_id
    return stock.receive(
        facility_id=by.facility_id,
        product=product,
        lot_number=number,
        expires_on=clock.today() + timedelta(days=expires_in),
        doses=doses,
        by=by,
    )


def declared(by: Account, **changes: Any) -> Person:
    number = next(_numbers)
    said = {
        "full_name": NAMES[number % len(NAMES)],
        "birth_date": "03/09/1967",
        "sex": "female",
        "identity_numbers": (("cccd", f"001167{number:06}"),),
        "phone": f"09123{number:05}",
        "residence_code": "00001",
        "address": "Thôn Nà Lốc",
    }
    return people.declare(statement=Statement(**said | changes), source=Source.SITE, by=by.id)


def morning(days_ago: int = 0, hour: int = 8, minute: int = 30) -> datetime:
    """That hour of today or of an earlier day, in Viet Nam."""
    day = clock.today() - timedelta(days=days_ago)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.VIETNAM)


def code_read(station: Station, person: Person) -> None:
    """Somebody's code was read at the station's table: the station knows who he is from now on."""
    audit.read(person_id=person.id, by=station.nurse.id, reason=presence.READ, facility_id=station.facility.id)


def ready(station: Station, *, person: Person | None = None, outcome: str | None = "eligible") -> Visit:
    """Bring somebody to the injection table: checked in, and screened unless `outcome` is None."""
    person = person or station.person()
    if not presence.known(station.facility.id, [person.id]):
        code_read(station, person)
    visit = visits.check_in(session_id=station.session.id, person_id=person.id, way=Visit.Way.CCCD_QR, by=station.nurse)
    if outcome:
        asked = screening.questions(sex=person.sex, on=clock.today())
        visits.screen(
            visit_id=visit.id,
            answers={question.code: "no" for question in asked},
            vitals=Vitals(temperature=Decimal("36.8"), systolic=120, diastolic=80),
            outcome=Screening.Outcome(outcome),
            by=station.nurse,
        )
    return visit


def give(station: Station, person: Person, *, days_ago: int, **changes: Any) -> Dose:
    """Record a dose of an earlier day from paper."""
    said = {
        "person_id": person.id,
        "product": station.session.product,
        "lot_number": station.lot.number,
        "injected_at": morning(days_ago),
        "by": station.nurse,
    }
    return doses.report(**said | changes)
