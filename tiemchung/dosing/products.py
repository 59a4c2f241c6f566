"""Vaccines: what they are, how records call them, and which presentation a name means."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from tiemchung.dosing.dates import EVER, Days, Span, before

_SHORT = 4  # a name this short must stand as a word of its own: "AZ" lies within other words


@dataclass(frozen=True)
class Ages:
    """An age band: from this age, under that one, by the calendar on the day of injection."""

    start: Span | None = None
    under: Span | None = None

    @classmethod
    def read(cls, row: dict[str, str] | None) -> "Ages":
        """Read `{from: 12y, under: 18y}`; both ends may be absent."""
        row = row or {}
        return cls(
            Span.parse(row["from"]) if "from" in row else None,
            Span.parse(row["under"]) if "under" in row else None,
        )

    def days(self, birth: date) -> Days:
        """Give the days on which someone born then is of this age."""
        return _of_age(self, birth)


@lru_cache(maxsize=1 << 16)
def _of_age(ages: Ages, birth: date) -> Days:
    return Days(
        ages.start.after(birth) if ages.start else birth,
        before(ages.under.after(birth)) if ages.under else EVER,
    )


ANY_AGE = Ages()


@dataclass(frozen=True)
class Names:
    """How a product is called in Viet Nam (`vi`) and on its box (`trade`)."""

    vi: str
    trade: str


@dataclass(frozen=True)
class EuCodes:
    """The triple of the EU value sets that fits together: product, maker, prophylaxis."""

    mp: str
    ma: str
    vp: str
    vp_also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vial:
    """Doses that a vial holds as labelled (several where makers differ)."""

    doses: tuple[int, ...]
    dilution: str = ""


@dataclass(frozen=True)
class Storage:
    """Where a product is kept, days it may stay thawed at 2-8 °C, hours from first puncture to discard."""

    kind: str
    keeps: str = ""
    thawed_days: int | None = None
    open_hours: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Product:
    """One presentation of one vaccine. `status`: approved, foreign (not approved here) or trial."""

    code: str
    status: str
    family: str
    platform: str
    names: Names
    also: tuple[str, ...]
    source: str
    course: int
    ages: Ages = ANY_AGE
    eu: EuCodes | None = None
    passport: bool = False
    counts_as: str = ""
    components: tuple[str, ...] = ()
    volume_ml: float | None = None
    vial: Vial | None = None
    storage: Storage | None = None
    observation_minutes: int | None = None
    arrived: date | None = None
    mark: str = "confirmed"

    @property
    def course_code(self) -> str:
        """The code under which the rules know it: its own, or that of the product it counts as."""
        return self.counts_as or self.code

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Product":
        """Make a product of its checked entry in the data file."""
        plain = {name: row[name] for name in _PLAIN if name in row}
        return cls(
            **plain,
            names=Names(**row["names"]),
            also=tuple(row.get("also", ())),
            components=tuple(row.get("components", ())),
            ages=Ages.read(row.get("age")),
            eu=_eu(row.get("eu")),
            vial=_vial(row.get("vial")),
            storage=_storage(row.get("storage")),
        )


_PLAIN = (
    *("code", "status", "family", "platform", "source", "course", "passport", "counts_as", "volume_ml"),
    *("observation_minutes", "arrived", "mark"),
)


def _eu(row: dict[str, Any] | None) -> EuCodes | None:
    return EuCodes(row["mp"], row["ma"], row["vp"], tuple(row.get("vp_also", ()))) if row else None


def _vial(row: dict[str, Any] | None) -> Vial | None:
    return Vial(tuple(row["doses"]), row.get("dilution", "")) if row else None


def _storage(row: dict[str, Any] | None) -> Storage | None:
    if not row:
        return None
    rest = {name: row[name] for name in ("keeps", "thawed_days", "open_hours", "note") if name in row}
    return Storage(row["class"], **rest)


def plain(text: str) -> str:
    """Bring a name to small letters without accents; signs become spaces."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


@dataclass(frozen=True)
class Catalogue:
    """All products of a campaign, and what the names in records may mean."""

    products: dict[str, Product]
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def find(self, name: str, born: date | None = None, on: date | None = None) -> tuple[Product, ...]:
        """Give the products that a code or name may mean: one when certain, none when unknown.

        A family name ("Pfizer", an EU code) means the presentation for the age on the day, if both are given.
        """
        if name in self.products:
            return (self.products[name],)
        return tuple(self._presentation(product, born, on) for product in self._named(name))

    def _named(self, name: str) -> tuple[Product, ...]:
        wanted = plain(name)
        for spoken, codes in self.ambiguous:
            if wanted == spoken:
                return tuple(self.products[code] for code in codes)
        hits = [(alias, code) for alias, code in self._aliases if _means(wanted, alias)]
        longest = [hit for hit in hits if not any(_inside(hit[0], other[0]) for other in hits)]
        return tuple(self.products[code] for code in dict.fromkeys(code for _, code in longest))

    def _presentation(self, product: Product, born: date | None, on: date | None) -> Product:
        if born is None or on is None or product.code != product.family or product.status != "approved":
            return product
        fits = (p for p in self.products.values() if p.family == product.family and p.status == "approved")
        return next((p for p in fits if p.ages.days(born).holds(on)), product)

    @cached_property
    def _aliases(self) -> list[tuple[str, str]]:
        names = []
        for product in self.products.values():
            own = [*product.also, product.names.trade, product.names.vi]
            if product.eu and (product.counts_as or product.code == product.family):
                own.append(product.eu.mp)
            names += [(plain(name), product.code) for name in own]
        return list(dict.fromkeys(names))


def _means(wanted: str, alias: str) -> bool:
    if len(alias) <= _SHORT:
        return f" {alias} " in f" {wanted} "
    return alias.replace(" ", "") in wanted.replace(" ", "")


def _inside(alias: str, other: str) -> bool:
    return alias != other and alias.replace(" ", "") in other.replace(" ", "") and len(alias) < len(other)
