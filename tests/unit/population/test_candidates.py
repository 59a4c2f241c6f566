"""Whom of his commune an officer is shown for a record that the check did not settle, and what may rest on it."""

from typing import Any

import pytest
from django.test import Client

from tests.unit.population.police import COMMUNE, officer, pages, record, signed_in
from tests.unit.population.register import HANH, NUMBER, enrol
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.linkage.evidence import Veto
from tiemchung.population import keys
from tiemchung.population.actions import known_as
from tiemchung.population.actions_records import decide
from tiemchung.population.models import Citizen, Decision, Notice
from tiemchung.population.records import Likelihood, search

__all__ = ["pages"]
pytestmark = pytest.mark.django_db
KIND = Decision.Kind
AS_SHE_IS = {"birth_date": HANH["birth_date"]}


def resident(number: str = NUMBER, **changes: str) -> Citizen:
    return enrol(number, residence_code=COMMUNE, **changes)


@pytest.mark.parametrize(
    "said",
    [
        {"number": NUMBER, "full_name": "Nguyễn Thị Hạnh", "birth_date": "1984"},
        {"number": "001184000071", **AS_SHE_IS},  # two digits changed places
        {"number": "001184000019", **AS_SHE_IS},  # one digit is another
        {"number": "01184000017", **AS_SHE_IS},  # the first zero is lost
        {"number": "", **AS_SHE_IS},
        {"number": "", "full_name": "NGUYEN THI THU HANH", **AS_SHE_IS},
        {"number": "", "full_name": "Hạnh Nguyễn Thị Thu", **AS_SHE_IS},
        {"number": "079199123456", **AS_SHE_IS},  # somebody else's
        {"number": "001184000019", "birth_date": "1984-01-01"},
    ],
)
def test_who_is_meant_is_found_however_the_record_is_spoilt(said: dict[str, str]) -> None:
    meant = resident()
    for place in range(9):
        resident(f"0011770009{place}7", full_name="Lê Văn Bảy", birth_date=f"1977-03-1{place}", sex="male")
    found = search(record(**said))
    assert found.candidates[0].citizen == meant
    assert found.candidates[0].likelihood is Likelihood.LIKELY


def test_of_a_day_and_month_changed_over_the_person_is_found() -> None:
    meant = resident(birth_date="1984-11-08")
    (found,) = search(record(number="", birth_date="1984-08-11")).candidates
    assert found.citizen == meant


def test_nobody_is_shown_who_only_shares_a_birth_date_or_a_given_name() -> None:
    for place, name in enumerate(("Lê Văn Bảy", "Đặng Quang Lộc")):
        resident(f"00108400099{place}", full_name=name, sex="male")
    found = search(record(number="", **AS_SHE_IS))
    assert found.candidates == ()
    assert found.none > 0.99


def test_nobody_of_another_commune_is_shown() -> None:
    enrol("001184000025", residence_code="00004")
    found = search(record(number="", **AS_SHE_IS))
    assert (found.candidates, found.none) == ((), 1.0)


def test_two_who_fit_alike_are_both_shown_and_said_to_be_alike() -> None:
    both = {resident("001184000025"), resident("001184000033")}
    found = search(record(number="", **AS_SHE_IS))
    assert {each.citizen for each in found.candidates} == both
    assert found.alike
    assert all(each.likelihood is Likelihood.POSSIBLE for each in found.candidates)
    assert sum(each.chance for each in found.candidates) + found.none == pytest.approx(1)


def test_twins_are_told_apart_by_a_warning() -> None:
    twin = resident("001184000025", full_name="Nguyễn Thị Thu Hằng")
    found = {each.citizen: each for each in search(record(number="", **AS_SHE_IS)).candidates}
    assert found[twin].vetoes == {Veto.TWINS}
    assert found[twin].likelihood is not Likelihood.LIKELY


def test_without_any_candidate_it_is_certain_that_it_is_none_of_these() -> None:
    found = search(record())
    assert (found.candidates, found.none) == ((), 1.0)


@pytest.mark.parametrize("letters", ["Đặng Thuý-Vy H'Hen", "ĐẶNG THUÝ VY HHEN", "Lường Ỷ Ẫm"])
def test_names_are_folded_in_the_database_as_in_the_library(letters: str) -> None:
    meant = resident(full_name=letters)
    (found,) = search(record(number="", full_name=letters, **AS_SHE_IS)).candidates
    assert found.citizen == meant


def test_near_numbers_hold_every_single_slip_and_no_more() -> None:
    near = keys.near("001184000017")
    assert {"001184000017", "001184000018", "001184000071", "101184000017"} <= set(near)
    assert "001184000028" not in near
    assert {len(each) for each in near} == {12}
    assert "001184000017" in keys.near("01184000017")
    assert "001184000017" in keys.near("0011840000178")
    assert (keys.near(""), keys.near("A1")) == ([], ["A1"])


@pytest.mark.parametrize("kind", [KIND.CONFIRM, KIND.CORRECT_REGISTER])
def test_name_birth_date_and_sex_alone_correct_nothing(kind: Decision.Kind) -> None:
    """The register itself is no ground then: somebody must have seen a paper."""
    citizen, found, known = resident(), record(number="", field="number", **AS_SHE_IS), officer()
    with pytest.raises(InvalidInputError) as refused:
        decide(
            confirmation_id=found.id,
            kind=kind,
            officer=known,
            citizen_id=citizen.id,
            ground="population_database",
        )
    assert (refused.value.code, refused.value.field) == ("ground_weak", "ground")
    assert not Notice.objects.exists()
    decide(confirmation_id=found.id, kind=KIND.CONFIRM, officer=known, citizen_id=citizen.id, ground="card_seen")
    assert Notice.objects.count() == 1


def test_with_a_number_that_is_near_the_register_is_ground_enough() -> None:
    citizen, found = resident(), record(number="001184000071", field="number", **AS_SHE_IS)
    decide(
        confirmation_id=found.id,
        kind=KIND.CONFIRM,
        officer=officer(),
        citizen_id=citizen.id,
        ground="population_database",
    )
    assert Notice.objects.count() == 1


def test_a_citizen_without_a_number_is_left_out_and_named_as_such() -> None:
    born = Citizen.objects.create(residence_code=COMMUNE, **HANH)
    assert search(record(number="", **AS_SHE_IS)).candidates == ()
    with pytest.raises(ConflictError) as refused:
        known_as(born)
    assert (refused.value.code, refused.value.field) == ("citizen_without_number", "citizen")


def test_the_page_offers_none_of_these_and_says_how_likely_each_is(pages: Client) -> None:
    signed_in(pages)
    resident("001184000025")
    resident("001184000033")
    found = record(number="", field="number", **AS_SHE_IS)
    text: Any = pages.get(f"/ho-so/{found.id}/").content.decode()
    assert "Không ai trong số này" in text
    assert "Có nhiều người giống gần như nhau" in text
    assert "Có thể" in text
    answer = pages.post(f"/ho-so/{found.id}/", {"kind": "unknown", "citizen": ""})
    assert answer.status_code == 302
