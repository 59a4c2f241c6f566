"""People and what is written of them, with every kind of slip that the record-by-record check has a name for."""

import csv
import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tiemchung.vietnam.name_tokens import NameRole, name_counts
from tiemchung.vietnam.names import fold
from tiemchung.vietnam.sex import Sex


@dataclass(frozen=True)
class Citizen:
    citizen: str
    number: str
    former_numbers: str
    full_name: str
    birth_date: str
    sex: str


@dataclass(frozen=True)
class Written:
    record: str
    number: str
    full_name: str
    birth_date: str
    sex: str
    nationality: str = "VN"


ODD_NAMES = (
    *("Y Moan Niê", "Y Thịnh Ayŭn Niê", "H'Hen Niê", "Ksor H'Mai", "Tôn Nữ Thị Ninh", "Công Tằng Tôn Nữ Mai Hoa"),
    *("Âu Dương Minh", "Từ Văn Hoà", "Nguyễn Thị Thuý-Vy", "Lò Thị Thị", "Đỗ Đức Đức", "Nguyễn Văn Tèo", "Lê Thị Út"),
    *("Guðrún Jónsdóttir", "Phạm Hoài Nam", "Nguyễn Năm", "Lý Mỹ Kỳ", "Lí Mĩ Kì", "Vũ Hoàng Phúc", "Võ Huỳnh Phước"),
    *("An", "Trần Bảo Minh", "Lê Ý", "Ý Nhi", "Hà Quý", "Đặng Thuỳ Trâm", "Ngô Xoong", "Nguyễn Thị Na", "O Ba Ma"),
)
TONES = "\u0301\u0300\u0309\u0303\u0323"


def name_slips(name: str, chance: random.Random) -> Iterator[str]:
    """Every way in which this name is often written, and some in which it is not."""
    words = name.split()
    at = chance.randrange(len(words))
    other = chance.choice(list(name_counts(NameRole.GIVEN, chance.choice(list(Sex)))))
    yield from (name, name.upper(), name.lower(), fold(name).title(), fold(name), unicodedata.normalize("NFD", name))
    yield from (name.replace("Đ", "Ð").replace("đ", "ð"), f"  {name} ", name.replace(" ", "  "), "", "-", " . ")
    yield "".join(each for each in unicodedata.normalize("NFD", name) if each not in TONES)
    yield from ("".join(words), " ".join(reversed(words)), " ".join((*words[1:], words[0])))
    yield " ".join(words[:at] + words[at + 1 :])
    yield " ".join((*words[:at], other, *words[at:]))
    yield " ".join((*words[:at], other, *words[at + 1 :]))
    yield " ".join((*words, other, other))
    yield " ".join((*words, "Văn", "Thị", other))
    yield " ".join(word[0] + "." if place < len(words) - 1 else word for place, word in enumerate(words))
    yield " ".join((words[0], *(word[0] for word in words[1:])))
    yield " ".join((*words[:at], words[at][:1] + "x" + words[at][1:], *words[at + 1 :]))
    yield " ".join((*words[:at], words[at][::-1], *words[at + 1 :]))
    yield " ".join((*words[:at], words[at][1:] or "x", *words[at + 1 :]))
    yield from (f"{name} (Tèo)", f"Tèo {name}", " ".join((*words[:-1], "Út")), " ".join((*words[:-1], "Năm")))
    yield name.encode().decode("latin-1")
    yield name.encode().decode("cp1252", "ignore")
    for one, two in (
        ("y", "i"),
        ("i", "y"),
        ("oà", "òa"),
        ("òa", "oà"),
        ("uý", "úy"),
        ("Tr", "Ch"),
        ("S", "X"),
        ("nh", "n"),
    ):
        yield name.replace(one, two)
    for one, two in (
        ("Hoàng", "Huỳnh"),
        ("Vũ", "Võ"),
        ("Bảo", "Bửu"),
        ("Phúc", "Phước"),
        ("Minh", "Miêng"),
        ("Hoang", "Huynh"),
    ):
        yield from (name.replace(one, two), name.replace(two, one), fold(name).title().replace(one, two))
    for one, two in (
        ("ễ", "eex"),
        ("ê", "ee"),
        ("ị", "ij"),
        ("ă", "aw"),
        ("ễ", "e64"),
        ("ị", "i5"),
        ("Đ", "DD"),
        ("ố", "oos"),
    ):
        yield name.replace(one, two)
    yield name.replace("ễ", "ê").replace("ị", "i")
    yield name.replace("a", "á").replace("ô", "ồ")


