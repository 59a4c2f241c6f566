"""Look an expression over before it is used or published: all that is not CertLogic is told, not only the first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tiemchung.hcert.certlogic.dates import UNITS
from tiemchung.hcert.certlogic.engine import MAX_DEPTH, OPERATIONS
from tiemchung.hcert.certlogic.errors import shown
from tiemchung.hcert.certlogic.values import as_integer

_PATH = re.compile(r"(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)?", re.ASCII)
_INTEGER_ARGUMENT = {"plusTime": 1, "extractFromUVCI": 1}


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong: in which part of the expression, and what (in English and Vietnamese)."""

    expression: Any
    message: str
    vi: str


def issues(expression: Any) -> list[Issue]:
    """List what is wrong with an expression, outermost first; nothing when it is CertLogic. Never raises."""
    return list(_issues(expression, 0))


def _issues(expression: Any, depth: int) -> Iterator[Issue]:
    if depth > MAX_DEPTH:
        yield Issue(expression, f"nested deeper than {MAX_DEPTH}", f"lồng quá {MAX_DEPTH} lớp")
    elif isinstance(expression, list):
        for item in expression:
            yield from _issues(item, depth + 1)
    elif isinstance(expression, dict):
        yield from _object_issues(expression, depth)
    elif isinstance(expression, float) and as_integer(expression) is None:
        yield Issue(expression, f"{expression} is a non-integer number", f"{expression} không phải số nguyên")
    elif not isinstance(expression, str | bool) and as_integer(expression) is None:
        yield Issue(expression, "invalid CertLogic expression", "không phải biểu thức CertLogic")


def _object_issues(expression: dict[str, Any], depth: int) -> Iterator[Issue]:
    if len(expression) != 1:
        yield Issue(
            expression,
            f"expression object must have exactly one key, but it has {len(expression)}",
            f"mỗi biểu thức phải có đúng một phép, nhưng có {len(expression)}",
        )
        return
    ((name, operands),) = expression.items()
    if name == "var":
        yield from _var_issues(expression, operands)
    elif not isinstance(operands, list):
        message = 'operation not of the form { "<operator>": [ <values...> ] }'
        yield Issue(expression, message, "phép không đúng mẫu { phép: [toán hạng, …] }")
    elif name not in OPERATIONS:
        yield Issue(expression, f'unrecognised operator: "{name}"', f"không có phép {shown(name)}")
    else:
        yield from _operand_issues(expression, name, operands)
        for operand in operands:
            yield from _issues(operand, depth + 1)


def _var_issues(expression: dict[str, Any], path: Any) -> Iterator[Issue]:
    if not isinstance(path, str):
        yield Issue(expression, 'not of the form { "var": "<path>" }', 'không đúng mẫu { "var": đường dẫn }')
    elif not _PATH.fullmatch(path):
        message = f"data access path doesn't have a valid format: {path}"
        yield Issue(expression, message, f"đường dẫn viết sai: {path}")


def _operand_issues(expression: dict[str, Any], name: str, operands: list[Any]) -> Iterator[Issue]:
    counts, _ = OPERATIONS[name]
    if len(operands) not in counts:
        most = "" if len(counts) == 1 else " or more"
        message = f'"{name}" takes {counts.start}{most} operands, but has {len(operands)}'
        yield Issue(expression, message, f"phép {name} cần {counts.start} toán hạng, nhưng có {len(operands)}")
        return
    place = _INTEGER_ARGUMENT.get(name)
    if place is not None and as_integer(operands[place]) is None:
        message = f'argument #{place + 1} of "{name}" must be an integer'
        yield Issue(expression, message, f"toán hạng thứ {place + 1} của {name} phải là số nguyên")
    if name == "plusTime" and operands[2] not in UNITS:
        message = f'argument #3 of "plusTime" must be one of: {", ".join(UNITS)}'
        yield Issue(expression, message, f"toán hạng thứ 3 của plusTime phải là {', '.join(UNITS)}")
