"""What was measured before the injection? Values that can be true; whether they are good is the screening's matter."""

import re
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import NamedTuple

from tiemchung.ground.errors import InvalidInputError


class Range(NamedTuple):
    """What a living adult can show; outside it is a slip of the keys, whatever the screening would make of it."""

    lowest: int
    highest: int
    vi: str
    en: str


_POSSIBLE = {
    "temperature": Range(30, 45, "Nhiệt độ", "Temperature"),
    "pulse": Range(20, 250, "Mạch", "Pulse"),
    "systolic": Range(50, 300, "Huyết áp số trên", "Systolic pressure"),
    "diastolic": Range(20, 200, "Huyết áp số dưới", "Diastolic pressure"),
    "respiration": Range(5, 80, "Nhịp thở", "Breathing rate"),
}
_TEMPERATURE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Vitals:
    """Temperature in °C; pulse and respiration a minute; pressures in mmHg. None: not measured.

    Raises InvalidInputError on the field whose value cannot be true.
    """

    temperature: Decimal
    pulse: int | None = None
    systolic: int | None = None
    diastolic: int | None = None
    respiration: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            _check_possible(field.name, getattr(self, field.name))
        if (self.systolic is None) != (self.diastolic is None):
            raise _half_a_pressure()
        if self.systolic is not None and self.diastolic is not None and self.systolic <= self.diastolic:
            raise _pressures_crossed(self.systolic, self.diastolic)

    @classmethod
    def read(cls, *, temperature: str, blood_pressure: str = "", pulse: str = "", respiration: str = "") -> "Vitals":
        """Read what a person typed: «36,8», «132/80». Raises InvalidInputError on the field."""
        systolic, diastolic = _pressures(blood_pressure)
        return cls(
            temperature=_temperature(temperature),
            pulse=_count("pulse", pulse),
            systolic=systolic,
            diastolic=diastolic,
            respiration=_count("respiration", respiration),
        )


def _check_possible(name: str, value: Decimal | int | None) -> None:
    possible = _POSSIBLE[name]
    if value is not None and not possible.lowest <= value <= possible.highest:
        size = ("quá lớn", "too high") if value > possible.highest else ("quá nhỏ", "too low")
        raise InvalidInputError(
            "vital_impossible",
            field=name,
            vi=f"{possible.vi} là {_vi(value)}, {size[0]}. Đo hoặc gõ lại.",
            en=f"{possible.en} is {value}, {size[1]}. Measure or type it again.",
        )


def _vi(value: Decimal | int) -> str:
    return str(value).replace(".", ",")


def _temperature(text: str) -> Decimal:
    written = text.strip().replace(",", ".")
    if not _TEMPERATURE.fullmatch(written):
        raise InvalidInputError(
            "temperature_unreadable",
            field="temperature",
            vi="Chưa đọc được nhiệt độ. Gõ như mẫu 36,8." if written else "Chưa có nhiệt độ. Đo rồi gõ như mẫu 36,8.",
            en="Type the temperature like 36.8.",
        )
    return Decimal(written).quantize(Decimal("0.1"))


def _pressures(text: str) -> tuple[int | None, int | None]:
    if not text.strip():
        return None, None
    parts = [part.strip() for part in text.replace("-", "/").split("/")]
    if len(parts) != 2 or not all(_is_number(part) for part in parts):
        raise _half_a_pressure()
    return int(parts[0]), int(parts[1])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


def _count(name: str, text: str) -> int | None:
    if not text.strip():
        return None
    if not _is_number(text.strip()):
        raise InvalidInputError(
            "vital_unreadable",
            field=name,
            vi=f"{_POSSIBLE[name].vi} chỉ gồm chữ số. Gõ lại, hoặc để trống nếu chưa đo.",
            en=f"{_POSSIBLE[name].en} is digits only. Retype it, or leave it empty if not measured.",
        )
    return int(text.strip())


def _half_a_pressure() -> InvalidInputError:
    return InvalidInputError(
        "pressure_unreadable",
        field="systolic",
        vi="Huyết áp cần hai số. Gõ như mẫu 132/80.",
        en="Blood pressure needs two numbers. Type it like 132/80.",
    )


def _pressures_crossed(systolic: int, diastolic: int) -> InvalidInputError:
    return InvalidInputError(
        "pressure_crossed",
        field="systolic",
        vi=f"Số trên {systolic} phải lớn hơn số dưới {diastolic}. Gõ lại như mẫu 132/80.",
        en=f"The upper number {systolic} must be above the lower {diastolic}. Type it like 132/80.",
    )
