"""The codes that certificates are written with, and which maker and vaccine types belong to a product.

The sets lie in `reference_data/valuesets/`, each with its source, and are checked against one another when loaded.
Deprecated codes are read (a certificate of 2022 stays readable) and never issued.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tiemchung.hcert.problems import HcertProblem
from tiemchung.hcert.reference import ReferenceDataError, read_reference

FILES = {
    "tg": "disease_agents",
    "vp": "vaccine_types",
    "mp": "vaccine_products",
    "ma": "vaccine_makers",
    "tt": "test_types",
    "tr": "test_results",
    "co": "countries",
}
"""The field of a certificate entry, and the file that holds its codes."""

_VACCINATION_FIELDS = ("tg", "vp", "mp", "ma", "co")


class CodeUnusable(HcertProblem):
    """A code that may not be issued, or a value set that cannot be read."""

    code = "value_set"


@dataclass(frozen=True, slots=True)
class Value:
    """One code: its name in English and, where there is one, in Vietnamese; `replaced_by` goes with `active` false."""

    code: str
    display: str
    vi: str
    system: str
    active: bool = True
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A vaccine product with the maker and the vaccine types that may stand beside it in a certificate."""

    mp: str
    ma: str
    vp: tuple[str, ...]
    viet_nam: str | None
    """The name under which it was used in Viet Nam; None when it was not."""


@dataclass(frozen=True, slots=True)
class ValueSet:
    """A set of codes under the id that rules and gateways know it by; `products` only in the set of products."""

    id: str
    date: str
    values: Mapping[str, Value]
    products: Mapping[str, Product] = field(default_factory=dict)

    def find(self, code: str) -> Value | None:
        """Find a code as it is read from a certificate: blanks around it, and a stray "(deprecated)", do not count."""
        return self.values.get(code.strip().removesuffix("(deprecated)").strip())

    def codes(self) -> list[str]:
        """List all codes, deprecated ones too, as country rules expect them."""
        return list(self.values)


@cache
def value_sets() -> Mapping[str, ValueSet]:
    """Load all sets, by the field they belong to (tg, vp, mp, ma, tt, tr, co).

    Raises ReferenceDataError when a file is absent or the sets contradict one another.
    """
    sets = {name: _load(file) for name, file in FILES.items()}
    faults = [fault for one in sets.values() for fault in _faults(one)]
    faults += list(_product_faults(sets))
    if faults:
        raise ReferenceDataError("; ".join(faults))
    return sets


def codes_for_rules() -> dict[str, list[str]]:
    """Give the sets as rules see them under `external.valueSets`: id of the set → list of its codes."""
    return {one.id: one.codes() for one in value_sets().values()}


def product(mp: str) -> Product | None:
    """Find the product of a code, deprecated ones included."""
    return value_sets()["mp"].products.get(mp)


def products_in_viet_nam() -> list[Product]:
    """List the products used in Viet Nam that may be issued today."""
    return [one for one in value_sets()["mp"].products.values() if one.viet_nam]


def label(field_name: str, code: str, language: str = "vi") -> str:
    """Say a code in words, in `language` ("vi" or "en"); a code that no set holds stands for itself."""
    one = value_sets().get(field_name)
    value = one.find(code) if one else None
    if value is None:
        return code
    return value.vi if language == "vi" else value.display


def vaccination_problems(entry: Mapping[str, Any]) -> tuple[CodeUnusable, ...]:
    """Say what forbids a vaccination entry to be issued: codes unknown or deprecated, or a product not of that maker.

    `entry` is one element of `v` with the fields tg, vp, mp, ma and co; nothing is said about the other fields.
    """
    found = [problem for name in _VACCINATION_FIELDS for problem in _code_problems(name, entry.get(name))]
    return tuple(found or _triple_problems(entry))


def gateway_value_set(data: Any) -> ValueSet:
    """Read a set as gateways publish it (`valueSetId`, `valueSetDate`, `valueSetValues`). Raises CodeUnusable."""
    match data:
        case {"valueSetId": str(name), "valueSetDate": str(date), "valueSetValues": dict(values)}:
            return ValueSet(name, date, {code: _gateway_value(code, value) for code, value in values.items()})
    raise CodeUnusable(
        "valueSetId",
        vi="Tệp không phải bộ mã: cần valueSetId, valueSetDate và valueSetValues.",
        en="not a value set: it must hold valueSetId, valueSetDate and valueSetValues",
    )


