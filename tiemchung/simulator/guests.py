"""Who comes to which site, how he registered, and what he has had? Decided before the day, by the seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tiemchung.ground.ids import new_id
from tiemchung.simulator.declarations import Declaration, Shares, Slip, declared, slips, truthful
from tiemchung.simulator.plan import DAY, FIRST_DOSE_BEFORE, STARTS_AT, Site
from tiemchung.simulator.residents import Resident, residents

BY_HIMSELF = 0.6  # the rest is registered at the site, by staff
WITH_FIRST_DOSE = 0.55
AMENDED = 2  # people whose entry in the register is amended
POSTPONED = 0.02  # 1.9 % of the children of Ho Chi Minh City on 20/4/2022 were postponed


@dataclass
class Guest:
    """One person of the play. `person_id` is known once he has been registered."""

    said: Declaration
    by_himself: bool
    first_dose_at: datetime | None
    postponed: bool
    person_id: UUID | None = None
    queued: bool = False  # declared while the line to the population side is down
    register_changes: bool = False  # his entry in the register is amended after he was found right

    @property
    def resident(self) -> Resident:
        """The person as he is."""
        return self.said.resident

    @property
    def card_text(self) -> str:
        """What a scanner reads from his ID card (seven fields)."""
        one = self.resident
        sex = {"male": "Nam", "female": "Nữ"}[str(one.sex)]
        return f"{one.number}|{one.old_number}|{one.full_name}|{one.born:%d%m%Y}|{sex}|{one.address}|15062021"

    def as_event_content(self) -> dict[str, object]:
        """What a device sends when staff declare him."""
        numbers = [{"value": self.said.number}] if self.said.number else []
        return {
            "person_id": str(self.person_id or new_id()),
            "full_name": self.said.full_name,
            "birth_date": self.said.birth_date,
            "sex": self.said.sex,
            "identity_numbers": numbers,
            "phone": self.resident.phone,
            "residence_code": self.resident.commune_code,
            "address": self.resident.address,
        }


def guests_of(site: Site, count: int, *, seed: int) -> list[Guest]:
    """The people who come to a site, nothing wrong yet; households stay together, as they registered together."""
    chance = random.Random(f"{seed}:{site.code}")
    people = residents(count, [site.commune_code], on=DAY, seed=chance.randrange(2**32))
    by_himself = {household: chance.random() < BY_HIMSELF for household in {one.household for one in people}}
    return [
        Guest(
            said=truthful(one),
            by_himself=by_himself[one.household],
            first_dose_at=_first_dose(site.product, chance),
            postponed=chance.random() < POSTPONED,
        )
        for one in people
    ]


def let_slip(guests: Sequence[Guest], *, seed: int) -> None:
    """Let go wrong what goes wrong, over all sites together: shares of a few people a site would round to nothing."""
    chance, shares = random.Random(f"{seed}:slips"), Shares.of(len(guests))
    walk_ins = [guest for guest in guests if not guest.by_himself]
    queued = chance.sample(walk_ins, min(shares.queued, len(walk_ins)))
    for guest in queued:
        guest.queued = True
    unasked = [*slips(shares.wrong), *[Slip.NO_NUMBER] * shares.without_number]
    _befall([guest for guest in guests if not guest.queued], unasked, chance)
    _befall(queued, [Slip.ACCENTS_LOST] * min(shares.wrong_of_queued, len(queued)), chance)
    for guest in [each for each in guests if _is_right(each)][:AMENDED]:
        guest.register_changes = True


def _befall(guests: Sequence[Guest], what: Sequence[Slip], chance: random.Random) -> None:
    for guest, said in zip(guests, declared([each.resident for each in guests], what, chance), strict=True):
        guest.said = said


def _is_right(guest: Guest) -> bool:
    """Whether he will have a passport from the first, and a book to put right what the register changes."""
    doses = guest.first_dose_at is not None and not guest.postponed
    return guest.by_himself and guest.said.slip is Slip.NONE and doses


def _first_dose(product: str, chance: random.Random) -> datetime | None:
    if chance.random() >= WITH_FIRST_DOSE:
        return None
    days = chance.randint(*FIRST_DOSE_BEFORE[product])
    return STARTS_AT - timedelta(days=days, minutes=chance.randrange(0, 200))
