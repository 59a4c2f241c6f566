"""Forms: what a country's certificate of a given time looks like, as data (`reference_data/forms/`).

The form changes as negotiations ask; a new one is a new file with its dates, and old certificates keep theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from tiemchung.hcert.claims import Claims
from tiemchung.hcert.problems import HcertProblem
from tiemchung.hcert.reference import read_reference, reference_path
from tiemchung.hcert.valuesets import label

_SCHEMA = "eu-dcc"


class FormUnknown(HcertProblem):
    """There is no form of this name."""

    code = "form"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field that the form shows; an empty `paths` means that the certificate does not carry it."""

    number: int
    names: Mapping[str, str]
    paths: tuple[str, ...]
    join: str
    values: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """One form; `effective_to` is the last day, None while it is in force."""

    id: str
    names: Mapping[str, str]
    source: str
    issuer: str
    subclaim: int
    version: str
    kinds: tuple[str, ...]
    effective_from: date
    effective_to: date | None
    valid_months: int
    transliterated: bool
    fields: tuple[FormField, ...]

    def in_force(self, day: date) -> bool:
        """Whether certificates made on this day follow the form."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    def latest_expiry(self, issued_at: datetime) -> datetime:
        """The end of the longest validity: the same day `valid_months` later, or that month's last day."""
        months = issued_at.month - 1 + self.valid_months
        year, month = issued_at.year + months // 12, months % 12 + 1
        return issued_at.replace(year=year, month=month, day=min(issued_at.day, _days(year, month)))

    def displayed(self, content: Mapping[str, Any], language: str = "vi") -> list[tuple[int, str, str]]:
        """The fields as they are shown: number, name, and value in words ("" where the certificate has none)."""
        return [(field.number, field.names[language], _shown(field, content, language)) for field in self.fields]


@cache
def forms() -> Mapping[str, Form]:
    """All forms by id."""
    folder = reference_path("forms")
    names = sorted(path.stem for path in folder.glob("*.yaml") if path.stem != _SCHEMA)
    return {name: _load(name) for name in names}


def form(form_id: str) -> Form:
    """The form of this id; FormUnknown if there is none."""
    try:
        return forms()[form_id]
    except KeyError:
        raise FormUnknown(
            "form", vi=f"Không có mẫu {form_id}. Chọn một trong: {', '.join(forms())}.",
            en=f"there is no form {form_id}; choose one of {', '.join(forms())}",
        ) from None  # fmt: skip


@lru_cache(maxsize=64)
def form_in_force(issuer: str, day: date) -> Form | None:
    """The form that an issuer's certificates follow when made on a day; None where we know none."""
    return next((one for one in forms().values() if one.issuer == issuer and one.in_force(day)), None)


def form_of(claims: Claims) -> Form | None:
    """The form that a certificate follows, told by issuer, sub-claim, schema version and time of issue."""
    if claims.issued is None or claims.issuer is None:
        return None
    for one in forms().values():
        content = claims.contents.get(one.subclaim)
        version = content.get("ver") if isinstance(content, Mapping) else None
        if one.issuer == claims.issuer and version == one.version and one.in_force(claims.issued.date()):
            return one
    return None


def _load(name: str) -> Form:
    data = dict(read_reference(f"forms/{name}.yaml"))
    fields = tuple(
        FormField(row["number"], row["names"], tuple(row["paths"]), row.get("join", " "), row.get("values"))
        for row in data["fields"]
    )
    return Form(**(data | {"version": str(data["version"]), "kinds": tuple(data["kinds"]), "fields": fields}))


def _days(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


def _shown(field: FormField, content: Mapping[str, Any], language: str) -> str:
    found = (_at(content, path) for path in field.paths)
    texts = [str(value) for value in found if value not in (None, "")]
    if field.values:
        texts = [label(field.values, text, language) for text in texts]
    return field.join.join(texts)


def _at(content: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(content, Mapping):
            content = content.get(step)
        elif isinstance(content, list | tuple) and step.isdecimal() and int(step) < len(content):
            content = content[int(step)]
        else:
            return None
    return content
