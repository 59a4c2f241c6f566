"""Before the curtain: areas, facilities, accounts, keys, campaign, stock, and the register of the population side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tiemchung.accounts.actions import open_account
from tiemchung.accounts.models import Account, Role
from tiemchung.campaigns import actions as campaigns
from tiemchung.campaigns.models import Session
from tiemchung.ground import clock
from tiemchung.hcert import Algorithm, demo_authority
from tiemchung.hcert.authority import new_key, private_pem
from tiemchung.passports import actions_keys, keys
from tiemchung.places import actions as places
from tiemchung.places.models import Facility
from tiemchung.simulator.plan import (
    ADMINISTRATOR,
    AUDITOR,
    CAMPAIGN_CODE,
    DAY,
    EXPIRY,
    MINISTRY,
    PASSWORD,
    SIGNER,
    SITES,
    Site,
)
from tiemchung.stock import actions as stock

SESSION_CAPACITY = 200
STOCK = 400  # doses that each site receives
OLD_LOTS = {"PF": "FH0151", "AZ": "ABV9317"}  # of the first doses, given in earlier weeks


@dataclass(frozen=True)
class Place:
    """A site of the play as it stands in the database."""

    site: Site
    facility_id: UUID
    session_id: UUID


def set_up(sites: Sequence[Site] = SITES) -> list[Place]:
    """Make everything that the day needs. For an empty installation of its own only."""
    places.load_areas(by=None)
    places.load_province_figures(by=None)
    campaign = campaigns.open_campaign(
        code=CAMPAIGN_CODE,
        name_vi="Chiến dịch tiêm vắc xin phòng Covid-19 năm 2021-2022",
        name_en="Covid-19 vaccination campaign 2021-2022",
        starts_on=DAY.replace(year=2021, month=7, day=10),
        by=None,
    )
    _open_national_accounts()
    made = [_open_site(site, campaign.id) for site in sites]
    _make_keys(made)
    return made


def _open_national_accounts() -> None:
    open_account(
        username=SIGNER, display_name="Người ký quốc gia", role=Role.NATIONAL_SIGNER, password=PASSWORD, by=None
    )
    open_account(username=ADMINISTRATOR, display_name="Quản trị", role=Role.ADMINISTRATOR, password=PASSWORD, by=None)
    open_account(username=AUDITOR, display_name="Kiểm toán viên", role=Role.AUDITOR, password=PASSWORD, by=None)
    open_account(username=MINISTRY, display_name="Vụ Y tế dự phòng", role=Role.MINISTRY, password=PASSWORD, by=None)


def _open_site(site: Site, campaign_id: UUID) -> Place:
    facility = places.open_facility(
        code=site.code,
        name=site.name,
        kind=Facility.Kind(site.kind),
        area_code=site.commune_code,
        address=site.address,
        tables=3,
        daily_capacity=2 * SESSION_CAPACITY,
        by=None,
    )
    head = _open_staff(site, facility.id)
    stock.receive(
        facility_id=facility.id, product=site.product, lot_number=site.lot, expires_on=EXPIRY, doses=STOCK, by=head
    )
    stock.receive(
        facility_id=facility.id,
        product=site.product,
        lot_number=OLD_LOTS[site.product],
        expires_on=EXPIRY,
        doses=STOCK,
        by=head,
    )
    session = campaigns.hold_session(
        facility_id=facility.id,
        campaign_id=campaign_id,
        on=clock.today(),
        part=Session.Part.MORNING,
        product=site.product,
        capacity=SESSION_CAPACITY,
        by=head,
    )
    return Place(site, facility.id, session.id)


def _open_staff(site: Site, facility_id: UUID) -> Account:
    for username, role, title in (
        (site.station, Role.COMMUNE_HEALTH_STATION, "Làm sạch,"),
        (site.hamlet, Role.HAMLET_TEAM, "Tổ dân phố,"),
    ):
        open_account(
            username=username,
            display_name=f"{title} {site.name}",
            role=role,
            password=PASSWORD,
            by=None,
            area_code=site.commune_code,
        )
    for username, role, title in (
        (site.nurse, Role.VACCINATOR, "Điều dưỡng"),
        (site.head, Role.FACILITY_HEAD, "Trưởng trạm"),
    ):
        account = open_account(
            username=username,
            display_name=f"{title} {site.name}",
            role=role,
            password=PASSWORD,
            by=None,
            facility_id=facility_id,
        )
    return account


def _make_keys(places_made: Sequence[Place]) -> None:
    """Practice keys below a practice root: one for passports, one for seals, one for each site's attestations."""
    start = clock.now() - timedelta(days=30)
    root = demo_authority(valid_from=start)
    for use, facility_id, name in [
        (keys.PASSPORT, None, "Practice DSC, not for real use"),
        (keys.SEAL, None, "Practice seals, not for real use"),
        *((keys.ATTESTATION, place.facility_id, f"Practice attestation {place.site.code}") for place in places_made),
    ]:
        key = new_key(Algorithm.ES256)
        certificate = root.certify(key.public_key(), name=name, valid_from=start)
        actions_keys.enrol_practice_key(
            use=use, facility_id=facility_id, certificate=certificate, private_pem=private_pem(key), by=None
        )