def _gateway_value(code: str, value: Any) -> Value:
    match value:
        case {"display": str(display)}:
            system, active = str(value.get("system", "")), value.get("active") is not False
            return Value(code, display, display, system, active)
    raise CodeUnusable(
        f"valueSetValues.{code}",
        vi="Mã thiếu tên hiển thị (display). Xin lại tệp của nơi phát hành.",
        en="the code lacks its display name; ask the publisher for the file again",
    )


def _code_problems(name: str, code: object) -> Iterator[CodeUnusable]:
    """Check one code against the set of its field, letter for letter: issuing is strict."""
    value = value_sets()[name].values.get(code) if isinstance(code, str) else None
    if value is None:
        yield CodeUnusable(
            f"v.0.{name}",
            vi=f"Mã {code!r} không có trong bộ mã {FILES[name]}. Chọn mã trong danh mục.",
            en=f"{code!r} is not in the value set {value_sets()[name].id}; choose one that is",
        )
    elif not value.active:
        yield CodeUnusable(
            f"v.0.{name}",
            vi=f"Mã {code} đã ngừng dùng. Hãy dùng {value.replaced_by}.",
            en=f"{code} is deprecated and is not issued; use {value.replaced_by}",
        )


def _triple_problems(entry: Mapping[str, Any]) -> Iterator[CodeUnusable]:
    """Check that maker and vaccine type belong to the product, all three codes being known."""
    one = value_sets()["mp"].products[entry["mp"]]
    if entry["ma"] != one.ma:
        yield CodeUnusable(
            "v.0.ma",
            vi=f"{label('mp', one.mp)} không phải của {label('ma', entry['ma'])}. Mã đúng là {one.ma}.",
            en=f"{one.mp} is not made by {entry['ma']}; its maker is {one.ma}",
        )
    if entry["vp"] not in one.vp:
        yield CodeUnusable(
            "v.0.vp",
            vi=f"{label('mp', one.mp)} không thuộc loại {label('vp', entry['vp'])}. Mã đúng là {one.vp[0]}.",
            en=f"{one.mp} is not of the vaccine type {entry['vp']}; use {one.vp[0]}",
        )


def _load(file: str) -> ValueSet:
    data = read_reference(f"valuesets/{file}.yaml")
    if "codes" in data:
        system = next(iter(data["systems"].values()))
        values = {code: Value(code, code, code, system) for code in data["codes"].split()}
        return ValueSet(data["id"], str(data["date"]), values)
    values = {code: _value(code, entry, data["systems"]) for code, entry in data["values"].items()}
    products = {code: _product(code, entry) for code, entry in data["values"].items() if "ma" in entry}
    return ValueSet(data["id"], str(data["date"]), values, products)


def _value(code: str, entry: Mapping[str, Any], systems: Mapping[str, str]) -> Value:
    display = entry["display"]
    vi = entry.get("vi") or entry.get("viet_nam") or display
    return Value(code, display, vi, systems[entry["system"]], entry.get("active", True), entry.get("replaced_by"))


def _product(code: str, entry: Mapping[str, Any]) -> Product:
    return Product(code, entry["ma"], tuple(entry["vp"]), entry.get("viet_nam"))


def _faults(one: ValueSet) -> Iterator[str]:
    """Every deprecated code names an active one that replaces it, and only a deprecated one does."""
    for value in one.values.values():
        successor = one.values.get(value.replaced_by or "")
        if not value.active and (successor is None or not successor.active):
            yield f"{one.id}: {value.code} is deprecated without an active successor"
        if value.active and value.replaced_by:
            yield f"{one.id}: {value.code} is active, yet says what replaces it"


def _product_faults(sets: Mapping[str, ValueSet]) -> Iterator[str]:
    """Every product names a maker and at least one vaccine type, all of which exist and are active."""
    known = {name: {code for code, value in sets[name].values.items() if value.active} for name in ("ma", "vp")}
    products = sets["mp"].products
    yield from (f"{code}: no maker is given" for code in sets["mp"].values if code not in products)
    for one in products.values():
        if one.ma not in known["ma"] or not one.vp or not known["vp"].issuperset(one.vp):
            yield f"{one.mp}: its maker or a vaccine type is unknown"
        if one.viet_nam and not sets["mp"].values[one.mp].active:
            yield f"{one.mp}: used in Viet Nam, yet deprecated"
