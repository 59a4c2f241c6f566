"""Questions as JSON: one object, an array, or one object a line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiemchung.dosing.conditions import condition_text
from tiemchung.dosing.errors import InputError
from tiemchung.dosing.history import GivenDose, Subject
from tiemchung.dosing.text import Text

KEYS = {"id", "birth_date", "sex", "conditions", "infections", "doses", "area", "as_of", "consent", "supply_short"}
DOSE_KEYS = {"product", "date", "area", "abroad", "country", "typed", "lot", "kind"}
_STATED = {
    ("consent", True): "consent_to_mix",
    ("consent", False): "no_consent_to_mix",
    ("supply_short", True): "supply_short",
    ("supply_short", False): "supply_enough",
}


@dataclass(frozen=True)
class Request:
    """One question. `as_of` is today where the input names no day."""

    id: Any
    subject: Subject
    given: tuple[GivenDose, ...]
    area: str | None
    as_of: str | date

    @classmethod
    def read(cls, content: Any, today: date) -> "Request":
        """Read a JSON object; InputError names the key that is unknown, missing or of the wrong kind."""
        _only(content, KEYS, "request")
        if content.get("birth_date") in (None, ""):
            raise InputError(
                "birth_date",
                Text("Thiếu ngày sinh. Ghi ít nhất năm sinh.", "The birth date is missing. Give at least the year."),
            )
        conditions = {condition_text(one) for one in _list(content, "conditions")}
        conditions |= {word for (key, said), word in _STATED.items() if content.get(key) is said}
        subject = Subject(
            str(content["birth_date"]),
            _sex(content.get("sex")),
            frozenset(conditions),
            tuple(_list(content, "infections")),
        )
        doses = tuple(_dose(one, f"doses[{at}]") for at, one in enumerate(_list(content, "doses")))
        area = content.get("area")
        return cls(content.get("id"), subject, doses, str(area) if area else None, content.get("as_of") or today)


def read_many(text: str) -> Iterator[tuple[int, Any]]:
    """Give each JSON value of a text with its number, from 1: lines, an array, or one object over several lines.

    Raises InputError for a text that is no JSON; a line that is none comes as the InputError itself.
    """
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        yield from _lines(text.splitlines())
    else:
        yield from enumerate(whole if isinstance(whole, list) else [whole], start=1)


def _lines(lines: Iterable[str]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as problem:
                yield number, InputError(f"line {number}", _no_json(problem))


def _no_json(problem: json.JSONDecodeError) -> Text:
    return Text(
        f"Dòng này không phải JSON (vị trí {problem.pos}). Mỗi dòng một câu hỏi.",
        f"This line is no JSON (at {problem.pos}). One question a line.",
    )


def _only(content: Any, keys: set[str], field: str) -> None:
    if not isinstance(content, Mapping):
        raise InputError(field, Text("Cần một đối tượng JSON { }.", "A JSON object { } is needed."))
    for key in content:
        if key not in keys:
            names = ", ".join(sorted(keys))
            raise InputError(
                f"{field}.{key}", Text(f"Không có mục này. Có: {names}.", f"There is no such key. There are: {names}.")
            )


def _list(content: Mapping[str, Any], key: str) -> list[Any]:
    value = content.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(key, Text("Cần một danh sách [ ].", "A list [ ] is needed."))
    return value


def _sex(value: Any) -> str:
    words = {"nam": "male", "nữ": "female", "m": "male", "f": "female", "male": "male", "female": "female"}
    if value in (None, "", "unknown"):
        return "unknown"
    if str(value).casefold() not in words:
        raise InputError("sex", Text("Ghi male, female hoặc unknown.", "Write male, female or unknown."))
    return words[str(value).casefold()]


def _dose(content: Any, field: str) -> GivenDose:
    _only(content, DOSE_KEYS, field)
    product = content.get("product")
    if product is not None and not isinstance(product, str):
        raise InputError(f"{field}.product", Text("Ghi tên hoặc mã vắc xin.", "Write the vaccine's name or code."))
    country = str(content.get("country") or "VN").upper()
    abroad = bool(content.get("abroad")) or country not in ("VN", "VNM")
    typed = str(content.get("typed") or "")
    return GivenDose(product or "", content.get("date"), content.get("area"), abroad, typed)
