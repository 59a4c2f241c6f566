"""What does a passport say? The content of an EU DCC for the latest dose, by the form in force on its day."""

import hashlib
from datetime import date, datetime
from typing import Any, Protocol

from tiemchung.ground import clock
from tiemchung.ground.canonical import canonical
from tiemchung.ground.errors import ConflictError
from tiemchung.hcert.forms import Form, form_in_force
from tiemchung.hcert.names import certificate_name
from tiemchung.hcert.uvci import make_uvci
from tiemchung.vietnam.names import clean, split_name

ISSUED_BY = "VN"
COVID_19 = "840539006"  # SNOMED CT, disease agent targeted
ISSUER = "Cuc Y te du phong"  # General Department of Preventive Medicine


class Named(Protocol):
    """Of a person what a passport says: the name as written, and the birth date with its precision."""

    @property
    def full_name(self) -> str: ...

    @property
    def birth_date(self) -> date: ...

    @property
    def birth_precision(self) -> str: ...


def form_at(moment: datetime) -> Form:
    """The form that a passport made at that moment follows. Raises ConflictError before the first one."""
    form = form_in_force(ISSUED_BY, clock.local(moment).date())
    if form is None:
        raise ConflictError(
            "no_form",
            field="issued_at",
            vi="Ngày này chưa có mẫu hộ chiếu vắc xin. Xem lại ngày của hệ thống.",
            en="There is no passport form on this day yet. Check the system's date.",
        )
    return form


def of(person: Named, *, version: str, product: dict[str, str], dn: int, sd: int, injected_on: date) -> dict[str, Any]:
    """The content without its identifier. `product` gives the EU's triple (mp, ma, vp), `version` is the schema's."""
    return {
        "ver": version,
        "nam": name_of(person.full_name),
        "dob": birth_of(person),
        "v": [
            {
                "tg": COVID_19,
                **product,
                "dn": dn,
                "sd": sd,
                "dt": injected_on.isoformat(),
                "co": ISSUED_BY,
                "is": ISSUER,
            }
        ],
    }


def name_of(full_name: str) -> dict[str, str]:
    """The name as written and in the Latin letters that an officer reads (ICAO 9303). Raises hcert's NameUnusable."""
    parts = split_name(clean(full_name))
    given = " ".join(part for part in (parts.middle, parts.given) if part)
    if not parts.family:
        return certificate_name(given).as_claims()
    return certificate_name(parts.family, given or None).as_claims()


def birth_of(person: Named) -> str:
    """The birth date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD."""
    return person.birth_date.isoformat()[: {"year": 4, "month": 7, "day": 10}[person.birth_precision]]


def digest(content: dict[str, Any]) -> str:
    """The same facts give the same digest, whatever form they are written in: nobody is certified twice for one."""
    facts = {name: value for name, value in content.items() if name != "ver"}
    return hashlib.sha256(canonical(facts)).hexdigest()


def with_identifier(content: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The content with a new identifier (UVCI), and the identifier."""
    uvci = make_uvci()
    return {**content, "v": [{**content["v"][0], "ci": uvci}]}, uvci


def local_day(moment: datetime) -> date:
    """The day of an injection in Viet Nam."""
    return clock.local(moment).date()
