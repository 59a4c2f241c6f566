"""The health certificates that claim -260 may hold, and the door for further ones.

HCERT 1.1.1 reserves 1 (EU DCC), 3 (WHO DDCC vaccination status), 4 (WHO DDCC test result), 5 (verifiable health
link) and proposes -6 (a minimal vaccination certificate like the ICVP). Each number has one reader; `register`
adds a reader, for a form that comes tomorrow or for a country's own.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tiemchung.hcert import claims, content
from tiemchung.hcert.content import Content
from tiemchung.hcert.errors import DecodeError

Reader = Callable[[Any], Content]


def read_ddcc_vs(raw: Any) -> Content:
    """Sub-claim 3: the WHO's core data set for vaccination status (DDCC:VS, 2021), one dose in plain names."""
    return _flat(raw, "ddcc-vs", name="name", birth="birthDate")


def read_icvp(raw: Any) -> Content:
    """Sub-claim -6: the proposed minimal vaccination certificate, its dose under `v`."""
    return _flat(raw, "icvp", name="n", birth="dob")


def _flat(raw: Any, version: str, *, name: str, birth: str) -> Content:
    if not isinstance(raw, Mapping):
        raise DecodeError("C|DCC", f"{version} is not a map")
    if not isinstance(raw.get(name), str):
        raise DecodeError("C|DCC", f"{version} has no {name}")
    dose = raw.get("v", raw)
    if not isinstance(dose, Mapping):
        raise DecodeError("C|DCC", f"{version} has no vaccination")
    entry = {str(key): value for key, value in dose.items() if key not in (name, birth)}
    return Content("v", version, {"fn": raw[name]}, str(raw.get(birth) or ""), entry, raw, ())


_READERS: dict[int, Reader] = {claims.DCC: content.read, claims.DDCC_VS: read_ddcc_vs, claims.ICVP: read_icvp}


def register(number: int, reader: Reader) -> None:
    """Add a reader for a further sub-claim; ValueError if the number has one already."""
    if number in _READERS:
        raise ValueError(f"sub-claim {number} has a reader")
    _READERS[number] = reader


def read(contents: Mapping[Any, Any]) -> Content:
    """Read the certificate in claim -260; DecodeError D|CWT if none has a reader, else what the reader raises."""
    dcc = contents.get(claims.DCC)
    if dcc is not None:
        return content.read(dcc)
    for number, raw in contents.items():
        if number in _READERS:
            return _READERS[number](raw)
    raise DecodeError("D|CWT", f"sub-claims {sorted(map(str, contents))[:5]}")
