"""What does a passport say? The content of an EU DCC for the latest dose (Decision 5772/QĐ-BYT, its 11 fields)."""

import hashlib
from datetime import date
from typing import Any

from tiemchung.ground import clock
from tiemchung.hcert.names import vietnamese_name
from tiemchung.hcert.uvci import make_uvci
from tiemchung.passports.leaf import canonical
from tiemchung.people.models import Person
from tiemchung.vietnam.names import split_name

FORM = "vn-5772"
SCHEMA = "1.3.3"
COVID_19 = "840539006"  # SNOMED CT, disease agent targeted
ISSUER = "Cuc Y te du phong"  # General Department of Preventive Medicine


def of(person: Person, *, product: dict[str, str], dn: int, sd: int, injected_on: date) -> dict[str, Any]:
    """The content without its identifier. `product` gives the EU's triple: mp, ma, vp."""
    return {
        "ver": SCHEMA,
        "nam": name_of(person),
        "dob": birth_of(person),
        "v": [
            {
                "tg": COVID_19,
                "vp": product["vp"],
                "mp": product["mp"],
                "ma": product["ma"],
                "dn": dn,
                "sd": sd,
                "dt": injected_on.isoformat(),
                "co": "VN",
                "is": ISSUER,
            }
        ],
    }


def name_of(person: Person) -> dict[str, str]:
    """The name as written and in the Latin letters that an officer reads (ICAO 9303)."""
    family = split_name(person.full_name).family
    return vietnamese_name(person.full_name, surname_words=max(1, len(family.split()))).as_claims()


def birth_of(person: Person) -> str:
    """The birth date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD."""
    return person.birth_date.isoformat()[: {"year": 4, "month": 7, "day": 10}[person.birth_precision]]


def digest(content: dict[str, Any]) -> str:
    """The same facts give the same digest: nobody is certified twice for one thing."""
    return hashlib.sha256(canonical(content)).hexdigest()


def with_identifier(content: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The content with a new identifier (UVCI), and the identifier."""
    uvci = make_uvci()
    return {**content, "v": [{**content["v"][0], "ci": uvci}]}, uvci


def local_day(moment: Any) -> date:
    """The day of an injection in Viet Nam."""
    return clock.local(moment).date()
