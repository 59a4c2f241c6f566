"""The EU DCC's schema, of every release, checked field by field from `reference_data/forms/eu-dcc.yaml`.

This is the schema alone, the same for every issuer. What an issuer must keep beyond it (value sets, products and
their makers, identifiers, transliteration) is in `issuing`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from tiemchung.hcert.content import KINDS
from tiemchung.hcert.problems import HcertProblem
from tiemchung.hcert.reference import read_reference

LATEST = "1.3.3"
_TOP = frozenset(("ver", "nam", "dob", *KINDS))
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII).fullmatch
_ICAO = re.compile(r"[A-Z<]*").fullmatch
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d(:?\d\d)?)", re.ASCII).fullmatch
_COUNTRY = re.compile(r"[A-Z]{1,10}").search
_BIRTH = {
    "any": re.compile(r"((19|20)\d\d(-\d\d){0,2})?", re.ASCII).fullmatch,
    "known": re.compile(r"(19|20)\d\d(-\d\d){0,2}", re.ASCII).fullmatch,
    "full": re.compile(r"(19|20)\d\d-\d\d-\d\d", re.ASCII).fullmatch,
}


class ContentProblem(HcertProblem):
    """A field of the content that breaks the schema."""

    code = "content"


Fault: TypeAlias = tuple[str, str] | None
"""What is wrong with a value, in Vietnamese and English."""


@dataclass(frozen=True)
class Schema:
    """The rules of one release; `groups` maps kind and field to its check."""

    version: str
    text_max: int
    birth: str
    person_required: tuple[str, ...]
    person: Mapping[str, Callable[[Any], Fault]]
    groups: Mapping[str, Mapping[str, Callable[[Any], Fault]]]
    required: Mapping[str, tuple[str, ...]]


def problems(content: Any, version: str = LATEST, *, closed: bool = False) -> list[ContentProblem]:
    """Say what breaks the schema of a release; an unknown release is judged by the newest.

    There must be exactly one entry in one group, in every release (eHealth Network profile). With `closed`, keys
    outside the schema are problems too.
    """
    if not isinstance(content, Mapping):
        return [_problem("", "Nội dung phải là một bảng khóa và giá trị.", "the content must be a map")]
    rules = schema(version)
    found = list(_head_problems(content, rules))
    found += _person_problems(content.get("nam"), rules)
    found += _group_problems(content, rules)
    if closed:
        found += _foreign_keys("", content, _TOP)
        found += _foreign_keys("nam.", content.get("nam"), rules.person.keys())
        for kind in KINDS:
            if kind in content and not found:
                found += _foreign_keys(f"{kind}.0.", content[kind][0], rules.groups[kind].keys())
    return found


@cache
def schema(version: str) -> Schema:
    """Build the rules of a release from the reference data."""
    data = read_reference("forms/eu-dcc.yaml")
    if version not in map(str, data["versions"]):
        version = LATEST
    merged = {"text_max": data["text_max"], "dose_max": None, "birth": "any", "person_required": (), "required": {}}
    for change in data["earlier"]:
        if _numbers(version) < _numbers(change["before"]):
            merged |= change
    checks = _checks(merged["text_max"], merged["dose_max"])
    groups = {
        kind: {name: checks[rule["type"]] for name, rule in fields.items()} for kind, fields in data["groups"].items()
    }
    required = {
        kind: (*_required(fields), *merged["required"].get(kind, ())) for kind, fields in data["groups"].items()
    }
    person = {name: checks[rule["type"]] for name, rule in data["person"].items()}
    return Schema(
        version, merged["text_max"], merged["birth"], tuple(merged["person_required"]), person, groups, required
    )


def fields(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """The fields of a kind (v, t, r) in the newest release, with their rules."""
    found: Mapping[str, Mapping[str, Any]] = read_reference("forms/eu-dcc.yaml")["groups"][kind]
    return found


def _required(fields: Mapping[str, Any]) -> Iterator[str]:
    return (name for name, rule in fields.items() if rule.get("required"))


def _numbers(version: object) -> tuple[int, ...]:
    return tuple(map(int, str(version).split(".")))


def _problem(path: str, vi: str, en: str) -> ContentProblem:
    return ContentProblem(path, vi=vi, en=en)


def _missing(path: str) -> ContentProblem:
    return _problem(path, f"Thiếu {path}.", "it is missing")


def _head_problems(content: Mapping[str, Any], rules: Schema) -> Iterator[ContentProblem]:
    version, birth = content.get("ver"), content.get("dob")
    if not isinstance(version, str) or not _VERSION(version):
        yield _problem("ver", "Phiên bản phải có dạng 1.3.0.", "the version must read like 1.3.0")
    if not isinstance(birth, str) or not _BIRTH[rules.birth](birth):
        yield _problem(
            "dob", "Ngày sinh phải có dạng NĂM-THÁNG-NGÀY.", "the date of birth must read YYYY-MM-DD, YYYY-MM or YYYY"
        )
    elif _DATE(birth) and not _is_date(birth):
        yield _problem("dob", "Ngày sinh không có trong lịch.", "the date of birth is not in the calendar")


def _person_problems(names: Any, rules: Schema) -> Iterator[ContentProblem]:
    if not isinstance(names, Mapping):
        yield _missing("nam")
        return
    if "fnt" not in names and "gnt" not in names:
        yield _problem("nam", "Cần họ hoặc tên viết không dấu (fnt, gnt).", "fnt or gnt is needed")
    yield from (_missing(f"nam.{name}") for name in rules.person_required if name not in names)
    yield from _field_problems("nam", names, rules.person)


def _group_problems(content: Mapping[str, Any], rules: Schema) -> Iterator[ContentProblem]:
    present = [kind for kind in KINDS if kind in content]
    if len(present) != 1:
        yield _problem("v, t, r", "Cần đúng một trong v, t, r.", "exactly one of v, t and r is needed")
    for kind in present:
        group = content[kind]
        if not isinstance(group, list | tuple) or len(group) != 1:
            yield _problem(kind, "Cần đúng một mục trong danh sách.", "a list of exactly one entry is needed")
        elif not isinstance(group[0], Mapping):
            yield _problem(f"{kind}.0", "Mục phải là một bảng khóa và giá trị.", "the entry must be a map")
        else:
            yield from (_missing(f"{kind}.0.{name}") for name in rules.required[kind] if name not in group[0])
            yield from _field_problems(f"{kind}.0", group[0], rules.groups[kind])


def _field_problems(
    path: str, fields: Mapping[str, Any], checks: Mapping[str, Callable[[Any], Fault]]
) -> Iterator[ContentProblem]:
    for name, check in checks.items():
        if name in fields:
            fault = check(fields[name])
            if fault is not None:
                yield _problem(f"{path}.{name}", *fault)


def _foreign_keys(path: str, part: Any, allowed: Set[str]) -> list[ContentProblem]:
    if not isinstance(part, Mapping) or part.keys() <= allowed:
        return []
    return [
        _problem(f"{path}{key}", "Mục này không có trong mẫu.", "the schema has no such key")
        for key in part.keys() - allowed
    ]


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_date(value: Any) -> Fault:
    if isinstance(value, str) and _DATE(value) and _is_date(value):
        return None
    return "Ngày phải có dạng NĂM-THÁNG-NGÀY, ví dụ 2021-09-15.", "the date must read YYYY-MM-DD, such as 2021-09-15"


def _check_moment(value: Any) -> Fault:
    try:
        if isinstance(value, str) and _MOMENT(value) and datetime.fromisoformat(value.upper()):
            return None
    except ValueError:
        pass
    return "Thời điểm phải có ngày, giờ và múi giờ.", "it must be a date and time with its zone"


def _check_country(value: Any) -> Fault:
    if isinstance(value, str) and _COUNTRY(value):
        return None
    return "Mã nước phải viết hoa, ví dụ VN.", "the country must be in capital letters, such as VN"


def _check_code(value: Any) -> Fault:
    return None if isinstance(value, str) else ("Mã phải là chữ.", "the code must be text")


def _checks(text_max: int, dose_max: int | None) -> Mapping[str, Callable[[Any], Fault]]:
    def text(value: Any) -> Fault:
        if isinstance(value, str) and len(value) <= text_max:
            return None
        return f"Cần chữ, dài nhất {text_max} ký tự.", f"it must be text of at most {text_max} characters"

    def icao(value: Any) -> Fault:
        fault = text(value)
        if fault is None and not _ICAO(value):
            return "Chỉ dùng A-Z và dấu <.", "only A-Z and < may be used"
        return fault

    def dose(value: Any) -> Fault:
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= (dose_max or value):
            return None
        return "Số mũi phải là số nguyên từ 1.", "it must be a whole number from 1"

    return {
        "text": text,
        "icao": icao,
        "dose": dose,
        "date": _check_date,
        "moment": _check_moment,
        "country": _check_country,
        "code": _check_code,
    }
