"""The people to practise on: consistent with the rules for real ones, and the same for the same seed."""

import random
from collections import Counter
from datetime import date
from itertools import cycle, islice

import pytest

from tiemchung.cleaning.funnel import NATION_2022
from tiemchung.simulator.declarations import SLIP_WEIGHTS, Slip, declared, slips, truthful
from tiemchung.simulator.guests import guests_of, let_slip
from tiemchung.simulator.plan import SITES
from tiemchung.simulator.residents import Resident, residents
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.identity_checks import cross_check
from tiemchung.vietnam.identity_numbers import IdentityNumber
from tiemchung.vietnam.names import NormalisedName
from tiemchung.vietnam.phones import PhoneNumber

DAY = date(2022, 5, 14)


@pytest.fixture(scope="module")
def people() -> list[Resident]:
    return residents(2000, ["00001", "26734", "13063"], on=DAY, seed=7)


def test_the_same_seed_makes_the_same_people(people: list[Resident]) -> None:
    assert residents(2000, ["00001", "26734", "13063"], on=DAY, seed=7) == people


def test_numbers_agree_with_sex_and_birth(people: list[Resident]) -> None:
    odd = [one for one in people if cross_check(one.number, PartialDate.of(one.born), one.sex)]
    assert odd == []


def test_numbers_are_readable_and_used_once(people: list[Resident]) -> None:
    assert len({IdentityNumber.parse(one.number).text for one in people}) == len(people)


def test_everybody_is_an_adult(people: list[Resident]) -> None:
    assert all(PartialDate.of(one.born).certainly_aged(18, DAY) for one in people)


def test_names_and_phones_can_be_registered(people: list[Resident]) -> None:
    for one in people:
        assert NormalisedName.parse(one.full_name).match_key
        assert PhoneNumber.parse(one.phone).e164


def test_a_household_shares_a_phone(people: list[Resident]) -> None:
    phones: dict[int, set[str]] = {}
    for one in people:
        phones.setdefault(one.household, set()).add(one.phone)
    assert {len(each) for each in phones.values()} == {1}


def test_slips_come_as_often_as_the_articles_counted(people: list[Resident]) -> None:
    guests = guests_of(SITES[0], len(people), seed=3)
    let_slip(guests, seed=3)
    asked = [guest for guest in guests if guest.said.number]
    queued = [guest for guest in asked if guest.queued]
    wrong = [guest for guest in asked if not guest.queued and guest.said.slip is not Slip.NONE]
    assert len(asked) == round(NATION_2022.share("with_number") * len(guests))
    assert len(queued) == round(NATION_2022.share("unchecked") * len(asked))
    assert len(wrong) == round(NATION_2022.share("wrong") * len(asked))
    assert not any(guest.by_himself for guest in queued)


def test_slips_come_by_their_weights_to_the_person() -> None:
    assert Counter(slips(11)) == SLIP_WEIGHTS
    assert set(slips(8)) == set(SLIP_WEIGHTS)


def test_a_slip_differs_from_the_truth_in_what_it_names(people: list[Resident]) -> None:
    chance = random.Random(5)
    kinds = list(islice(cycle(Slip), len(people)))
    for one, said in zip(people, declared(people, kinds, chance), strict=True):
        true = truthful(one)
        differs = {name for name in ("full_name", "birth_date", "number") if getattr(said, name) != getattr(true, name)}
        assert len(differs) == (0 if said.slip in (Slip.NONE, Slip.CARD_JUST_ISSUED) else 1)
        assert said.mended() == true
