"""A town of made-up people: rows to write as CSV, every one with a number, name, birth date, sex and commune."""

import csv
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from tiemchung.vietnam.name_tokens import NameRole, name_counts
from tiemchung.vietnam.sex import Sex

FIELDS = ("id", "number", "full_name", "birth_date", "sex", "commune")


@dataclass(frozen=True)
class Row:
    id: str
    number: str
    full_name: str
    birth_date: str
    sex: str
    commune: str


def people(number: int, seed: int = 7) -> list[Row]:
    chance = random.Random(seed)
    return [_person(place, chance) for place in range(number)]


def _person(place: int, chance: random.Random) -> Row:
    sex = chance.choice(list(Sex))
    words = (_drawn(role, sex, chance) for role in (NameRole.FAMILY, NameRole.MIDDLE, NameRole.GIVEN))
    born = date(1930, 1, 1) + timedelta(days=chance.randrange(365 * 88))
    century_and_sex = (born.year // 100 - 19) * 2 + (sex is Sex.FEMALE)
    number = f"079{century_and_sex}{born.year % 100:02}{chance.randrange(1_000_000):06}"
    commune = f"{chance.randrange(40):05}"
    return Row(f"p{place:05}", number, " ".join(words), f"{born:%d/%m/%Y}", sex.vi, commune)


def _drawn(role: NameRole, sex: Sex, chance: random.Random) -> str:
    counts = name_counts(role, sex)
    return chance.choices(list(counts), list(counts.values()))[0]


def write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        writer.writerows([getattr(row, field) for field in FIELDS] for row in rows)
    return path


def renamed(rows: list[Row], beginning: str) -> list[Row]:
    return [replace(row, id=beginning + row.id[1:]) for row in rows]
