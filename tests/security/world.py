"""Two places in two provinces, each with one of everything: what is asked for from the one may not be the other's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from PIL import Image

from tests.device import Device
from tests.ledger import attested, enrol_keys, full_course, judged
from tests.station import Station, commune, open_station, ready, staff
from tests.unit.cleaning.tasks import task_of
from tiemchung.accounts import actions_clients
from tiemchung.accounts.actions import open_account
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.models_access import ApiClient
from tiemchung.accounts.models_sign_in import SignIn
from tiemchung.accounts.policy import ADMINISTERS
from tiemchung.accounts.roles import AT_FACILITY, LEVEL_OF
from tiemchung.cleaning.models import CleaningTask
from tiemchung.complaints import actions as complaints
from tiemchung.complaints.models import Complaint
from tiemchung.doses import actions as doses
from tiemchung.doses.models import Dose, DoseFinding
from tiemchung.doses.stages import stages
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.identity.models import Duplicate, DuplicateScan
from tiemchung.passports import actions_issue
from tiemchung.passports.models import Attestation
from tiemchung.people import actions as people
from tiemchung.people import actions_merge
from tiemchung.people.models import Holder, Merge, Person, Relation
from tiemchung.places.models import Area, Facility
from tiemchung.visits import actions_events
from tiemchung.visits.models import QuarantinedEvent, Visit

AREAS = {"here": ("01", "001", "00001"), "there": ("79", "760", "26734")}


@dataclass
class Place:
    """One of everything that has an owner, and the account of each role that is bound by this place."""

    name: str
    station: Station
    person: Person
    holder: Holder
    dose: Dose
    finding: DoseFinding
    attestation: Attestation
    visit: Visit
    observed: Visit
    waiting: QuarantinedEvent
    client: ApiClient
    task: CleaningTask
    duplicate: Duplicate
    merge: Merge
    complaint: Complaint
    accounts: dict[Role, Account]
    browsers: dict[Role, Client] = field(default_factory=dict)
    moment: datetime = field(default_factory=lambda: clock.now() + timedelta(minutes=5))  # when its pages are read

    def browser(self, role: Role) -> Client:
        """The browser on which the account of that role is signed in."""
        if role not in self.browsers:
            self.browsers[role] = Client()
            self.browsers[role].force_login(self.accounts[role])
        return self.browsers[role]

    @property
    def marks(self) -> set[str]:
        """What stands on a page only when something of this place stands there."""
        return {
            self.person.full_name,
            self.dose.person.full_name,
            self.station.facility.name,
            self.station.nurse.username,
            self.station.lot.number,
        }

    @property
    def in_lists(self) -> set[str]:
        """What a list shows, in its text or in its links, only when something of this place stands in it."""
        stood = (self.station.session, self.station.facility, self.attestation)
        things = (*stood, self.waiting, self.observed, self.duplicate)
        return self.marks | {str(thing.id) for thing in things}

    def value_of(self, argument: str, page: str, reader: Role) -> UUID | str | None:
        """What an argument of an address is for this place's thing; None when the walk knows of none.

        An account is one that the reader's role administers. A visit stands where the page takes it up.
        """
        if argument in ("field", "kind"):
            return str(getattr(self.task, argument))
        if argument == "way":
            return str(Visit.Way.TYPED)
        things: dict[str, Any] = {
            "person_id": self.person,
            "holder_id": self.holder,
            "dose_id": self.dose,
            "finding_id": self.finding,
            "attestation_id": self.attestation,
            "visit_id": self.observed if page in ("clinic:let-go", "clinic:end") else self.visit,
            "quarantined_id": self.waiting,
            "session_id": self.station.session,
            "account_id": self._administered(reader),
            "client_id": self.client,
            "task_id": self.task,
            "facility_id": self.station.facility,
            "duplicate_id": self.duplicate,
            "merge_id": self.merge,
            "complaint_id": self.complaint,
            "photo_id": self.complaint.photos.first(),
            "sign_in_id": SignIn.objects.filter(account=self.holder.account).first(),
        }
        thing = things.get(argument)
        return thing.id if thing else None

    def _administered(self, reader: Role) -> Account | None:
        wanted = ADMINISTERS.get(reader, frozenset())
        return next((self.accounts[role] for role in Role if role in wanted), None)


@dataclass
class World:
    here: Place
    there: Place
    alone: dict[tuple[str, Role], str] = field(default_factory=dict)  # what pages read like before `there` was


def make_world(reading: Callable[[Place], dict[tuple[str, Role], str]] = lambda _: {}) -> World:
    """Both places; what the walk asks for stands, and the database is the test's own.

    `reading` reads what is to be compared as long as the first stands alone.
    """
    here = _place("here")
    alone = reading(here)
    return World(here, _place("there"), alone)


def _place(name: str) -> Place:
    station = _station(name)
    enrol_keys(station.facility.id)
    phone = "0912345601" if name == "here" else "0912345602"
    person = full_course(station, full_name=f"Người {name}", phone=phone, residence_code=AREAS[name][2])
    judged(person)
    attestation = attested(station, person)
    actions_issue.issue_due(by=None)
    citizen = staff(Role.CITIZEN, None, phone, f"Dân {name}")
    _sign_in(citizen)
    _hindered(station, name)
    doubted = given_dose_with_doubt(station)
    holder = people.hold(account=citizen, person=person, relation=Relation.SELF, by=citizen.id)
    return Place(
        name=name,
        station=station,
        person=person,
        holder=holder,
        dose=doubted.dose,
        finding=doubted,
        attestation=attestation,
        visit=ready(station, person=station.person(residence_code=AREAS[name][2])),
        observed=_observed(station),
        waiting=_waiting(station),
        client=_client(station, name),
        task=task_of(doubted.person, birth_date="day_month_swapped"),
        duplicate=_duplicate(person, doubted.person),
        merge=_merge(station, name),
        complaint=_complaint(holder, station),
        accounts=_accounts(station, name, citizen),
    )


def _hindered(station: Station, name: str) -> None:
    """Somebody who cannot get a passport."""
    person = full_course(station, full_name=f"Vướng {name}", residence_code=AREAS[name][2])
    judged(person)
    attested(station, person)
    Person.objects.filter(id=person.id).update(full_name=f"Vướng {name} 龍")
    actions_issue.issue_due(by=None)


def _station(name: str) -> Station:
    """A station whose every name says where it is."""
    commune()
    for code, level, parent in zip(AREAS[name], (1, 2, 3), (None, *AREAS[name]), strict=False):
        values = {"level": level, "name": code, "parent_id": parent, "folded": code, "sort_key": code}
        Area.objects.get_or_create(code=code, defaults=values)
    station = open_station()
    facility = station.facility
    Facility.objects.filter(id=facility.id).update(area=AREAS[name][2], name=f"Trạm {name}")
    facility.refresh_from_db()
    return station


def given_dose_with_doubt(station: Station) -> DoseFinding:
    """A dose with a finding that waits for the head, of somebody else than the holder's person."""
    name, commune_code = station.facility.name[5:], station.facility.area_id
    person = station.person(full_name=f"Người {name}", residence_code=commune_code)
    dose = doses.report(
        person_id=person.id, product="AZ", lot_number="KHONGCO",
        injected_at=clock.now() - timedelta(days=3), by=station.head,
    )  # fmt: skip
    found = DoseFinding.objects.filter(dose=dose, resolved_at=None).first()
    assert found is not None
    return found