def date_slips(day: str, chance: random.Random) -> Iterator[str]:
    """Every way in which this birth date is often written."""
    yield from (
        day,
        "",
        day[:4],
        day[:7],
        f"{day[:4]}-01-01",
        f"{chance.randrange(1925, 2021)}-0{chance.randrange(1, 9)}-1{chance.randrange(9)}",
    )
    if len(day) < 10:
        return
    there = date.fromisoformat(day)
    for shift in (1, -1, 31, -30, 365, 366, 3652, 3653, 36525, 9, 90):
        yield (
            (there + timedelta(days=shift)).isoformat()
            if there.year < 1990
            else (there - timedelta(days=shift)).isoformat()
        )
    for years in (1, -1, 10, -10, -100, 3, -20, -14, 13):
        yield f"{max(1900, min(2099, there.year + years))}{day[4:]}"
    yield from (
        f"{day[:4]}-{day[8:]}-{day[5:7]}",
        f"{day[8:]}/{day[5:7]}/{day[:4]}",
        f"{day[8:]}{day[5:7]}{day[:4]}",
        "32/13/1980",
        "hôm qua",
    )
    yield f"{day[:2]}{day[3]}{day[2]}{day[4:]}"
    yield f"{day[:8]}{day[9]}{day[8]}"


def number_slips(citizen: Citizen, others: list[Citizen], chance: random.Random) -> Iterator[str]:
    number, other = citizen.number, chance.choice(others)
    yield from [number] * 12
    yield from (citizen.former_numbers.split(" ")[0], other.number, other.number, other.former_numbers.split(" ")[0])
    yield from ("", number[1:], number[:-2], number + "0", number.replace("0", "O"), "9.1E+10", "HS4010123456789")
    yield from (
        "000000000000",
        "123456789",
        "012345678901",
        "111111111",
        f"{number[:3]} {number[3:6]}.{number[6:]}",
        "C1234567",
    )
    yield from (
        number[:3] + "9" + number[4:],
        "003" + number[3:],
        "500" + number[3:],
        number[:-1] + "7",
        "không có",
        "079-abc",
    )


def citizens(count: int, chance: random.Random) -> list[Citizen]:
    people = [_citizen(place, chance) for place in range(count)]
    # Some old numbers are two people's, and one of a pair differs from the other in the name alone.
    for place in range(0, count - 1, 9):
        first, second = people[place], people[place + 1]
        twin = chance.random() < 0.5
        born, sex = (first.birth_date, first.sex) if twin else (second.birth_date, second.sex)
        people[place + 1] = Citizen(second.citizen, second.number, first.former_numbers, second.full_name, born, sex)
    return people


def _citizen(place: int, chance: random.Random) -> Citizen:
    sex = chance.choice(list(Sex))
    roles = (NameRole.FAMILY, NameRole.MIDDLE, NameRole.GIVEN)
    drawn = " ".join(chance.choice(list(name_counts(role, sex))[:60]) for role in roles)
    name = ODD_NAMES[place // 3 % len(ODD_NAMES)] if place % 3 == 0 else drawn
    born = date(1930, 1, 1) + timedelta(days=chance.randrange(365 * 88))
    written = born.isoformat()[: chance.choice((4, 7, *[10] * 10))]
    century = (born.year // 100 - 19) * 2 + (sex is Sex.FEMALE)
    number = f"079{century}{born.year % 100:02}{place:06}"
    former = " ".join((f"27145{place:04}", f"0231{place:05}")[: chance.choice((1, 2))])
    return Citizen(f"c{place:05}", number, former, name, written, sex.value if place % 17 else "")


def written(people: list[Citizen], chance: random.Random) -> list[Written]:
    """Each citizen several times: each slip of the name with the rest right or wrong, and so with dates and numbers."""
    rows: list[Written] = []
    for citizen in people:
        for name in name_slips(citizen.full_name, chance):
            rows.append(_written(rows, citizen, people, chance, full_name=name))
        for day in date_slips(citizen.birth_date, chance):
            rows.append(_written(rows, citizen, people, chance, birth_date=day))
        for number in number_slips(citizen, people, chance):
            rows.append(_written(rows, citizen, people, chance, number=number))
    return rows


def _written(
    rows: list[Written], citizen: Citizen, people: list[Citizen], chance: random.Random, **said: str
) -> Written:
    def drawn(right: str, slips: Callable[[], Iterator[str]]) -> str:
        return right if chance.random() < 0.75 else chance.choice(list(slips()))

    values = {
        "number": drawn(citizen.number, lambda: number_slips(citizen, people, chance)),
        "full_name": drawn(citizen.full_name, lambda: name_slips(citizen.full_name, chance)),
        "birth_date": drawn(citizen.birth_date, lambda: date_slips(citizen.birth_date, chance)),
        "sex": chance.choice(("male", "female", "nam", "Nữ", "", citizen.sex, citizen.sex, citizen.sex)),
        "nationality": "VN" if chance.random() < 0.99 else "LA",
    }
    return Written(record=f"r{len(rows):06}", **{**values, **said})


def write(path: Path, rows: list[Citizen] | list[Written]) -> Path:
    names = list(rows[0].__dataclass_fields__)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([getattr(row, name) for name in names] for row in rows)
    return path
