"""Which column of a side plays which role in a matching run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tiemchung.linkage.config_values import unknown_key, wrong_value

_NAMES = ("full_name", "family", "given")
SINGLE_ROLES = ("full_name", "family", "middle", "given", "birth_date", "sex")
TEXT_ROLES = ("area", "phone", "email", "postcode", "address", "age", "other")
MAX_NUMBERS, MAX_TEXTS = 3, 16
_ROLES = (*SINGLE_ROLES, *TEXT_ROLES, "number")
SIDES = {"left": "trái", "right": "phải"}


@dataclass(frozen=True, slots=True)
class SideColumns:
    """The columns of one side by role; `texts` are (name of the field, column), alike in number on both sides.

    A name may be spread over several columns, and a birth date over three (year, month, day).
    """

    id: str
    single: Mapping[str, tuple[str, ...]]
    numbers: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that has a role, each once."""
        single = (column for columns in self.single.values() for column in columns)
        return tuple(dict.fromkeys((self.id, *single, *self.numbers, *(column for _, column in self.texts))))


def sides_of(content: Mapping[str, Any]) -> tuple[SideColumns, SideColumns]:
    """Give both sides' columns. Raises LinkageError naming role and side: config_key, config_role."""
    roles = content.get("roles") or {}
    if not isinstance(roles, Mapping):
        raise wrong_value("roles", "ghi «vai trò: cột»", "write “role: column”")
    for role in roles:
        if role not in _ROLES:
            raise unknown_key(f"roles.{role}", sorted(_ROLES))
    left, right = (_side(content.get("id"), roles, side) for side in SIDES)
    _refuse_one_sided(left, right)
    if not (_named(left) or left.numbers or "birth_date" in left.single):
        raise wrong_value(
            "roles",
            "chưa có cột số, họ tên hay ngày sinh nào để tìm",
            "a number, a name or a birth date is needed to search by",
        )
    return left, right


def _side(id_column: Any, roles: Mapping[str, Any], side: str) -> SideColumns:
    ids = _columns("id", id_column, side)
    if len(ids) != 1:
        raise wrong_value("id", "cần đúng một cột mã", "one column that identifies the record is needed")
    of_role = {role: _columns(f"roles.{role}", roles.get(role), side) for role in _ROLES}
    _refuse_double_use(of_role)
    if len(of_role["birth_date"]) not in (0, 1, 3):
        raise wrong_value(
            "roles.birth_date", "cần một cột, hoặc ba: năm, tháng, ngày", "one column, or year, month, day"
        )
    if len(of_role["sex"]) > 1:
        raise wrong_value("roles.sex", "chỉ một cột", "one column alone")
    texts = tuple((f"{role}_{place}", column) for role in TEXT_ROLES for place, column in enumerate(of_role[role], 1))
    if len(of_role["number"]) > MAX_NUMBERS or len(texts) > MAX_TEXTS:
        raise wrong_value(
            "roles",
            f"nhiều nhất {MAX_NUMBERS} cột số và {MAX_TEXTS} cột khác",
            f"at most {MAX_NUMBERS} number columns and {MAX_TEXTS} others",
        )
    single = {role: of_role[role] for role in SINGLE_ROLES if of_role[role]}
    return SideColumns(ids[0], single, of_role["number"], texts)


def _columns(key: str, value: Any, side: str) -> tuple[str, ...]:
    """A column's name, a list of them, or {left: …, right: …} of either."""
    if isinstance(value, Mapping):
        for each in value:
            if each not in SIDES:
                raise unknown_key(f"{key}.{each}", list(SIDES))
        value = value.get(side)
    listed = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(each, str | int) and not isinstance(each, bool) and str(each).strip() for each in listed):
        raise wrong_value(
            key,
            "ghi tên cột, danh sách tên cột, hoặc {left: …, right: …}",
            "write a column, a list of columns, or {left: …, right: …}",
        )
    return tuple(map(str, listed))


def _refuse_double_use(of_role: Mapping[str, Iterable[str]]) -> None:
    """One column in two roles would count as two witnesses."""
    seen: dict[str, str] = {}
    for role, columns in of_role.items():
        for column in columns:
            if column in seen:
                raise wrong_value(
                    f"roles.{role}",
                    f"cột «{column}» đã dùng cho roles.{seen[column]}; mỗi cột một vai trò",
                    f"column “{column}” is already roles.{seen[column]}; a column has one role",
                )
            seen[column] = role


def _refuse_one_sided(left: SideColumns, right: SideColumns) -> None:
    for role in ("birth_date", "sex"):
        _need_both(role, role in left.single, role in right.single)
    _need_both("full_name", _named(left), _named(right))
    _need_both("number", bool(left.numbers), bool(right.numbers))
    for role in TEXT_ROLES:
        lefts, rights = ([name for name, _ in side.texts if name.startswith(f"{role}_")] for side in (left, right))
        _need_both(role, bool(lefts), bool(rights))
        if lefts != rights:
            raise wrong_value(
                f"roles.{role}",
                f"hai bên phải có số cột như nhau (trái {len(lefts)}, phải {len(rights)})",
                f"both sides need the same number of columns (left {len(lefts)}, right {len(rights)})",
            )


def _need_both(role: str, left: bool, right: bool) -> None:
    """A field is compared where both sides have it; what stands on one side alone is a slip of the configuration."""
    if left != right:
        side = "right" if left else "left"
        raise wrong_value(
            f"roles.{role}",
            f"bên {SIDES[side]} ({side}) chưa có cột. Ghi {{left: …, right: …}} hoặc bỏ vai trò này",
            f"the {side} side has no column. Write {{left: …, right: …}} or leave the role out",
        )


def _named(side: SideColumns) -> bool:
    return bool(side.single.keys() & set(_NAMES))
