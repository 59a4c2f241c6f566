"""Who lives here? Invented people, with names, birth dates, numbers and homes as frequent as the figures have them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from tiemchung.vietnam import areas
from tiemchung.vietnam.name_tokens import NameRole, name_counts
from tiemchung.vietnam.sex import Sex

# Shares of adults by age: common knowledge of the 2019 census (facts: 18-49 48 %, 50-64 16 %, 65 up 8 % of all people).
AGE_BANDS = ((18, 49, 0.667), (50, 64, 0.222), (65, 88, 0.111))
MOBILE_PREFIXES = ("032", "035", "037", "070", "079", "081", "083", "086", "090", "091", "093", "096", "097", "098")


@dataclass(frozen=True)
class Resident:
    """A person as he is: what the population register knows."""

    full_name: str
    sex: Sex
    born: date
    number: str  # CCCD, 12 digits
    old_number: str  # CMND of 9 digits, or empty
    phone: str  # shared by a household
    commune_code: str
    address: str
    household: int


def residents(count: int, commune_codes: Sequence[str], *, on: date, seed: int) -> list[Resident]:
    """Invent adults in households, each in one of the communes. The same seed gives the same people."""
    chance = random.Random(seed)
    made: list[Resident] = []
    numbers: set[str] = set()
    for household in range(count):
        for resident in _household(household, chance.choice(commune_codes), on, chance):
            if resident.number not in numbers:
                numbers.add(resident.number)
                made.append(resident)
        if len(made) >= count:
            break
    return made[:count]


def _household(number: int, commune_code: str, on: date, chance: random.Random) -> Iterator[Resident]:
    phone = chance.choice(MOBILE_PREFIXES) + f"{chance.randrange(10_000_000):07}"
    address = f"Số {chance.randrange(1, 240)}, tổ {chance.randrange(1, 20)}"
    family = {sex: _token(NameRole.FAMILY, sex, chance) for sex in Sex}
    for _ in range(chance.choices((1, 2, 3, 4), weights=(2, 4, 3, 2))[0]):
        sex = chance.choice((Sex.MALE, Sex.FEMALE))
        born = _birth_date(on, chance)
        yield Resident(
            full_name=_name(sex, family[sex], chance),
            sex=sex,
            born=born,
            number=_cccd(commune_code, sex, born, chance),
            old_number=f"{chance.randrange(10**8, 10**9)}" if born.year < 1995 and chance.random() < 0.5 else "",
            phone=phone,
            commune_code=commune_code,
            address=address,
            household=number,
        )


def _birth_date(on: date, chance: random.Random) -> date:
    youngest, oldest, _ = chance.choices(AGE_BANDS, weights=[share for *_, share in AGE_BANDS])[0]
    return on - timedelta(days=int(365.25 * chance.uniform(youngest + 0.1, oldest + 0.9)))


def _cccd(commune_code: str, sex: Sex, born: date, chance: random.Random) -> str:
    """Decree 137/2015: birth province, century and sex, two digits of the year, six at random."""
    province = areas.ancestry(commune_code)[-1].code
    century = 2 * (born.year // 100 - 19) + (sex == Sex.FEMALE)
    return f"0{province}{century}{born.year % 100:02}{chance.randrange(1_000_000):06}"


def _name(sex: Sex, family: str, chance: random.Random) -> str:
    middle = [_token(NameRole.FIRST_MIDDLE, sex, chance)] if chance.random() < 0.94 else []
    if middle and chance.random() < 0.22:
        middle.append(_token(NameRole.MIDDLE, sex, chance))
    return " ".join([family, *middle, _token(NameRole.GIVEN, sex, chance)])


def _token(role: NameRole, sex: Sex, chance: random.Random) -> str:
    tokens, sums = _wheel(role, sex)
    return chance.choices(tokens, cum_weights=sums)[0]


@cache
def _wheel(role: NameRole, sex: Sex) -> tuple[list[str], list[int]]:
    """Tokens and running sums of their counts, names typed without accents left out."""
    counts = {token: count for token, count in name_counts(role, sex).items() if len(token) > 1}
    return list(counts), list(accumulate(counts.values()))
