"""What an account of the one place may not do to a thing of the other, whatever page or program calls the action."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tests.security.world import World
from tiemchung.accounts import actions_clients, actions_import, actions_staff, actions_standing, staff_list
from tiemchung.accounts.models import Account, Role
from tiemchung.campaigns import actions as campaigns
from tiemchung.campaigns import actions_invite
from tiemchung.cleaning import actions as cleaning
from tiemchung.cleaning import reach
from tiemchung.clinic.pages import person_unknown
from tiemchung.complaints import actions as complaints
from tiemchung.doses import actions as doses
from tiemchung.doses import actions_import as doses_import
from tiemchung.doses import arrivals, due
from tiemchung.doses.models import Dose
from tiemchung.doses.stages import stages
from tiemchung.ground import clock
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.identity import deciding
from tiemchung.passports import actions as passports
from tiemchung.stock import actions as stock
from tiemchung.visits import actions as visits
from tiemchung.visits import actions_events, screening
from tiemchung.visits.events import Outcome
from tiemchung.visits.models import Screening, Visit
from tiemchung.visits.vitals import Vitals

TRESPASS = {"out_of_scope", "not_allowed", "may_not_administer", "pair_out_of_scope"}


def goes_through(attempt: Callable[[World], Any], world: World) -> bool:
    """Say whether the attempt was not refused as out of scope; what it wrote is undone."""
    try:
        with transaction.atomic():
            attempt(world)
            raise _Undo
    except _Undo:
        return True
    except RefusedError as error:
        return not (error.kind in ("not_allowed", "not_found") or error.code in TRESPASS)


class _Undo(Exception):
    """Ends a savepoint."""


def _let_in(asked: Callable[[Account, UUID], bool], world: World) -> None:
    if not asked(world.here.station.nurse, world.there.person.id):
        raise person_unknown()


def _screen(world: World) -> None:
    visit = visits.check_in(
        session_id=world.there.station.session.id, person_id=world.there.person.id, way=Visit.Way.TYPED,
        by=world.there.station.nurse,
    )  # fmt: skip
    asked = screening.questions(sex=world.there.person.sex, on=clock.today())
    visits.screen(
        visit_id=visit.id, answers={one.code: "no" for one in asked},
        vitals=Vitals.read(temperature="36.8", blood_pressure="120/80", pulse=""),
        outcome=Screening.Outcome.ELIGIBLE, by=world.here.station.nurse,
    )  # fmt: skip


def _send(world: World) -> None:
    event = {
        "id": str(new_id()), "kind": "checked_in", "facility_id": str(world.there.station.facility.id),
        "made_at": clock.now().isoformat(),
        "content": {
            "visit_id": str(new_id()), "session_id": str(world.there.station.session.id),
            "person_id": str(world.there.person.id), "way": "typed",
        },
    }  # fmt: skip
    _take(event, world)


def _take(event: dict[str, Any], world: World) -> None:
    (answer,) = actions_events.take([event], by=world.here.station.nurse, stages=stages)
    if answer.answer == Outcome.QUARANTINED:
        raise RefusedError("out_of_scope", vi="", en="")


def _declare(world: World) -> None:
    event = {
        "id": str(new_id()), "kind": "person_declared", "facility_id": str(world.there.station.facility.id),
        "made_at": clock.now().isoformat(),
        "content": {"person_id": str(new_id()), "full_name": "Lý Thị Sửu", "birth_date": "03/09/1967"},
    }  # fmt: skip
    _take(event, world)


def _change(world: World, **changes: Any) -> None:
    said = {
        "account_id": world.here.station.nurse.id, "by": world.here.station.head, "display_name": "X",
        "role": Role.VACCINATOR, "facility_id": world.here.station.facility.id, "area_code": None, "expires_on": None,
    }  # fmt: skip
    actions_staff.change_staff(**said | changes)


def _import(world: World, line: str, by: Role) -> None:
    reading = staff_list.read(f"username,name,role,facility,area\n{line}\n".encode())
    done = actions_import.import_staff(reading=reading, by=world.here.accounts[by])
    if done.faults:
        raise RefusedError("may_not_administer", vi="", en="")


ACTS: dict[str, Callable[[World], Any]] = {
    "doses.actions: let a finding stand": lambda w: doses.resolve(
        finding_id=w.there.finding.id, by=w.here.station.head
    ),
    "doses.actions: type a tally": lambda w: doses.type_tally(
        session_id=w.there.station.session.id, product="AZ", doses=1, by=w.here.station.head
    ),
    "doses.actions: void a dose": lambda w: doses.void(
        dose_id=w.there.dose.id, reason="nhầm", by=w.here.station.head
    ),
    "doses.actions: correct a dose": lambda w: doses.supersede(
        dose_id=w.there.dose.id, lot_number="X1", by=w.here.station.head
    ),
    "doses.actions: inject at a visit": lambda w: doses.inject(
        visit_id=w.there.visit.id, lot_number=w.there.station.lot.number, arm="left", by=w.here.station.nurse
    ),
    "doses.actions: look at what speaks against an injection": lambda w: doses.preview(
        visit_id=w.there.visit.id, lot_number=w.there.station.lot.number, by=w.here.station.nurse
    ),
    "passports.policy: sign doses": lambda w: passports.attest(
        facility_id=w.there.station.facility.id,
        dose_ids=list(Dose.objects.filter(facility=w.there.station.facility).values_list("id", flat=True)),
        by=w.here.station.head.id,
    ),
    "campaigns.actions: plan a session": lambda w: campaigns.hold_session(
        facility_id=w.there.station.facility.id, campaign_id=w.there.station.session.campaign_id,
        on=clock.today() + timedelta(days=2), part="morning", product="AZ", capacity=10, by=w.here.station.head,
        session_id=new_id(),
    ),
    "campaigns.actions_invite: invite": lambda w: actions_invite.invite(
        session_id=w.there.station.session.id, due=due.due_for, by=w.here.station.head
    ),
    "stock.actions: receive": lambda w: stock.receive(
        facility_id=w.there.station.facility.id, product="AZ", lot_number="L1", doses=1,
        expires_on=clock.today() + timedelta(days=9), by=w.here.station.nurse,
    ),
    "stock.actions: write off": lambda w: stock.write_off(
        facility_id=w.there.station.facility.id, lot_id=w.there.station.lot.id, doses=1, by=w.here.station.nurse
    ),
    "stock.actions: hold a lot of the nation": lambda w: stock.hold(
        lot_id=w.there.station.lot.id, reason="x", by=w.here.station.head
    ),
    "stock.actions: release a lot of the nation": lambda w: stock.release(
        lot_id=w.there.station.lot.id, by=w.here.station.head
    ),
    "visits.actions: check in": lambda w: visits.check_in(
        session_id=w.there.station.session.id, person_id=w.there.person.id, way=Visit.Way.TYPED,
        by=w.here.station.nurse,
    ),
    "visits.actions: screen": _screen,
    "visits.actions_events: send for another facility": _send,
    "visits.actions_events: declare somebody for another facility": _declare,
    "visits.actions_events: take in again": lambda w: actions_events.retry(
        quarantined_id=w.there.waiting.id, by=w.here.station.head, stages=stages
    ),
    "visits.actions_events: send without a facility": lambda w: actions_events.take(
        [], by=w.here.accounts[Role.DISTRICT], stages=stages
    ),
    "doses.arrivals: meet somebody without a facility": lambda w: arrivals.meet(
        w.there.person.id, by=w.here.accounts[Role.DISTRICT]
    ),
    "doses.actions: report without a facility": lambda w: doses.report(
        person_id=w.there.person.id, product="AZ", lot_number="X", injected_at=clock.now() - timedelta(days=9),
        by=w.here.accounts[Role.DISTRICT],
    ),
    "doses.actions: report for another facility": lambda w: doses.report(
        person_id=w.here.person.id, product="AZ", lot_number="X", injected_at=clock.now() - timedelta(days=9),
        facility_id=w.there.station.facility.id, by=w.here.accounts[Role.PROVINCE_HEALTH_DEPARTMENT],
    ),
    "doses.actions_import: record a list": lambda w: list(
        doses_import.record_list([], facility_id=w.there.station.facility.id, by=w.here.station.head.id)
    ),
    "identity.deciding: decide about two records": lambda w: deciding.check_may_decide(
        w.here.accounts[Role.COMMUNE_HEALTH_STATION], w.there.person.id, w.there.dose.person_id
    ),
    "cleaning.reach: open the record of who is not here": lambda w: _let_in(reach.is_here, w),
    "cleaning.reach: put right who was never here": lambda w: _let_in(reach.has_met, w),
    "complaints: take one of another site": lambda w: complaints.take(
        complaint_id=w.there.complaint.id, by=w.here.station.head
    ),
    "complaints: take one of another area": lambda w: complaints.take(
        complaint_id=w.there.complaint.id, by=w.here.accounts[Role.DISTRICT]
    ),
    "cleaning: put a record of another site right": lambda w: cleaning.correct(
        task_id=w.there.task.id, value="04/09/1967", by=w.here.station.head
    ),
    "cleaning: put a record of another area right": lambda w: cleaning.correct(
        task_id=w.there.task.id, value="04/09/1967", by=w.here.accounts[Role.COMMUNE_HEALTH_STATION]
    ),
    "accounts: take a password away": lambda w: actions_staff.reset_password(
        account_id=w.there.station.nurse.id, by=w.here.station.head
    ),
    "accounts: suspend a team of another area": lambda w: actions_standing.suspend(
        account_id=w.there.accounts[Role.HAMLET_TEAM].id, by=w.here.accounts[Role.DISTRICT]
    ),
    "accounts: suspend": lambda w: actions_standing.suspend(
        account_id=w.there.station.nurse.id, by=w.here.accounts[Role.DISTRICT]
    ),
    "accounts: close": lambda w: actions_standing.close(
        account_id=w.there.station.nurse.id, on=clock.today(), by=w.here.station.head
    ),
    "accounts: send on leave": lambda w: actions_standing.send_on_leave(
        account_id=w.there.station.nurse.id, begins_on=date(2022, 5, 14), ends_on=None, by=w.here.station.head
    ),
    "accounts: call back": lambda w: actions_standing.come_back(
        account_id=w.there.station.nurse.id, by=w.here.station.head
    ),
    "accounts: resume": lambda w: actions_standing.resume(
        account_id=w.there.station.nurse.id, by=w.here.station.head
    ),
    "accounts: change somebody elsewhere": lambda w: _change(w, account_id=w.there.station.nurse.id),
    "accounts: move somebody out of reach": lambda w: _change(w, facility_id=w.there.station.facility.id),
    "accounts: raise somebody": lambda w: _change(w, role=Role.FACILITY_HEAD),
    "accounts: open for another facility": lambda w: actions_staff.open_staff(
        username="x.y.z", display_name="X", role=Role.VACCINATOR, facility_id=w.there.station.facility.id,
        by=w.here.station.head,
    ),
    "accounts: open for another area": lambda w: actions_staff.open_staff(
        username="x.y.z", display_name="X", role=Role.HAMLET_TEAM, area_code="26734",
        by=w.here.accounts[Role.PROVINCE_HEALTH_DEPARTMENT],
    ),
    "accounts: a list for another facility": lambda w: _import(
        w, f"x.y.z,X,vaccinator,{w.there.station.facility.code},", Role.FACILITY_HEAD
    ),
    "accounts: a list for another area": lambda w: _import(
        w, "x.y.z,X,hamlet_team,,26734", Role.PROVINCE_HEALTH_DEPARTMENT
    ),
    "accounts: a list of auditors": lambda w: _import(w, "x.y.z,X,auditor,,", Role.MINISTRY),
    "accounts: a program for another facility": lambda w: actions_clients.open_client(
        username="x.y.z", display_name="X", role=Role.DATA_CLERK, facility_id=w.there.station.facility.id,
        contact="x", pages=["api:events"], per_minute=1, per_day=1,
        by=w.here.accounts[Role.PROVINCE_HEALTH_DEPARTMENT],
    ),
    "accounts: another program's key": lambda w: actions_clients.rotate_key(
        client_id=w.there.client.id, by=w.here.accounts[Role.PROVINCE_HEALTH_DEPARTMENT]
    ),
    "accounts: revoke another program": lambda w: actions_clients.revoke_client(
        client_id=w.there.client.id, by=w.here.accounts[Role.PROVINCE_HEALTH_DEPARTMENT]
    ),
}  # fmt: skip
