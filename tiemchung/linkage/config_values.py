"""The plain values of a matching run's configuration, each checked; and how a refusal names the key and the cure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from tiemchung.linkage.calibration import Calibration
from tiemchung.linkage.decision import Policy
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.files import DELIMITERS, CsvForm, encoding_known

ONCE = ("find_out", "both", "left", "right", "neither")
_UNITS = {"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
_LEAST_MEMORY, _MOST_MEMORY = 100e6, 100e12
_PERCENT = re.compile(r"([1-9]\d?|100)\s*%")
_MOST_THREADS = 256


class _Loader(yaml.SafeLoader):
    """Plain YAML that refuses a key written twice, of which YAML itself would keep the last and say nothing."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for key in keys:
        if not isinstance(key, str | int | float | bool) or keys.count(key) > 1:
            raise yaml.MarkedYAMLError(problem=f"key {key} stands twice or is no text", problem_mark=node.start_mark)
    return dict(loader.construct_mapping(node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> dict[Any, Any]:
    """Read a YAML file that holds a mapping. Raises LinkageError: config_unreadable, with the place in the file."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8-sig"), _Loader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as problem:
        raise _at(path, problem) from problem
    except UnicodeDecodeError as problem:
        raise _unreadable(path, "không phải UTF-8, lưu lại tệp", "not UTF-8, save it anew") from problem
    except OSError as problem:
        raise _unreadable(path, f"{problem.strerror}", f"{problem.strerror}") from problem
    except (yaml.YAMLError, RecursionError) as problem:
        raise _unreadable(path, "không phải YAML", "it is no YAML") from problem
    if not isinstance(content, dict):
        raise _unreadable(path, "cần các dòng «mục: giá trị»", "lines “key: value” are needed")
    return content


def _at(path: Path, problem: yaml.MarkedYAMLError) -> LinkageError:
    mark = problem.problem_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if "'\\t'" in (problem.problem or ""):
        vi, en = "có dấu tab, hãy thay bằng dấu cách", "there is a tab, put spaces in its place"
    else:
        vi, en = f"{problem.problem}", f"{problem.problem}"
    return _unreadable(path, f"dòng {line}, cột {column}: {vi}", f"line {line}, column {column}: {en}")


def _unreadable(path: Path, vi: str, en: str) -> LinkageError:
    return LinkageError(
        "config_unreadable",
        path.name,
        f"Chưa đọc được tệp cấu hình {path.name}: {vi}.",
        f"The configuration {path.name} cannot be read: {en}.",
    )


def unknown_key(key: str, known: list[str]) -> LinkageError:
    """Refuse a key that does not exist, naming those that do."""
    names = ", ".join(known)
    return LinkageError(
        "config_key", key, f"Không có mục «{key}». Chỉ có: {names}.", f"There is no “{key}”. There are: {names}."
    )


def wrong_value(key: str, vi: str, en: str) -> LinkageError:
    """Refuse the value of a key, saying what it has to be."""
    return LinkageError("config_role", key, f"Mục «{key}»: {vi}.", f"“{key}”: {en}.")


def _is_count(value: Any, most: int = 10**12) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most


def _is_memory(value: Any) -> bool:
    """«4GB», «512MB», «50%»: not so little that nothing runs."""
    if _PERCENT.fullmatch(str(value)):
        return True
    number, unit = str(value).upper().rstrip("BKMGTI"), str(value).upper().lstrip("0123456789. ")
    try:
        return _LEAST_MEMORY <= float(number) * _UNITS[unit] <= _MOST_MEMORY
    except (KeyError, ValueError):
        return False


_ORDERS, _TRUTHS = "family_first | given_first", "true | false"
_FROM_ONE = ("số nguyên từ 1", "a whole number from 1")
_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str, str]] = {
    "name_order": (lambda value: value in ("family_first", "given_first"), _ORDERS, _ORDERS),
    "cccd_numbers": (lambda value: isinstance(value, bool), _TRUTHS, _TRUTHS),
    "once": (lambda value: value in ONCE, " | ".join(ONCE), " | ".join(ONCE)),
    "memory_limit": (_is_memory, "từ 100MB, ví dụ 4GB", "from 100MB on, 4GB for example"),
    "threads": (
        lambda value: _is_count(value, _MOST_THREADS),
        f"số nguyên từ 1 đến {_MOST_THREADS}",
        f"a whole number from 1 to {_MOST_THREADS}",
    ),
    "max_block": (_is_count, *_FROM_ONE),
    "sample_pairs": (_is_count, *_FROM_ONE),
}
KEYS = ("id", "roles", "policy", "calibration", "csv", *_CHECKS)


def plain_values(content: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values that stand for themselves. Raises LinkageError: config_key, config_role."""
    for key in content:
        if key not in KEYS:
            raise unknown_key(str(key), sorted(KEYS))
    return {key: _checked(key, content[key]) for key in _CHECKS if content.get(key) is not None}


def _checked(key: str, value: Any) -> Any:
    fits, vi, en = _CHECKS[key]
    if not fits(value):
        raise wrong_value(key, vi, en)
    return value


def policy_of(content: Any) -> Policy:
    """Give the policy: two probabilities and a lead in bits. Raises LinkageError."""
    known = [each.name for each in fields(Policy)]
    if not isinstance(content, Mapping) or not all(map(_is_number, content.values())):
        raise wrong_value(
            "policy", f"mỗi mục ({', '.join(known)}) là một số", f"a number for each of {', '.join(known)}"
        )
    for key in content:
        if key not in known:
            raise unknown_key(f"policy.{key}", known)
    policy = Policy(**content)
    if not (0 < policy.proposal <= policy.automatic <= 1 and policy.margin_bits >= 0):
        raise wrong_value(
            "policy",
            "cần 0 < proposal ≤ automatic ≤ 1 và margin_bits từ 0",
            "0 < proposal ≤ automatic ≤ 1 and margin_bits from 0 are needed",
        )
    return policy


def calibration_of(points: Any) -> Calibration | None:
    """Give the curve: rising pairs of probabilities; None where there is none. Raises LinkageError."""
    if not points:
        return None
    try:
        pairs = tuple((float(nominal), float(actual)) for nominal, actual in points)
    except (TypeError, ValueError) as problem:
        raise wrong_value("calibration", "danh sách các cặp số", "a list of pairs of numbers") from problem
    rising = all(one[0] < other[0] and one[1] <= other[1] for one, other in pairwise(pairs))
    if not rising or not all(0 <= value <= 1 for pair in pairs for value in pair):
        raise wrong_value(
            "calibration",
            "các cặp [ước tính, thực tế] từ 0 đến 1, tăng dần",
            "pairs [nominal, borne out] from 0 to 1, rising",
        )
    return Calibration(pairs)


def csv_form(content: Any, side: str) -> CsvForm:
    """Give how a side's CSV file is written, for both sides or for each. Raises LinkageError."""
    said = content.get(side) if isinstance(content, Mapping) and content.keys() & {"left", "right"} else content
    said = {} if said is None else said
    if not isinstance(said, Mapping):
        raise wrong_value("csv", "ghi encoding và delimiter", "write encoding and delimiter")
    for key in said:
        if key not in ("encoding", "delimiter"):
            raise unknown_key(f"csv.{key}", ["delimiter", "encoding", "left", "right"])
    encoding, delimiter = said.get("encoding"), said.get("delimiter")
    if encoding is not None and not encoding_known(encoding):
        raise wrong_value("csv.encoding", "ví dụ utf-8, cp1258, utf-16", "utf-8, cp1258 or utf-16, for example")
    if delimiter is not None and delimiter not in DELIMITERS:
        signs = " ".join("tab (“\\t”)" if sign == "\t" else sign for sign in DELIMITERS)
        raise wrong_value("csv.delimiter", f"một trong các dấu {signs}", f"one of the signs {signs}")
    return CsvForm(encoding, delimiter)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
