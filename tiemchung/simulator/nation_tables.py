"""The small tables that a nation is drawn from: wheels of names, patterns of households, ranges of numbers."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import yaml

from tiemchung.vietnam import areas
from tiemchung.vietnam.name_tokens import NameRole, name_counts
from tiemchung.vietnam.provinces import province_figures
from tiemchung.vietnam.reference import reference_file
from tiemchung.vietnam.sex import Sex

CELLS = 8192  # of a wheel: a name rarer than one in 8,192 comes up as if it were that frequent, or never
# How the eighteen people of a block live together; the mean household is 3.6 people (census of 2019).
PATTERNS = (
    *((4, 4, 3, 5, 2), (1, 3, 4, 4, 6), (2, 4, 3, 5, 4), (3, 3, 4, 4, 4)),
    *((1, 2, 5, 5, 5), (4, 4, 4, 4, 2), (2, 2, 4, 4, 6), (1, 1, 4, 5, 7)),
)
ROLES = {
    1: ("head",),
    2: ("head", "partner"),
    3: ("head", "partner", "child1"),
    4: ("head", "partner", "child1", "child2"),
    5: ("head", "partner", "child1", "child2", "grandmother"),
    6: ("head", "partner", "child1", "child2", "grandmother", "grandfather"),
    7: ("head", "partner", "child1", "child2", "child3", "grandmother", "grandfather"),
}
# Share of adults born in another province; assumed, after who moved where by the census of 2019.
NEWCOMERS = {"79": 0.30, "74": 0.50, "75": 0.30, "77": 0.25, "01": 0.20, "48": 0.15}
OTHER_NEWCOMERS = 0.04
CMND_OF_A_PREFIX = 10_000_000
COMMUNE_SLOTS = 1000  # no province has more communes


def province_sizes(citizens: int) -> dict[str, int]:
    """Share citizens out among the provinces by their population; largest remainders get the rest."""
    people = {code: one.population for code, one in province_figures().items()}
    total = sum(people.values())
    sizes = {code: citizens * each // total for code, each in people.items()}
    by_remainder = sorted(people, key=lambda code: citizens * people[code] % total, reverse=True)
    for code in by_remainder[: citizens - sum(sizes.values())]:
        sizes[code] += 1
    return sizes


class Tables:
    """Fills a DuckDB connection with the tables that `queries/nation.sql` draws from."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def fill(self, citizens: int, at_once: int) -> None:
        """Make the tables wheels, places, communes, provinces and sizes: how many citizens of which province when."""
        self._make(
            "sizes",
            "province VARCHAR, first BIGINT, size BIGINT, area INTEGER, batch INTEGER",
            _sizes(citizens, at_once),
        )
        self._make("wheels", "slot INTEGER, token VARCHAR", _wheel_cells())
        self._make("places", "pattern INTEGER, place INTEGER, household INTEGER, role VARCHAR, size INTEGER", _places())
        self._make("communes", "slot INTEGER, code VARCHAR", _communes())
        self._make(
            "provinces",
            "province VARCHAR, place INTEGER, region INTEGER, newcomers DOUBLE, cmnd_from BIGINT, cmnd_size BIGINT,"
            "communes BIGINT",
            _province_rows(),
        )

    def _make(self, table: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
        self._connection.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
        lists = [list(column) for column in zip(*rows, strict=True)]
        unnested = ", ".join(["unnest(?)"] * len(lists))
        self._connection.execute(f"INSERT INTO {table} SELECT {unnested}", lists)


def _sizes(citizens: int, at_once: int) -> Iterator[tuple[str, int, int, int, int]]:
    first = batch = held = 0
    for area, (code, size) in enumerate(province_sizes(citizens).items()):
        yield code, first, size, area, batch
        first, held = first + size, held + size
        if held >= at_once:
            batch, held = batch + 1, 0


# Wheels by number: the region's families 0-3; given names 8, 9; middle names 16 + 8 × cohort + 2 × region + sex.
GIVEN, MIDDLE, BORN_IN, HIGHLAND = 8, 16, 60, 61
SEXES = (Sex.MALE, Sex.FEMALE)


def _wheel_cells() -> Iterator[tuple[int, str]]:
    for wheel, weights in _wheels():
        yield from ((wheel * CELLS + cell, token) for cell, token in enumerate(_cells(weights)))


def _wheels() -> Iterator[tuple[int, Mapping[str, float]]]:
    for region, name in enumerate(_regions()["regions"]):
        yield region, _families(name)
        for cohort in range(len(_regions()["cohorts"])):
            for bit, sex in enumerate(SEXES):
                yield MIDDLE + 8 * cohort + 2 * region + bit, _middles(sex, cohort, name)
    for bit, sex in enumerate(SEXES):
        yield GIVEN + bit, _counts(NameRole.GIVEN, sex)
    yield BORN_IN, {code: one.population for code, one in province_figures().items()}
    highland = _regions()["highland_names"]
    yield HIGHLAND, dict.fromkeys(highland["clans"], 1.0)
    for bit, words in enumerate(("men", "women"), start=1):
        yield HIGHLAND + bit, dict.fromkeys(highland[words], 1.0)


def _cells(weights: Mapping[str, float]) -> list[str]:
    tokens, shares = list(weights), np.cumsum(list(weights.values()))
    middles = (np.arange(CELLS) + 0.5) / CELLS * shares[-1]
    return [tokens[place] for place in np.searchsorted(shares, middles)]


def _counts(role: NameRole, sex: Sex) -> dict[str, float]:
    """The sample's counts, names of a single letter left out."""
    return {token: float(count) for token, count in name_counts(role, sex).items() if len(token) > 1}


def _families(region: str) -> dict[str, float]:
    """The region's own shares for the names it has one for; the others share the rest as in the sample."""
    named: dict[str, float] = _regions()["regions"][region]["families"]
    sample: dict[str, float] = {}
    for sex in SEXES:
        for token, count in _counts(NameRole.FAMILY, sex).items():
            sample[token] = sample.get(token, 0) + count
    return _with_shares(sample, named)


def _middles(sex: Sex, cohort: int, region: str) -> dict[str, float]:
    """Whole middle names, those that begin with Thị or Văn as frequent as the cohort of the region has them."""
    row = _regions()["cohorts"][cohort]
    first, share = ("Thị", row["thi"][region]) if sex is Sex.FEMALE else ("Văn", row["van"][region])
    counts = _counts(NameRole.MIDDLE, sex)
    marked = {token: count for token, count in counts.items() if token.split()[0] == first}
    scale = share / sum(marked.values())
    return _with_shares(counts, {token: count * scale for token, count in marked.items()})


def _with_shares(counts: Mapping[str, float], named: Mapping[str, float]) -> dict[str, float]:
    others = {token: count for token, count in counts.items() if token not in named}
    rest = (1 - sum(named.values())) / sum(others.values())
    return {**named, **{token: count * rest for token, count in others.items()}}


def _places() -> Iterator[tuple[int, int, int, str, int]]:
    for pattern, sizes in enumerate(PATTERNS):
        people = [(at, role, size) for at, size in enumerate(sizes) for role in ROLES[size]]
        yield from ((pattern, place, *one) for place, one in enumerate(people))


def _communes() -> Iterator[tuple[int, str]]:
    for place, province in enumerate(province_figures()):
        yield from ((place * COMMUNE_SLOTS + at, code) for at, code in enumerate(_commune_codes(province)))


def _commune_codes(province: str) -> list[str]:
    return [one.code for district in areas.districts(province) for one in areas.communes(district.code)]


def _province_rows() -> Iterator[tuple[str, int, int, float, int, int, int]]:
    ranges = dict(_cmnd_ranges())
    regions = {code: place for place, one in enumerate(_regions()["regions"].values()) for code in one["provinces"]}
    for place, code in enumerate(province_figures()):
        newcomers = NEWCOMERS.get(code, OTHER_NEWCOMERS)
        yield code, place, regions[code], newcomers, *ranges[code], len(_commune_codes(code))


def _cmnd_ranges() -> Iterator[tuple[str, tuple[int, int]]]:
    """The first number and the size of each province's range; provinces of one prefix have equal parts of it."""
    for row in _yaml("cmnd_prefixes.yaml")["prefixes"]:
        size = CMND_OF_A_PREFIX // len(row["provinces"])
        first = int(row["prefix"]) * CMND_OF_A_PREFIX
        yield from ((code, (first + at * size, size)) for at, code in enumerate(row["provinces"]))


def _regions() -> dict[str, Any]:
    return _yaml("names/regions.yaml")


@cache
def _yaml(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(reference_file(name).read_text(encoding="utf-8")))
