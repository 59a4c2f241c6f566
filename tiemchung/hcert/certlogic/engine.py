"""Evaluate an expression with data: one function per operation, with bounds on depth and on work.

Rules come from other countries: an expression may be nested without end or fold over folds. Both are stopped with
the language's own error long before Python's stack or patience ends.
"""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from operator import ge, gt, le, lt
from typing import Any

from tiemchung.hcert.certlogic.dates import UNITS, parse_date, plus_time
from tiemchung.hcert.certlogic.errors import CertLogicError, shown
from tiemchung.hcert.certlogic.values import as_integer, integer, same, scalar, truth

SPECIFICATION = (1, 3, 3)
"""Version of the specification that is understood; rules name the version of the engine they need."""

MAX_DEPTH = 64
"""Nested expressions. The published rules of AT, CH, DE and the EU need 8 at most."""

MAX_STEPS = 50_000
"""Expressions evaluated in one run, about 50 ms. Those rules need 31 at most."""

_COMPARISONS_PER_STEP = 32
"""Members of an array that `in` looks at in the time of one step."""

_UVCI_PREFIX = "URN:UVCI:"
_UVCI_SEPARATORS = re.compile("[/#:]")


def evaluate(expression: Any, data: Any, *, missing: list[str] | None = None) -> Any:
    """Evaluate a CertLogic expression; the result is a JSON value, or a datetime in UTC for a bare `plusTime`.

    `data` is what `var` looks into, usually `{"payload": ..., "external": ...}`; the paths at which it found nothing
    are added to `missing`. Raises CertLogicError when the
    expression is not CertLogic, when an operand is of the wrong type, or when it passes MAX_DEPTH or MAX_STEPS.
    """
    return _Run([] if missing is None else missing).value(expression, data, 0)


class _Run:
    """One evaluation; counts its steps, and notes the paths at which there was nothing."""

    def __init__(self, missing: list[str]) -> None:
        self._steps = 0
        self._missing = missing

    def spend(self, steps: int) -> None:
        """Count steps; raise CertLogicError when there were too many."""
        self._steps += steps
        if self._steps > MAX_STEPS:
            raise _too_much()

    def value(self, expression: Any, data: Any, depth: int) -> Any:
        """Evaluate one expression, `depth` levels below the outermost."""
        self.spend(1)
        if depth > MAX_DEPTH:
            raise _too_much()
        if isinstance(expression, str | bool):
            return expression
        if isinstance(expression, list):
            return [self.value(item, data, depth + 1) for item in expression]
        if isinstance(expression, dict):
            return self._operation(expression, data, depth + 1)
        number = as_integer(expression)
        if number is None:
            raise _misuse("expression", f"giá trị {shown(expression)} không hợp lệ", f"has {shown(expression)} in it")
        return number

    def _operation(self, expression: dict[str, Any], data: Any, depth: int) -> Any:
        if len(expression) != 1:
            raise _misuse("expression", "mỗi biểu thức có đúng một phép", "needs exactly one operation in each object")
        ((name, operands),) = expression.items()
        if name == "var":
            return self._var(operands, data)
        operation = OPERATIONS.get(name)
        if operation is None:
            raise _misuse(shown(name), "không có phép này", "is not an operation of CertLogic")
        counts, function = operation
        if not isinstance(operands, list) or len(operands) not in counts:
            raise _wrong_count(name, counts)
        return function(self, name, operands, data, depth)

    def _var(self, path: Any, data: Any) -> Any:
        value = _at_path(path, data)
        if value is None:
            self._missing.append(path)
        return value

    def values(self, expressions: list[Any], data: Any, depth: int) -> list[Any]:
        """Evaluate several expressions in order."""
        return [self.value(one, data, depth) for one in expressions]


def _at_path(path: Any, data: Any) -> Any:
    """Look into the data along a path of names and indices parted by points; what is not there is null."""
    if not isinstance(path, str):
        raise _misuse("var", "cần đường dẫn bằng chữ", "takes a path, as a string")
    for name in path.split(".") if path else ():
        if isinstance(data, dict):
            data = data.get(name)
        elif isinstance(data, list) and name.isascii() and name.isdecimal() and len(name) < 10:
            data = data[int(name)] if int(name) < len(data) else None
        else:
            return None
    return data


