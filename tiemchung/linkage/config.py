"""What a matching run is told: which column plays which role, what may be decided, how much memory it may take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tiemchung.linkage.calibration import Calibration
from tiemchung.linkage.decision import Policy
from tiemchung.linkage.errors import LinkageError

SINGLE_ROLES = ("full_name", "family", "middle", "given", "birth_date", "sex")
TEXT_ROLES = ("area", "phone", "address", "other")
MAX_NUMBERS, MAX_TEXTS = 3, 8
_KEYS = {
    *("id", "roles", "name_order", "cccd_numbers", "one_to_one", "policy", "calibration"),
    *("memory_limit", "threads", "max_block", "sample_pairs"),
}


@dataclass(frozen=True, slots=True)
class SideColumns:
    """The columns of one side by role; `texts` are (name of the field, column), alike in number on both sides."""

    id: str
    single: Mapping[str, str]
    numbers: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LinkConfig:
    """One matching run. `max_block` bounds the pairs that one key value may make; `sample_pairs` those taken at random.

    `cccd_numbers` says that 12-digit numbers are Vietnamese ones, which state sex and birth year. `name_order` is
    `family_first` or `given_first` and matters only where there is a full name alone.
    """

    left: SideColumns
    right: SideColumns
    policy: Policy = field(default_factory=Policy)
    calibration: Calibration | None = None
    name_order: str = "family_first"
    cccd_numbers: bool = False
    one_to_one: bool = True
    memory_limit: str = "4GB"
    threads: int = 2
    max_block: int = 2000
    sample_pairs: int = 500_000

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
        plain = {key: content[key] for key in _KEYS - {"id", "roles", "policy", "calibration"} if key in content}
        left, right = (_side(content, side) for side in ("left", "right"))
        if tuple(name for name, _ in left.texts) != tuple(name for name, _ in right.texts):
            raise _role_error("roles", "hai bên phải có số cột như nhau", "both sides need the same number of columns")
        points = content.get("calibration")
        return cls(
            left,
            right,
            policy=Policy(**content.get("policy", {})),
            calibration=Calibration(tuple((low, high) for low, high in points)) if points else None,
            **plain,
        )


def _side(content: Mapping[str, Any], side: str) -> SideColumns:
    roles = content.get("roles") or {}
    for role in roles:
        if role not in (*SINGLE_ROLES, *TEXT_ROLES, "number"):
            raise _unknown_key(f"roles.{role}", sorted((*SINGLE_ROLES, *TEXT_ROLES, "number")))
    ids = _columns(content.get("id"), side)
    if len(ids) != 1:
        raise _role_error("id", "cần đúng một cột mã", "one column that identifies the record is needed")
    single = {role: columns[0] for role in SINGLE_ROLES if (columns := _columns(roles.get(role), side))}
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
