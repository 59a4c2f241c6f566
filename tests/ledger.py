"""A campaign day behind us: people with a full course, checked by the population side, attested, with passports.

By the practice clock: the rules of a campaign are dated, and so is its form of passport.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.practice import DEMO_DAY
from tests.station import Station, open_station
from tiemchung.accounts.models import Account
from tiemchung.doses import actions as doses
from tiemchung.doses.models import Dose, DoseFinding
from tiemchung.ground import clock
from tiemchung.ground.ids import new_id
from tiemchung.hcert import Algorithm, SignerCertificate, demo_authority
from tiemchung.hcert.authority import DSC_LIFE, new_key, private_pem
from tiemchung.identity.models import PopulationCheck
from tiemchung.passports import actions as passports
from tiemchung.passports import actions_keys, keys
from tiemchung.passports.models import Attestation
from tiemchung.people.models import Person, PersonStatement

AUTHORITY = demo_authority(valid_from=DEMO_DAY - timedelta(days=400))


def enrol_keys(*facility_ids: UUID) -> None:
    """Give the centre its passport key, and each facility its own for attestations."""
    for use, facility_id in [(keys.PASSPORT, None), *((keys.ATTESTATION, one) for one in facility_ids)]:
        enrol_key(use, facility_id)


def enrol_key(use: str, facility_id: UUID | None = None, *, life: timedelta = DSC_LIFE) -> SignerCertificate:
    """Make a key, valid since yesterday, and enrol it."""
    key, valid_from = new_key(Algorithm.ES256), clock.now() - timedelta(days=1)
    certificate = AUTHORITY.certify(key.public_key(), name="Tap duot", valid_from=valid_from, life=life)
    actions_keys.enrol_practice_key(
        use=use, certificate=certificate, private_pem=private_pem(key), facility_id=facility_id, by=None
    )
    return certificate


def given_dose(station: Station, person: Person, day: date, *, product: str = "AZ", **said: Any) -> Dose:
    """Enter from paper a dose that this station gave on that day; its findings, if any, were looked at and stand."""
    moment = datetime(day.year, day.month, day.day, 9, 0, tzinfo=clock.VIETNAM)
    lot = said.pop("lot_number", station.lot.number)
    dose = doses.report(
        person_id=person.id, product=product, lot_number=lot, injected_at=moment, by=station.head, **said
    )
    settle(dose, station.head)
    return dose


def settle(dose: Dose, by: Account) -> None:
    """Let a dose stand in spite of all that was found about it."""
    for finding in DoseFinding.objects.filter(dose=dose, resolved_at=None):
        doses.resolve(finding_id=finding.id, by=by)


def full_course(station: Station, **who: Any) -> Person:
    """Declare somebody who had two doses of AstraZeneca twelve weeks apart."""
    person = station.person(**who)
    given_dose(station, person, date(2021, 9, 15))
    given_dose(station, person, date(2021, 12, 10))
    return person


def judged(person: Person, verdict: str = "right", fields: dict[str, str] | None = None) -> PopulationCheck:
    """Let the population side have answered about a person as he stands."""
    return PopulationCheck.objects.create(
        id=new_id(),
        person=person,
        statement=PersonStatement.objects.filter(person=person).order_by("id").last(),
        asked_at=clock.now(),
        answered_at=clock.now(),
        verdict=verdict,
        fields=fields or {},
        handle="ab" * 32 if verdict == "right" else "",
    )


def attested(station: Station, *people: Person) -> Attestation:
    """Let the station's head sign all doses of these people."""
    ids = Dose.objects.filter(person__in=people, superseded_by=None, void_reason="").values_list("id", flat=True)
    return passports.attest(facility_id=station.facility.id, dose_ids=list(ids), by=station.head.id)


@dataclass(frozen=True)
class Day:
    """A station whose people are vaccinated, verified and attested; with a tally."""

    station: Station
    people: tuple[Person, ...]
    attestation: Attestation


def signed_day(people: int = 2) -> Day:
    """Play such a day; the keys lie in a folder that the fixture `practice` gave."""
    station = open_station()
    enrol_keys(station.facility.id)
    came = tuple(full_course(station) for _ in range(people))
    for person in came:
        judged(person)
    doses.type_tally(session_id=station.session.id, product="AZ", doses=people, by=station.head)
    return Day(station, came, attested(station, *came))