def _if(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> Any:
    guard, then, otherwise = operands
    return run.value(then if truth(run.value(guard, data, depth), name) else otherwise, data, depth)


def _and(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> Any:
    """Give the first falsy operand, else the last; what stands behind it is not evaluated."""
    *others, last = operands
    for operand in others:
        value = run.value(operand, data, depth)
        if not truth(value, name):
            return value
    value = run.value(last, data, depth)
    truth(value, name)
    return value


def _not(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> bool:
    return not truth(run.value(operands[0], data, depth), name)


def _equals(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> bool:
    one, other = (scalar(value, name) for value in run.values(operands, data, depth))
    return same(one, other)


def _in(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> bool:
    one, several = run.values(operands, data, depth)
    if not isinstance(several, list):
        raise _misuse(name, f"vế phải phải là dãy, nhưng là {shown(several)}", f"has {shown(several)} for its array")
    run.spend(len(several) // _COMPARISONS_PER_STEP)
    return any(same(one, other) for other in several)


def _plus(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> int:
    one, other = (integer(value, name) for value in run.values(operands, data, depth))
    return integer(one + other, name)


def _integers_compare(holds: Callable[[Any, Any], bool]) -> "Operation":
    def compare(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> bool:
        return _holds_along(holds, [integer(value, name) for value in run.values(operands, data, depth)])

    return range(2, 4), compare


def _times_compare(holds: Callable[[Any, Any], bool]) -> "Operation":
    def compare(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> bool:
        return _holds_along(holds, [_time(value, name) for value in run.values(operands, data, depth)])

    return range(2, 4), compare


def _holds_along(holds: Callable[[Any, Any], bool], values: list[Any]) -> bool:
    """With three operands the comparison must hold between the first and second, and the second and third."""
    return all(holds(one, other) for one, other in pairwise(values))


def _time(value: Any, name: str) -> datetime:
    if not isinstance(value, datetime):
        raise _misuse(
            name,
            f"cần ngày giờ tạo bằng plusTime, nhưng nhận {shown(value)}",
            f"needs date-times made by plusTime, but has {shown(value)}",
        )
    return value


def _plus_time(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> datetime:
    operand, amount, unit = operands
    if unit not in UNITS:
        raise _misuse(name, f"đơn vị phải là {', '.join(UNITS)}", f"takes one of {', '.join(UNITS)} for its unit")
    return plus_time(_text(run.value(operand, data, depth), name), integer(amount, name), unit)


def _reduce(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> Any:
    """Fold an array from the left; null counts as an empty one."""
    operand, function, initial = operands
    items = run.value(operand, data, depth)
    if not (items is None or isinstance(items, list)):
        raise _misuse(name, f"cần một dãy, nhưng nhận {shown(items)}", f"needs an array, but has {shown(items)}")
    accumulator = run.value(initial, data, depth)
    for item in items or ():
        accumulator = run.value(function, {"accumulator": accumulator, "current": item}, depth)
    return accumulator


def _extract_from_uvci(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> str | None:
    operand, index = operands
    at = integer(index, name)
    uvci = run.value(operand, data, depth)
    if uvci is None:
        return None
    fragments = _UVCI_SEPARATORS.split(_text(uvci, name).removeprefix(_UVCI_PREFIX))
    return fragments[at] if 0 <= at < len(fragments) else None


def _date_of_birth(run: _Run, name: str, operands: list[Any], data: Any, depth: int) -> datetime:
    return parse_date(_text(run.value(operands[0], data, depth), name), name)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise _misuse(name, f"cần chữ, nhưng nhận {shown(value)}", f"needs a string, but has {shown(value)}")
    return value


def _misuse(operation: str, vi: str, en: str) -> CertLogicError:
    return CertLogicError(operation, vi=f"Quy tắc viết sai ở {operation}: {vi}.", en=f"{operation} {en}")


def _wrong_count(name: str, counts: range) -> CertLogicError:
    least, variable = counts.start, len(counts) > 1
    vi = f"cần {least} toán hạng" + (" trở lên" if variable else "")
    return _misuse(name, vi, f"takes {least} operands" + (" or more" if variable else ""))


def _too_much() -> CertLogicError:
    return CertLogicError(
        "expression",
        vi=f"Quy tắc lồng quá {MAX_DEPTH} lớp hoặc cần quá {MAX_STEPS} bước nên đã dừng.",
        en=f"the expression is nested deeper than {MAX_DEPTH} or needs more than {MAX_STEPS} steps, and was stopped",
    )


Function = Callable[[_Run, str, list[Any], Any, int], Any]
Operation = tuple[range, Function]
"""How many operands there may be, and what is done with them."""

OPERATIONS: dict[str, Operation] = {
    "if": (range(3, 4), _if),
    "and": (range(2, MAX_STEPS), _and),
    "!": (range(1, 2), _not),
    "===": (range(2, 3), _equals),
    "in": (range(2, 3), _in),
    "+": (range(2, 3), _plus),
    ">": _integers_compare(gt),
    "<": _integers_compare(lt),
    ">=": _integers_compare(ge),
    "<=": _integers_compare(le),
    "after": _times_compare(gt),
    "before": _times_compare(lt),
    "not-after": _times_compare(le),
    "not-before": _times_compare(ge),
    "plusTime": (range(3, 4), _plus_time),
    "reduce": (range(3, 4), _reduce),
    "extractFromUVCI": (range(2, 3), _extract_from_uvci),
    "dccDateOfBirth": (range(1, 2), _date_of_birth),
}
