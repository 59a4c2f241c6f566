"""What counts as an integer, as true, as false and as equal: narrower than in Python, and than in JavaScript."""

from datetime import datetime
from typing import Any

from tiemchung.hcert.certlogic.errors import CertLogicError, shown

MAX_INTEGER = 2**53 - 1
"""The largest integer that every engine holds exactly (JavaScript's Number)."""


def as_integer(value: Any) -> int | None:
    """Give the value as an integer; None when it is none. 2.0 is one, True is none (JSON knows one kind of number)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_INTEGER:
        return value
    return None


def integer(value: Any, operation: str) -> int:
    """Give the value as an integer, or raise CertLogicError."""
    number = as_integer(value)
    if number is None:
        raise CertLogicError(
            operation,
            vi=f"Phép {operation} cần số nguyên, nhưng nhận {shown(value)}.",
            en=f"{operation} needs an integer, but has {shown(value)}",
        )
    return number


def truth(value: Any, operation: str) -> bool:
    """Tell whether a value is truthy or falsy; what is neither (a date-time, a fraction) raises CertLogicError.

    Falsy are false, null, "", 0, [] and {} (specification, "Truthy and falsy values").
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, str | list | dict):
        return len(value) > 0
    number = as_integer(value)
    if number is None:
        raise CertLogicError(
            operation,
            vi=f"Phép {operation} cần giá trị đúng hoặc sai, nhưng {shown(value)} không phải cả hai.",
            en=f"{operation} needs something true or false, but {shown(value)} is neither",
        )
    return number != 0


def same(one: Any, other: Any) -> bool:
    """Compare two scalars without coercion: 1 is not "1" nor true. Arrays and objects are never the same."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) or one is None:
        return type(one) is type(other) and bool(one == other)
    number = as_integer(one)
    return number is not None and number == as_integer(other)


def scalar(value: Any, operation: str) -> Any:
    """Give back a string, number, boolean or null; anything else raises CertLogicError."""
    if isinstance(value, list | dict | datetime):
        raise CertLogicError(
            operation,
            vi=f"Phép {operation} chỉ so sánh chữ, số nguyên, đúng/sai và null, nhưng nhận {shown(value)}.",
            en=f"{operation} compares strings, integers, booleans and null, but has {shown(value)}",
        )
    return value
