"""What a matching run is told: which column plays which role, what may be decided, how much memory it may take."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from tiemchung.linkage.calibration import Calibration
from tiemchung.linkage.decision import Policy
from tiemchung.linkage.errors import LinkageError

SINGLE_ROLES = ("full_name", "family", "middle", "given", "birth_date", "sex")
TEXT_ROLES = ("area", "phone", "address", "other")
MAX_NUMBERS, MAX_TEXTS = 3, 16
ONCE = ("find_out", "both", "left", "right", "neither")
_MEMORY = re.compile(r"[1-9][0-9]*(\.[0-9]+)?\s*([KMGT]i?B|%)")
_KEYS = {
    *("id", "roles", "name_order", "cccd_numbers", "once", "policy", "calibration"),
    *("memory_limit", "threads", "max_block", "sample_pairs"),
}


@dataclass(frozen=True, slots=True)
class SideColumns:
    """The columns of one side by role; `texts` are (name of the field, column), alike in number on both sides.

    A name may be spread over several columns, and a birth date over three (year, month, day).
    """

    id: str
    single: Mapping[str, tuple[str, ...]]
    numbers: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LinkConfig:
    """One matching run. `max_block` bounds the pairs that one key value may make; `sample_pairs` those taken at random.

    `cccd_numbers` says that 12-digit numbers are Vietnamese ones, which state sex and birth year. `name_order` is
    `family_first` or `given_first` and matters only where there is a full name alone. `once` says on which sides each
    person stands once: both, left, right, neither; `find_out` looks for people who stand twice.
    """

    left: SideColumns
    right: SideColumns
    policy: Policy = field(default_factory=Policy)
    calibration: Calibration | None = None
    name_order: str = "family_first"
    cccd_numbers: bool = False
    once: str = "find_out"
    memory_limit: str = "4GB"
    threads: int = 2
    max_block: int = 2000
    sample_pairs: int = 160_000

    @classmethod
    def read(cls, path: Path) -> "LinkConfig":
        """Read a YAML file. Raises LinkageError naming the field: config_unreadable, config_key, config_role."""
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as problem:
            raise _unreadable(path, problem) from problem
        if not isinstance(content, dict):
            raise _unreadable(path, "no mapping")
        return cls.of(content)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "LinkConfig":
        """Make a configuration of what a YAML file holds; see docs/reference/linkage.md. Raises LinkageError."""
        for key in content:
            if key not in _KEYS:
                raise _unknown_key(str(key), sorted(_KEYS))
        plain = {key: _checked(key, content[key]) for key in _CHECKS if content.get(key) is not None}
        left, right = (_side(content, side) for side in ("left", "right"))
        if tuple(name for name, _ in left.texts) != tuple(name for name, _ in right.texts):
            raise _role_error("roles", "hai bên phải có số cột như nhau", "both sides need the same number of columns")
        return cls(
            left,
            right,
            policy=_policy(content.get("policy") or {}),
            calibration=_calibration(content.get("calibration")),
            **plain,
        )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


_ORDERS, _TRUTHS = "family_first | given_first", "true | false"
_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str, str]] = {
    "name_order": (lambda value: value in ("family_first", "given_first"), _ORDERS, _ORDERS),
    "cccd_numbers": (lambda value: isinstance(value, bool), _TRUTHS, _TRUTHS),
    "once": (lambda value: value in ONCE, " | ".join(ONCE), " | ".join(ONCE)),
    "memory_limit": (lambda value: bool(_MEMORY.fullmatch(str(value))), "ví dụ 4GB", "4GB, for example"),
    "threads": (_is_count, "số nguyên từ 1", "a whole number from 1"),
    "max_block": (_is_count, "số nguyên từ 1", "a whole number from 1"),
    "sample_pairs": (_is_count, "số nguyên từ 1", "a whole number from 1"),
}


def _checked(key: str, value: Any) -> Any:
    fits, vi, en = _CHECKS[key]
    if not fits(value):
        raise _role_error(key, vi, en)
    return value


def _policy(content: Any) -> Policy:
    known = [each.name for each in fields(Policy)]
    if not isinstance(content, Mapping) or not all(isinstance(value, (int, float)) for value in content.values()):
        raise _role_error(
            "policy", f"mỗi mục ({', '.join(known)}) là một số", f"a number for each of {', '.join(known)}"
        )
    for key in content:
        if key not in known:
            raise _unknown_key(f"policy.{key}", known)
    return Policy(**content)


def _calibration(points: Any) -> Calibration | None:
    if not points:
        return None
    try:
        return Calibration(tuple((float(nominal), float(actual)) for nominal, actual in points))
    except (TypeError, ValueError) as problem:
        raise _role_error("calibration", "danh sách các cặp số", "a list of pairs of numbers") from problem


def _side(content: Mapping[str, Any], side: str) -> SideColumns:
    roles = content.get("roles") or {}
    if not isinstance(roles, Mapping):
        raise _role_error("roles", "ghi «vai trò: cột»", "write “role: column”")
    for role in roles:
        if role not in (*SINGLE_ROLES, *TEXT_ROLES, "number"):
            raise _unknown_key(f"roles.{role}", sorted((*SINGLE_ROLES, *TEXT_ROLES, "number")))
    ids = _columns(content.get("id"), side)
    if len(ids) != 1:
        raise _role_error("id", "cần đúng một cột mã", "one column that identifies the record is needed")
    single = {role: columns for role in SINGLE_ROLES if (columns := _columns(roles.get(role), side))}
    if len(single.get("birth_date", ())) not in (0, 1, 3):
        raise _role_error(
            "roles.birth_date", "cần một cột, hoặc ba: năm, tháng, ngày", "one column, or year, month, day"
        )
    numbers = _columns(roles.get("number"), side)
    named = ((role, _columns(roles.get(role), side)) for role in TEXT_ROLES)
    texts = tuple((f"{role}_{place}", column) for role, found in named for place, column in enumerate(found, 1))
    if len(numbers) > MAX_NUMBERS or len(texts) > MAX_TEXTS:
        raise _role_error(
            "roles",
            f"nhiều nhất {MAX_NUMBERS} cột số và {MAX_TEXTS} cột khác",
            f"at most {MAX_NUMBERS} number columns and {MAX_TEXTS} others",
        )
    if not (single or numbers):
        raise _role_error("roles", "chưa có cột nào để so", "no column to compare is named")
    return SideColumns(ids[0], single, numbers, texts)


def _columns(value: Any, side: str) -> tuple[str, ...]:
    """A column's name, a list of them, or {left: …, right: …} of either."""
    if isinstance(value, Mapping):
        return _columns(value.get(side), side)
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(map(str, value))


def _unreadable(path: Path, problem: object) -> LinkageError:
    return LinkageError(
        "config_unreadable",
        path.name,
        f"Chưa đọc được tệp cấu hình {path.name}: {problem}. Xem lại tệp.",
        f"The configuration {path.name} cannot be read: {problem}. Check the file.",
    )


def _unknown_key(key: str, known: list[str]) -> LinkageError:
    names = ", ".join(known)
    return LinkageError(
        "config_key", key, f"Không có mục «{key}». Chỉ có: {names}.", f"There is no “{key}”. There are: {names}."
    )


def _role_error(key: str, vi: str, en: str) -> LinkageError:
    return LinkageError("config_role", key, f"Mục «{key}»: {vi}.", f"“{key}”: {en}.")