def _observed(station: Station) -> Visit:
    """A visit whose thirty minutes are over."""
    who = station.person(residence_code=station.facility.area_id)
    events = Device(Client(), station).journey(who.id)[:3]
    actions_events.take(events, by=station.nurse, stages=stages)
    return Visit.objects.get(person=who)


NOTHING_ALIKE: dict[str, Any] = {"fields": [], "extra": [], "vetoes": []}


def _duplicate(*pair: Person) -> Duplicate:
    """Two records of the place that somebody has to look at."""
    now = clock.now()
    scan = DuplicateScan.objects.first() or DuplicateScan.objects.create(
        id=new_id(), started_at=now, ended_at=now, persons=2, pairs=1
    )
    one, other = sorted(pair, key=lambda person: person.id)
    kind = Duplicate.Kind.SAME_PERSON
    return Duplicate.objects.create(
        id=new_id(), kind=kind, one=one, other=other, evidence=NOTHING_ALIKE, bits=9.0, found_at=now, scan=scan
    )


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the platform's clock stand at a moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        yield


def _complaint(holder: Holder, station: Station) -> Complaint:
    """What the holder says is missing, with a photo; he said so three days ago too, and nobody answered."""
    with at(clock.now() - timedelta(days=3)):
        _complain(holder, station)
    return _complain(holder, station)


def _complain(holder: Holder, station: Station) -> Complaint:
    photo = BytesIO()
    Image.new("RGB", (60, 80), "white").save(photo, "JPEG")
    photo.seek(0)
    return complaints.send(
        person_id=holder.person_id, kind=Complaint.Kind.DOSE_MISSING, text="x", files=[photo], by=holder.account,
        facility_id=station.facility.id,
    )  # fmt: skip


def _merge(station: Station, name: str) -> Merge:
    """Two records of the place that somebody found to be one human's."""
    kept, merged = (station.person(residence_code=AREAS[name][2]) for _ in range(2))
    return actions_merge.merge(kept_id=kept.id, merged_id=merged.id, evidence=NOTHING_ALIKE, by=station.head.id)


def _waiting(station: Station) -> QuarantinedEvent:
    event = {"id": str(new_id()), "kind": "nonsense", "facility_id": str(station.facility.id)}
    actions_events.take([event], by=station.nurse, stages=stages)
    return QuarantinedEvent.objects.get(facility=station.facility)


def _client(station: Station, name: str) -> ApiClient:
    return actions_clients.open_client(
        username=f"his.{name}", display_name=f"HIS {name}", role=Role.DATA_CLERK, facility_id=station.facility.id,
        contact="x", pages=["api:sessions-today"], per_minute=60, per_day=600, by=None,
    ).client  # fmt: skip


def _accounts(station: Station, name: str, citizen: Account) -> dict[Role, Account]:
    found = {Role.CITIZEN: citizen, Role.VACCINATOR: station.nurse, Role.FACILITY_HEAD: station.head}
    for role in set(Role) - set(found):
        level = LEVEL_OF.get(role)
        found[role] = open_account(
            username=f"{role}.{name}", display_name=f"{role} {name}", role=role, password=None, by=None,
            facility_id=station.facility.id if role in AT_FACILITY else None,
            area_code=AREAS[name][level - 1] if level else None,
        )  # fmt: skip
    return found


def _sign_in(account: Account) -> None:
    Client().force_login(account)
